import type { Reckoning } from './reckon.ts';
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
export function breachesIn(result: Reckoning & Harm): readonly string[] {
  const { lost, waiting, repeated, repeatedInKillWindow, contradictions } = result;
  const { killsAsked, kills, ends } = result;
  const unexplained = repeated - repeatedInKillWindow;
  const attempts = result.posts + result.refusals;
  const least = leastFaults(attempts);
  return [
    ...(lost === 0 ? [] : [`${lost} were lost`]),
    ...(waiting === 0 ? [] : [`${waiting} were still waiting at the end`]),
    ...(unexplained === 0 ? [] : [`${unexplained} were told again without an excuse`]),
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
export const isGuaranteed = (result: Reckoning & Harm): boolean => breachesIn(result).length === 0;
