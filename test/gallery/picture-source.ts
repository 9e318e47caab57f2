import type {
  NotifiedEvent,
  PipelineChange,
  PipelineState,
  PostedMessage,
  SlackFault,
} from '../../local/monitor/pipeline-state.ts';
import type { PageSource } from '../../local/page/page-source.ts';
import { type SampleCall, sampleEvent } from '../../local/sample-day/sample-call.ts';
import { CALLS, CONSOLE_POLLING, SIGNALS, terraformBurst } from '../../local/sample-day/sample-calls.ts';
import { type SampleSignal, signalEvent } from '../../local/sample-day/sample-signal.ts';
import { ApiCallEventSchema } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { DisplaySettings, Notification } from '../../shared/notification/notification.ts';
import { joinCall, joinEvent, type OutcomeLevels } from '../../shared/outcome/join.ts';
import { outcomeOf } from '../../shared/outcome/outcome-words.ts';
import { readSignal } from '../../shared/outcome/signal-event.ts';
import { NOTHING_REMEMBERED, type SignalMemory } from '../../shared/outcome/signal-memory.ts';
import { renderDigest } from '../../shared/slack/digest.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { planMessages } from '../../shared/slack/plan-messages.ts';

const SETTINGS: DisplaySettings = {
  accountNames: { '111122223333': 'broadcast-prod' },
  channels: { 'live-ops': {}, entitlements: {}, polling: {} },
  showParameters: [],
};

const pinned = (detail: Readonly<Record<string, unknown>>) => ({
  source: ['aws.mediaconnect'],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: { eventSource: ['mediaconnect.amazonaws.com'], ...detail },
});

const RULES = {
  changes: {
    name: 'changes',
    channel: 'live-ops',
    delivery: 'immediate',
    state: 'ENABLED',
    pattern: pinned({ eventName: [{ 'anything-but': { prefix: ['Describe', 'Get', 'List', 'BatchGet'] } }] }),
  },
  entitlements: {
    name: 'entitlements',
    channel: 'entitlements',
    delivery: 'immediate',
    state: 'ENABLED',
    pattern: pinned({ eventName: [{ suffix: 'Entitlement' }, { suffix: 'Entitlements' }] }),
  },
  reads: {
    name: 'reads',
    channel: 'polling',
    delivery: 'digest',
    state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    pattern: pinned({
      eventName: [{ prefix: 'Describe' }, { prefix: 'Get' }, { prefix: 'List' }, { prefix: 'BatchGet' }],
    }),
  },
} as const satisfies Readonly<Record<string, CompiledRule>>;

type Moment = readonly [
  minutesAgo: number,
  rule: CompiledRule,
  calls: readonly SampleCall[],
  /** What MediaConnect has said by itself when the calls are reported. */
  signals?: readonly SampleSignal[],
];

/** What is reported, and how many minutes ago: an evening's show, in the words of the sample day. */
const EVENING: readonly Moment[] = [
  [49, RULES.changes, [CALLS.startMain], SIGNALS.mainStarts],
  [46, RULES.entitlements, [CALLS.grantEntitlement]],
  [41, RULES.changes, [CALLS.addOutputs]],
  [34, RULES.changes, [CALLS.failedUpdate]],
  [30, RULES.reads, CONSOLE_POLLING],
  [21, RULES.changes, terraformBurst(3)],
  [12, RULES.changes, [CALLS.deniedStop]],
  [4, RULES.entitlements, [CALLS.revokeEntitlement]],
  [2, RULES.changes, [CALLS.stopMain], SIGNALS.mainStops],
];

const MINUTE_MS = 60_000;

interface Notified {
  readonly notification: Notification;
  readonly event: NotifiedEvent;
}

function notify(call: SampleCall, rule: CompiledRule, atMs: number, newId: () => string): Notified {
  const event = sampleEvent(call, atMs, newId);
  const parsed = ApiCallEventSchema.parse(event);
  const classified = classifyCall(parsed.detail);
  const route = { rule: rule.name, channel: rule.channel, ingestedAtMs: atMs };
  const notification = enrich({ route, event: parsed }, classified, SETTINGS);
  const { eventId } = notification;
  return { notification, event: { eventId, result: 'posted', reason: undefined, rule, call: classified, event } };
}

