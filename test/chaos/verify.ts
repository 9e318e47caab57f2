import { type Acceptance, unnamedIn } from './observer.ts';
import { FAULTS_SHARE } from './slack-faults.ts';

/** How bad the day was, as it was seen from outside: a run in which nothing went wrong shows nothing. */
export interface Harm {
  /** How often a process was to be ended. */
  readonly killsAsked: number;
  readonly kills: number;
  /** Processes that did end. */
  readonly ends: number;
  /** Messages that Slack took. */
  readonly posts: number;
  /** Posts that Slack refused or left unanswered. */
  readonly refusals: number;
  /** Messages that it took without letting anybody know. */
  readonly lostAnswers: number;
}

export const faultsIn = ({ refusals, lostAnswers }: Pick<Harm, 'refusals' | 'lostAnswers'>): number =>
  refusals + lostAnswers;

/**
 * The least faults among so many posts: four standard deviations below what is expected. Few posts may meet none.
 */
function leastFaults(posts: number): number {
  const expected = posts * FAULTS_SHARE;
  return Math.max(0, Math.ceil(expected - 4 * Math.sqrt(expected * (1 - FAULTS_SHARE))));
}

/** What was promised and did not hold, and why the run was no test of it; nothing if all is well. */
export function breachesIn(result: Verification & Harm): readonly string[] {
  const { lost, waiting, repeated, repeatedInKillWindow, contradictions } = result;
  const { killsAsked, kills, ends } = result;
  const unexplained = repeated - repeatedInKillWindow;
  const attempts = result.posts + result.refusals;
  const least = leastFaults(attempts);
  return [
    ...(lost === 0 ? [] : [`${lost} were lost`]),
    ...(waiting === 0 ? [] : [`${waiting} were still waiting at the end`]),
    ...(unexplained === 0 ? [] : [`${unexplained} were reported again without an excuse`]),
    ...(contradictions.length === 0 ? [] : [`${contradictions.length} contradictions`]),
    ...(kills === killsAsked && ends >= kills
      ? []
      : [`${killsAsked} kills were asked for, ${kills} were made, ${ends} processes ended`]),
    ...(faultsIn(result) >= least
      ? []
      : [`of ${attempts} posts ${faultsIn(result)} met a fault, and at least ${least} should have`]),
  ];
}

/** Whether what was promised held, on a day as bad as it should be. */
export const isGuaranteed = (result: Verification & Harm): boolean => breachesIn(result).length === 0;

/** One thing that must come to exactly one end: a call, or an invalid record. */
export interface Expected {
  readonly number: number;
  /** Where it must be reported; `undefined` for what can only be dead-lettered. */
  readonly channel: string | undefined;
  /**
   * Whether it gathers for a digest, which counts the calls that it has no room to name.
   * @default false
   */
  readonly isDigested?: boolean;
  /**
   * Whether MediaConnect says what came of it, so that a word is due when it does not.
   * @default false
   */
  readonly isPromised?: boolean;
}

/** What a run left behind, as it was seen from outside. */
export interface Evidence {
  readonly expected: readonly Expected[];
  readonly acceptances: readonly Acceptance[];
  /** What is in the dead-letter queue with a reason, as often as it is there. */
  readonly deadLettered: readonly number[];
  /** What is still in a queue. */
  readonly waiting: ReadonlySet<number>;
  /** Records that the functions made themselves and did not bring to an end: in the dead-letter queue, or in another. */
  readonly ownLeft: { readonly deadLettered: number; readonly waiting: number };
}

/** Each of what was expected is in exactly one of the first five. */
export interface Verification {
  readonly posted: number;
  readonly folded: number;
  readonly deadLettered: number;
  readonly waiting: number;
  readonly lost: number;
  /** Notices beyond the first, but for those after an answer that got lost. */
  readonly repeated: number;
  /** Of these: reported by a process that ended between Slack's ok and the mark. */
  readonly repeatedInKillWindow: number;
  /** Notices beyond the first, after Slack had taken a message and its answer did not arrive. */
  readonly repeatedAfterLostAnswer: number;
  /** Calls of which it was said that MediaConnect does not say what came of them. */
  readonly unanswered: number;
  /** What fits nothing: a message that states another number than it reports, a call in the wrong channel, … */
  readonly contradictions: readonly string[];
}

type Cause = 'ended' | 'answer lost' | 'unexplained';

const isSaying = ({ kind }: Acceptance): boolean => kind === 'saying';

const describe = ({ poster, channel, kind, stated, named }: Acceptance): string =>
  kind === 'saying'
    ? `a message of ${poster} to ${channel} says ${stated} things of ${named.size} calls`
    : `a message of ${poster} to ${channel} states ${stated} calls and names ${named.size}`;

type Notices = ReadonlyMap<number, readonly Acceptance[]>;

/** The messages that name each call, in their order. */
function noticesOf(acceptances: readonly Acceptance[]): Notices {
  const notices = new Map<number, Acceptance[]>();
  for (const acceptance of acceptances) {
    for (const number of acceptance.named) {
      const known = notices.get(number);
      if (known === undefined) notices.set(number, [acceptance]);
      else known.push(acceptance);
    }
  }
  return notices;
}

/** A call that a message named, and that was named again by a later one. */
interface Repeat {
  readonly number: number;
  readonly before: Acceptance;
}

const repeatsIn = (notices: Notices): readonly Repeat[] =>
  [...notices].flatMap(([number, messages]) => messages.slice(0, -1).map((before) => ({ number, before })));

const causeOf = ({ before }: Repeat): Cause => before.unaware ?? 'unexplained';

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Calls that the digests of a channel count and do not name. */
interface Unnamed {
  readonly channel: string;
  /** Calls that gathered for that channel and that nobody names, in no queue either: these must be meant. */
  readonly meant: number;
  readonly counted: number;
}

