import type { Notification, SignalSettings } from '../notification/notification.ts';
import type { SignalEvent } from './signal-event.ts';
import {
  type ArrivingCall,
  type AwaitedOutcome,
  arrivingCall,
  audiencesOf,
  awaitedOutcome,
  hadInLine,
  isOtherwise,
  isReached,
  isStillAwaited,
  isWithinWindow,
  type KnownState,
  LATE_LOOK_MS,
  laterOf,
  OUTCOME_WINDOW_MS,
  type OutcomeCheck,
  pruned,
  REMEMBERED_MS,
  replaced,
  type Saying,
  type ShownOutcome,
  type SignalMemory,
  silenceKey,
  stateIn,
  type TouchingCall,
  type Trouble,
  withEachPassed,
} from './signal-memory.ts';
import {
  CALLS_COME_WITHIN_MS,
  type Change,
  flowDown,
  goesWithFlow,
  isCurrent,
  isExpected,
  isLater,
  isMaintained,
  isNearer,
  lastCallBefore,
  rootState,
  signOf,
  stateAfter,
  suspectOf,
  withDivisions,
  withMissing,
  withNotified,
  withSign,
  withTrouble,
} from './trouble.ts';

/** How much is said: nothing, what goes otherwise than wanted, or all. */
export type OutcomeLevel = SignalSettings['outcomes']['say'];

export interface OutcomeLevels {
  /** Of what calls came to. */
  readonly outcomes: OutcomeLevel;
  /** Of what nobody called for. */
  readonly health: OutcomeLevel;
  /** Where lines of what calls came to go; left out: to the channels that are notified of the call. */
  readonly outcomesChannel?: string | undefined;
}

/** What a call's card says of what came of it. */
export interface CardOutcome {
  readonly call: TouchingCall;
  readonly state: KnownState | undefined;
  /** Of so many sources of the flow that is now active, so many are received; `undefined` where that is not known yet. */
  readonly sources: { readonly received: number; readonly of: number } | undefined;
  readonly troubles: readonly Trouble[];
}

/** What to remember, what to say now, and what to look at later. */
export interface Joined {
  readonly memory: SignalMemory;
  readonly card: CardOutcome | undefined;
  readonly say: readonly Saying[];
  readonly checks: readonly OutcomeCheck[];
}

/** Clocks of AWS differ by less; a time that lies further ahead is none. */
const AHEAD_MS = 5 * 60_000;
/** So long a lost signal waits for the state of its flow: what goes down with it is no trouble, whoever called last. */
const SETTLES_MS = 2000;
/** What came back must stay so long before that is said. */
const STAYS_MS = 30_000;
/** An output may lose its input before it gets the other one. */
const SWITCHES_WITHIN_MS = 10_000;
/** A card that is to be out at all is out by then, unless Slack does not take it. */
const CARDS_TAKE_MS = 60_000;

/** Noted with a call of which was said that it came out otherwise. */
const OTHERWISE = 'otherwise';

const only = (memory: SignalMemory, changes: Partial<Joined> = {}): Joined => ({
  card: undefined,
  say: [],
  checks: [],
  ...changes,
  memory,
});

/** One thing, and then another one by what is remembered since: what there is to say and to look at of both. */
function then(joined: Joined, next: (memory: SignalMemory) => Joined): Joined {
  const { memory, card, say, checks } = next(joined.memory);
  return { memory, card: card ?? joined.card, say: [...joined.say, ...say], checks: [...joined.checks, ...checks] };
}

/** Several things, one after the other. */
const inTurn = <Item>(
  memory: SignalMemory,
  items: readonly Item[],
  join: (memory: SignalMemory, item: Item) => Joined,
): Joined => items.reduce((joined, item) => then(joined, (known) => join(known, item)), only(memory));

const tidied = (joined: Joined, nowMs: number): Joined => ({ ...joined, memory: pruned(joined.memory, nowMs) });

const callWith = ({ calls }: SignalMemory, id: string | undefined): TouchingCall | undefined =>
  calls.find(({ eventId }) => eventId === id);

const troubleWith = ({ troubles }: SignalMemory, wanted: string): Trouble | undefined =>
  troubles.find(({ id }) => id === wanted);

const withCall = (memory: SignalMemory, call: TouchingCall): SignalMemory => ({
  ...memory,
  calls: replaced(memory.calls, call, ({ eventId }) => eventId === call.eventId),
});

/** The call as it was remembered, with one more channel that is notified of it. */
function merged(known: TouchingCall | undefined, call: TouchingCall): TouchingCall {
  if (known === undefined) return call;
  return { ...known, channels: [...new Set([...known.channels, ...call.channels])] };
}

/** The latest state of the thing that the call's outcome is said of; of several things, or of none, none. */
function awaitedState(
  { states }: SignalMemory,
  { arns }: TouchingCall,
  { of, aspect }: AwaitedOutcome,
  rootArn: string,
): KnownState | undefined {
  const wanted = of === 'output' ? arns : [rootArn];
  const known = states.filter((state) => state.aspect === aspect && wanted.includes(state.thing.arn));
  return wanted.length === 1 ? known[0] : undefined;
}

/** The outcome that a call awaits, where the state is of that thing and aspect. */
function awaitedIn(call: TouchingCall, { aspect, thing }: KnownState, rootArn: string): AwaitedOutcome | undefined {
  const awaited = awaitedOutcome(call.operation);
  if (awaited?.aspect !== aspect || awaited.of !== thing.kind) return undefined;
  const isAbout = awaited.of === 'output' ? call.arns.includes(thing.arn) : thing.arn === rootArn;
  return isAbout ? awaited : undefined;
}

