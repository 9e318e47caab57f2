import { UnsupportedTemplateError } from './template.ts';

/** When a schedule runs next, after a moment in milliseconds since the epoch. */
export type NextRun = (afterMs: number) => number;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UNITS_MS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: DAY_MS };

function rate(amount: string, unit: string): NextRun {
  const everyMs = Number(amount) * (UNITS_MS[unit] ?? Number.NaN);
  return (afterMs) => afterMs + everyMs;
}

/** `cron(minute hour * * ? *)`: a time of each day, UTC. */
function daily(minute: string, hour: string): NextRun {
  const ofDayMs = (Number(hour) * 60 + Number(minute)) * MINUTE_MS;
  return (afterMs) => {
    const today = Math.floor(afterMs / DAY_MS) * DAY_MS + ofDayMs;
    return today > afterMs ? today : today + DAY_MS;
  };
}

const RATE = /^rate\((\d+) (minute|hour|day)(s)?\)$/;
const DAILY = /^cron\(([0-5]?\d) ([01]?\d|2[0-3]) (?:\* \* \?|\? \* \*) \*\)$/;

/**
 * Reads a rule's schedule: every rate, and the cron form for a time of each day. Other cron forms are refused.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseSchedule(expression: string): NextRun {
  const [, amount, unit = '', plural] = RATE.exec(expression) ?? [];
  // EventBridge takes neither `1 minutes` nor `5 minute`.
  const isSaidRight = (Number(amount) === 1) === (plural === undefined);
  if (amount !== undefined && Number(amount) > 0 && isSaidRight) return rate(amount, unit);
  const [, minute, hour] = DAILY.exec(expression) ?? [];
  if (minute !== undefined && hour !== undefined) return daily(minute, hour);
  throw new UnsupportedTemplateError(`the schedule ${expression} is not imitated`);
}
