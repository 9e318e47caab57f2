import type { SignalEvent, SignalThing } from './signal-event.ts';
import {
  audiencesOf,
  awaitedOutcome,
  expectsLoss,
  isStillAwaited,
  isWithinWindow,
  type KnownState,
  lastStartMs,
  MAX_STARTS,
  type NotifiedTrouble,
  OUTCOME_WINDOW_MS,
  REMEMBERED_MS,
  replaced,
  type SignalMemory,
  type TouchingCall,
  type Trouble,
} from './signal-memory.ts';

/** Source Health and Flow Health tell one disconnect twice, this far apart at most. */
const TWINS_APART_MS = 5000;

/** A source is lost with its flow, and which of the two is said first is chance. */
const LOST_WITH_FLOW_MS = 10_000;

const TROUBLED: ReadonlySet<string> = new Set(['ERROR', 'RECOVERING']);
const RECEIVED: ReadonlySet<string> = new Set(['CONNECTED', 'RECEIVING', 'SENDING']);
/** Before the first state, and where nothing was to be received, there was no signal to lose. */
const WITHOUT_SIGNAL: ReadonlySet<string | undefined> = new Set(['', 'IDLE']);
const DOWN: ReadonlySet<string> = new Set(['STOPPING', 'STANDBY', 'DELETING']);

/** That something is wrong with a thing, or is so no more. */
export interface Sign extends Pick<Trouble, 'what' | 'state' | 'message'> {
  readonly isOn: boolean;
  /** The state before, where it is said. */
  readonly previous?: string | undefined;
}

const sign = (what: Trouble['what'], isOn: boolean, state: string, message?: string): Sign => ({
  what,
  isOn,
  state,
  message,
});

function signOfState(aspect: 'status' | 'health', state: string, previous: string | undefined): Sign | undefined {
  const said = { what: aspect, state, previous, message: undefined };
  if (aspect === 'status') return { ...said, isOn: TROUBLED.has(state) };
  if (RECEIVED.has(state)) return { ...said, isOn: false };
  return state === 'DISCONNECTED' && !WITHOUT_SIGNAL.has(previous) ? { ...said, isOn: true } : undefined;
}

/** Whether a state is what the trouble is, so that an event that has it as what was before may end it. */
const isTroubleState = (what: Trouble['what'], state: string): boolean =>
  what === 'status' ? TROUBLED.has(state) : !RECEIVED.has(state);

/**
 * What an event says of trouble; nothing where it says none. What never was connected is not lost: a start says
 * DISCONNECTED of every source before it is there.
 */
export function signOf({ body }: SignalEvent): Sign | undefined {
  switch (body.kind) {
    case 'state':
      return signOfState(body.aspect, body.state, body.previous);
    case 'alert':
      return sign(`alert ${body.id}`, body.isActive, body.code ?? 'Alert', body.message);
    case 'quality':
      return sign('quality', body.problems.length > 0, body.problems.join(', '));
    case 'maintenance':
      return body.state === 'FAILED' ? sign('maintenance', true, body.state) : undefined;
    default:
      return undefined;
  }
}

/**
 * Whether a call is about the thing, about all of its flow, or about a source that the flow's outputs send; what is said
 * of a flow may be any call's on it.
 */
const touches = ({ arns, about }: TouchingCall, thing: SignalThing, rootArn: string): boolean =>
  thing.arn === rootArn ||
  arns.includes(thing.arn) ||
  arns.includes(rootArn) ||
  (thing.kind === 'output' && about.kind === 'source');

const SUSPECTED: ReadonlySet<TouchingCall['impact']> = new Set(['off-air', 'unknown', 'signal-changed', 'put-on-air']);

/** Whether it can have done something to the signal; a tag cannot. What is created may not come to life. */
const isSuspected = ({ operation, impact }: TouchingCall): boolean =>
  awaitedOutcome(operation) !== undefined || SUSPECTED.has(impact) || operation.startsWith('Create');

type TroubleOf = Pick<Trouble, 'thing' | 'what'>;

type CallTime = Pick<TouchingCall, 'eventId' | 'calledAtMs'>;

/** Whether one call was made after another: times are whole seconds, and within one it is always the same of the two. */
export const isLater = (one: CallTime, other: CallTime): boolean =>
  one.calledAtMs > other.calledAtMs || (one.calledAtMs === other.calledAtMs && one.eventId > other.eventId);

