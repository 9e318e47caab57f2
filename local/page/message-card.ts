import type { MessageCard } from './page-protocol.ts';
import type { PostedMessage, ToldEvent } from './page-source.ts';
import { renderMessageHtml } from './render-message-html.ts';

const keywordsOf = ({ eventId, rule, call }: ToldEvent): string[] => [
  eventId,
  rule?.name ?? '',
  call?.operation ?? '',
  call?.outcome ?? '',
];

const NOT_DRAWABLE = '<p class="not-drawable">This message cannot be drawn here. Its payload is in the details.</p>';

/** One odd message is one odd message: the others are drawn all the same. */
function draw(payload: PostedMessage['payload']): string {
  try {
    return renderMessageHtml(payload);
  } catch {
    return NOT_DRAWABLE;
  }
}

/** A card that is drawn when its HTML is first read. */
export interface LazyCard extends MessageCard {
  readonly html: string;
  /** The card as it can be sent at once: with its HTML if that is drawn already. */
  readonly atOnce: MessageCard;
  toJSON(): MessageCard;
}

/**
 * A posted message as the page shows it. Drawn when a page first asks for it: drawing takes tens of milliseconds, and
 * in a pipeline that nobody watches they would come off the time of the AWS endpoints beside it.
 */
export function toMessageCard(message: PostedMessage, version: number): LazyCard {
  const { id, channel, postedAtMs, payload, events } = message;
  let html: string | undefined;
  const bare = {
    id,
    version,
    channel,
    postedAtMs,
    text: payload.text,
    keywords: [...new Set(events.flatMap(keywordsOf))].join(' ').toLowerCase(),
    eventCount: events.length,
  };
  return {
    ...bare,
    get html() {
      html ??= draw(payload);
      return html;
    },
    get atOnce() {
      return html === undefined ? bare : { ...bare, html };
    },
    toJSON() {
      return { ...bare, html: this.html };
    },
  };
}
