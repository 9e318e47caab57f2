import * as z from 'zod/mini';
import { asObject, plainJson } from '../call/json.ts';
import { IMPACTS, type Impact, type OperationName, RESOURCE_KINDS, type ResourceKind } from '../call/operations.ts';
import { type Notification, namelessAt, type SignalSettings } from '../notification/notification.ts';
import type { SignalEvent } from './signal-event.ts';

/** What MediaConnect says by itself when a call has had its effect. */
export interface AwaitedOutcome {
  /** The kind of thing that it is said of: the call's own, or the flow of it. */
  readonly of: ResourceKind;
  readonly aspect: 'status' | 'health' | 'route';
  /** States on the way there. */
  readonly onTheWay: readonly string[];
  readonly settled: readonly string[];
  /**
   * States that it is reached from, where it could be another call's outcome too: a flow becomes ACTIVE by a start and
   * behind every update. A state before that is not said counts.
   */
  readonly from?: readonly string[];
  /** That nothing is said in two minutes is worth a word. */
  readonly isPromised?: true;
}

const status = (
  of: ResourceKind,
  onTheWay: readonly string[],
  settled: readonly string[],
  from?: readonly string[],
): AwaitedOutcome => ({ of, aspect: 'status', onTheWay, settled, ...(from && { from }) });

const promised = (outcome: AwaitedOutcome): AwaitedOutcome => ({ ...outcome, isPromised: true });

const starts = (of: ResourceKind): AwaitedOutcome =>
  status(of, ['STARTING'], ['ACTIVE'], ['STARTING', 'STANDBY', 'CREATING', '']);
const stops = (of: ResourceKind): AwaitedOutcome =>
  status(of, ['STOPPING'], ['STANDBY'], ['STOPPING', 'ACTIVE', 'UPDATING', '']);
const restarts = (of: ResourceKind): AwaitedOutcome => status(of, ['STOPPING', 'STARTING', 'RECOVERING'], ['ACTIVE']);
const updates = (of: ResourceKind): AwaitedOutcome => status(of, ['UPDATING'], ['ACTIVE', 'STANDBY'], ['UPDATING']);
const deletes = (of: ResourceKind): AwaitedOutcome => status(of, [], ['DELETING']);

/**
 * Which outcome belongs to which operation. Bridges, gateways and network interfaces have no events of their own; the
 * one who grants an entitlement hears nothing of the subscriber's flow. Of router inputs no event about their state is
 * documented, so that nothing is promised of them. Add a line to add an operation.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events.html
 */
const AWAITED: Partial<Readonly<Record<OperationName, AwaitedOutcome>>> = {
  StartFlow: promised(starts('flow')),
  StopFlow: promised(stops('flow')),
  DeleteFlow: deletes('flow'),
  UpdateFlow: updates('flow'),
  UpdateFlowSource: updates('flow'),
  AddFlowSources: updates('flow'),
  RemoveFlowSource: updates('flow'),
  AddFlowMediaStreams: updates('flow'),
  UpdateFlowMediaStream: updates('flow'),
  RemoveFlowMediaStream: updates('flow'),
  AddFlowVpcInterfaces: updates('flow'),
  RemoveFlowVpcInterface: updates('flow'),
  UpdateFlowOutput: status('output', [], ['ENABLED', 'DISABLED']),
  AddFlowOutputs: { of: 'output', aspect: 'health', onTheWay: [], settled: ['CONNECTED', 'SENDING'] },
  TakeRouterInput: promised({ of: 'routerOutput', aspect: 'route', onTheWay: [], settled: ['ROUTED', 'UNROUTED'] }),
  StartRouterOutput: promised(starts('routerOutput')),
  StopRouterOutput: promised(stops('routerOutput')),
  RestartRouterOutput: restarts('routerOutput'),
  UpdateRouterOutput: updates('routerOutput'),
  DeleteRouterOutput: deletes('routerOutput'),
  StartRouterInput: starts('routerInput'),
  StopRouterInput: stops('routerInput'),
  RestartRouterInput: restarts('routerInput'),
  UpdateRouterInput: updates('routerInput'),
  DeleteRouterInput: deletes('routerInput'),
};