/**
 * Whether a take had worked before a route: where the output goes then is another's doing. Where it is left without input
 * at once it may be the take's own, and of whom something else was said the last word is not to be what is so no more.
 */
const isOfNextTake = (call: TouchingCall, state: KnownState): boolean =>
  call.isAnswered === true &&
  isOtherwise(call, state) &&
  !call.notifiedStates.includes(OTHERWISE) &&
  (state.input !== undefined || state.atMs - call.calledAtMs > SWITCHES_WITHIN_MS);

const awaits = (call: TouchingCall, state: KnownState, rootArn: string): boolean => {
  const awaited = awaitedIn(call, state, rootArn);
  if (awaited === undefined || isOfNextTake(call, state)) return false;
  return isReached(awaited, state) && isWithinWindow(call.calledAtMs, state.atMs);
};

/** Whether a route leaves the input that a take asked for, of which no event came. Soon after the take it may be its own. */
const leaves = ({ input: asked, calledAtMs }: TouchingCall, { previousInput, atMs }: KnownState): boolean =>
  asked !== undefined && atMs - calledAtMs > SWITCHES_WITHIN_MS && previousInput?.arn === asked?.arn;

/** Whether a state says that it is, or was, as was called for, whoever brought that about. */
const answers = (call: TouchingCall, state: KnownState, rootArn: string): boolean =>
  state.atMs >= call.calledAtMs &&
  awaitedIn(call, state, rootArn)?.settled.includes(state.state) === true &&
  (!isOtherwise(call, state) || leaves(call, state));

/** The first state that is remembered, or was passed, and answers a call. */
export const answerTo = ({ states }: SignalMemory, call: TouchingCall, rootArn: string): KnownState | undefined =>
  states
    .flatMap((state) => withEachPassed(state))
    .filter((one) => answers(call, one, rootArn))
    .toSorted((one, other) => one.atMs - other.atMs)[0];

/** The call whose outcome a state is: of several that await it, the latest before it; a route is rather one's that asked for it. */
const ownerOf = ({ calls }: SignalMemory, state: KnownState, rootArn: string): TouchingCall | undefined =>
  calls
    .filter((call) => awaits(call, state, rootArn))
    .toSorted(
      (one, other) =>
        Number(isOtherwise(one, state)) - Number(isOtherwise(other, state)) || (isLater(one, other) ? -1 : 1),
    )[0];

const isSaidOfAnother = ({ calls }: SignalMemory, { eventId }: KnownState, call: TouchingCall): boolean =>
  calls.some((other) => other.eventId !== call.eventId && other.notifiedStates.includes(eventId));

/** The state that a call's card shows: the latest that is known, or none. Never an older one. */
function stateOnCard(
  memory: SignalMemory,
  call: TouchingCall,
  { rootArn, channel }: Pick<Place, 'rootArn' | 'channel'>,
): KnownState | undefined {
  const awaited = awaitedOutcome(call.operation);
  const state = awaited && awaitedState(memory, call, awaited, rootArn);
  if (state === undefined || ownerOf(memory, state, rootArn)?.eventId !== call.eventId) return undefined;
  const isSaid = isSaidOfAnother(memory, state, call) || call.notifiedStates.includes(lineKey(state, channel));
  return isSaid ? undefined : state;
}

/** Noted with a call when a state that its card in a channel was to show is said in a line instead. */
const lineKey = ({ eventId }: KnownState, channel: string): string => `line#${eventId}#${channel}`;

/** The channels that a line of what a call came to goes to, where those are notified of the call. */
const lineChannels = (channels: readonly string[], { outcomesChannel }: OutcomeLevels): readonly string[] =>
  outcomesChannel === undefined ? channels : [outcomesChannel];

/** What is known of the sources since their flow became active. */
const sourcesSince = ({ states }: SignalMemory, active: KnownState): readonly KnownState[] =>
  states.filter(
    ({ thing, aspect, atMs }) => thing.kind === 'source' && aspect === 'health' && atMs >= active.atMs - STAYS_MS,
  );

const isReceived = ({ state }: KnownState): boolean => state === 'CONNECTED' || state === 'RECEIVING';

/** A source comes within seconds behind its flow: that it does not is said only of what stays so. */
function sourcesOnCard(memory: SignalMemory, state: KnownState | undefined, nowMs: number): CardOutcome['sources'] {
  if (state?.thing.kind !== 'flow' || state.state !== 'ACTIVE') return undefined;
  const sources = sourcesSince(memory, state);
  const received = sources.filter(isReceived).length;
  const sinceMs = nowMs - Math.max(state.atMs, ...sources.map(({ atMs }) => atMs));
  const isKnown = sources.length > 0 && (received === sources.length || sinceMs >= STAYS_MS);
  return isKnown ? { received, of: sources.length } : undefined;
}

const withNotifiedState = (memory: SignalMemory, call: TouchingCall, notified: string): SignalMemory =>
  call.notifiedStates.includes(notified)
    ? memory
    : withCall(memory, { ...call, notifiedStates: [...call.notifiedStates, notified] });