const latestOf = (calls: readonly TouchingCall[]): TouchingCall | undefined =>
  calls.reduce<TouchingCall | undefined>(
    (found, call) => (found === undefined || isLater(call, found) ? call : found),
    undefined,
  );

/**
 * Whether a call may have done it: it touched the thing in the two minutes before. One of which was said that nothing was
 * heard may still end in ERROR.
 */
const mayHaveDone = (call: TouchingCall, { thing, what }: TroubleOf, atMs: number, rootArn: string): boolean => {
  const isAwaited = what === 'status' && isStillAwaited(call, atMs);
  return isSuspected(call) && touches(call, thing, rootArn) && (isAwaited || isWithinWindow(call.calledAtMs, atMs));
};

/** The call in whose two minutes a trouble began, the latest of several. */
export const suspectOf = (
  { calls }: SignalMemory,
  trouble: TroubleOf & Pick<Trouble, 'starts'>,
  rootArn: string,
): TouchingCall | undefined => {
  const start = trouble.starts[0];
  return start && latestOf(calls.filter((call) => mayHaveDone(call, trouble, start.atMs, rootArn)));
};

/** Whether a call was made on the thing in the quarter of an hour before a trouble began. */
const precedes = (call: TouchingCall, { thing, starts }: Trouble, rootArn: string): boolean => {
  const [start] = starts;
  if (start === undefined || !touches(call, thing, rootArn)) return false;
  return call.calledAtMs <= start.atMs && start.atMs - call.calledAtMs <= REMEMBERED_MS;
};

/** The latest call of any kind in the quarter of an hour before a trouble began. */
export const lastCallBefore = ({ calls }: SignalMemory, trouble: Trouble, rootArn: string): TouchingCall | undefined =>
  latestOf(calls.filter((call) => precedes(call, trouble, rootArn)));

/** The state of the flow, or the router's output, as a whole. */
export const rootState = (
  { states }: SignalMemory,
  rootArn: string,
  aspect: KnownState['aspect'],
): KnownState | undefined => states.find((known) => known.thing.arn === rootArn && known.aspect === aspect);

/**
 * Whether a call that comes late belongs to a trouble rather than the call that readers were told of with it, if they were
 * told of one. What was no call's may be any call's; else only one that may have done it is worth a word.
 */
export function isNearer(memory: SignalMemory, trouble: Trouble, call: TouchingCall, rootArn: string): boolean {
  const { notified, named } = trouble;
  if (notified === undefined || notified.as === 'expected' || !precedes(call, trouble, rootArn)) return false;
  if (named === undefined) return true;
  if (!isLater(call, named)) return false;
  return notified.as === 'untouched'
    ? isSuspected(call)
    : suspectOf(memory, trouble, rootArn)?.eventId === call.eventId;
}

/** Nobody says how long maintenance may take; after an hour of which no end was heard it explains nothing any more. */
const MAINTENANCE_MS = 3_600_000;

/** Whether AWS was maintaining the flow when a trouble began. */
export function isMaintained(memory: SignalMemory, { starts }: Trouble, rootArn: string): boolean {
  const known = rootState(memory, rootArn, 'maintenance');
  const [start] = starts;
  if (known === undefined || start === undefined) return false;
  const isOn = known.state === 'INPROGRESS';
  const beganAtMs = isOn ? known.atMs : known.beganAtMs;
  const endedAtMs = isOn ? known.atMs + MAINTENANCE_MS : known.atMs;
  return (
    beganAtMs !== undefined &&
    start.atMs >= beganAtMs - LOST_WITH_FLOW_MS &&
    start.atMs <= endedAtMs + LOST_WITH_FLOW_MS
  );
}

/** The state of the flow, where it is down. */
export function flowDown(memory: SignalMemory, rootArn: string): KnownState | undefined {
  const status = rootState(memory, rootArn, 'status');
  return status !== undefined && DOWN.has(status.state) ? status : undefined;
}

/** What was last said of a flow that was down before a call put something of it on air, and of which no start is known since. */
export function downBefore(
  memory: SignalMemory,
  { impact, calledAtMs }: TouchingCall,
  rootArn: string,
): KnownState | undefined {
  const down = flowDown(memory, rootArn);
  if (impact !== 'put-on-air' || down === undefined || down.atMs > calledAtMs) return undefined;
  const isStart = (call: TouchingCall): boolean =>
    call.impact === 'put-on-air' && call.about.kind === down.thing.kind && call.calledAtMs >= down.atMs;
  return memory.calls.some(isStart) ? undefined : down;
}

