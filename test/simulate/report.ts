import { PROMISES, type Violation } from './promises.ts';
import type { SimulationResult } from './simulation.ts';

const figure = (count: number): string => count.toLocaleString('en-US').padStart(11);
const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The command that shows the same again. */
const replayCommand = ({ seed, days }: Pick<SimulationResult, 'seed' | 'days'>): string =>
  `npm run simulate -- --seed ${seed} --days ${days} --trace`;

/** One broken promise, and how to see it break again. */
export const violationText = (violation: Violation, result: Pick<SimulationResult, 'seed' | 'days'>): string =>
  [
    `BROKEN: ${violation.promise}. Promised: ${PROMISES[violation.promise]}.`,
    `  seed ${result.seed}, ${new Date(violation.atMs).toISOString()}: ${violation.detail}`,
    `  ${replayCommand(result)}`,
  ].join('\n');

const SHOWN = 5;

/** What happened, in words. */
export function reportText(result: SimulationResult): string {
  const { repeatsExcused, violations } = result;
  const repeats = Object.entries(repeatsExcused).map(
    ([excuse, count]) => `${figure(count)}  repeated because of ${excuse}`,
  );
  const verdict =
    violations.length === 0
      ? `Every promise held: seed ${result.seed}, ${counted(result.days, 'day')}, ${counted(result.events, 'event')}.`
      : [
          ...violations.slice(0, SHOWN).map((violation) => violationText(violation, result)),
          ...(violations.length > SHOWN ? [`… and ${violations.length - SHOWN} more`] : []),
        ].join('\n');
  return [
    `${figure(result.calls)}  calls, ${counted(result.toNotify, 'notice')} to channels due`,
    `${figure(result.alone)}  reported alone`,
    `${figure(result.folded)}  reported in folds`,
    `${figure(result.digested)}  reported in digests`,
    `${figure(result.deadLettered)}  dead-lettered with a reason`,
    `${figure(0 + result.posts)}  messages in Slack, and ${counted(result.summaries, 'daily summary', 'daily summaries')}`,
    `${figure(result.sayings)}  messages of what MediaConnect said by itself`,
    ...repeats,
    '',
    `${figure(result.outages)}  outages, ${result.outageHours} h in all`,
    `${figure(result.kills)}  kills`,
    `${figure(result.deployments)}  deployments, ${counted(result.exchanges, 'webhook')} exchanged`,
    `${figure(result.mostReceives)}  times at most a record was received`,
    `${duration(result.longestWaitSeconds).padStart(11)}  was the longest wait of a call that was reported`,
    '',
    verdict,
  ].join('\n');
}
