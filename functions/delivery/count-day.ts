import type { EndedCall } from '../../shared/call-ending.ts';
import { dayKey, tally } from '../../shared/day-counters.ts';
import type { PostingDependencies } from './dependencies.ts';
import type { Manner } from './report-ending.ts';

/** Where records that name no channel are counted. */
const FALLBACK_CHANNEL = 'default';

/** Adds what a batch did to the day's counters. A day that is not counted must not keep calls from being settled. */
export async function countDay(
  ended: readonly EndedCall[],
  { ledger, telemetry, now }: Pick<PostingDependencies, 'ledger' | 'telemetry' | 'now'>,
  manner: Manner = 'immediately',
): Promise<void> {
  for (const [channel, there] of Map.groupBy(ended, (one) => one.notification?.route.channel ?? FALLBACK_CHANNEL)) {
    const counters = tally(there, now(), manner);
    if (counters === undefined) continue;
    try {
      await ledger.count(dayKey(now(), channel), counters);
    } catch (error) {
      telemetry.warn('the day was not counted', { channel, error });
    }
  }
}