/** Whether the flow goes down, so that what it received and sent goes with it. */
export function goesWithFlow(memory: SignalMemory, { what, starts }: Trouble, rootArn: string): boolean {
  const [start] = starts;
  const down = flowDown(memory, rootArn);
  if (what !== 'health' || start === undefined || down === undefined) return false;
  const apartMs = start.atMs - down.atMs;
  return apartMs >= -LOST_WITH_FLOW_MS && apartMs <= OUTCOME_WINDOW_MS;
}

/**
 * Whether it is known why the flow goes down: AWS maintains it, or somebody called for it in the quarter of an hour before.
 */
const isDownWanted = (memory: SignalMemory, trouble: Trouble, rootArn: string): boolean =>
  isMaintained(memory, trouble, rootArn) ||
  memory.calls.some((call) => {
    const apartMs = (flowDown(memory, rootArn)?.atMs ?? 0) - call.calledAtMs;
    return expectsLoss(call) && call.arns.includes(rootArn) && apartMs >= 0 && apartMs <= REMEMBERED_MS;
  });

/**
 * Whether a loss goes with its flow, and tells nothing more. Of a flow that nobody is known to have taken down, the source
 * tells it, for all of its outputs.
 */
const isPartOfDown = (memory: SignalMemory, trouble: Trouble, rootArn: string): boolean =>
  goesWithFlow(memory, trouble, rootArn) && (trouble.thing.kind === 'output' || isDownWanted(memory, trouble, rootArn));

/**
 * Whether a call wants a trouble. Who takes something away loses its signal, and no more; alerts and a bad picture are of
 * no interest only where the whole is stopped or deleted. ERROR is what nobody wants.
 */
function wants(call: TouchingCall, { what, state, thing }: Trouble, rootArn: string): boolean {
  if (what === 'maintenance') return false;
  if (what === 'status') return awaitedOutcome(call.operation)?.onTheWay.includes(state) === true;
  const isAboutAll = call.arns.includes(rootArn);
  if (!expectsLoss(call)) return false;
  if (what === 'health') return isAboutAll || call.arns.includes(thing.arn);
  return isAboutAll && !call.operation.startsWith('Restart');
}

/** Whether a trouble is what its call wants, or goes with its flow that somebody took down. */
export function isExpected(memory: SignalMemory, trouble: Trouble, rootArn: string): boolean {
  const suspect = suspectOf(memory, trouble, rootArn);
  return (suspect !== undefined && wants(suspect, trouble, rootArn)) || isPartOfDown(memory, trouble, rootArn);
}

const isTwin = (trouble: Trouble, { thing, root, atMs }: SignalEvent): boolean => {
  if (trouble.what !== 'health' || trouble.endedAtMs !== undefined || trouble.notified?.as === 'expected') return false;
  const isFlowOfIt = thing.arn === root.arn && trouble.thing.kind === 'source';
  const isSourceOfIt = thing.kind === 'source' && trouble.thing.arn === root.arn;
  const isNear = trouble.starts.some((start) => Math.abs(start.atMs - atMs) <= TWINS_APART_MS);
  return isFlowOfIt || (isSourceOfIt && isNear);
};

/** CloudTrail's record of a call may come so long after what the call did. */
export const CALLS_COME_WITHIN_MS = 60_000;

/** Whether the trouble is closed for good at a time, so that what begins then is another one. */
function isClosed({ endedAtMs, isEndNotified, notified, starts }: Trouble, atMs: number): boolean {
  if (endedAtMs === undefined) return false;
  if (notified === undefined) return starts.length === 0 || atMs - endedAtMs > CALLS_COME_WITHIN_MS;
  return isEndNotified || notified.as === 'expected';
}

/** How long it may go on until it is another one that begins. */
const isSameStill = (trouble: Trouble, { atMs }: SignalEvent): boolean => {
  const apartMs = atMs - lastStartMs(trouble);
  return trouble.notified?.as === 'expected' ? apartMs <= LOST_WITH_FLOW_MS : apartMs <= REMEMBERED_MS;
};

