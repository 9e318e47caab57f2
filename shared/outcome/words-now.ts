import type { Phrase } from '../notification/notification.ts';
import { againWords, pastWords, saidOfMs, sayingWords } from './outcome-words.ts';
import type { Saying } from './own-record.ts';
import type { SignalThing } from './signal-event.ts';
import { awaitedOutcome, isNewer, type KnownState, type SignalMemory, type Trouble } from './signal-memory.ts';
import { lastCallBefore, stateAfter } from './trouble.ts';

/** What is known when something is said. */
export interface KnownNow {
  /** Of the saying's flow, or router input or output; `undefined`: it cannot be read. */
  readonly memory: SignalMemory | undefined;
  /** What is said in the same channel at the same time. */
  readonly together: readonly Saying[];
}

type Of<Kind extends Saying['kind']> = Extract<Saying, { kind: Kind }>;

/** The trouble as it stands. One that is remembered no more is over, or older than a day: what was, was so in any case. */
function troubleNow(trouble: Trouble, { memory, together }: KnownNow): { trouble: Trouble; isForgotten: boolean } {
  const ends = together.flatMap((saying) => (saying.kind === 'end' ? saying.trouble : []));
  const known = [...(memory?.troubles ?? []), ...ends].find(({ id }) => id === trouble.id);
  return {
    trouble: known === undefined ? trouble : { ...trouble, endedAtMs: known.endedAtMs },
    isForgotten: known === undefined && memory !== undefined,
  };
}

/** Whether the same is wrong once more since. */
const isAgain = ({ trouble }: Of<'end'>, memory: SignalMemory | undefined): boolean =>
  memory?.troubles.some(
    ({ id, thing, what, endedAtMs, starts }) =>
      id !== trouble.id &&
      thing.arn === trouble.thing.arn &&
      what === trouble.what &&
      endedAtMs === undefined &&
      starts.some(({ atMs }) => atMs >= (trouble.endedAtMs ?? 0)),
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

/** The state behind a trouble; none where that is the trouble once more. */
function stateBehind(memory: SignalMemory, { trouble, state }: Of<'untouched' | 'end'>): KnownState | undefined {
  const last = lastState(memory, trouble.thing, trouble.what, state);
  return last === state ? state : stateAfter(memory, trouble);
}

/** With the last state, and the call that may have come meanwhile. */
function renewed(saying: Saying, memory: SignalMemory): Saying {
  switch (saying.kind) {
    case 'untouched':
      return {
        ...saying,
        call: saying.call ?? lastCallBefore(memory, saying.trouble, saying.trouble.root.arn),
        state: saying.state && stateBehind(memory, saying),
      };
    case 'silence':
      return { ...saying, state: stateSince(memory, saying) };
    case 'end':
      return { ...saying, state: stateBehind(memory, saying) };
    default:
      return saying;
  }
}

/** Whether the state is another one by now. */
const isOutdated = ({ state }: Of<'state'>, memory: SignalMemory | undefined): boolean =>
  memory !== undefined && lastState(memory, state.thing, state.aspect, state) !== state;

/**
 * What is said, as it is when it is said: between that and when it was found lies the queue, and perhaps an outage of
 * Slack's. What is over by then was so; what came back and went again is not said to be back; and a call that came
 * meanwhile has reached us.
 */
export function wordsNow(saying: Saying, known: KnownNow): Phrase {
  const { memory } = known;
  if (saying.kind === 'end' && isAgain(saying, memory)) return againWords(saying);
  if (saying.kind === 'state') return isOutdated(saying, memory) ? pastWords(sayingWords(saying)) : sayingWords(saying);
  const now = memory === undefined ? saying : renewed(saying, memory);
  if (now.kind !== 'trouble' && now.kind !== 'untouched') return sayingWords(now);
  const { trouble, isForgotten } = troubleNow(now.trouble, known);
  const said = sayingWords({ ...now, trouble });
  return isForgotten ? pastWords(said) : said;
}

/** What corrects comes behind what it corrects. */
const timeOf = (saying: Saying): number => saidOfMs(saying) ?? Number.POSITIVE_INFINITY;

/** In the order in which it happened, so that the last word is the last that is known. */
export const byTimeSaid = (one: Saying, other: Saying): number => {
  const [before, after] = [timeOf(one), timeOf(other)];
  return before === after ? 0 : before - after;
};
