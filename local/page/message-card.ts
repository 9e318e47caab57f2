import type { MessageCard } from './page-protocol.ts';
import type { PostedMessage, ToldEvent } from './page-source.ts';
import { renderMessageHtml } from './render-message-html.ts';

const keywordsOf = ({ eventId, rule, call }: ToldEvent): string[] => [
  eventId,
  rule?.name ?? '',
  call?.operation ?? '',
  call?.outcome ?? '',
];

/**
 * A posted message as the page shows it. Drawn when a page first asks for it: drawing takes tens of milliseconds, and
 * in a pipeline that nobody watches they would come off the time of the AWS endpoints beside it.
 */
export function toMessageCard(message: PostedMessage, version: number): MessageCard {
  const { id, channel, postedAtMs, payload, events } = message;
  let html: string | undefined;
  return {
    id,
    version,
    channel,
    postedAtMs,
    get html() {
      html ??= renderMessageHtml(payload);
      return html;
    },
    text: payload.text,
    keywords: [...new Set(events.flatMap(keywordsOf))].join(' ').toLowerCase(),
    eventCount: events.length,
  };
}