const LEVELS: OutcomeLevels = { outcomes: 'trouble', health: 'off' };
/** A call is reported so long after what came of it was said. */
const SIGNAL_TO_POST_MS = 1000;

/** The card says what came of the call, as far as it was said by then. */
function withOutcome(
  { notification, event }: Notified,
  signals: readonly SampleSignal[],
  postedAtMs: number,
  newId: () => string,
): Notified {
  const atMs = postedAtMs - SIGNAL_TO_POST_MS;
  const memory = signals.reduce<SignalMemory>((known, signal) => {
    const reading = readSignal(signalEvent(signal, atMs, newId));
    return reading.kind === 'dropped' ? known : joinEvent(known, reading.event, atMs, LEVELS).memory;
  }, NOTHING_REMEMBERED);
  const { card } = joinCall(memory, notification, postedAtMs, LEVELS);
  return card === undefined
    ? { notification, event }
    : { event, notification: { ...notification, outcome: outcomeOf(card) } };
}

interface Planned {
  readonly message: SlackMessage;
  readonly notifications: readonly Notification[];
}

function plan(rule: CompiledRule, notifications: readonly Notification[]): readonly Planned[] {
  if (rule.delivery === 'digest') return renderDigest(notifications).map((message) => ({ message, notifications }));
  return planMessages(notifications, (name) => SETTINGS.channels[name] ?? {});
}

function eveningMessages(nowMs: number, newId: () => string): PostedMessage[] {
  return EVENING.flatMap(([minutesAgo, rule, calls, signals]) => {
    const postedAtMs = nowMs - minutesAgo * MINUTE_MS;
    const made = calls.map((call) => notify(call, rule, postedAtMs - 1500, newId));
    const notified = signals === undefined ? made : made.map((each) => withOutcome(each, signals, postedAtMs, newId));
    const eventOf = new Map(notified.map(({ notification, event }) => [notification, event]));
    return plan(rule, [...eventOf.keys()]).map(({ message, notifications }): PostedMessage => {
      const result = notifications.length > 1 ? 'folded' : 'posted';
      const events = notifications.map((one) => eventOf.get(one)).filter((event) => event !== undefined);
      return {
        id: newId(),
        channel: rule.channel,
        postedAtMs,
        payload: message,
        events: events.map((event) => ({ ...event, result })),
      };
    });
  });
}

const isNotified = (result: NotifiedEvent['result'], messages: readonly PostedMessage[]): number =>
  messages.flatMap(({ events }) => events).filter((event) => event.result === result).length;

/** A pipeline that stands still in the middle of a show: the page for a picture, the same each time. */
export function createPictureSource(nowMs: number, newId: () => string): PageSource {
  const messages = eveningMessages(nowMs, newId);
  const listeners = new Set<(change: PipelineChange) => void>();
  let slackFault: SlackFault = 'ok';
  const posted = isNotified('posted', messages);
  const folded = isNotified('folded', messages);
  const ownEvents = EVENING.reduce((sum, [, , , signals = []]) => sum + signals.length, 0);
  const state = (): PipelineState => ({
    received: posted + folded + 14 + ownEvents,
    ownEvents,
    unmatched: 3,
    queues: [
      { name: 'immediate', waiting: 0, inFlight: 0, held: 0 },
      { name: 'digest', waiting: 11, inFlight: 0, held: 0 },
    ],
    posted,
    folded,
    repeated: 0,
    messages: messages.length,
    refusals: 0,
    deadLettered: 0,
    deadLetters: [],
    slackFault,
  });
  return {
    channels: () => Object.values(RULES).map((rule) => ({ name: rule.channel, rules: [rule] })),
    messages: () => messages,
    state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sendSample: async () => 'nothing: this is a picture',
    sendBurst: async () => 'nothing: this is a picture',
    tryNow: async () => 'nothing: this is a picture',
    setSlackFault: (fault) => {
      slackFault = fault;
      for (const listener of listeners) listener({ kind: 'state' });
    },
  };
}
