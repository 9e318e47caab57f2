import type { Notification, Principal } from './notification.ts';

/** The calls that one principal made on one root resource, in the order in which they were made. */
export interface CallGroup {
  readonly subject: Notification['subject'];
  readonly principal: Principal;
  readonly notifications: readonly Notification[];
}

const byTime = (one: Notification, other: Notification): number => {
  if (one.calledAtMs === other.calledAtMs) return 0;
  return (one.calledAtMs ?? Number.POSITIVE_INFINITY) < (other.calledAtMs ?? Number.POSITIVE_INFINITY) ? -1 : 1;
};

/** The earliest call first; calls of unknown time last, in the order in which they came. */
export const inOrderOfTime = (notifications: readonly Notification[]): readonly Notification[] =>
  notifications.toSorted(byTime);

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

type OpenGroup = CallGroup & { readonly notifications: Notification[] };

/**
 * Groups calls as an operator thinks of them: by root resource and principal. The groups of one resource stand
 * together, and resources come in the order of their first call.
 */
export function groupNotifications(notifications: readonly Notification[]): readonly (readonly CallGroup[])[] {
  const subjects = new Map<string, Map<string, OpenGroup>>();
  for (const notification of inOrderOfTime(notifications)) {
    const { subject, principal } = notification;
    const groups = entry(subjects, subject.key, () => new Map<string, OpenGroup>());
    entry(groups, principal.key, () => ({ subject, principal, notifications: [] })).notifications.push(notification);
  }
  return Array.from(subjects.values(), (groups) => [...groups.values()]);
}
