import type { MessageCard } from './page-protocol.ts';
import type { PostedMessage, ToldEvent } from './page-source.ts';
import { renderMessageHtml } from './render-message-html.ts';

const keywordsOf = ({ eventId, rule, call }: ToldEvent): string[] => [
  eventId,
  rule?.name ?? '',
  call?.operation ?? '',
  call?.outcome ?? '',
];

/** A posted message as the page shows it. */
export function toMessageCard(message: PostedMessage, version: number): MessageCard {
  const { id, channel, postedAtMs, payload, events } = message;
  return {
    id,
    version,
    channel,
    postedAtMs,
    html: renderMessageHtml(payload),
    text: payload.text,
    keywords: [...new Set(events.flatMap(keywordsOf))].join(' ').toLowerCase(),
    eventCount: events.length,
  };
}
