import { type Acceptance, membersOf } from './acceptance.ts';

/** One thing that must come to exactly one end: a call, or a record that is none. */
export interface Expected {
  readonly number: number;
  /** Where it must be told; `undefined` for what can only be dead-lettered. */
  readonly channel: string | undefined;
}

/** What a run left behind, as it was seen from outside. */
export interface Evidence {
  readonly expected: readonly Expected[];
  readonly acceptances: readonly Acceptance[];
  /** What is in the dead-letter queue with a reason, as often as it is there. */
  readonly deadLettered: readonly number[];
  /** What is still in a queue. */
  readonly waiting: ReadonlySet<number>;
}

/** Each of what was expected is in exactly one of the first five. */
export interface Reckoning {
  readonly posted: number;
  readonly folded: number;
  readonly deadLettered: number;
  readonly waiting: number;
  readonly lost: number;
  /** Tellings beyond the first, but for those after an answer that got lost. */
  readonly repeated: number;
  /** Of these: told by a process that ended between Slack's ok and the mark. */
  readonly repeatedInKillWindow: number;
  /** Tellings beyond the first, after Slack had taken a message and its answer did not arrive. */
  readonly repeatedAfterLostAnswer: number;
  /** What fits nothing: a message that states another number than it tells, a call in the wrong channel, … */
  readonly contradictions: readonly string[];
}

type Cause = 'ended' | 'answer lost' | 'unexplained';

/** Why a call that a message had told was told again. */
const causeOfRepeat = ({ marked, unaware }: Acceptance, number: number): Cause =>
  marked.has(number) ? 'unexplained' : (unaware ?? 'unexplained');

const describe = ({ poster, channel, stated, named, marked }: Acceptance): string =>
  `a message of ${poster} to ${channel} states ${stated} calls, names ${named.size}, and ${marked.size} were marked`;

/** The messages that tell each call, in their order. */
function tellingsOf(acceptances: readonly Acceptance[]): ReadonlyMap<number, readonly Acceptance[]> {
  const tellings = new Map<number, Acceptance[]>();
  for (const acceptance of acceptances) {
    for (const number of membersOf(acceptance) ?? new Set([...acceptance.named, ...acceptance.marked])) {
      const known = tellings.get(number);
      if (known === undefined) tellings.set(number, [acceptance]);
      else known.push(acceptance);
    }
  }
  return tellings;
}

/** A call that a message told, and that was told again. */
interface Repeat {
  readonly number: number;
  readonly before: Acceptance;
  readonly cause: Cause;
}

const repeatsIn = (tellings: ReadonlyMap<number, readonly Acceptance[]>): readonly Repeat[] =>
  [...tellings].flatMap(([number, messages]) =>
    messages.slice(0, -1).map((before) => ({ number, before, cause: causeOfRepeat(before, number) })),
  );

/** How often calls were told again, by why. */
function countRepeats(
  { acceptances }: Evidence,
  tellings: ReadonlyMap<number, readonly Acceptance[]>,
): Readonly<Record<Cause, number>> {
  const repeats = { ended: 0, 'answer lost': 0, unexplained: 0 };
  for (const { cause } of repeatsIn(tellings)) repeats[cause] += 1;
  // A digest does not name its calls. One whose process did not learn that it was taken marked none of them, so all of
  // them came again.
  for (const acceptance of acceptances) {
    if (membersOf(acceptance) !== undefined) continue;
    const { stated, named, marked, unaware = 'unexplained' } = acceptance;
    repeats[unaware] += Math.max(0, stated - named.size - marked.size);
  }
  return repeats;
}

function contradictionsIn(
  { expected, acceptances, deadLettered }: Evidence,
  tellings: ReadonlyMap<number, readonly Acceptance[]>,
): readonly string[] {
  const channelOf = new Map(expected.map(({ number, channel }) => [number, channel]));
  const misstated = acceptances.filter(
    (one) => (membersOf(one) === undefined && one.unaware === undefined) || one.named.size > one.stated,
  );
  const strays = acceptances.filter(
    ({ named, marked }) => named.size > 0 && [...marked].some((number) => !named.has(number)),
  );
  const misrouted = [...tellings].filter(([number, messages]) =>
    messages.some(({ channel }) => channel !== channelOf.get(number)),
  );
  return [
    ...misstated.map(describe),
    ...strays.map((one) => `${describe(one)}, some of which it does not name`),
    ...repeatsIn(tellings)
      .filter(({ cause }) => cause === 'unexplained')
      .map(({ number, before }) => `call ${number} was told again after ${describe(before)}`),
    ...misrouted.map(([number]) => `call ${number} was told where no rule sends it`),
    ...deadLettered
      .filter((number) => tellings.has(number))
      .map((number) => `call ${number} was told and dead-lettered`),
  ];
}

/** Finds out what became of everything. */
export function reckon(evidence: Evidence): Reckoning {
  const { expected, waiting } = evidence;
  const tellings = tellingsOf(evidence.acceptances);
  const dead = new Set(evidence.deadLettered);
  const counts = { posted: 0, folded: 0, deadLettered: 0, waiting: 0, lost: 0 };

  const endOf = ({ number, channel }: Expected): keyof typeof counts => {
    const first = tellings.get(number)?.find((message) => message.channel === channel);
    if (first !== undefined) return first.kind === 'single' ? 'posted' : 'folded';
    if (dead.has(number)) return 'deadLettered';
    return waiting.has(number) ? 'waiting' : 'lost';
  };
  for (const one of expected) counts[endOf(one)] += 1;

  const repeats = countRepeats(evidence, tellings);
  return {
    ...counts,
    repeated: repeats.ended + repeats.unexplained,
    repeatedInKillWindow: repeats.ended,
    repeatedAfterLostAnswer: repeats['answer lost'],
    contradictions: contradictionsIn(evidence, tellings),
  };
}
