import type { DeadLetter } from './dead-letter.ts';

/** Which records a person wants. What is left out restricts nothing. */
export interface Choice {
  readonly reasons: readonly string[];
  readonly eventIds: readonly string[];
  readonly max: number;
}

const isAmong = (wanted: readonly string[], value: string | undefined): boolean =>
  wanted.length === 0 || (value !== undefined && wanted.includes(value));

/** Whether a record is one of those wanted. */
export const isChosen = ({ reasons, eventIds }: Choice, { reason, eventId }: DeadLetter): boolean =>
  isAmong(reasons, reason) && isAmong(eventIds, eventId);