const goesOn = (own: Trouble, event: SignalEvent): boolean => !isClosed(own, event.atMs) && isSameStill(own, event);

const ofThing =
  ({ arn }: SignalThing, what: Trouble['what']) =>
  (trouble: Trouble): boolean =>
    trouble.thing.arn === arn && trouble.what === what;

const latestMs = (trouble: Trouble): number => lastStartMs(trouble) || (trouble.endedAtMs ?? 0);

/** The trouble of a thing that an event is of, unless it is over: the one that began last. */
const currentOf = ({ troubles }: SignalMemory, thing: SignalThing, what: Trouble['what']): Trouble | undefined =>
  troubles
    .filter(ofThing(thing, what))
    .reduce<Trouble | undefined>((last, one) => (last && latestMs(last) > latestMs(one) ? last : one), undefined);

/** Whether no other trouble began in its place. */
export const isCurrent = (memory: SignalMemory, { id, thing, what }: Trouble): boolean =>
  currentOf(memory, thing, what)?.id === id;

/** What an event did to the troubles that are remembered; `begun`: nobody was told of it yet. */
export interface Change {
  readonly memory: SignalMemory;
  readonly begun?: Trouble;
  readonly ended?: Trouble;
}

/** The memory with a trouble as it is now. */
export const withTrouble = (memory: SignalMemory, trouble: Trouble): SignalMemory => ({
  ...memory,
  troubles: replaced(memory.troubles, trouble, ({ id }) => id === trouble.id),
});

type Start = Trouble['starts'][number];

const byTime = (one: Start, other: Start): number => one.atMs - other.atMs || (one.eventId < other.eventId ? -1 : 1);

/**
 * Whether a beginning comes after the end that is known. Times are whole seconds: within one, an end ends what it names as
 * what was before, and where each names the other, the one that is heard last comes last.
 */
function beginsAfterEnd({ atMs }: SignalEvent, { previous }: Sign, own: Trouble): boolean {
  const { what, endedAtMs, endedBy } = own;
  if (endedAtMs === undefined) return true;
  // Another one began in its place, and no end was heard.
  if (endedBy === undefined) return atMs > lastStartMs(own);
  if (atMs !== endedBy.atMs) return atMs > endedBy.atMs;
  if (endedBy.previous !== undefined && !isTroubleState(what, endedBy.previous)) return true;
  return previous !== undefined && previous === endedBy.state;
}

/** Whether an event ends what began last, by the same rule. */
function endsAfterStart({ atMs }: SignalEvent, { what, previous }: Sign, own: Trouble): boolean {
  const startMs = lastStartMs(own);
  if (atMs !== startMs) return atMs > startMs;
  return previous === undefined || isTroubleState(what, previous);
}

/** When it was over, if one more beginning comes: of that one no end was heard, but that it is over by the last state. */
function endAfter(trouble: Trouble, event: SignalEvent, said: Sign): Pick<Trouble, 'endedAtMs' | 'endedBy'> {
  const { endedAtMs, endedBy } = trouble;
  if (endedAtMs === undefined || beginsAfterEnd(event, said, trouble))
    return { endedAtMs: undefined, endedBy: undefined };
  return { endedAtMs: event.atMs > endedAtMs ? endedBy?.atMs : endedAtMs, endedBy };
}

/** In order of time; of very many the first and the last. */
function withStart(trouble: Trouble, event: SignalEvent, said: Sign): Trouble {
  const start = { eventId: event.eventId, atMs: event.atMs, state: said.state };
  const [first = start, ...more] = [...trouble.starts, start].toSorted(byTime);
  const kept = more.slice(1 - MAX_STARTS);
  return {
    ...trouble,
    starts: [first, ...kept],
    leftOut: (trouble.leftOut ?? 0) + more.length - kept.length || undefined,
    ...endAfter(trouble, event, said),
  };
}

const newTrouble = (
  { eventId, atMs, thing, root }: Pick<SignalEvent, 'eventId' | 'atMs' | 'thing' | 'root'>,
  { what, state, message }: Sign,
): Trouble => ({
  id: eventId,
  thing,
  root,
  what,
  state,
  message,
  starts: [{ eventId, atMs, state }],
  endedAtMs: undefined,
  notified: undefined,
  isEndNotified: false,
});

