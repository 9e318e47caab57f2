const NAME_TIME = /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_/;
const PATH_DAY = /[/\\](\d{4})[/\\](\d{2})[/\\](\d{2})[/\\][^/\\]*$/;

/** How long before a file was written its calls were made, at most; CloudTrail says about 5 minutes on average. */
const LONGEST_DELAY_MS = 26 * 3_600_000;
const DAY_MS = 86_400_000;

function timeOf([, year, month, day, hour = '0', minute = '0']: readonly string[]): number {
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
}

/**
 * When a log file was written, by its name or its directory; `undefined` if neither says.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-filename-format.html
 */
export function logFileTime(path: string): number | undefined {
  const match = NAME_TIME.exec(path) ?? PATH_DAY.exec(path);
  return match === null ? undefined : timeOf(match);
}

/** Whether a file, by its name, can hold calls of the time asked for. */
export function mayHoldCallsOf(path: string, sinceMs: number | undefined, untilMs: number | undefined): boolean {
  const writtenMs = logFileTime(path);
  if (writtenMs === undefined) return true;
  if (sinceMs !== undefined && writtenMs + DAY_MS <= sinceMs) return false;
  return untilMs === undefined || writtenMs - LONGEST_DELAY_MS < untilMs;
}

/** Files in the order in which they were written; those that do not say come first. */
export const inOrderOfWriting = (paths: readonly string[]): readonly string[] =>
  paths
    .map((path) => ({ path, writtenMs: logFileTime(path) ?? 0 }))
    .sort((left, right) => left.writtenMs - right.writtenMs)
    .map(({ path }) => path);