/** The memory with a state that was said of a call, on its card or in lines, and whether it was the one that was called for. */
function withStateSaid(
  memory: SignalMemory,
  call: TouchingCall,
  state: KnownState,
  inLine: readonly string[] = [],
): SignalMemory {
  const lines = inLine.map((channel) => lineKey(state, channel));
  const keys = [state.eventId, ...lines, ...(isOtherwise(call, state) ? [OTHERWISE] : [])];
  return withCall(memory, { ...call, notifiedStates: [...new Set([...call.notifiedStates, ...keys])] });
}

/** What nobody was told of yet, or only another call wanted. */
const isUnnotified = ({ notified: said }: Trouble, { eventId }: TouchingCall): boolean =>
  said === undefined || (said.as === 'expected' && said.callId !== undefined && said.callId !== eventId);

/**
 * Takes out of what nobody was told yet what this call explains: what it wants is expected, what it does not is on its
 * card. A signal that came back before the card is not worth a word there; that the flow was in ERROR is. What went down
 * with its flow waits for the record of the call that took that down.
 */
function explained(memory: SignalMemory, call: TouchingCall, rootArn: string, nowMs: number): SignalMemory {
  const pending = memory.troubles.filter(
    (trouble) => isUnnotified(trouble, call) && suspectOf(memory, trouble, rootArn)?.eventId === call.eventId,
  );
  return pending.reduce((known, trouble) => {
    if (isExpected(memory, trouble, rootArn)) return withNotified(known, trouble, notified('expected', call, nowMs));
    const isOver = trouble.endedAtMs !== undefined;
    if (isOver && trouble.what !== 'status') return known;
    if (goesWithFlow(memory, trouble, rootArn)) return known;
    // Who heard of what it took the place of hears its end in a line.
    const isEndNotified = isOver && (trouble.alsoNotified ?? []).length === 0;
    return withNotified(known, { ...trouble, isEndNotified }, notified('card', call, nowMs), call);
  }, memory);
}

const notified = (
  as: NonNullable<Trouble['notified']>['as'],
  call: TouchingCall | undefined,
  atMs: number,
  inLine: readonly string[] = [],
): NonNullable<Trouble['notified']> => ({ as, callId: call?.eventId, channels: inLine, inLine, atMs });

/** What was said in a message of its own is not said again on the card of a channel that had it. */
const isOnCard =
  ({ eventId }: TouchingCall, channel: string) =>
  (trouble: Trouble): boolean =>
    wasNotifiedWith(trouble, eventId) && !hadInLine(trouble).includes(channel);

const wasNotifiedWith = ({ notified: said }: Trouble, callId: string): boolean =>
  said?.callId === callId && (said.as === 'card' || said.as === 'trouble');

/**
 * What the card says, and a look at whether it is said: a card may go out without what was joined too late, or not at
 * all.
 */
function withCard(memory: SignalMemory, call: TouchingCall, place: Place): Joined {
  const { rootArn, nowMs } = place;
  const state = stateOnCard(memory, call, place);
  const known = explained(memory, call, rootArn, nowMs);
  const joined = withTroubles(state === undefined ? known : withStateSaid(known, call, state), call, state, place);
  const isNews = place.isFirst || joined.card?.troubles.some((trouble) => !memory.troubles.includes(trouble));
  const isSourceOpen = joined.card !== undefined && joined.card.sources === undefined;
  const checks = place.isFirst && isSourceOpen ? sourcesCheck(call, state, place) : [];
  if (!isNews || !joined.card?.troubles.length) return { ...joined, checks };
  const dueAtMs = nowMs + CARDS_TAKE_MS;
  return { ...joined, checks: [...checks, { kind: 'card', rootArn, id: call.eventId, sinceMs: nowMs, dueAtMs }] };
}

/** A card with a state, if one is to be said, and the troubles that are its call's; none with neither. */
function withTroubles(memory: SignalMemory, call: TouchingCall, state: KnownState | undefined, place: Place): Joined {
  const troubles = memory.troubles.filter(isOnCard(call, place.channel));
  if (state === undefined && troubles.length === 0) return only(memory);
  const noted = inTurn(memory, troubles, (known, trouble) => onCard(known, trouble, call, place));
  return { ...noted, card: { call, state, sources: sourcesOnCard(memory, state, place.nowMs), troubles } };
}

/** Notes that a channel has a trouble on a card. Where lines of calls have a channel of their own, that one has a line. */
function onCard(memory: SignalMemory, trouble: Trouble, call: TouchingCall, { channel, levels }: Place): Joined {
  if (trouble.notified?.channels.includes(channel) !== false) return only(memory);
  const notified = { ...trouble.notified, channels: [...trouble.notified.channels, channel] };
  const own = levels.outcomesChannel === undefined ? [] : [levels.outcomesChannel];
  return inLines(
    memory,
    { ...trouble, notified },
    call,
    own.filter((one) => !notified.channels.includes(one)),
  );
}

/** Says a trouble in a line in each of these channels, and notes that. */
function inLines(memory: SignalMemory, trouble: Trouble, call: TouchingCall, channels: readonly string[]): Joined {
  if (trouble.notified === undefined) return only(memory);
  const { notified: said, id } = trouble;
  const all = [...new Set([...said.channels, ...channels])];
  const known = { ...trouble, notified: { ...said, channels: all, inLine: [...hadInLine(trouble), ...channels] } };
  const line: Saying = { kind: 'trouble', key: troubleKey(id), call: { ...call, channels }, trouble };
  return only(withTrouble(memory, known), { say: channels.length === 0 ? [] : [line] });
}

const isShown = ({ id }: Trouble, shown: ShownOutcome | undefined): boolean =>
  shown?.troubles.some((trouble) => trouble.id === id) === true;