/** Two events tell of one disconnect: what is said names the source, if nothing was said yet. */
function joinTwin(memory: SignalMemory, twin: Trouble, { thing }: SignalEvent): Change {
  const joined = twin.notified === undefined && thing.kind === 'source' ? { ...twin, thing } : twin;
  return { memory: withTrouble(memory, joined) };
}

/** That the flow lost its signal is no trouble beside the one of its source, whichever of the two is heard first. */
const withoutFlowOf = (memory: SignalMemory, { thing, root, atMs }: SignalEvent): SignalMemory => ({
  ...memory,
  troubles: memory.troubles.filter(
    (known) =>
      thing.kind !== 'source' ||
      known.thing.arn !== root.arn ||
      known.what !== 'health' ||
      known.notified !== undefined ||
      !known.starts.some((start) => Math.abs(start.atMs - atMs) <= TWINS_APART_MS),
  ),
});

/**
 * Whether an event is of a time of its own, of which the end was heard first, and no beginning. That a flow was in ERROR
 * is said all the same; that a signal was lost is not.
 */
const wasNotifiedAsOver = ({ starts, endedAtMs = 0 }: Trouble, { atMs }: SignalEvent, { what }: Sign): boolean =>
  what === 'status' && (starts.length === 0 || atMs > endedAtMs);

/** Whether an event is of a trouble that was over when it came. */
const isOldNews = (known: Trouble, event: SignalEvent, said: Sign): boolean =>
  known.starts.some(({ eventId }) => eventId === event.eventId) ||
  (isClosed(known, event.atMs) && !wasNotifiedAsOver(known, event, said) && !beginsAfterEnd(event, said, known));

/** What a state says, with all that is less. */
function saidBy({ what, state }: Pick<Trouble, 'what' | 'state'>): readonly string[] {
  if (what === 'quality') return state.split(', ');
  return state === 'ERROR' ? ['ERROR', 'RECOVERING'] : [state];
}

const seenIn = (trouble: Trouble): readonly string[] => trouble.seen ?? saidBy(trouble);

/** Whether it says more than was known: `RECOVERING`, then `ERROR`; a frozen picture, then none. */
function isWorse(own: Trouble, { atMs }: SignalEvent, said: Sign): boolean {
  if ((said.what !== 'status' && said.what !== 'quality') || atMs < lastStartMs(own)) return false;
  return saidBy(said).some((words) => words !== 'impacted' && !seenIn(own).includes(words));
}

/**
 * Another trouble begins in the place of one, of which nothing more is said than that it was. Who was told of that one
 * hears of the end of this one.
 */
function inPlaceOf(memory: SignalMemory, own: Trouble | undefined, begun: Trouble): Change & { begun: Trouble } {
  if (own === undefined) return { memory: { ...memory, troubles: [...memory.troubles, begun] }, begun };
  const waiting = own.isEndNotified ? [] : audiencesOf(own);
  const heir = { ...begun, ...(waiting.length > 0 && { alsoNotified: waiting }) };
  const endedAtMs = own.endedAtMs ?? begun.starts[0]?.atMs;
  const known = withTrouble(memory, { ...own, endedAtMs, alsoNotified: undefined, isEndNotified: true });
  return { memory: { ...known, troubles: [...known.troubles, heir] }, begun: heir };
}

/**
 * The memory with a source that a start did not bring back, as lost since its event said so; `begun` is left out where the
 * event is counted to some trouble already, or somebody waits to hear of the end of one.
 */
export function withMissing(memory: SignalMemory, state: KnownState, root: SignalThing): Change {
  const own = currentOf(memory, state.thing, 'health');
  const isCounted = memory.troubles.some(({ starts }) => starts.some(({ eventId }) => eventId === state.eventId));
  const isOpen = own !== undefined && own.endedAtMs === undefined && own.notified?.as !== 'expected';
  if (isCounted || isOpen) return { memory };
  return inPlaceOf(memory, own, newTrouble({ ...state, root }, sign('health', true, state.state)));
}

/** It has become worse before anybody was told: then it is told as what it is now. */
const without = (memory: SignalMemory, { id, notified }: Trouble): SignalMemory =>
  notified === undefined ? { ...memory, troubles: memory.troubles.filter((trouble) => trouble.id !== id) } : memory;

