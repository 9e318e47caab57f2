import { explainMatch } from './explain-match.ts';
import type { EventDetails, EventSummary, MessageDetails } from './page-protocol.ts';
import type { PostedMessage, ToldEvent } from './page-source.ts';

const toSummary = ({ eventId, call }: ToldEvent): EventSummary => ({
  eventId,
  operation: call?.operation ?? 'unreadable event',
  outcome: call?.outcome ?? '',
});

/** What stands behind a message: its payload, and which events it tells. */
export const toMessageDetails = ({ payload, events }: PostedMessage): MessageDetails => ({
  payload,
  events: events.map(toSummary),
});

/** Why an event was told, condition by condition, with the event itself. */
export const toEventDetails = ({ rule, ...told }: ToldEvent): EventDetails => ({
  ...told,
  rule,
  conditions: rule === undefined ? [] : explainMatch(rule.pattern, told.event),
});
