import { type DeliveryResult, keyOf } from '../../shared/delivery/queued-call.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import type { Claim, Claimer, PostingDependencies } from '../ports.ts';

/** Whoever else claimed a call reports it within seconds; or is gone, and then the claim ends within a minute. */
const BUSY_FOR_MS = 15_000;

/** How a claim ends the call for this invocation; not at all where it may be reported: rather twice than swallowed. */
function resultOf(claim: Claim, nowMs: number): DeliveryResult | undefined {
  if (claim === 'notified') return { kind: 'repeated' };
  if (claim !== 'busy') return undefined;
  return {
    kind: 'waiting',
    reason: 'another invocation is reporting it',
    untilMs: nowMs + BUSY_FOR_MS,
    isAnothers: true,
  };
}

/**
 * Claims calls, and returns those that this invocation may report: the others are somebody else's, or were reported, and end
 * here. Whatever is returned is to be released if it is not reported: also where the ledger did not answer, the claim may
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
    readonly end: (notification: Notification, deliveryResult: DeliveryResult) => void;
  },
): Promise<readonly Notification[]> {
  if (notifications.length === 0) return [];
  const claims = await ledger.claim(notifications.map(keyOf), claimer);
  const claimOf = (notification: Notification): Claim => claims.get(keyOf(notification)) ?? 'unknown';
  const unknown = notifications.filter((one) => claimOf(one) === 'unknown').length;
  if (unknown > 0) {
    telemetry.metric('LedgerUnavailable', unknown);
    telemetry.warn('the ledger cannot be asked, so calls may be reported twice', { calls: unknown });
  }
  return notifications.filter((one) => {
    const deliveryResult = resultOf(claimOf(one), now());
    if (deliveryResult !== undefined) end(one, deliveryResult);
    return deliveryResult === undefined;
  });
}
