import type { Notification } from '../notification.ts';
import { inertText, quietText } from './escape-text.ts';
import { localText, TIME, utcTime } from './time-text.ts';

const NAME_LENGTH = 60;

/**
 * What a call that comes after a later one must say, so that the last message is never taken for how things stand;
 * empty for the latest. `utc`: for lists that say once that their times are UTC.
 */
export function newerText({ newerCall }: Notification, time: 'local' | 'utc' = 'local'): string {
  if (newerCall === undefined) return '';
  const { calledAtMs, operation } = newerCall;
  const when = time === 'local' ? localText(calledAtMs, TIME) : utcTime(calledAtMs);
  return ` ⏪ *before* ${quietText(operation, NAME_LENGTH)} *at* ${when}`;
}

/** The same for a push notification and a screen reader. */
export const spokenNewer = ({ newerCall }: Notification): string =>
  newerCall === undefined
    ? ''
    : `⏪ before ${inertText(newerCall.operation, NAME_LENGTH)} at ${utcTime(newerCall.calledAtMs)} UTC`;

/** How many of some calls that are only counted came before later ones. */
export function olderCount(notifications: readonly Notification[]): string {
  const older = notifications.filter(({ newerCall }) => newerCall !== undefined).length;
  return older === 0 ? '' : ` (⏪ ${older} *before* later calls)`;
}
