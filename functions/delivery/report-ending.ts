import type { EndedCall, Ending } from '../../shared/call-ending.ts';
import type { Decision } from '../../shared/decision.ts';
import type { Telemetry } from '../telemetry.ts';
import { identify } from './dead-letter.ts';

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
