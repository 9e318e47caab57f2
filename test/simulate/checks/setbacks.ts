import type { PromiseName } from '../promises.ts';

export const MINUTE_MS = 60_000;
const AFTER_A_MINUTE_MS = MINUTE_MS;
const AFTER_ANY_MS = 6 * MINUTE_MS;

/** Something that keeps calls from being reported, for a while. */
export interface Setback {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly kind: 'trouble' | 'kill';
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

/** Until when a call must be reported, and by which promise. */
export interface Due {
  readonly dueMs: number;
  readonly promise: PromiseName;
}

interface Cluster {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly hasKill: boolean;
}

const recoveryMs = ({ fromMs, untilMs }: Cluster): number =>
  untilMs - fromMs <= MINUTE_MS ? AFTER_A_MINUTE_MS : AFTER_ANY_MS;

const promiseOf = (cluster: Cluster): PromiseName => {
  if (cluster.hasKill) return 'one kill costs a visibility timeout';
  return recoveryMs(cluster) === AFTER_ANY_MS ? 'any trouble costs six minutes' : 'a minute of trouble costs a minute';
};

/** Troubles that come so soon after one another that nobody has recovered between them are one. */
function clustersOf(setbacks: readonly Setback[]): readonly Cluster[] {
  const clusters: Cluster[] = [];
  for (const { fromMs, untilMs, kind } of setbacks.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const last = clusters.at(-1);
    const hasKill = kind === 'kill';
    if (last !== undefined && fromMs <= last.untilMs + recoveryMs(last)) {
      clusters[clusters.length - 1] = {
        fromMs: last.fromMs,
        untilMs: Math.max(last.untilMs, untilMs),
        hasKill: hasKill || last.hasKill,
      };
    } else {
      clusters.push({ fromMs, untilMs, hasKill });
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