const BY_NAME: ReadonlyMap<string, AwaitedOutcome> = new Map(Object.entries(AWAITED));

/** The outcome of an operation; `undefined` where MediaConnect says none, or the operation is newer than the table. */
export const awaitedOutcome = (operation: string): AwaitedOutcome | undefined => BY_NAME.get(operation);

/** Whether a state can be the outcome. */
export const isReached = (
  { onTheWay, settled, from }: AwaitedOutcome,
  { state, previous }: { readonly state: string; readonly previous?: string | undefined },
): boolean =>
  onTheWay.includes(state) ||
  (settled.includes(state) && (from === undefined || previous === undefined || from.includes(previous)));

/** How long AWS's own waiters wait for a flow to start, stop or go: 40 looks, 3 seconds apart. */
export const OUTCOME_WINDOW_MS = 120_000;

/** A look that comes so much too late, after an outage of ours, says nothing of a call any more. */
export const LATE_LOOK_MS = 60_000;

/** How long a call is thought of when something happens to what it touched. */
export const REMEMBERED_MS = 15 * 60_000;

/** Whether it is no surprise when what such a call is about loses its signal. */
export const expectsLoss = ({ operation, impact }: { readonly operation: string; readonly impact: Impact }): boolean =>
  impact === 'off-air' || impact === 'deletion' || /^(Restart|Remove)/.test(operation);

const text = z.string();
const time = z.number();
const kind = z.enum(RESOURCE_KINDS);
const SignalThingSchema = z.readonly(z.object({ kind, name: z.nullable(text), arn: text }));
const InputSchema = z.readonly(z.object({ kind, name: z.nullable(text), arn: z.optional(text) }));
const input = z.optional(InputSchema);
const texts = z.readonly(z.array(text));

const passedShape = {
  eventId: text,
  state: text,
  previous: z.optional(text),
  atMs: time,
  /** Of a route: what the output then got, and got before. */
  input,
  previousInput: input,
};

/** The last that was said of one aspect of one thing. */
const KnownStateSchema = z.readonly(
  z.object({
    ...passedShape,
    thing: SignalThingSchema,
    /** Of a source or an output that of its flow, under which it is remembered. */
    rootArn: z.optional(text),
    aspect: z.enum(['status', 'health', 'route', 'maintenance', 'failover']),
    /** Of maintenance that is over: when it began. */
    beganAtMs: z.optional(time),
    /** The latest before it that a start, a stop or a take may have come to: their records come later than both. */
    passed: z.optional(z.readonly(z.array(z.readonly(z.object(passedShape))))),
  }),
);

export type KnownState = z.infer<typeof KnownStateSchema>;

/** A call that worked and touched the thing, as far as its outcome needs it. */
const TouchingCallSchema = z.readonly(
  z.object({
    eventId: text,
    operation: text,
    impact: z.enum(IMPACTS),
    calledAtMs: time,
    /** Who called, as a sentence says it. */
    by: z.readonly(z.array(z.readonly(z.object({ kind: z.enum(['plain', 'name']), text })))),
    /** What it is about itself: the output, not its flow. */
    about: z.readonly(z.object({ kind, name: z.nullable(text) })),
    /** ARNs of what it is about. */
    arns: texts,
    /** Channels that are notified of the call, and so of its outcome. */
    channels: texts,
    /** The events whose state was said of this call, on its card or behind it; and the keys of what was said instead. */
    notifiedStates: texts,
    /** Of a take: the router input that it asked for, `null` for none; left out where that is not known. */
    input: z.optional(z.nullable(InputSchema)),
    /** Whether MediaConnect has said since that it is as was called for. */
    isAnswered: z.optional(z.boolean()),
  }),
);

export type TouchingCall = z.infer<typeof TouchingCallSchema>;

/** Noted with a call of which was said that nothing was heard. */
export const silenceKey = ({ eventId }: TouchingCall): string => `silence#${eventId}`;

/** Whether that was said, what was called for was not heard of since, and the call is still thought of at a time. */
export const isStillAwaited = (call: TouchingCall, atMs: number): boolean =>
  call.isAnswered !== true &&
  call.notifiedStates.includes(silenceKey(call)) &&
  atMs >= call.calledAtMs &&
  atMs - call.calledAtMs <= REMEMBERED_MS;

