import { InvalidArgumentError } from 'commander';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const DAY_MS = 86_400_000;

/** Whether the month has that day: the 31st of November would else be taken for the 1st of December. */
function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** A moment without a zone is UTC, as a day is and as CloudTrail writes it; JavaScript would take this machine's zone. */
function millisecondsOf(text: string): number {
  if (!isDay(text.slice(0, 10))) return Number.NaN;
  if (DAY.test(text)) return Date.parse(text);
  const moment = MOMENT.exec(text);
  return moment === null ? Number.NaN : Date.parse(moment[1] === undefined ? `${text}Z` : text);
}

function parseMoment(text: string): number {
  const ms = millisecondsOf(text);
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('a time is 2026-11-22 or 2026-11-22T20:00Z; without a zone it is UTC.');
  return ms;
}

/** `--since`: from the start of the day, or from a moment. */
export const parseSince = (text: string): number => parseMoment(text);

/** `--until`: a day is meant with all its hours. */
export const parseUntil = (text: string): number => parseMoment(text) + (DAY.test(text) ? DAY_MS : 0);
