import { inParallel } from '../../shared/delivery/parallel.ts';
import type { Decision, DeliveredCall, DeliveryResult } from '../../shared/delivery/queued-call.ts';
import type { DeadLetter } from '../../shared/delivery/settle.ts';
import type { Queue, Telemetry } from '../ports.ts';

const AT_ONCE = 10;

/** SQS refuses empty attribute values. */
const orUnknown = (text: string | undefined): string => (text === undefined || text === '' ? 'unknown' : text);

/** What a record that is not a call still says about itself, for whoever looks into the dead-letter queue. */
function hintsIn(body: string): { readonly eventId: string | undefined; readonly rule: string | undefined } {
  const text = (pattern: RegExp): string | undefined => pattern.exec(body)?.[1];
  return {
    eventId: text(/"eventID"\s*:\s*"([^"\\]{1,100})"/),
    rule: text(/"rule"\s*:\s*"([^"\\]{1,100})"/),
  };
}

/** Whose call it was, from the call or, where there is none, from the text of the record. */
export function identify({ notification, records: [record] }: DeliveredCall): { eventId: string; rule: string } {
  const { eventId, rule } = notification
    ? { eventId: notification.eventId, rule: notification.route.rule }
    : hintsIn(record.body);
  return { eventId: orUnknown(eventId), rule: orUnknown(rule) };
}

const LONGEST_DETAIL = 500;

/**
 * Sends records to the dead-letter queue, each body as it came. Returns those that it did not take: they must stay
 * in their own queue, because a record may leave one queue only when it is in the other.
 */
export async function sendDeadLetters(
  letters: readonly DeadLetter[],
  { queue, telemetry, nowMs }: { readonly queue: Queue; readonly telemetry: Telemetry; readonly nowMs: number },
): Promise<ReadonlySet<DeliveredCall>> {
  const refused = new Set<DeliveredCall>();
  await inParallel(letters, AT_ONCE, async ({ delivered, deliveryResult }) => {
    try {
      await queue.sendDeadLetter(delivered.records[0].body, {
        ...identify(delivered),
        reason: deliveryResult.reason,
        detail: orUnknown(deliveryResult.detail.slice(0, LONGEST_DETAIL)),
        receivedAt: new Date(nowMs).toISOString(),
      });
    } catch (error) {
      refused.add(delivered);
      telemetry.error('the dead-letter queue did not take a record', { ...identify(delivered), error });
    }
  });
  return refused;
}

function reasonOf(deliveryResult: DeliveryResult): string | undefined {
  if (deliveryResult.kind === 'waiting') return deliveryResult.reason;
  if (deliveryResult.kind === 'dead-lettered') return `${deliveryResult.reason}: ${deliveryResult.detail}`;
  return deliveryResult.kind === 'repeated' ? 'reported before' : undefined;
}

/** The decision about one call, as it is logged. */
export function decisionOf(delivered: DeliveredCall): Decision {
  const { notification, deliveryResult } = delivered;
  return {
    ...identify(delivered),
    channel: notification?.route.channel ?? 'unknown',
    call: notification?.call,
    result: deliveryResult.kind,
    reason: reasonOf(deliveryResult),
  };
}

function measureDelays({ notification }: DeliveredCall, nowMs: number, telemetry: Telemetry): void {
  const { calledAtMs, route } = notification ?? {};
  if (calledAtMs !== undefined) telemetry.metric('CallToPostedMs', Math.max(0, nowMs - calledAtMs));
  if (route?.ingestedAtMs !== undefined) telemetry.metric('BusToPostedMs', Math.max(0, nowMs - route.ingestedAtMs));
}

/** At once by the notifier, or later in a digest. */
export type DeliveryMode = 'immediate' | 'digest';

function reportNotified(
  delivered: DeliveredCall,
  kind: 'posted' | 'folded',
  delivery: DeliveryMode,
  at: ReportOptions,
): void {
  const { nowMs, telemetry } = at;
  if (delivery === 'digest') {
    telemetry.metric('Digested', 1);
  } else {
    telemetry.metric(kind === 'posted' ? 'Notified' : 'Folded', 1);
    measureDelays(delivered, nowMs, telemetry);
  }
  if (delivered.notification?.call.resource === 'unrecognized') telemetry.metric('UnrecognizedOperations', 1);
}

export interface ReportOptions {
  readonly nowMs: number;
  readonly telemetry: Telemetry;
}

/** Logs how a call ended and counts it. */
export function reportResult(delivered: DeliveredCall, at: ReportOptions, delivery: DeliveryMode = 'immediate'): void {
  const { deliveryResult, records } = delivered;
  const { telemetry } = at;
  telemetry.decision(decisionOf(delivered));
  if (deliveryResult.kind === 'posted' || deliveryResult.kind === 'folded')
    reportNotified(delivered, deliveryResult.kind, delivery, at);
  if (deliveryResult.kind === 'dead-lettered') telemetry.metric('DeadLettered', 1, { reason: deliveryResult.reason });

  const repeats = deliveryResult.kind === 'waiting' ? 0 : records.length - (deliveryResult.kind === 'repeated' ? 0 : 1);
  if (repeats > 0) telemetry.metric('RepeatsSuppressed', repeats);
}