/** How somebody was told of trouble. */
const NotifiedTroubleSchema = z.readonly(
  z.object({
    /** `expected`: a stop does that, and nobody is told. */
    as: z.enum(['card', 'trouble', 'untouched', 'expected']),
    /** The call that it was said with. */
    callId: z.optional(text),
    /** Those that were told, on a card or in a line, and so are told of its end; none: the one for what nobody called for. */
    channels: texts,
    /** Those of them that had a line of its own, and so not the call's card. */
    inLine: z.optional(texts),
    atMs: time,
  }),
);

export type NotifiedTrouble = z.infer<typeof NotifiedTroubleSchema>;

const StartSchema = z.readonly(z.object({ eventId: text, atMs: time, state: z.optional(text) }));

/**
 * Something that is wrong with a thing, from its first event until its end has been said. What is lost again before that
 * is the same trouble still, unless a call lies between that may have done it, or it is worse than what was told.
 */
const TroubleSchema = z.readonly(
  z.object({
    /** The event that it began with; names the trouble for good. */
    id: text,
    thing: SignalThingSchema,
    /** The flow of a source or an output, else the thing itself. */
    root: SignalThingSchema,
    what: z.union([z.enum(['status', 'health', 'quality', 'maintenance']), z.templateLiteral(['alert ', z.string()])]),
    /** `ERROR`, `DISCONNECTED`, an alert's code, the problems of a picture. Untrusted. */
    state: text,
    /** What an alert says; untrusted, redacted. */
    message: z.optional(text),
    /** Each event that it began with anew, in order of time; empty: its end came first. */
    starts: z.readonly(z.array(StartSchema)),
    /** So many behind the first are counted, and not kept. */
    leftOut: z.optional(z.number()),
    /** When it was last over; `undefined`: not yet. */
    endedAtMs: z.optional(time),
    /** The last state that was said since, and what that says was before. */
    endedBy: z.optional(z.readonly(z.object({ atMs: time, state: text, previous: z.optional(text) }))),
    /** What was said of the thing in a row of troubles of which each was worse than the one before. */
    seen: z.optional(texts),
    notified: z.optional(NotifiedTroubleSchema),
    /** How others were told of the troubles in whose place it began: they have not heard of an end. */
    alsoNotified: z.optional(z.readonly(z.array(NotifiedTroubleSchema))),
    /** The call that readers were told of with it: when it was told, or in a correction. */
    named: z.optional(z.readonly(z.object({ eventId: text, calledAtMs: time }))),
    /** Nothing more is said of it: its end was said, or another one began in its place. */
    isEndNotified: z.boolean(),
  }),
);

export type Trouble = z.infer<typeof TroubleSchema>;

/**
 * What is remembered of a flow with its sources and outputs, or of a router input or output: one item of the ledger.
 * Plain JSON.
 */
export interface SignalMemory {
  readonly states: readonly KnownState[];
  readonly calls: readonly TouchingCall[];
  readonly troubles: readonly Trouble[];
}

export const NOTHING_REMEMBERED: SignalMemory = { states: [], calls: [], troubles: [] };

const readable = <Item>(schema: z.ZodMiniType<Item>, items: unknown): readonly Item[] =>
  (Array.isArray(items) ? items : []).flatMap((item) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });

/** What a ledger's item says; what another version wrote and this one does not understand is forgotten. */
export function memoryOf(json: unknown): SignalMemory {
  const item = asObject(json);
  return {
    states: readable(KnownStateSchema, item?.states),
    calls: readable(TouchingCallSchema, item?.calls),
    troubles: readable(TroubleSchema, item?.troubles),
  };
}

/** A flow has 50 outputs and 2 sources at most, each with two aspects; a ledger's item has 400 KB. */
const MAX_STATES = 150;
const MAX_CALLS = 40;
const MAX_TROUBLES = 150;
export const MAX_STARTS = 30;

/** Trouble of which nobody said that it ended. */
export const TROUBLE_REMEMBERED_MS = 24 * 3_600_000;

