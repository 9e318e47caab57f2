import { inParallel } from '../../shared/delivery/parallel.ts';
import type { Decision, EndedCall, Ending } from '../../shared/delivery/queued-call.ts';
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
export function identify({ notification, records: [record] }: EndedCall): { eventId: string; rule: string } {
  const { eventId, rule } = notification
    ? { eventId: notification.eventId, rule: notification.route.rule }
    : hintsIn(record.body);
  return { eventId: orUnknown(eventId), rule: orUnknown(rule) };
}

const LONGEST_DETAIL = 500;

/**
 * Sends records to the dead-letter queue, each body as it came. Gives back those that it did not take: they must stay
 * in their own queue, because a record may leave one queue only when it is in the other.
 */
export async function sendDeadLetters(
  letters: readonly DeadLetter[],
  { queue, telemetry, nowMs }: { readonly queue: Queue; readonly telemetry: Telemetry; readonly nowMs: number },
): Promise<ReadonlySet<EndedCall>> {
  const refused = new Set<EndedCall>();
  await inParallel(letters, AT_ONCE, async ({ ended, ending }) => {
    try {
      await queue.sendDeadLetter(ended.records[0].body, {
        ...identify(ended),
        reason: ending.reason,
        detail: orUnknown(ending.detail.slice(0, LONGEST_DETAIL)),
        receivedAt: new Date(nowMs).toISOString(),
      });
    } catch (error) {
      refused.add(ended);
      telemetry.error('the dead-letter queue did not take a record', { ...identify(ended), error });
    }
  });
  return refused;
}

function reasonOf(ending: Ending): string | undefined {
  if (ending.kind === 'waiting') return ending.reason;
  if (ending.kind === 'dead-lettered') return `${ending.reason}: ${ending.detail}`;
  return ending.kind === 'repeated' ? 'told before' : undefined;
}

/** The decision about one call, as it is logged. */
export function decisionOf(ended: EndedCall): Decision {
  const { notification, ending } = ended;
  return {
    ...identify(ended),
    channel: notification?.route.channel ?? 'unknown',
    call: notification?.call,
    result: ending.kind,
    reason: reasonOf(ending),
  };
}

function measureDelays({ notification }: EndedCall, nowMs: number, telemetry: Telemetry): void {
  const { calledAtMs, route } = notification ?? {};
  if (calledAtMs !== undefined) telemetry.metric('CallToPostedMs', Math.max(0, nowMs - calledAtMs));
  if (route?.ingestedAtMs !== undefined) telemetry.metric('BusToPostedMs', Math.max(0, nowMs - route.ingestedAtMs));
}

/** At once by the notifier, or later in a digest. */
export type Manner = 'immediately' | 'digested';

function reportTold(ended: EndedCall, kind: 'posted' | 'folded', manner: Manner, at: ReportOptions): void {
  const { nowMs, telemetry } = at;
  if (manner === 'digested') {
    telemetry.metric('Digested', 1);
  } else {
    telemetry.metric(kind === 'posted' ? 'Told' : 'Folded', 1);
    measureDelays(ended, nowMs, telemetry);
  }
  if (ended.notification?.call.resource === 'unrecognized') telemetry.metric('UnrecognizedOperations', 1);
}

export interface ReportOptions {
  readonly nowMs: number;
  readonly telemetry: Telemetry;
}

/** Logs how a call ended and counts it. */
export function reportEnding(ended: EndedCall, at: ReportOptions, manner: Manner = 'immediately'): void {
  const { ending, records } = ended;
  const { telemetry } = at;
  telemetry.decision(decisionOf(ended));
  if (ending.kind === 'posted' || ending.kind === 'folded') reportTold(ended, ending.kind, manner, at);
  if (ending.kind === 'dead-lettered') telemetry.metric('DeadLettered', 1, { reason: ending.reason });

  const repeats = ending.kind === 'waiting' ? 0 : records.length - (ending.kind === 'repeated' ? 0 : 1);
  if (repeats > 0) telemetry.metric('RepeatsSuppressed', repeats);
}