/** The troubles of a call in lines, but for what is shown, for those of the channels that had none. */
function linesOf(
  memory: SignalMemory,
  call: TouchingCall,
  channels: readonly string[],
  shown?: ShownOutcome | undefined,
): Joined {
  const unnotified = memory.troubles.filter((one) => wasNotifiedWith(one, call.eventId) && !isShown(one, shown));
  return inTurn(memory, unnotified, (known, trouble) => {
    const had = hadInLine(trouble);
    const missing = channels.filter((channel) => !had.includes(channel));
    return missing.length === 0 ? only(known) : inLines(known, trouble, call, missing);
  });
}

/**
 * Under which a trouble is said once in a channel: what a card said is noted under the same key, so that the line is left
 * out.
 */
export const troubleKey = (id: string): string => `trouble#${id}`;

/** A card that went out, in a channel, before it was known what to say on it. */
export interface UnshownCard {
  readonly card: CardOutcome;
  /** What it did say. @default nothing */
  readonly shown?: ShownOutcome | undefined;
  readonly rootArn: string;
  readonly channel: string;
}

/** Whether a card was to say more than it does. */
export const isMoreThanShown = ({ card: { state, troubles }, shown }: UnshownCard): boolean =>
  state?.eventId !== shown?.state?.eventId || !troubles.every((trouble) => isShown(trouble, shown));

/** What a card was to say, and does not, is said in lines: as if it had come behind the call. */
export function joinUnshown(
  memory: SignalMemory,
  { card: { call, state }, shown, rootArn, channel }: UnshownCard,
  nowMs: number,
  levels: OutcomeLevels,
): Joined {
  const known = callWith(memory, call.eventId) ?? call;
  const channels = lineChannels([channel], levels);
  const isNews = state !== undefined && state.eventId !== shown?.state?.eventId && isSettledFor(known, state);
  const isWanted =
    isNews && (levels.outcomes === 'all' || isOtherwise(known, state)) && memory.states.some(isSame(state));
  const isMissing = isWanted && stateOnCard(memory, known, { rootArn, channel }) !== undefined;
  // A channel that is notified of the call, too, has it on a card of its own.
  const without = channels.filter((one) => one === channel || !known.channels.includes(one));
  const lines = linesOf(memory, known, channels, shown);
  return tidied(isMissing ? then(lines, (after) => stateLine(after, known, state, without)) : lines, nowMs);
}

const stateKey = ({ eventId }: KnownState): string => `state#${eventId}`;

/** A flow that a call started is looked at once more when its sources had the time to come. */
function sourcesCheck(
  { operation, eventId }: TouchingCall,
  state: KnownState | undefined,
  { rootArn, nowMs }: Pick<Place, 'rootArn' | 'nowMs'>,
): readonly OutcomeCheck[] {
  if (operation !== 'StartFlow' || state?.state !== 'ACTIVE') return [];
  return [{ kind: 'sources', rootArn, id: eventId, sinceMs: state.atMs, dueAtMs: nowMs + STAYS_MS }];
}

/** Where and when a call arrives. */
interface Place {
  readonly rootArn: string;
  readonly channel: string;
  readonly nowMs: number;
  readonly levels: OutcomeLevels;
  /** Whether no card was made of it in this channel before. */
  readonly isFirst: boolean;
}

/** A promise that MediaConnect has not kept yet is looked at when its two minutes are over. */
function silenceCheck(
  memory: SignalMemory,
  call: TouchingCall,
  rootArn: string,
  nowMs: number,
): readonly OutcomeCheck[] {
  const awaited = awaitedOutcome(call.operation);
  const isFresh = nowMs >= call.calledAtMs - AHEAD_MS && nowMs - call.calledAtMs < OUTCOME_WINDOW_MS;
  if (!awaited?.isPromised || !isFresh || isAnswered(memory, call, rootArn)) return [];
  const dueAtMs = call.calledAtMs + OUTCOME_WINDOW_MS;
  return [{ kind: 'silence', rootArn, id: call.eventId, sinceMs: call.calledAtMs, dueAtMs }];
}

/** Whether a call makes what others called for before it pointless. */
const overtakes = ({ operation }: TouchingCall): boolean =>
  awaitedOutcome(operation)?.isPromised === true || operation.startsWith('Delete');

const isOvertaken = ({ calls }: SignalMemory, call: TouchingCall): boolean =>
  calls.some((other) => isLater(other, call) && overtakes(other));

/** Whether it is, or was, as was called for, somebody called for something else since, or trouble was said of it. */
function isAnswered(memory: SignalMemory, call: TouchingCall, rootArn: string): boolean {
  const isTroubled = memory.troubles.some(
    ({ notified: said, named }) =>
      said !== undefined && said.as !== 'expected' && (said.callId === call.eventId || named?.eventId === call.eventId),
  );
  return (
    call.isAnswered === true || answerTo(memory, call, rootArn) !== undefined || isOvertaken(memory, call) || isTroubled
  );
}

/** The memory with each call that waits for a state no more. */
const withAnswer = (memory: SignalMemory, state: KnownState | undefined, rootArn: string): SignalMemory => ({
  ...memory,
  calls: memory.calls.map((call) =>
    state !== undefined && call.isAnswered !== true && answers(call, state, rootArn)
      ? { ...call, isAnswered: true }
      : call,
  ),
});

