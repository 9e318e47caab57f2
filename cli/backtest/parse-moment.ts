import { InvalidArgumentError } from 'commander';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
const DAY_MS = 86_400_000;

function parseMoment(text: string): number {
  const ms = DAY.test(text) || MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('a time is 2026-11-22 or 2026-11-22T20:00Z.');
  return ms;
}

/** `--since`: from the start of the day, or from a moment. */
export const parseSince = (text: string): number => parseMoment(text);

/** `--until`: a day is meant with all its hours. */
export const parseUntil = (text: string): number => parseMoment(text) + (DAY.test(text) ? DAY_MS : 0);
