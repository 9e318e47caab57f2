const SECOND_MS = 1000;
/** To find one refused call among hundreds, their message is split again and again. */
export const MESSAGES_FOR_A_REFUSAL = 12;
const REMEMBERED_MS = 24 * 3600 * SECOND_MS;

/** A post that Slack refused for what it says. */
export interface Refusal {
  /** The calls in it for which it was refused. */
  readonly refused: readonly number[];
  /** Whether it reported several calls, so that it is posted again in two parts. */
  readonly isSplit: boolean;
}

/** Those of the posts that one of their calls is the reason of. */
function inReason(posts: readonly Refusal[], most: number): readonly Refusal[] {
  const counts = new Map<number, number>();
  return posts.filter(({ refused }) => {
    const reason = refused.find((number) => (counts.get(number) ?? 0) < most);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return reason !== undefined;
  });
}

/**
 * What it costs those that wait for a webhook that Slack refuses messages for what one of their calls says: a second for
 * each refused post, and one for the message more that its parts are. A call is the reason of so many posts only: what
 * is refused again and again after that is posted in vain, and excuses nobody's waiting.
 */
export function createRefusals(nowMs: () => number, mostForEach: (place: number) => number) {
  const byPlace = new Map<number, (Refusal & { readonly atMs: number })[]>();

  return {
    add(place: number, refusal: Refusal): void {
      const known = (byPlace.get(place) ?? []).filter(({ atMs }) => atMs > nowMs() - REMEMBERED_MS);
      byPlace.set(place, [...known, { ...refusal, atMs: nowMs() }]);
    },

    /** What the refused posts since then have cost. */
    costMs(place: number, sinceMs: number): number {
      const since = (byPlace.get(place) ?? []).filter(({ atMs }) => atMs >= sinceMs);
      const messages = inReason(since, mostForEach(place)).map(({ isSplit }) => (isSplit ? 2 : 1));
      return messages.reduce((sum, each) => sum + each, 0) * SECOND_MS;
    },
  };
}

export type Refusals = ReturnType<typeof createRefusals>;
