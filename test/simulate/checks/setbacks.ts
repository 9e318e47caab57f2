import type { PromiseName } from '../promises.ts';

export const MINUTE_MS = 60_000;
const AFTER_A_MINUTE_MS = MINUTE_MS;
const AFTER_ANY_MS = 6 * MINUTE_MS;

/** Something that keeps calls from being reported, for a while. */
export interface Setback {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly kind: 'trouble' | 'kill';
  /** When the trouble began that this is part of, if nobody could know of an end of it meanwhile. @default fromMs */
  readonly sinceMs?: number;
}

/** What befell each webhook, by its place in the secret. */
export interface Setbacks {
  readonly add: (place: number | 'all', setback: Setback) => void;
  readonly of: (place: number) => readonly Setback[];
  /** Whether nothing was wrong in that time, nor so shortly before it that it could be felt. */
  readonly isCalm: (place: number, fromMs: number, untilMs: number) => boolean;
}

/** No wait of the functions is longer, so what is over for so long cannot matter any more. */
const REMEMBERED_MS = 6 * 24 * 60 * MINUTE_MS;
const FORGOTTEN_EVERY = 500;

export function createSetbacks(places: readonly number[], nowMs: () => number): Setbacks {
  const byPlace = new Map<number, Setback[]>(places.map((place) => [place, []]));

  function addTo(place: number, setback: Setback): void {
    const known = byPlace.get(place) ?? [];
    known.push(setback);
    if (known.length % FORGOTTEN_EVERY !== 0) return;
    byPlace.set(
      place,
      known.filter(({ untilMs }) => untilMs > nowMs() - REMEMBERED_MS),
    );
  }

  const of = (place: number): readonly Setback[] => byPlace.get(place) ?? [];
  return {
    of,
    add(place, setback) {
      for (const each of place === 'all' ? places : [place]) addTo(each, setback);
    },
    isCalm: (place, fromMs, untilMs) =>
      of(place).every((setback) => setback.untilMs + AFTER_ANY_MS < fromMs || setback.fromMs > untilMs),
  };
}

/** What a killed process was about to post comes back after a visibility timeout; what is tried later is another trouble. */
const SAME_TROUBLE_MS = 14 * MINUTE_MS;
/** What waits is tried so soon after it was put off; time in which nobody tries is no trouble. */
const TRIED_WITHIN_MS = MINUTE_MS / 2;
const LONGEST_PUT_OFF_MS = 5 * MINUTE_MS;

/**
 * How long each webhook has been in trouble, as far as whoever posts can know: until it takes something. One post that
 * fails is a moment's trouble in quiet, and no end of an outage if nothing was taken since.
 */
export function createFailures(nowMs: () => number) {
  const byPlace = new Map<number, { readonly sinceMs: number; readonly untilMs: number }>();

  function lastedMs(place: number): number {
    const before = byPlace.get(place);
    if (before === undefined || nowMs() >= before.untilMs + SAME_TROUBLE_MS) return 0;
    return Math.min(nowMs(), before.untilMs + TRIED_WITHIN_MS) - before.sinceMs;
  }

  return {
    /**
     * A post was not taken, and at least until then no other is tried: in long trouble for half as long as that has
     * lasted. Returns since when it lasts.
     */
    failed(place: number, untilMs: number): number {
      const sinceMs = nowMs() - lastedMs(place);
      const putOffMs = Math.min((nowMs() - sinceMs) / 2, LONGEST_PUT_OFF_MS);
      byPlace.set(place, { sinceMs, untilMs: Math.max(untilMs, nowMs() + putOffMs) });
      return sinceMs;
    },

    /** Slack has answered: whatever was, is over. */
    answered: (place: number): void => {
      byPlace.delete(place);
    },
  };
}

/** Until when a call must be reported, and by which promise. */
export interface Due {
  readonly dueMs: number;
  readonly promise: PromiseName;
}

interface Cluster {
  readonly fromMs: number;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly hasKill: boolean;
}

const recoveryMs = ({ sinceMs, untilMs }: Cluster): number =>
  untilMs - sinceMs <= MINUTE_MS ? AFTER_A_MINUTE_MS : AFTER_ANY_MS;

const promiseOf = (cluster: Cluster): PromiseName => {
  if (cluster.hasKill) return 'one kill costs a visibility timeout';
  return recoveryMs(cluster) === AFTER_ANY_MS ? 'any trouble costs six minutes' : 'a minute of trouble costs a minute';
};

/** Troubles that come so soon after one another that nobody has recovered between them are one. */
function clustersOf(setbacks: readonly Setback[]): readonly Cluster[] {
  const clusters: Cluster[] = [];
  const inOrder = setbacks.toSorted((one, other) => one.fromMs - other.fromMs);
  for (const { fromMs, untilMs, kind, sinceMs = fromMs } of inOrder) {
    const last = clusters.at(-1);
    const hasKill = kind === 'kill';
    if (last !== undefined && fromMs <= last.untilMs + recoveryMs(last)) {
      clusters[clusters.length - 1] = {
        fromMs: last.fromMs,
        sinceMs: Math.min(last.sinceMs, sinceMs),
        untilMs: Math.max(last.untilMs, untilMs),
        hasKill: hasKill || last.hasKill,
      };
    } else {
      clusters.push({ fromMs, sinceMs, untilMs, hasKill });
    }
  }
  return clusters;
}

/**
 * Until when a call must be reported that came at `queuedMs` and would be reported within `usualMs` if nothing were wrong.
 * `ownMs`: what the posts themselves need for everything that waits, one a second.
 */
export function dueOf(
  { queuedMs, usualMs, ownMs }: { readonly queuedMs: number; readonly usualMs: number; readonly ownMs: number },
  setbacks: readonly Setback[],
): Due {
  let due: Due = { dueMs: queuedMs + usualMs, promise: 'a minute of trouble costs a minute' };
  for (const cluster of clustersOf(setbacks)) {
    const recoveredMs = cluster.untilMs + recoveryMs(cluster) + ownMs;
    if (cluster.fromMs > due.dueMs || recoveredMs < queuedMs) continue;
    // What comes while others still wait, waits with them.
    const dueMs = Math.max(due.dueMs, recoveredMs, queuedMs + usualMs);
    if (dueMs > due.dueMs) due = { dueMs, promise: promiseOf(cluster) };
  }
  return due;
}
