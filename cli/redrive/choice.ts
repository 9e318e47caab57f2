import type { DeadLetter } from './dead-letter.ts';

/** Which records a person wants. What is left out restricts nothing. */
export interface Choice {
  readonly reasons: readonly string[];
  readonly eventIds: readonly string[];
  /** For records that cannot be read and so have no event id. */
  readonly messageIds: readonly string[];
  readonly max: number;
}

/** Whether single records are named. */
export const namesRecords = ({ eventIds, messageIds }: Choice): boolean => eventIds.length + messageIds.length > 0;

/** Whether a record is one of those wanted. */
export function isChosen(choice: Choice, { reason, eventId = '', messageId }: DeadLetter): boolean {
  const { reasons, eventIds, messageIds } = choice;
  const hasReason = reasons.length === 0 || reasons.includes(reason);
  return hasReason && (!namesRecords(choice) || eventIds.includes(eventId) || messageIds.includes(messageId));
}