/** From which of its later starts on a trouble is another one: a call lies before it that may have done it. */
const divisionOf = ({ calls }: SignalMemory, trouble: Trouble, rootArn: string): number => {
  const { starts, leftOut } = trouble;
  return starts.findLastIndex(({ atMs }, index) => {
    const before = starts[index - 1];
    if (before === undefined || (index === 1 && leftOut !== undefined)) return false;
    return calls.some((call) => call.calledAtMs > before.atMs && mayHaveDone(call, trouble, atMs, rootArn));
  });
};

/** Some of what a trouble began with, as one of which nobody was told. */
const partOf = (trouble: Trouble, [first, ...more]: readonly [Start, ...Start[]]): Trouble => ({
  ...trouble,
  id: first.eventId,
  state: first.state ?? trouble.state,
  starts: [first, ...more],
  leftOut: undefined,
  notified: undefined,
  alsoNotified: undefined,
  named: undefined,
  seen: undefined,
});

/**
 * A second try that goes wrong is a trouble of its own, whichever of the call and the event comes first. The part that the
 * trouble is named after keeps what was said of it. What is heard of the first try after that is over.
 */
function divided(memory: SignalMemory, trouble: Trouble, rootArn: string): Change {
  const at = trouble.isEndNotified || !isCurrent(memory, trouble) ? -1 : divisionOf(memory, trouble, rootArn);
  const [[first, ...before], [second, ...after]] = [trouble.starts.slice(0, at), trouble.starts.slice(at)];
  if (at < 1 || first === undefined || second === undefined) return { memory };
  const later = [second, ...after] as const;
  if (!later.some(({ eventId }) => eventId === trouble.id)) {
    const earlier = { ...trouble, starts: [first, ...before], endedAtMs: undefined, endedBy: undefined };
    return inPlaceOf(memory, earlier, partOf(trouble, later));
  }
  const known = withTrouble(memory, { ...trouble, starts: later, leftOut: undefined });
  if (trouble.what !== 'status') return { memory: known };
  const part = partOf(trouble, [first, ...before]);
  const begun = { ...part, endedAtMs: second.atMs, endedBy: undefined, isEndNotified: true };
  const { notified, named } = trouble;
  const isSaid = named !== undefined && suspectOf(memory, begun, rootArn)?.eventId === named.eventId;
  if (notified === undefined || !isSaid) return { memory: { ...known, troubles: [...known.troubles, begun] }, begun };
  // That the call ended so was said already, by the other part: this one is only remembered.
  const silent: Trouble = { ...begun, notified: { as: 'expected', channels: [], atMs: notified.atMs } };
  return { memory: { ...known, troubles: [...known.troubles, silent] } };
}

/**
 * After a call came, which a part of some trouble may belong to. `over`: parts of which nobody was told; `ended`: parts
 * whose end is still to be told to those who heard of the whole.
 */
export function withDivisions(
  memory: SignalMemory,
  rootArn: string,
): { readonly memory: SignalMemory; readonly over: readonly Trouble[]; readonly ended: readonly Trouble[] } {
  const over: Trouble[] = [];
  const ended: Trouble[] = [];
  const known = memory.troubles.reduce((before, trouble) => {
    const { memory: after, begun } = divided(before, trouble, rootArn);
    if (begun?.isEndNotified) over.push(begun);
    else if (begun?.endedAtMs !== undefined && audiencesOf(begun).length > 0) ended.push(begun);
    return after;
  }, memory);
  return { memory: known, over, ended };
}

/** The trouble that an event tells once more, of the flow or its source. What is expected of one is not of the other. */
function twinOf(memory: SignalMemory, begun: Trouble, event: SignalEvent): Trouble | undefined {
  if (begun.what !== 'health' || isExpected(memory, begun, event.root.arn)) return undefined;
  return memory.troubles.find((trouble) => isTwin(trouble, event));
}

/** It is worse than it was, or begins once more. */
function goOn(memory: SignalMemory, own: Trouble, event: SignalEvent, said: Sign): Change {
  if (isWorse(own, event, said)) {
    const worse = { ...newTrouble(event, said), seen: [...new Set([...seenIn(own), ...saidBy(said)])] };
    const change = inPlaceOf(memory, own, worse);
    return { ...change, memory: without(change.memory, own) };
  }
  const longer = withStart(own, event, said);
  const change = divided(withTrouble(withoutFlowOf(memory, event), longer), longer, event.root.arn);
  // What begins anew before the last end that was heard has another end than was asked to be looked at.
  return change.begun === undefined && endsOtherwise(longer, own) ? { ...change, ended: longer } : change;
}