/** What was said to have been nobody's, or another call's, and may have been this late call's. */
function corrections(memory: SignalMemory, call: TouchingCall, rootArn: string, levels: OutcomeLevels): Joined {
  const isWanted = ({ notified: said }: Trouble): boolean =>
    (said?.as === 'untouched' ? levels.health : levels.outcomes) !== 'off';
  const wrong = memory.troubles.filter((trouble) => isWanted(trouble) && isNearer(memory, trouble, call, rootArn));
  const named = { eventId: call.eventId, calledAtMs: call.calledAtMs };
  const troubles = memory.troubles.map((trouble) => (wrong.includes(trouble) ? { ...trouble, named } : trouble));
  const say = wrong.map((trouble): Saying => {
    const channels = trouble.notified?.channels ?? [];
    return { kind: 'correction', key: `correction#${trouble.id}#${call.eventId}`, trouble, call, channels };
  });
  return only({ ...memory, troubles }, { say });
}

/**
 * A call arrives: what its card says of what came of it, what must be corrected, and whether to look again in two
 * minutes. The same call may arrive several times, for several channels too: its card then says the same, or what is
 * known since. The call itself is never held up or left out by what is found here.
 */
export function joinCall(
  memory: SignalMemory,
  notification: Notification,
  nowMs: number,
  levels: OutcomeLevels,
): Joined {
  const arriving = arrivingCall(notification);
  return arriving === undefined ? only(memory) : joinArriving(memory, arriving, nowMs, levels);
}

function joinArriving(
  memory: SignalMemory,
  { call: arriving, rootArn, channel }: ArrivingCall,
  nowMs: number,
  levels: OutcomeLevels,
): Joined {
  if (Math.abs(nowMs - arriving.calledAtMs) > REMEMBERED_MS) return only(pruned(memory, nowMs));
  const known = callWith(memory, arriving.eventId);
  const place = { rootArn, channel, nowMs, levels, isFirst: known?.channels.includes(channel) !== true };
  const joining = merged(known, arriving);
  const call = answerTo(memory, joining, rootArn) !== undefined ? { ...joining, isAnswered: true } : joining;
  const { memory: divided, over, ended } = withDivisions(withCall(memory, call), rootArn);
  const corrected = corrections(divided, call, rootArn, levels);
  if (levels.outcomes === 'off') return tidied(corrected, nowMs);
  const carded = then(corrected, (after) => withCard(after, call, place));
  const joined = then(carded, (after) => newTroubles(after, over, rootArn, nowMs, levels));
  const silence = known === undefined ? silenceCheck(joined.memory, call, rootArn, nowMs) : [];
  const ends = ended.flatMap((one) => endCheck(one, rootArn, nowMs));
  return tidied({ ...joined, checks: [...silence, ...joined.checks, ...ends] }, nowMs);
}

/** Maintenance that is over is known by its beginning, so that what was lost meanwhile is known to be its doing. */
function withBeginning({ states }: SignalMemory, state: KnownState | undefined): KnownState | undefined {
  if (state?.aspect !== 'maintenance' || state.state === 'INPROGRESS') return state;
  const before = states.find(({ thing, aspect }) => thing.arn === state.thing.arn && aspect === 'maintenance');
  if (before === undefined || before.atMs > state.atMs) return state;
  return { ...state, beganAtMs: before.state === 'INPROGRESS' ? before.atMs : before.beganAtMs };
}

/**
 * A call is joined whose card is out already, since the ledger was out of reach: what came of it and is not on the card is
 * said in lines. Where it was joined meanwhile by somebody who received it again, there is nothing to say.
 */
export function joinLateCall(
  memory: SignalMemory,
  arriving: ArrivingCall,
  nowMs: number,
  levels: OutcomeLevels,
): Joined {
  const { call, channel, rootArn, shown } = arriving;
  const isKnown = memory.calls.some(({ eventId, channels }) => eventId === call.eventId && channels.includes(channel));
  if (isKnown) return only(memory);
  const { card, ...joined } = joinArriving(memory, arriving, nowMs, levels);
  return then({ ...joined, card: undefined }, (known) =>
    card === undefined
      ? only(known)
      : joinUnshown(withShown(known, channel, shown), { card, shown, rootArn, channel }, nowMs, levels),
  );
}

/** Whether the card said it may be known to nobody else: the ledger was out of reach. */
const withShown = (memory: SignalMemory, channel: string, shown: ShownOutcome | undefined): SignalMemory => ({
  ...memory,
  troubles: memory.troubles.map((trouble) =>
    trouble.notified !== undefined && isShown(trouble, shown)
      ? { ...trouble, notified: { ...trouble.notified, inLine: [...hadInLine(trouble), channel] } }
      : trouble,
  ),
});

/** Whether maintenance was heard to be over before it was heard to begin. */
const isBeginningOf = ({ aspect, state, atMs }: KnownState, known: KnownState): boolean =>
  aspect === 'maintenance' &&
  state === 'INPROGRESS' &&
  known.state !== 'INPROGRESS' &&
  known.beganAtMs === undefined &&
  atMs < known.atMs;

function withState(memory: SignalMemory, state: KnownState | undefined): SignalMemory {
  if (state === undefined) return memory;
  const isOfIt = ({ thing, aspect }: KnownState): boolean => thing.arn === state.thing.arn && aspect === state.aspect;
  const last = memory.states.find(isOfIt);
  const next =
    last !== undefined && isBeginningOf(state, last) ? { ...last, beganAtMs: state.atMs } : laterOf(state, last);
  return { ...memory, states: replaced(memory.states, next, isOfIt) };
}