const latest = <Item>(items: readonly Item[], max: number, atMs: (item: Item) => number): readonly Item[] =>
  items.length <= max ? items : items.toSorted((one, other) => atMs(other) - atMs(one)).slice(0, max);

/** How often it began. */
export const timesOf = ({ starts, leftOut = 0 }: Trouble): number => starts.length + leftOut;

/** When a trouble last began. */
export const lastStartMs = ({ starts }: Trouble): number => Math.max(...starts.map(({ atMs }) => atMs), 0);

const lastSignMs = (trouble: Trouble): number =>
  Math.max(lastStartMs(trouble), trouble.endedAtMs ?? 0, trouble.endedBy?.atMs ?? 0, trouble.notified?.atMs ?? 0);

/** How those were told who want to hear of the end. */
export const audiencesOf = ({ notified, alsoNotified = [] }: Trouble): readonly NotifiedTrouble[] =>
  notified === undefined || notified.as === 'expected' ? alsoNotified : [...alsoNotified, notified];

const isOver = (trouble: Trouble): boolean =>
  trouble.endedAtMs !== undefined && (trouble.isEndNotified || audiencesOf(trouble).length === 0);

const isWorthKeeping =
  (nowMs: number) =>
  (trouble: Trouble): boolean =>
    nowMs - lastSignMs(trouble) <= (isOver(trouble) ? REMEMBERED_MS : TROUBLE_REMEMBERED_MS);

/** What somebody still waits for is forgotten last. */
const isWaitedFor = ({ operation, calledAtMs, isAnswered }: TouchingCall, nowMs: number): boolean =>
  awaitedOutcome(operation)?.isPromised === true &&
  isAnswered !== true &&
  nowMs - calledAtMs <= OUTCOME_WINDOW_MS + LATE_LOOK_MS;

/** The channels that had a trouble in a line of its own, and not on its call's card. */
export const hadInLine = ({ notified }: Trouble): readonly string[] => notified?.inLine ?? [];

/** Whether it may be on no card yet, and nobody said it otherwise. */
const mayBeUnnotified = (trouble: Trouble, { eventId, channels }: TouchingCall): boolean =>
  trouble.notified?.as === 'card' &&
  trouble.notified.callId === eventId &&
  channels.some((channel) => !hadInLine(trouble).includes(channel));

/** What is still worth remembering, within what an item of the ledger holds. */
export const pruned = ({ states, calls, troubles }: SignalMemory, nowMs: number): SignalMemory => ({
  states: latest(states, MAX_STATES, ({ atMs }) => atMs),
  calls: latest(
    calls.filter(
      (call) => nowMs - call.calledAtMs <= REMEMBERED_MS || troubles.some((trouble) => mayBeUnnotified(trouble, call)),
    ),
    MAX_CALLS,
    (call) => call.calledAtMs + (isWaitedFor(call, nowMs) ? REMEMBERED_MS : 0),
  ),
  troubles: latest(troubles.filter(isWorthKeeping(nowMs)), MAX_TROUBLES, lastSignMs),
});

const newerHalf = <Item>(items: readonly Item[], atMs: (item: Item) => number): readonly Item[] =>
  items.toSorted((one, other) => atMs(one) - atMs(other)).slice(Math.ceil(items.length / 2));

/**
 * The memory without the older half of what takes the most room. Calls go last, since they are small and say who did it:
 * without them it would be said that nobody did.
 */
export function lessened({ states, calls, troubles }: SignalMemory): SignalMemory {
  if (states.length + troubles.length === 0)
    return { states, calls: newerHalf(calls, ({ calledAtMs }) => calledAtMs), troubles };
  return JSON.stringify(states).length > JSON.stringify(troubles).length
    ? { states: newerHalf(states, ({ atMs }) => atMs), calls, troubles }
    : { states, calls, troubles: newerHalf(troubles, lastSignMs) };
}

/** The list with one item in place of that which has its place, or behind the others. */
export const replaced = <Item>(
  items: readonly Item[],
  item: Item,
  isSame: (known: Item) => boolean,
): readonly Item[] => {
  const index = items.findIndex(isSame);
  return index < 0 ? [...items, item] : items.with(index, item);
};

