import type { Ending } from '../../shared/call-ending.ts';
import { keyOf, type QueuedCall } from '../../shared/queued-call.ts';
import { renderDigest } from '../../shared/slack/render-digest.ts';
import { type Delivery, type DeliveryOptions, deliverMessage } from '../delivery/deliver-message.ts';
import type { Ledger } from '../ledger.ts';
import type { Telemetry } from '../telemetry.ts';

export interface TellDigestOptions {
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly delivery: DeliveryOptions;
}

/**
 * A digest is never dead-lettered: nothing in it is urgent, its calls are not at fault, and a later digest holds them
 * again.
 */
function endingOf(delivery: Delivery): Ending {
  if (delivery.kind === 'told') return { kind: 'folded' };
  const reason = delivery.kind === 'wait' ? delivery.reason : `${delivery.reason}: ${delivery.detail}`;
  return { kind: 'waiting', reason, retryAfterMs: undefined };
}

/**
 * Tells one channel's calls in a digest, without those that were told before, and says how each ended.
 *
 * The calls are looked up, not claimed as the notifier does: only one digest runs at a time, and a write for each read
 * call would be most of what this costs.
 */
export async function tellDigest(
  channel: string,
  calls: readonly QueuedCall[],
  { ledger, telemetry, delivery }: TellDigestOptions,
): Promise<ReadonlyMap<QueuedCall, Ending>> {
  const known = await ledger.lookup(calls.map(({ notification }) => keyOf(notification)));
  const unknown = [...known.values()].filter((state) => state === 'unknown').length;
  if (unknown > 0) {
    telemetry.metric('LedgerUnavailable', unknown);
    telemetry.warn('the ledger cannot be asked, so calls may be told twice', { calls: unknown });
  }

  const isTold = ({ notification }: QueuedCall): boolean => known.get(keyOf(notification)) === 'told';
  const fresh = calls.filter((call) => !isTold(call));
  const endings = new Map<QueuedCall, Ending>(calls.filter(isTold).map((call) => [call, { kind: 'repeated' }]));
  if (fresh.length === 0) return endings;

  const repeats = calls.flatMap(({ records }) => records).length - fresh.length;
  let ending: Ending = { kind: 'folded' };
  for (const message of renderDigest(
    fresh.map(({ notification }) => notification),
    repeats,
  )) {
    const delivered = await telemetry.span('### post', { channel, kind: 'digest', calls: fresh.length }, () =>
      deliverMessage(channel, message, delivery),
    );
    ending = endingOf(delivered);
    if (ending.kind === 'waiting') break;
  }
  if (ending.kind === 'folded') {
    try {
      await ledger.markTold(fresh.map(({ notification }) => keyOf(notification)));
    } catch (error) {
      telemetry.metric('LedgerUnavailable', fresh.length);
      telemetry.error('the ledger cannot be written', { calls: fresh.length, error });
    }
  }
  for (const call of fresh) endings.set(call, ending);
  return endings;
}
