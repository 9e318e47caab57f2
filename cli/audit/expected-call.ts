import type { Envelope } from '../../local/input/input-item.ts';
import { type DeployedRule, isToldBy } from '../../local/rules/deployed-rule.ts';
import { ApiCallEventSchema } from '../../shared/api-call-event.ts';
import { eventIdOf } from '../../shared/event-identity.ts';
import { toldKey } from '../../shared/queued-call.ts';
import { parseTimestampMs } from '../../shared/route-envelope.ts';

/** A call of the log files that a rule would have told in a channel. */
export interface ExpectedCall {
  /** Of the ledger. */
  readonly key: string;
  readonly eventId: string;
  readonly operation: string;
  readonly calledAtMs: number | undefined;
  readonly rule: DeployedRule;
  readonly event: Envelope;
}

/** Which calls an audit is about. */
export interface AuditScope {
  readonly region: string;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly rules: readonly DeployedRule[];
}

/** What the log files hold of one event: not a MediaConnect call of this region and time, or whom it should have been told. */
export type Expectation =
  | { readonly kind: 'out of scope' }
  | { readonly kind: 'call'; readonly eventId: string; readonly expected: readonly ExpectedCall[] };

const OUT: Expectation = { kind: 'out of scope' };

const isWithin = ({ fromMs, toMs }: AuditScope, ms: number | undefined): boolean =>
  // A call that does not say when it was made is looked for rather than left out.
  ms === undefined || (ms >= fromMs && ms < toMs);

/** Asks the rules, with their states, what should have become of an event. */
export function expectationOf(event: Envelope, scope: AuditScope): Expectation {
  const parsed = ApiCallEventSchema.safeParse(event);
  if (!parsed.success) return OUT;
  const { detail, region } = parsed.data;
  const calledAtMs = parseTimestampMs(detail.eventTime);
  if ((detail.awsRegion ?? region) !== scope.region || !isWithin(scope, calledAtMs)) return OUT;

  const eventId = eventIdOf(parsed.data);
  const byChannel = new Map<string, DeployedRule>();
  for (const rule of scope.rules.filter((each) => isToldBy(each, event))) {
    if (!byChannel.has(rule.channel)) byChannel.set(rule.channel, rule);
  }
  const expected = [...byChannel].map(([channel, rule]) => ({
    key: toldKey(eventId, channel),
    eventId,
    operation: detail.eventName,
    calledAtMs,
    rule,
    event,
  }));
  return { kind: 'call', eventId, expected };
}