/** The ARN under which a call is remembered: of its flow, router input or router output; `undefined`: it has no outcome. */
export function rootArnOf({ resources }: Pick<Notification, 'resources'>): string | undefined {
  const flow = resources.find(({ kind }) => kind === 'flow');
  const root = flow ?? resources.find(({ kind }) => kind === 'routerOutput' || kind === 'routerInput');
  return root?.arn;
}

/** The input that a take asks for, `null` for none; `undefined` of what is no take, or does not say it. */
function askedInput({ call, resources }: Notification): TouchingCall['input'] {
  if (call.operation !== 'TakeRouterInput') return undefined;
  if (call.impact === 'off-air') return null;
  const arn = resources.find(({ kind }) => kind === 'routerInput')?.arn;
  // By its id, as in the events that tell of it.
  return arn === undefined ? undefined : { kind: 'routerInput', name: namelessAt(arn)?.id ?? arn, arn };
}

/** The kind of what is named: an output that has no ARN yet, of a flow that has one; of a tag the flow. */
const aboutKind = (
  resource: ResourceKind,
  main: Notification['resources'][number] | undefined,
  name: string | null,
): ResourceKind => (main === undefined || (name !== main.name && resource !== 'unrecognized') ? resource : main.kind);

/** The call as it is remembered; `undefined` for one that changed nothing, or of which nothing can be said. */
export function touchingCall(notification: Notification): TouchingCall | undefined {
  const { call, calledAtMs, resources, principal, route, eventId } = notification;
  if (call.access !== 'mutating' || call.outcome !== 'succeeded' || call.isDoubtful) return undefined;
  if (calledAtMs === undefined || rootArnOf(notification) === undefined) return undefined;
  const about = resources.filter(({ kind }) => kind === call.resource);
  const main = about.length > 0 ? about : resources.slice(0, 1);
  return {
    eventId,
    operation: call.operation,
    impact: call.impact,
    calledAtMs,
    by: principal.said,
    about: { kind: aboutKind(call.resource, main[0], notification.resourceName), name: notification.resourceName },
    arns: main.map(({ arn }) => arn).filter((arn) => arn !== undefined),
    channels: [route.channel],
    notifiedStates: [],
    input: askedInput(notification),
  };
}

/** Whether a route is another one than a take asked for. */
export const isOtherwise = ({ input: asked }: TouchingCall, { aspect, state, input }: KnownState): boolean =>
  aspect === 'route' && asked !== undefined && (state === 'UNROUTED' ? undefined : input?.arn) !== asked?.arn;

/** As much of what a card said as tells it from other outcomes. */
const ShownOutcomeSchema = z.readonly(
  z.object({
    state: z.optional(z.readonly(z.object({ eventId: text }))),
    troubles: z.readonly(z.array(z.readonly(z.object({ id: text })))),
  }),
);

export type ShownOutcome = z.infer<typeof ShownOutcomeSchema>;

/** A call as it arrives: where it is remembered, what channel is notified of it, and what its card has said, if it is out. */
const ArrivingCallSchema = z.readonly(
  z.object({ call: TouchingCallSchema, rootArn: text, channel: text, shown: z.optional(ShownOutcomeSchema) }),
);

export type ArrivingCall = z.infer<typeof ArrivingCallSchema>;

export function arrivingCall(notification: Notification): ArrivingCall | undefined {
  const call = touchingCall(notification);
  const rootArn = rootArnOf(notification);
  return call === undefined || rootArn === undefined
    ? undefined
    : { call, rootArn, channel: notification.route.channel };
}

/** The state that an event says, if it says one. */
export function stateIn({ eventId, thing, root, atMs, body }: SignalEvent): KnownState | undefined {
  const rootArn = root.arn === thing.arn ? undefined : root.arn;
  const known = { eventId, thing, rootArn, atMs, previous: undefined };
  if (body.kind === 'state') return { ...known, aspect: body.aspect, state: body.state, previous: body.previous };
  if (body.kind === 'maintenance') return { ...known, aspect: 'maintenance', state: body.state };
  if (body.kind === 'failover') return { ...known, aspect: 'failover', state: String(body.current) };
  if (body.kind !== 'route' || thing.kind !== 'routerOutput') return undefined;
  const { state, input, previousInput } = body;
  return { ...known, aspect: 'route', state, input, previousInput };
}

