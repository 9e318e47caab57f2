import type { SignalEvent, SignalThing } from './signal-event.ts';
import {
  awaitedOutcome,
  expectsLoss,
  isWithinWindow,
  type KnownState,
  lastStartMs,
  MAX_STARTS,
  OUTCOME_WINDOW_MS,
  REMEMBERED_MS,
  replaced,
  type SignalMemory,
  type ToldTrouble,
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
}

const sign = (what: Trouble['what'], isOn: boolean, state: string, message?: string): Sign => ({
  what,
  isOn,
  state,
  message,
});

function signOfState(aspect: 'status' | 'health', state: string, previous: string | undefined): Sign | undefined {
  if (aspect === 'status') return sign('status', TROUBLED.has(state), state);
  if (RECEIVED.has(state)) return sign('health', false, state);
  return state === 'DISCONNECTED' && !WITHOUT_SIGNAL.has(previous) ? sign('health', true, state) : undefined;
}

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
      return sign('maintenance', body.state === 'FAILED', body.state);
    default:
      return undefined;
  }
}

/** Whether a call is about the thing or about all of its flow; what is said of a flow may be any call's on it. */
const touches = ({ arns }: TouchingCall, thing: SignalThing, rootArn: string): boolean =>
  thing.arn === rootArn || arns.includes(thing.arn) || arns.includes(rootArn);

const SUSPECTED: ReadonlySet<TouchingCall['impact']> = new Set(['off-air', 'unknown', 'signal-changed', 'put-on-air']);

/** Whether it can have done something to the signal; a tag cannot. */
const isSuspected = ({ operation, impact }: TouchingCall): boolean =>
  awaitedOutcome(operation) !== undefined || SUSPECTED.has(impact);

const later = (one: TouchingCall, other: TouchingCall): TouchingCall =>
  other.calledAtMs > one.calledAtMs || (other.calledAtMs === one.calledAtMs && other.eventId > one.eventId)
    ? other
    : one;

const latestOf = (calls: readonly TouchingCall[]): TouchingCall | undefined =>
  calls.reduce<TouchingCall | undefined>((found, call) => (found === undefined ? call : later(found, call)), undefined);

/** The call in whose two minutes a trouble began, the latest of several. */
export const suspectOf = (
  { calls }: SignalMemory,
  { thing, starts }: Pick<Trouble, 'thing' | 'starts'>,
  rootArn: string,
): TouchingCall | undefined => {
  const start = starts[0];
  return start === undefined
    ? undefined
    : latestOf(
        calls.filter(
          (call) => isSuspected(call) && touches(call, thing, rootArn) && isWithinWindow(call.calledAtMs, start.atMs),
        ),
      );
};

