import type { Notification } from '../../shared/notification/notification.ts';
import { type Joined, joinCall, joinCheck, joinEvent, type OutcomeLevels } from '../../shared/outcome/join.ts';
import { saidOfArn, sayingWords, withOutcome } from '../../shared/outcome/outcome-words.ts';
import type { SignalEvent } from '../../shared/outcome/signal-event.ts';
import { NOTHING_REMEMBERED, type Saying, type SignalMemory } from '../../shared/outcome/signal-memory.ts';
import { renderNotification } from '../../shared/slack/card.ts';
import { renderFallback, type SlackMessage } from '../../shared/slack/message.ts';
import { planMessages, renderSayings } from '../../shared/slack/plan-messages.ts';
import { DOCUMENTED } from '../shared/outcome/documented-events.ts';
import { aCallAt, anOutputCallAt, aServiceEvent, aTakeAt } from '../shared/outcome/signal-examples.ts';

/** MediaConnect's own events, one of each kind that is documented. */
export const SERVICE_EVENTS: readonly Readonly<Record<string, unknown>>[] = DOCUMENTED.map(
  ({ type, detail, resources }) => aServiceEvent(type, detail, { resources }),
);

const ALL: OutcomeLevels = { outcomes: 'all', health: 'all' };

/** Calls on a flow, on a part of one and on a router output, of which the events may be an outcome. */
const CALLS: readonly Notification[] = [
  aCallAt('StartFlow', -3),
  aCallAt('StopFlow', -3),
  anOutputCallAt('UpdateFlowOutput', -3),
  aTakeAt(-3),
];

/** All that is said of what was joined, at once and when it is looked at again. */
const sayingsOf = ({ memory, say, checks }: Joined): readonly Saying[] => [
  ...say,
  ...checks.flatMap((check) => joinCheck(memory, check, check.dueAtMs, ALL).say),
];

function sayingMessage(sayings: readonly Saying[]): SlackMessage {
  return renderSayings(
    sayings.map((saying) => {
      const [, , , region, account = ''] = saidOfArn(saying).split(':');
      return { words: sayingWords(saying), lateByMs: undefined, account: { id: account, name: undefined }, region };
    }),
  );
}

/** The call on just what the event is about, made before it. */
function touching(call: Notification, { thing, root, atMs }: SignalEvent): Notification {
  const resources = thing.arn === root.arn ? [root] : [thing, root];
  return { ...call, resources, resourceName: thing.name, calledAtMs: atMs - 3000 };
}

function withCall(call: Notification, event: SignalEvent): readonly SlackMessage[] {
  const nowMs = event.atMs;
  const before = joinCall(NOTHING_REMEMBERED, call, nowMs, ALL).memory;
  const after = joinCall(joinEvent(NOTHING_REMEMBERED, event, nowMs, ALL).memory, call, nowMs, ALL);
  const shown = after.card === undefined ? call : withOutcome(call, after.card, () => undefined);
  const cards = [
    renderNotification(shown, {}),
    ...planMessages([shown, shown, call], () => ({}), { firstAlone: false }).map(({ message }) => message),
  ];
  return [...cards, ...linesOf(before, event), ...sayings(sayingsOf(after))];
}

const sayings = (said: readonly Saying[]): readonly SlackMessage[] => (said.length === 0 ? [] : [sayingMessage(said)]);

const linesOf = (memory: SignalMemory, event: SignalEvent): readonly SlackMessage[] =>
  sayings(sayingsOf(joinEvent(memory, event, event.atMs, ALL)));

/** Every message that can come of one of MediaConnect's own events: with a call before it or behind it, and without one. */
export function messagesOfEvent(event: SignalEvent): readonly SlackMessage[] {
  const messages = [
    ...linesOf(NOTHING_REMEMBERED, event),
    ...CALLS.flatMap((call) => withCall(touching(call, event), event)),
  ];
  return [...messages, ...messages.map(renderFallback)];
}