/** What an output gets by its route; empty: nothing. */
const gets = (input: KnownState['input']): string => input?.arn ?? input?.name ?? '';

/** A state as the event after it calls it. */
const isNow = ({ aspect, state, input }: KnownState): string => (aspect === 'route' ? gets(input) : state);

const wasBefore = ({ aspect, previous, previousInput }: KnownState): string | undefined =>
  aspect === 'route' ? gets(previousInput) : previous;

const follows = (one: KnownState, other: KnownState): boolean =>
  wasBefore(one) === isNow(other) && wasBefore(other) !== isNow(one);

/**
 * Whether a state is newer than what is known. Times are whole seconds: within one, who names the other as what was
 * before came after it; where both or neither do, always the same of the two counts, whichever comes first.
 */
export function isNewer(next: KnownState, known: KnownState | undefined): boolean {
  if (known === undefined || next.atMs !== known.atMs) return known === undefined || next.atMs > known.atMs;
  if (follows(next, known)) return true;
  return !follows(known, next) && next.eventId > known.eventId;
}

/** So many calls on one thing wait for their records at once. */
const MAX_PASSED = 8;

const isPromisedState = ({ aspect, state }: KnownState): boolean =>
  Object.values(AWAITED).some(
    (awaited) => awaited.isPromised === true && awaited.aspect === aspect && awaited.settled.includes(state),
  );

/** The later of two states of one thing, with those that were passed on the way to it, in whatever order they come. */
export function laterOf(next: KnownState, known: KnownState | undefined): KnownState {
  const passed = known?.passed ?? [];
  if (known === undefined) return next;
  if ([known, ...passed].some(({ eventId }) => eventId === next.eventId)) return known;
  const [later, earlier] = isNewer(next, known) ? [next, known] : [known, next];
  const { eventId, state, previous, atMs, input, previousInput } = earlier;
  const all = [
    ...passed,
    ...(isPromisedState(earlier) ? [{ eventId, state, previous, atMs, input, previousInput }] : []),
  ];
  const kept = all.filter((one) => later.atMs - one.atMs <= REMEMBERED_MS);
  return kept.length === 0 ? later : { ...later, passed: latest(kept, MAX_PASSED, (one) => one.atMs) };
}

/** A state with each that was passed on the way to it. */
export const withEachPassed = (state: KnownState): readonly KnownState[] => [
  state,
  ...(state.passed ?? []).map(
    ({ eventId, state: name, previous, atMs, input, previousInput }): KnownState => ({
      ...state,
      eventId,
      state: name,
      previous,
      atMs,
      input,
      previousInput,
      passed: undefined,
    }),
  ),
];

/** Whether something happened while a call was having its effect. */
export const isWithinWindow = (calledAtMs: number, atMs: number): boolean =>
  atMs >= calledAtMs && atMs - calledAtMs <= OUTCOME_WINDOW_MS;

const OutcomeCheckSchema = z.readonly(
  z.object({
    kind: z.enum(['silence', 'sources', 'trouble', 'untouched', 'end', 'card']),
    rootArn: z.string(),
    /** Of the call, or of the trouble. */
    id: z.string(),
    /** What it was asked for: the call's time, the trouble's beginning or its end. */
    sinceMs: z.number(),
    dueAtMs: z.number(),
  }),
);

/** Something to look at again later: a record with a delay on the own queue. */
export type OutcomeCheck = z.infer<typeof OutcomeCheckSchema>;

const key = z.string();
const call = TouchingCallSchema;
const trouble = TroubleSchema;
const state = KnownStateSchema;
const channels = z.readonly(z.array(z.string()));