/** Whether a call was made on the thing in the quarter of an hour before a trouble began. */
export const precedes = (call: TouchingCall, { thing, starts }: Trouble, rootArn: string): boolean => {
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

/** Whether the flow goes down, so that what it received and sent goes with it. */
function goesWithFlow(memory: SignalMemory, { what, starts }: Trouble, rootArn: string): boolean {
  const [start] = starts;
  const status = rootState(memory, rootArn, 'status');
  if (what !== 'health' || start === undefined || status === undefined) return false;
  const apartMs = start.atMs - status.atMs;
  return DOWN.has(status.state) && apartMs >= -LOST_WITH_FLOW_MS && apartMs <= OUTCOME_WINDOW_MS;
}

/** Whether a trouble is what a call wants, or goes with its flow. ERROR is what nobody wants. */
export function isExpected(memory: SignalMemory, trouble: Trouble, rootArn: string): boolean {
  if (trouble.what === 'status' || trouble.what === 'maintenance') return false;
  const suspect = suspectOf(memory, trouble, rootArn);
  return (suspect !== undefined && expectsLoss(suspect)) || goesWithFlow(memory, trouble, rootArn);
}

const isTwin = (trouble: Trouble, { thing, root, atMs }: SignalEvent): boolean => {
  if (trouble.what !== 'health' || trouble.endedAtMs !== undefined) return false;
  const isFlowOfIt = thing.arn === root.arn && trouble.thing.kind === 'source';
  const isSourceOfIt = thing.kind === 'source' && trouble.thing.arn === root.arn;
  const isNear = trouble.starts.some((start) => Math.abs(start.atMs - atMs) <= TWINS_APART_MS);
  return isFlowOfIt || (isSourceOfIt && isNear);
};

/** CloudTrail's record of a call may come so long after what the call did. */
export const CALLS_COME_WITHIN_MS = 60_000;

/** Whether the trouble is closed for good at a time, so that what begins then is another one. */
function isClosed({ endedAtMs, isEndTold, told, starts }: Trouble, atMs: number): boolean {
  if (endedAtMs === undefined) return false;
  if (told === undefined) return starts.length === 0 || atMs - endedAtMs > CALLS_COME_WITHIN_MS;
  return isEndTold || told.as === 'expected';
}

/** How long it may go on until it is another one that begins. */
const isSameStill = (trouble: Trouble, { atMs }: SignalEvent): boolean => {
  const apartMs = atMs - lastStartMs(trouble);
  return trouble.told?.as === 'expected' ? apartMs <= LOST_WITH_FLOW_MS : apartMs <= REMEMBERED_MS;
};

const ofThing =
  ({ arn }: SignalThing, what: Trouble['what']) =>
  (trouble: Trouble): boolean =>
    trouble.thing.arn === arn && trouble.what === what;

/** What an event did to the troubles that are remembered; `begun`: nobody was told of it yet. */
export interface Change {
  readonly troubles: readonly Trouble[];
  readonly begun?: Trouble;
  readonly ended?: Trouble;
}

type Start = Trouble['starts'][number];

const byTime = (one: Start, other: Start): number => one.atMs - other.atMs || (one.eventId < other.eventId ? -1 : 1);

/** In order of time; of very many the first and the last. */
function withStart(trouble: Trouble, { eventId, atMs }: SignalEvent): Trouble {
  const [first, ...more] = [...trouble.starts, { eventId, atMs }].toSorted(byTime);
  return {
    ...trouble,
    starts: first === undefined ? [] : [first, ...more.slice(1 - MAX_STARTS)],
    endedAtMs: trouble.endedAtMs !== undefined && trouble.endedAtMs >= atMs ? trouble.endedAtMs : undefined,
  };
}

const newTrouble = ({ eventId, atMs, thing, root }: SignalEvent, { what, state, message }: Sign): Trouble => ({
  id: eventId,
  thing,
  root,
  what,
  state,
  message,
  starts: [{ eventId, atMs }],
  endedAtMs: undefined,
  told: undefined,
  isEndTold: false,
  isCorrected: false,
});

/** Two events tell of one disconnect: what is said names the source, if nothing was said yet. */
function joinTwin(troubles: readonly Trouble[], twin: Trouble, { thing }: SignalEvent): Change {
  const joined = twin.told === undefined && thing.kind === 'source' ? { ...twin, thing } : twin;
  return { troubles: replaced(troubles, joined, ({ id }) => id === twin.id) };
}

/** Whether an event is of a trouble that was over when it came. */
const isOldNews = (own: Trouble, { eventId, atMs }: SignalEvent): boolean =>
  own.starts.some((start) => start.eventId === eventId) ||
  (own.endedAtMs !== undefined && atMs <= own.endedAtMs && isClosed(own, atMs));

const goesOn = (own: Trouble, event: SignalEvent): boolean => !isClosed(own, event.atMs) && isSameStill(own, event);

function begin(troubles: readonly Trouble[], event: SignalEvent, said: Sign): Change {
  const own = troubles.findLast(ofThing(event.thing, said.what));
  if (own !== undefined && isOldNews(own, event)) return { troubles };
  if (own !== undefined && goesOn(own, event)) {
    return { troubles: replaced(troubles, withStart(own, event), ({ id }) => id === own.id) };
  }
  const twin = said.what === 'health' ? troubles.find((trouble) => isTwin(trouble, event)) : undefined;
  if (twin !== undefined) return joinTwin(troubles, twin, event);
  const begun = newTrouble(event, said);
  return { troubles: [...troubles.filter(({ id }) => id !== own?.id), begun], begun };
}

/** The end may come first: it is remembered, so that the beginning is no news any more. */
const endWithoutBeginning = (event: SignalEvent, said: Sign): Trouble => ({
  ...newTrouble(event, said),
  starts: [],
  endedAtMs: event.atMs,
});

function end(troubles: readonly Trouble[], event: SignalEvent, said: Sign): Change {
  const own = troubles.findLast(ofThing(event.thing, said.what));
  if (own === undefined) return { troubles: [...troubles, endWithoutBeginning(event, said)] };
  if (event.atMs < lastStartMs(own) || event.atMs <= (own.endedAtMs ?? -1)) return { troubles };
  const ended = { ...own, endedAtMs: event.atMs };
  const isNews = !own.isEndTold && own.told !== undefined && own.told.as !== 'expected';
  return {
    troubles: replaced(troubles, ended, ({ id }) => id === own.id),
    ...(isNews && { ended }),
  };
}

/** What becomes of the troubles by an event. */
export const withSign = (troubles: readonly Trouble[], event: SignalEvent, said: Sign): Change =>
  said.isOn ? begin(troubles, event, said) : end(troubles, event, said);

/** The memory with a trouble of which somebody was told. */
export const withTold = (memory: SignalMemory, trouble: Trouble, told: ToldTrouble): SignalMemory => ({
  ...memory,
  troubles: replaced(memory.troubles, { ...trouble, told }, ({ id }) => id === trouble.id),
});
