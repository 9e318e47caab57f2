import type { Notification } from '../notification.ts';
import { LOOK_NAMES, LOOKS, lookNameOf } from './look-of-call.ts';

/** `1,234` */
export const numberText = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 call`, `1,234 calls` */
export const countText = (count: number, [one, many]: readonly [string, string]): string =>
  `${numberText(count)} ${count === 1 ? one : many}`;

export const CALLS = ['call', 'calls'] as const;

/** How many there are of each key, the most frequent first. */
export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

/** `3 on-air changes, 1 denied call, 12 reads`: what weighs most first. */
export function lookCounts(notifications: readonly Notification[]): string {
  const counts = new Map(countBy(notifications, ({ call }) => lookNameOf(call)));
  return LOOK_NAMES.flatMap((name) => {
    const count = counts.get(name);
    return count === undefined ? [] : [countText(count, LOOKS[name].counted)];
  }).join(', ');
}