const SayingSchema = z.readonly(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('state'), key, call, state }),
    z.object({ kind: z.literal('trouble'), key, call, trouble }),
    /** `state`: the last that was said since, on the way. */
    z.object({ kind: z.literal('silence'), key, call, thing: SignalThingSchema, state: z.optional(state) }),
    /** `call`: the last one in the 15 minutes before; `state`: what came after the trouble; `down`: the flow's, if it is. */
    z.object({
      kind: z.literal('untouched'),
      key,
      trouble,
      call: z.optional(call),
      isMaintained: z.boolean(),
      state: z.optional(state),
      down: z.optional(state),
    }),
    /** `channels`: those that had the trouble; none: the one for the signal's health. */
    z.object({ kind: z.literal('correction'), key, trouble, call, channels }),
    z.object({ kind: z.literal('end'), key, trouble, channels, state: z.optional(state) }),
    z.object({ kind: z.literal('news'), key, state }),
  ]),
);

/**
 * One message, said once under its key. With a call it goes to the channels that are notified of the call; without one
 * to the channel for the signal's health.
 */
export type Saying = z.infer<typeof SayingSchema>;

/**
 * What the notifier puts into its own queue beside calls: something to look at again, something to say, or a call whose
 * card is out and that could not be remembered.
 */
export type OwnRecord =
  | { readonly kind: 'late'; readonly late: ArrivingCall }
  | { readonly kind: 'check'; readonly check: OutcomeCheck }
  | { readonly kind: 'saying'; readonly saying: Saying; readonly channel: string };

const CheckRecordSchema = z.object({ check: OutcomeCheckSchema });
const LateRecordSchema = z.object({ late: ArrivingCallSchema });
const SayingRecordSchema = z.object({ saying: SayingSchema, channel: z.string().check(z.minLength(1)) });

function readOwn(json: unknown): OwnRecord | undefined {
  const looked = CheckRecordSchema.safeParse(json);
  if (looked.success) return { kind: 'check', check: looked.data.check };
  const late = LateRecordSchema.safeParse(json);
  if (late.success) return { kind: 'late', late: late.data.late };
  const said = SayingRecordSchema.safeParse(json);
  if (!said.success) return undefined;
  return { kind: 'saying', ...said.data };
}

/** Reads the text of a queued record as one of our own; `undefined` for everything else, also for a malformed one. */
export function ownRecordIn(body: string): OwnRecord | undefined {
  try {
    const json = asObject(JSON.parse(body));
    return (json?.check ?? json?.late ?? json?.saying) === undefined ? undefined : readOwn(json);
  } catch {
    return undefined;
  }
}

/** Whether a queued record asks for a look at what came of a call, and carries nothing to be said. */
export function isLook(body: string): boolean {
  const kind = ownRecordIn(body)?.kind;
  return kind === 'check' || kind === 'late';
}

/** A record for the own queue, and when it is due. */
export interface DueRecord {
  readonly body: string;
  readonly dueAtMs: number;
}

/** The channels that a saying goes to: what came of a call to the call's, what nobody called for to the one for that. */
export function channelsOf(saying: Saying, { outcomes, health }: SignalSettings): readonly string[] {
  const ofCall = outcomes.channel === undefined ? undefined : [outcomes.channel];
  const ofHealth = [health.channel ?? 'default'];
  switch (saying.kind) {
    case 'state':
    case 'trouble':
    case 'silence':
      return ofCall ?? saying.call.channels;
    case 'end':
    case 'correction':
      return saying.channels.length === 0 ? ofHealth : saying.channels;
    default:
      return ofHealth;
  }
}

const bodyOf = (json: unknown): string => plainJson(JSON.stringify(json));

/** What a join leaves to be done, as records: each saying once for each of its channels at once, each look when it is due. */
export const dueRecords = (
  { say, checks }: { readonly say: readonly Saying[]; readonly checks: readonly OutcomeCheck[] },
  settings: SignalSettings,
  nowMs: number,
): readonly DueRecord[] => [
  ...say.flatMap((saying) =>
    channelsOf(saying, settings).map((channel) => ({ body: bodyOf({ saying, channel }), dueAtMs: nowMs })),
  ),
  ...checks.map((check) => ({ body: bodyOf({ check }), dueAtMs: check.dueAtMs })),
];

/** A call whose card is out, to be joined when it is due. */
export const lateRecord = (late: ArrivingCall, dueAtMs: number): DueRecord => ({
  body: bodyOf({ late }),
  dueAtMs,
});
