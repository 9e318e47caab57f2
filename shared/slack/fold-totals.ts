import type { Notification } from '../notification.ts';
import { countBy, numberText } from './count-text.ts';
import { inertText, quietText } from './escape-text.ts';
import { listWithin } from './list-within.ts';
import { LOOK_NAMES, LOOKS, type Look, lookNameOf } from './look-of-call.ts';
import { DAY_AND_TIME, durationText, localText, TIME } from './time-text.ts';

const NAME_LENGTH = 100;
const PLACES_LENGTH = 400;

/** The look of what an operator must know first among several calls. */
export const worstLook = (notifications: readonly Notification[]): Look => {
  const names = new Set(notifications.map(({ call }) => lookNameOf(call)));
  return LOOKS[LOOK_NAMES.find((name) => names.has(name)) ?? 'none'];
};

/** First and last time, if any of the calls has one. */
export function timeSpan(notifications: readonly Notification[]): { firstMs: number; lastMs: number } | undefined {
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { calledAtMs } of notifications) {
    if (calledAtMs === undefined) continue;
    firstMs = Math.min(firstMs, calledAtMs);
    lastMs = Math.max(lastMs, calledAtMs);
  }
  return firstMs > lastMs ? undefined : { firstMs, lastMs };
}

/** From when to when. */
export function spanLine(notifications: readonly Notification[]): string {
  const span = timeSpan(notifications);
  if (span === undefined) return '*When*  CloudTrail does not say';
  const { firstMs, lastMs } = span;
  if (firstMs === lastMs) return `*When*  ${localText(firstMs)}`;
  return `*When*  ${localText(firstMs, DAY_AND_TIME)} – ${localText(lastMs, lastMs - firstMs < 43_200_000 ? TIME : DAY_AND_TIME)} (${durationText(lastMs - firstMs)})`;
}

const placeOf = ({ account, region }: Notification): string => {
  const name = account?.name === undefined ? '' : inertText(account.name, NAME_LENGTH);
  const id = account === undefined ? 'account unknown' : quietText(account.id, NAME_LENGTH);
  return `${region === undefined ? 'region unknown' : quietText(region, NAME_LENGTH)} · ${name === '' ? id : `${name} (${id})`}`;
};

/** Accounts and regions, with the number of calls in each where there are several. */
export function placesLine(notifications: readonly Notification[]): string {
  const places = countBy(notifications, placeOf);
  const [first] = places;
  if (places.length === 1 && first !== undefined) return `*Where*  ${first[0]}`;
  return `*Where*  ${listWithin(places, ([place, count]) => `${place} × ${numberText(count)}`, ', ', PLACES_LENGTH)}`;
}

/** How late the latest call reached us; empty if none was late. */
export const latestLine = (notifications: readonly Notification[]): string => {
  const lateByMs = notifications.reduce((latest, { lateByMs: late }) => Math.max(latest, late ?? 0), 0);
  return lateByMs === 0 ? '' : `⏰ *reached us up to ${durationText(lateByMs)} late*`;
};
