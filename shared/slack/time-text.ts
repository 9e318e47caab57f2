/** The years that Slack's date token and ISO text agree on. */
const isTellable = (ms: number): boolean => ms >= 0 && ms < 253_402_300_800_000;

const twoDigits = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** Put together by hand: every message has such a moment, and `toISOString` takes three times as long. */
const timeOfDay = (date: Date, colon: string): string =>
  `${twoDigits(date.getUTCHours())}${colon}${twoDigits(date.getUTCMinutes())}${colon}${twoDigits(date.getUTCSeconds())}`;

/** `2026-11-22 20:00:05 UTC` */
export function utcText(ms: number): string {
  if (!isTellable(ms)) return 'at an unknown time';
  const date = new Date(ms);
  const day = `${date.getUTCFullYear()}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
  return `${day} ${timeOfDay(date, ':')} UTC`;
}

/** `20:00 UTC`, beside the reader's own time. One colon makes no emoji code. */
export function utcMinute(ms: number): string {
  if (!isTellable(ms)) return 'UTC unknown';
  const date = new Date(ms);
  return `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())} UTC`;
}

/**
 * `20∶00∶05`, for lists that say once that they are in UTC. Its colons are ratio signs: `:00:` may be a workspace's emoji.
 */
export const utcTime = (ms: number): string => (isTellable(ms) ? timeOfDay(new Date(ms), '\u2236') : 'time ?');

/** Slack's tokens for a day and a time, and for a time alone. */
export const DAY_AND_TIME = '{date_short_pretty} {time_secs}';
export const TIME = '{time_secs}';

/**
 * A moment in the time zone of whoever reads it, with UTC where Slack cannot; optionally a link.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function localText(ms: number, format: typeof DAY_AND_TIME | typeof TIME = DAY_AND_TIME, url?: string): string {
  if (!isTellable(ms)) return utcText(ms);
  return `<!date^${Math.floor(ms / 1000)}^${format}${url === undefined ? '' : `^${url}`}|${utcText(ms)}>`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/** `41 s`, `7 min`, `2 h 5 min`: the two largest units say enough. */
export function durationText(ms: number): string {
  const first = UNITS.findIndex(([unit]) => ms >= unit);
  if (first < 0) return 'under 1 s';
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, name] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / unit);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * unit;
  }
  return parts.join(' ');
}