const isSettledFor = ({ operation }: TouchingCall, { state }: KnownState): boolean =>
  awaitedOutcome(operation)?.settled.includes(state) === true;

/** The call of which was said that nothing was heard, and which a state answers, however late. */
const missedBy = (memory: SignalMemory, state: KnownState, rootArn: string): TouchingCall | undefined =>
  memory.calls.find(
    (call) =>
      isStillAwaited(call, state.atMs) &&
      answers(call, state, rootArn) &&
      !isOtherwise(call, state) &&
      !isOvertaken(memory, call),
  );

/**
 * The state that a call whose card is out already came to: a short line where all is wanted, or something else was said
 * of it before. Another route than was asked for may not be the last.
 */
function followUp(
  memory: SignalMemory,
  state: KnownState | undefined,
  {
    rootArn,
    nowMs,
    levels,
    missed,
  }: Pick<Place, 'rootArn' | 'nowMs' | 'levels'> & { missed: TouchingCall | undefined },
): Joined {
  const { outcomes } = levels;
  if (state === undefined || outcomes === 'off') return only(memory);
  const call = callWith(memory, missed?.eventId) ?? ownerOf(memory, state, rootArn);
  if (
    call === undefined ||
    !isSettledFor(call, state) ||
    memory.calls.some(({ notifiedStates }) => notifiedStates.includes(state.eventId))
  )
    return only(memory);
  const isCorrected = call.eventId === missed?.eventId || call.notifiedStates.includes(OTHERWISE);
  if (!isCorrected && isOtherwise(call, state) && call.isAnswered !== true) {
    const dueAtMs = nowMs + SWITCHES_WITHIN_MS;
    return only(memory, { checks: [{ kind: 'silence', rootArn, id: call.eventId, sinceMs: state.atMs, dueAtMs }] });
  }
  const checks = sourcesCheck(call, state, { rootArn, nowMs });
  return outcomes === 'all' || isCorrected
    ? { ...stateLine(memory, call, state, lineChannels(call.channels, levels)), checks }
    : only(memory, { checks });
}

/** Says a state in a line in each of these channels that had none. */
function stateLine(memory: SignalMemory, call: TouchingCall, state: KnownState, channels: readonly string[]): Joined {
  const missing = channels.filter((channel) => !call.notifiedStates.includes(lineKey(state, channel)));
  if (missing.length === 0) return only(memory);
  return only(withStateSaid(memory, call, state, missing), {
    say: [{ kind: 'state', key: stateKey(state), call: { ...call, channels: missing }, state }],
  });
}

/** Says of a call what went wrong; what was over meanwhile ends in a line of its own, like everything that was said. */
function sayTrouble(
  memory: SignalMemory,
  trouble: Trouble,
  call: TouchingCall,
  { rootArn, nowMs, levels }: Pick<Place, 'rootArn' | 'nowMs' | 'levels'>,
): Joined {
  const channels = lineChannels(call.channels, levels);
  const say: Saying = { kind: 'trouble', key: troubleKey(trouble.id), call: { ...call, channels }, trouble };
  return only(withNotified(memory, trouble, notified('trouble', call, nowMs, channels), call), {
    say: [say],
    checks: endCheck(trouble, rootArn, nowMs),
  });
}

/** What came back is looked at when it has stayed. */
function endCheck({ id, endedAtMs }: Trouble, rootArn: string, nowMs: number): readonly OutcomeCheck[] {
  if (endedAtMs === undefined) return [];
  return [{ kind: 'end', rootArn, id, sinceMs: endedAtMs, dueAtMs: nowMs + STAYS_MS }];
}

/**
 * So long the look at a lost signal is off: a signal may still go with its flow, and the record of the call that took that
 * down may still be on its way.
 */
function settlesIn(memory: SignalMemory, trouble: Trouble, rootArn: string, nowMs: number, settlesMs: number): number {
  if (trouble.what !== 'health') return 0;
  const startMs = trouble.starts[0]?.atMs ?? nowMs;
  const isDown = goesWithFlow(memory, trouble, rootArn);
  return Math.max(settlesMs, isDown ? startMs + CALLS_COME_WITHIN_MS - nowMs : 0);
}

/** A call that may have done it is named at once; for another one a minute is waited. A signal may still go with its flow. */
function newTrouble(
  memory: SignalMemory,
  trouble: Trouble,
  rootArn: string,
  nowMs: number,
  levels: OutcomeLevels,
  settlesMs = SETTLES_MS,
): Joined {
  const { outcomes, health } = levels;
  const suspect = suspectOf(memory, trouble, rootArn);
  if (isExpected(memory, trouble, rootArn))
    return only(withNotified(memory, trouble, notified('expected', suspect, nowMs)));
  const look = (kind: OutcomeCheck['kind'], afterMs: number): Joined => {
    const sinceMs = trouble.starts[0]?.atMs ?? nowMs;
    return only(memory, { checks: [{ kind, rootArn, id: trouble.id, sinceMs, dueAtMs: nowMs + afterMs }] });
  };
  if (suspect !== undefined && outcomes !== 'off') {
    const waitsMs = settlesIn(memory, trouble, rootArn, nowMs, settlesMs);
    if (waitsMs > 0) return look('trouble', waitsMs);
    return sayTrouble(memory, trouble, suspect, { rootArn, nowMs, levels });
  }
  return health === 'off' ? only(memory) : look('untouched', CALLS_COME_WITHIN_MS);
}

