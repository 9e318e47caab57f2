import { type Ending, keyOf } from '../../shared/delivery/queued-call.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import type { Claim, Claimer, PostingDependencies } from '../ports.ts';

/** Whoever else claimed a call tells it within seconds; or is gone, and then the claim ends within a minute. */
const BUSY_FOR_MS = 15_000;

/** How a claim ends the call for this invocation; not at all where it may be told: rather twice than swallowed. */
function endingOf(claim: Claim, nowMs: number): Ending | undefined {
  if (claim === 'told') return { kind: 'repeated' };
  if (claim !== 'busy') return undefined;
  return {
    kind: 'waiting',
    reason: 'another invocation is telling it',
    untilMs: nowMs + BUSY_FOR_MS,
    isAnothers: true,
  };
}

/**
 * Claims calls, and returns those that this invocation may tell: the others are somebody else's, or were told, and end
 * here. Whatever is returned is to be released if it is not told: also where the ledger did not answer, the claim may
 * stand.
 */
export async function claimCalls(
  notifications: readonly Notification[],
  claimer: Claimer,
  {
    ledger,
    telemetry,
    now,
    end,
  }: Pick<PostingDependencies, 'ledger' | 'telemetry' | 'now'> & {
    readonly end: (notification: Notification, ending: Ending) => void;
  },
): Promise<readonly Notification[]> {
  if (notifications.length === 0) return [];
  const claims = await ledger.claim(notifications.map(keyOf), claimer);
  const claimOf = (notification: Notification): Claim => claims.get(keyOf(notification)) ?? 'unknown';
  const unknown = notifications.filter((one) => claimOf(one) === 'unknown').length;
  if (unknown > 0) {
    telemetry.metric('LedgerUnavailable', unknown);
    telemetry.warn('the ledger cannot be asked, so calls may be told twice', { calls: unknown });
  }
  return notifications.filter((one) => {
    const ending = endingOf(claimOf(one), now());
    if (ending !== undefined) end(one, ending);
    return ending === undefined;
  });
}