const digestsTo = (channel: string, { acceptances }: Evidence): readonly Acceptance[] =>
  acceptances.filter((one) => one.kind === 'digest' && one.channel === channel);

function unnamedCalls(evidence: Evidence, isNowhere: (one: Expected) => boolean): readonly Unnamed[] {
  const channels = new Set(evidence.acceptances.map(({ channel }) => channel));
  return [...channels].map((channel) => ({
    channel,
    meant: evidence.expected.filter((one) => one.isDigested && one.channel === channel && isNowhere(one)).length,
    counted: sum(digestsTo(channel, evidence).map(unnamedIn)),
  }));
}

/**
 * How often calls were reported again, by why. A digest that counts more calls than there are has reported some again; whoever
 * posted one and does not know that it was taken has to, but not more calls than were in it.
 */
function countRepeats(
  evidence: Evidence,
  repeats: readonly Repeat[],
  unnamed: readonly Unnamed[],
): Readonly<Record<Cause, number>> {
  const counts = { ended: 0, 'answer lost': 0, unexplained: 0 };
  for (const repeat of repeats) counts[causeOf(repeat)] += 1;

  for (const { channel, meant, counted } of unnamed) {
    let left = Math.max(0, counted - meant);
    for (const digest of digestsTo(channel, evidence)) {
      if (digest.unaware === undefined) continue;
      const again = Math.min(left, digest.stated - repeats.filter(({ before }) => before === digest).length);
      counts[digest.unaware] += again;
      left -= again;
    }
    counts.unexplained += left;
  }
  return counts;
}

function contradictionsIn({ expected, acceptances, deadLettered }: Evidence, notices: Notices): readonly string[] {
  const expectedOf = new Map(expected.map((one) => [one.number, one]));
  const misstated = acceptances.filter(
    ({ kind, stated, named }) => named.size > stated || (kind !== 'digest' && named.size < stated),
  );
  const misrouted = [...notices].filter(([number, messages]) =>
    messages.some(({ channel }) => channel !== expectedOf.get(number)?.channel),
  );
  return [
    ...misstated.map(describe),
    ...repeatsIn(notices)
      .filter((repeat) => causeOf(repeat) === 'unexplained')
      .map(({ number, before }) => `call ${number} was reported again after ${describe(before)}`),
    ...misrouted.map(([number]) => `call ${number} was reported where no rule sends it`),
    ...deadLettered
      .filter((number) => notices.has(number))
      .map((number) => `call ${number} was reported and dead-lettered`),
    ...deadLettered
      .filter((number) => expectedOf.get(number)?.channel !== undefined && !notices.has(number))
      .map((number) => `call ${number} was dead-lettered, and could have been reported`),
  ];
}

/** What is said of calls follows the same rules: once each, where the call is reported, and of no call that nothing is due of. */
function sayingContradictionsIn({ expected, ownLeft }: Evidence, said: Notices): readonly string[] {
  const expectedOf = new Map(expected.map((one) => [one.number, one]));
  return [
    ...repeatsIn(said)
      .filter((repeat) => causeOf(repeat) === 'unexplained')
      .map(({ number, before }) => `of call ${number} it was said again after ${describe(before)}`),
    ...[...said]
      .filter(([number]) => expectedOf.get(number)?.isPromised !== true)
      .map(([number]) => `of call ${number} something was said, and nothing was due`),
    ...[...said]
      .filter(([number, messages]) => messages.some(({ channel }) => channel !== expectedOf.get(number)?.channel))
      .map(([number]) => `of call ${number} something was said where no rule sends it`),
    ...(ownLeft.deadLettered === 0 ? [] : [`${ownLeft.deadLettered} records of the functions were dead-lettered`]),
    ...(ownLeft.waiting === 0 ? [] : [`${ownLeft.waiting} records of the functions were still waiting at the end`]),
  ];
}

/**
 * Finds out what became of everything, from what Slack shows and what is in the queues. What a digest has no room to
 * name is known by its number alone, so that a call that it leaves out could hide behind another that it reports twice.
 */
export function verify(evidence: Evidence): Verification {
  const { expected, waiting } = evidence;
  const notices = noticesOf(evidence.acceptances.filter((one) => !isSaying(one)));
  const said = noticesOf(evidence.acceptances.filter(isSaying));
  const dead = new Set(evidence.deadLettered);
  const counts = { posted: 0, folded: 0, deadLettered: 0, waiting: 0, lost: 0 };

  const endOf = ({ number, channel }: Expected): keyof typeof counts => {
    const first = notices.get(number)?.find((message) => message.channel === channel);
    if (first !== undefined) return first.kind === 'single' ? 'posted' : 'folded';
    if (dead.has(number)) return 'deadLettered';
    return waiting.has(number) ? 'waiting' : 'lost';
  };
  for (const one of expected) counts[endOf(one)] += 1;
  const unnamed = unnamedCalls(evidence, (one) => endOf(one) === 'lost');
  const countedOnly = sum(unnamed.map(({ meant, counted }) => Math.min(meant, counted)));

  const repeats = countRepeats(evidence, repeatsIn(notices), unnamed);
  return {
    ...counts,
    folded: counts.folded + countedOnly,
    lost: counts.lost - countedOnly,
    repeated: repeats.ended + repeats.unexplained,
    repeatedInKillWindow: repeats.ended,
    repeatedAfterLostAnswer: repeats['answer lost'],
    unanswered: said.size,
    contradictions: [...contradictionsIn(evidence, notices), ...sayingContradictionsIn(evidence, said)],
  };
}