/** Those of several that nobody was told of meanwhile. */
const newTroubles = (
  memory: SignalMemory,
  troubles: readonly Trouble[],
  rootArn: string,
  nowMs: number,
  levels: OutcomeLevels,
): Joined => {
  const unnotified = troubles.filter(({ id }) =>
    memory.troubles.some((one) => one.id === id && one.notified === undefined),
  );
  return inTurn(memory, unnotified, (known, trouble) => newTrouble(known, trouble, rootArn, nowMs, levels));
};

function afterChange({ memory, begun, ended }: Change, rootArn: string, nowMs: number, levels: OutcomeLevels): Joined {
  if (begun !== undefined) return newTrouble(memory, begun, rootArn, nowMs, levels);
  return only(memory, { checks: ended ? endCheck(ended, rootArn, nowMs) : [] });
}

const NEWS: ReadonlySet<KnownState['aspect']> = new Set(['maintenance', 'failover']);

/** What is no state of a call and no trouble, and is said where all of the signal's health is wanted. */
const newsIn = (before: SignalMemory, { states }: SignalMemory, state: KnownState | undefined): readonly Saying[] =>
  state !== undefined && NEWS.has(state.aspect) && states.includes(state) && !before.states.some(isSame(state))
    ? [{ kind: 'news', key: `news#${state.eventId}`, state }]
    : [];

const isSame =
  ({ eventId }: KnownState) =>
  (known: KnownState): boolean =>
    known.eventId === eventId;

/** The state that an event said, unless it was heard before or a later one was. */
const newState = (before: SignalMemory, { states }: SignalMemory, heard: KnownState): KnownState | undefined =>
  before.states.some(isSame(heard)) ? undefined : states.find(isSame(heard));

/**
 * One of MediaConnect's own events arrives: what is remembered of it, and what is said at once. What nobody seems to have
 * called for waits for CloudTrail, since an event mostly arrives before the record of its call.
 */
export function joinEvent(memory: SignalMemory, event: SignalEvent, nowMs: number, levels: OutcomeLevels): Joined {
  if (event.atMs > nowMs + AHEAD_MS || event.body.kind === 'unknown') return only(memory);
  const rootArn = event.root.arn;
  const heard = withBeginning(memory, stateIn(event));
  const known = withAnswer(withState(memory, heard), heard, rootArn);
  const state = heard && newState(memory, known, heard);
  const said = signOf(event);
  const isLate = nowMs - event.atMs > REMEMBERED_MS;
  // Whatever its age, an end keeps the last word of a channel from being that something is lost.
  if (isLate && said?.isOn !== false) return only(pruned(known, nowMs));
  const missed = heard && missedBy(memory, heard, rootArn);
  const change: Change = said === undefined ? { memory: known } : withSign(known, event, said);
  const troubled = afterChange(change, rootArn, nowMs, levels);
  if (isLate) return tidied(troubled, nowMs);
  const followed = then(troubled, (after) => followUp(after, state, { rootArn, nowMs, levels, missed }));
  const news = levels.health === 'all' && said?.isOn !== true ? newsIn(memory, known, state) : [];
  return tidied({ ...followed, say: [...followed.say, ...news] }, nowMs);
}

/** Nothing was heard of what was called for, or something else. */
function lookAtSilence(
  memory: SignalMemory,
  { id, rootArn }: OutcomeCheck,
  nowMs: number,
  levels: OutcomeLevels,
): Joined {
  const call = callWith(memory, id);
  if (levels.outcomes === 'off' || call === undefined) return only(memory);
  const key = silenceKey(call);
  const isSaid = call.notifiedStates.some((said) => said === key || said === OTHERWISE);
  if (isSaid || isAnswered(memory, call, rootArn)) return only(memory);
  const state = saidSince(memory, call, rootArn);
  if (state !== undefined && isOtherwise(call, state))
    return stateLine(memory, call, state, lineChannels(call.channels, levels));
  if (nowMs < call.calledAtMs + OUTCOME_WINDOW_MS) return only(memory);
  const thing = { ...call.about, arn: rootArn };
  return only(withNotifiedState(memory, call, key), { say: [{ kind: 'silence', key, call, thing, state }] });
}

/** A flow that was started is active, and receives nothing: of each of its sources that is lost a line, as of trouble. */
function lookAtSources(
  memory: SignalMemory,
  { id, rootArn, sinceMs }: OutcomeCheck,
  nowMs: number,
  levels: OutcomeLevels,
): Joined {
  const call = callWith(memory, id);
  const active = rootState(memory, rootArn, 'status');
  if (levels.outcomes === 'off' || call === undefined || active?.state !== 'ACTIVE' || active.atMs !== sinceMs)
    return only(memory);
  const sources = sourcesSince(memory, active);
  if (sources.some(isReceived)) return only(memory);
  const lost = sources.filter(({ state, atMs }) => state === 'DISCONNECTED' && isWithinWindow(call.calledAtMs, atMs));
  return inTurn(memory, lost, (before, source) => {
    const { memory: known, begun } = withMissing(before, source, active.thing);
    const isWanted = begun !== undefined && suspectOf(known, begun, rootArn)?.eventId === id;
    if (!isWanted || isExpected(known, begun, rootArn)) return only(before);
    return sayTrouble(known, begun, call, { rootArn, nowMs, levels });
  });
}