/** Whether it is over at another time than was known, which nobody was told. */
const endsOtherwise = (next: Trouble, known: Trouble): boolean =>
  next.endedAtMs !== undefined &&
  next.endedAtMs !== known.endedAtMs &&
  !next.isEndNotified &&
  audiencesOf(next).length > 0;

function begin(memory: SignalMemory, event: SignalEvent, said: Sign): Change {
  const ofIt = memory.troubles.filter(ofThing(event.thing, said.what));
  if (ofIt.some((known) => isOldNews(known, event, said))) return { memory };
  const own = currentOf(memory, event.thing, said.what);
  const begun = newTrouble(event, said);
  if (own !== undefined && goesOn(own, event)) return goOn(memory, own, event, said);
  if (own !== undefined && !beginsAfterEnd(event, said, own)) {
    // When it ended is not known: nothing is said of that.
    const endedAtMs = own.endedBy?.atMs ?? own.endedAtMs;
    const over = { ...begun, endedAtMs, endedBy: own.endedBy, isEndNotified: true };
    return { memory: withTrouble(memory, over), begun: over };
  }
  // Of one that somebody waits for the end of it is known that it goes on.
  const isAwaited = own !== undefined && !own.isEndNotified && audiencesOf(own).length > 0;
  const twin = isAwaited ? undefined : twinOf(memory, begun, event);
  return twin === undefined ? inPlaceOf(memory, own, begun) : joinTwin(memory, twin, event);
}

/** The end may come first: it is remembered, so that the beginning is no news any more. */
const endWithoutBeginning = (event: SignalEvent, said: Sign): Trouble =>
  endedWith({ ...newTrouble(event, said), starts: [] }, event, said);

/** It is over by the first state that says so, and stays so by the last. */
function endedWith(own: Trouble, { atMs }: SignalEvent, { state, previous }: Sign): Trouble {
  const isLast = own.endedBy === undefined || atMs > own.endedBy.atMs;
  return {
    ...own,
    endedAtMs: Math.min(atMs, own.endedAtMs ?? atMs),
    endedBy: isLast ? { atMs, state, previous } : own.endedBy,
  };
}

/** Which alert is cleared that is known by its message, where the clearing event has none: the only one of its code. */
function onlyAlert({ troubles }: SignalMemory, { thing }: SignalEvent, said: Sign): Trouble | undefined {
  if (!said.what.startsWith('alert ') || said.message !== undefined) return undefined;
  const open = troubles.filter(
    (known) =>
      known.thing.arn === thing.arn &&
      known.what.startsWith('alert ') &&
      known.state === said.state &&
      known.endedAtMs === undefined,
  );
  return open.length === 1 ? open[0] : undefined;
}

function end(memory: SignalMemory, event: SignalEvent, said: Sign): Change {
  const own = currentOf(memory, event.thing, said.what) ?? onlyAlert(memory, event, said);
  if (own === undefined) return { memory: withTrouble(memory, endWithoutBeginning(event, said)) };
  if (!endsAfterStart(event, said, own)) return { memory };
  const over = endedWith(own, event, said);
  const known = withTrouble(memory, over);
  return { memory: known, ...(endsOtherwise(over, own) && { ended: over }) };
}

/** What becomes of the troubles by an event. */
export const withSign = (memory: SignalMemory, event: SignalEvent, said: Sign): Change =>
  said.isOn ? begin(memory, event, said) : end(memory, event, said);

/** What is said of the thing behind its trouble; `undefined` where that is nothing, or the trouble still. */
export function stateAfter({ states }: SignalMemory, { thing, what }: Trouble): KnownState | undefined {
  if (what !== 'status' && what !== 'health') return undefined;
  const state = states.find((known) => known.thing.arn === thing.arn && known.aspect === what);
  return state === undefined || signOfState(what, state.state, undefined)?.isOn === true ? undefined : state;
}

/** The memory with a trouble of which somebody was told, and of which call. */
export const withNotified = (
  memory: SignalMemory,
  trouble: Trouble,
  notified: NotifiedTrouble,
  named?: CallTime | undefined,
): SignalMemory =>
  withTrouble(memory, {
    ...trouble,
    notified,
    named: named && { eventId: named.eventId, calledAtMs: named.calledAtMs },
  });
