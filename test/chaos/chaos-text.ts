import type { ChaosProgress, ChaosResult } from './run-chaos.ts';
import { breachesIn, faultsIn } from './verify.ts';

const figure = (count: number): string => count.toLocaleString('en-US').padStart(8);
const SHOWN = 10;

/** The line that a terminal shows while a run is under way. */
export const progressLine = ({ put, events, named, messages, faults, kills }: ChaosProgress): string =>
  `${put} of ${events} events put, ${named} calls named in ${messages} messages, ${faults} faults, ${kills} kills`;

/** A run's findings in words. */
export function chaosText(result: ChaosResult): readonly string[] {
  const { contradictions, seconds, seed, clockFactor } = result;
  const more = contradictions.length - SHOWN;
  const breaches = breachesIn(result);
  return [
    `${figure(result.events)}  events, of which`,
    `${figure(result.posted)}  posted`,
    `${figure(result.folded)}  folded into a message that counts them`,
    `${figure(result.deadLettered)}  dead-lettered with a reason`,
    `${figure(result.waiting)}  waiting in a queue`,
    `${figure(result.lost)}  lost`,
    '',
    `${figure(result.repeated)}  repeated`,
    `${figure(result.repeatedInKillWindow)}  of them by a kill between Slack's ok and the mark`,
    `${figure(result.repeatedAfterLostAnswer)}  repeated because Slack's answer got lost after it had taken the message`,
    `${figure(result.unanswered)}  starts and stops of which it was said that MediaConnect does not say what came of them`,
    '',
    `${figure(result.posts)}  messages in Slack, ${faultsIn(result)} faults, ${result.kills} kills`,
    '',
    ...contradictions.slice(0, SHOWN),
    ...(more > 0 ? [`… and ${more} more contradictions`] : []),
    ...breaches,
    `${breaches.length === 0 ? 'The guarantees held' : 'THE GUARANTEES DID NOT HOLD'}: ${seconds} s, seed ${seed}, clock factor ${clockFactor} (hidden records come back so much sooner than on AWS).`,
  ];
}