/** The last that was said of what a call awaits, since it was made. */
function saidSince(memory: SignalMemory, call: TouchingCall, rootArn: string): KnownState | undefined {
  const awaited = awaitedOutcome(call.operation);
  const state = awaited && awaitedState(memory, call, awaited, rootArn);
  return state !== undefined && state.atMs >= call.calledAtMs ? state : undefined;
}

function lookAtTrouble(
  memory: SignalMemory,
  { id, rootArn }: OutcomeCheck,
  nowMs: number,
  levels: OutcomeLevels,
): Joined {
  const trouble = troubleWith(memory, id);
  if (trouble === undefined || trouble.notified !== undefined) return only(memory);
  return newTrouble(memory, trouble, rootArn, nowMs, levels, 0);
}

function lookAtUntouched(memory: SignalMemory, check: OutcomeCheck, nowMs: number, { health }: OutcomeLevels): Joined {
  const { id, rootArn } = check;
  const trouble = troubleWith(memory, id);
  if (health === 'off' || trouble === undefined || trouble.notified !== undefined) return only(memory);
  if (isExpected(memory, trouble, rootArn))
    return only(withNotified(memory, trouble, notified('expected', undefined, nowMs)));
  const call = lastCallBefore(memory, trouble, rootArn);
  const { endedAtMs } = trouble;
  const isOver = endedAtMs !== undefined && (nowMs - endedAtMs >= STAYS_MS || !isCurrent(memory, trouble));
  const said: Trouble = { ...trouble, isEndNotified: isOver };
  const saying: Saying = {
    kind: 'untouched',
    key: `untouched#${id}`,
    trouble: said,
    call,
    isMaintained: isMaintained(memory, trouble, rootArn),
    state: endedAtMs === undefined ? undefined : stateAfter(memory, trouble),
    down: flowDown(memory, rootArn),
  };
  return only(withNotified(memory, said, notified('untouched', call, nowMs), call), {
    say: [saying],
    checks: isOver ? [] : endCheck(trouble, rootArn, nowMs),
  });
}

/** Those who were told of a call's trouble, and those of the signal's health, who are not named. */
const distinctLists = (lists: readonly (readonly string[])[]): readonly (readonly string[])[] => [
  ...(lists.some((list) => list.length > 0) ? [[...new Set(lists.flat())]] : []),
  ...(lists.some((list) => list.length === 0) ? [[]] : []),
];

/** Whether a signal that was back is not there after a start, whichever of the two was heard first. */
const isLostAgain = ({ states }: SignalMemory, { thing, what, endedAtMs = 0 }: Trouble): boolean =>
  what === 'health' &&
  states.some(
    ({ thing: { arn }, aspect, state, atMs }) =>
      arn === thing.arn && aspect === 'health' && state === 'DISCONNECTED' && atMs >= endedAtMs,
  );

function lookAtEnd(memory: SignalMemory, { id, sinceMs }: OutcomeCheck): Joined {
  const trouble = troubleWith(memory, id);
  if (trouble === undefined || trouble.isEndNotified || trouble.endedAtMs !== sinceMs) return only(memory);
  if (isLostAgain(memory, trouble)) {
    return only(withTrouble(memory, { ...trouble, endedAtMs: undefined, endedBy: undefined }));
  }
  const { notified: said } = trouble;
  // That it is over says what it was.
  const ended = { ...trouble, isEndNotified: true, notified: said && { ...said, inLine: said.channels } };
  const state = stateAfter(memory, trouble);
  const audiences = audiencesOf(trouble).map(({ channels }) => channels);
  const say = distinctLists(audiences).map((channels): Saying => {
    return { kind: 'end', key: `end#${id}`, trouble: ended, channels, state };
  });
  return only(withTrouble(memory, ended), { say });
}

/** What a card said is said under the same key, and so not again. */
function lookAtCard(memory: SignalMemory, { id }: OutcomeCheck, nowMs: number, levels: OutcomeLevels): Joined {
  const call = callWith(memory, id);
  if (levels.outcomes === 'off' || call === undefined) return only(memory);
  return tidied(linesOf(memory, call, lineChannels(call.channels, levels)), nowMs);
}

const LOOKS: Readonly<Record<OutcomeCheck['kind'], typeof lookAtUntouched>> = {
  silence: lookAtSilence,
  sources: lookAtSources,
  trouble: lookAtTrouble,
  untouched: lookAtUntouched,
  end: lookAtEnd,
  card: lookAtCard,
};

/** Said however late it is looked at: an end, without which the last word would be that something is lost, and what nobody
 * may have been told yet. */
const LATEST_LOOK_MS: Readonly<Record<OutcomeCheck['kind'], number>> = {
  silence: LATE_LOOK_MS,
  sources: LATE_LOOK_MS,
  trouble: REMEMBERED_MS,
  untouched: REMEMBERED_MS,
  end: Number.POSITIVE_INFINITY,
  card: Number.POSITIVE_INFINITY,
};

/**
 * A look at what was asked for earlier. One that comes too early is asked for again; one that comes much too late, after
 * a redrive or an outage of ours, says nothing but an end, and what nobody may have been told yet.
 */
export function joinCheck(memory: SignalMemory, check: OutcomeCheck, nowMs: number, levels: OutcomeLevels): Joined {
  if (nowMs < check.dueAtMs) return only(memory, { checks: [check] });
  if (nowMs - check.dueAtMs > LATEST_LOOK_MS[check.kind]) return only(memory);
  return LOOKS[check.kind](memory, check, nowMs, levels);
}
