import type { Phrase } from '../notification/notification.ts';
import { againWords, pastWords, saidOfMs, sayingWords } from './outcome-words.ts';
import type { Saying } from './own-record.ts';
import type { SignalThing } from './signal-event.ts';
import { awaitedOutcome, isNewer, type KnownState, type SignalMemory, type Trouble } from './signal-memory.ts';
import { lastCallBefore } from './trouble.ts';

/** What is known when something is said. */
export interface KnownNow {
  /** Of the saying's flow, or router input or output; `undefined`: it cannot be read. */
  readonly memory: SignalMemory | undefined;
  /** What is said in the same channel at the same time. */
  readonly together: readonly Saying[];
}

type Of<Kind extends Saying['kind']> = Extract<Saying, { kind: Kind }>;

/** A trouble that is remembered no more is over, or older than a day. What was, was so in any case. */
function isOver({ id }: Trouble, { memory, together }: KnownNow): boolean {
  if (together.some((other) => other.kind === 'end' && other.trouble.id === id)) return true;
  if (memory === undefined) return false;
  const known = memory.troubles.find((trouble) => trouble.id === id);
  return known === undefined || known.endedAtMs !== undefined;
}

/** Whether the same is wrong once more since. */
const isAgain = ({ trouble }: Of<'end'>, memory: SignalMemory | undefined): boolean =>
  memory?.troubles.some(
    ({ thing, what, endedAtMs, starts }) =>
      thing.arn === trouble.thing.arn &&
      what === trouble.what &&
      endedAtMs === undefined &&
      starts.some(({ atMs }) => atMs > (trouble.endedAtMs ?? 0)),
  ) ?? false;

const lastState = (
  memory: SignalMemory,
  { arn }: SignalThing,
  aspect: string | undefined,
  before: KnownState | undefined,
): KnownState | undefined => {
  const known = memory.states.find((state) => state.thing.arn === arn && state.aspect === aspect);
  return known !== undefined && isNewer(known, before) ? known : before;
};

/** The state that a thing was last said to be in since a call. */
function stateSince(memory: SignalMemory, { call, thing, state }: Of<'silence'>): KnownState | undefined {
  const last = lastState(memory, thing, awaitedOutcome(call.operation)?.aspect, state);
  return last !== undefined && last.atMs >= call.calledAtMs ? last : undefined;
}

/** With the last state, and the call that may have come meanwhile. */
function renewed(saying: Saying, memory: SignalMemory): Saying {
  switch (saying.kind) {
    case 'untouched':
      return { ...saying, call: saying.call ?? lastCallBefore(memory, saying.trouble, saying.trouble.root.arn) };
    case 'silence':
      return { ...saying, state: stateSince(memory, saying) };
    case 'end':
      return { ...saying, state: lastState(memory, saying.trouble.thing, saying.trouble.what, saying.state) };
    default:
      return saying;
  }
}

function isPast(saying: Saying, known: KnownNow): boolean {
  if (saying.kind === 'trouble' || saying.kind === 'untouched') return isOver(saying.trouble, known);
  if (saying.kind !== 'state' || known.memory === undefined) return false;
  const { state } = saying;
  return lastState(known.memory, state.thing, state.aspect, state) !== state;
}

/**
 * What is said, as it is when it is said: between that and when it was found lies the queue, and perhaps an outage of
 * Slack's. What is over by then was so; what came back and went again is not said to be back; and a call that came
 * meanwhile has reached us.
 */
export function wordsNow(saying: Saying, known: KnownNow): Phrase {
  const { memory } = known;
  if (saying.kind === 'end' && isAgain(saying, memory)) return againWords(saying);
  const now = memory === undefined ? saying : renewed(saying, memory);
  return isPast(saying, known) ? pastWords(now) : sayingWords(now);
}

/** What corrects comes behind what it corrects. */
const timeOf = (saying: Saying): number => saidOfMs(saying) ?? Number.POSITIVE_INFINITY;

/** In the order in which it happened, so that the last word is the last that is known. */
export const byTimeSaid = (one: Saying, other: Saying): number => {
  const [before, after] = [timeOf(one), timeOf(other)];
  return before === after ? 0 : before - after;
};
