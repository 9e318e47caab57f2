import { counted, whole } from '../backtest/text.ts';
import { renderTable } from '../output.ts';
import type { AuditResult, ExpectedCall, Notified } from './run-audit.ts';

/** A call that was not reported, why, and what `--notify` did about it. */
export interface Finding {
  readonly call: ExpectedCall;
  readonly reason: string;
  /** `undefined` without `--notify`, and of what was discarded. */
  readonly notified: Notified | undefined;
  /** Somebody decided that it is not to be reported. */
  readonly isDiscarded: boolean;
}

/** More than a person reads. */
const MOST_ROWS = 100;

const when = (ms: number | undefined): string =>
  ms === undefined ? 'unknown' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

const rowOf = ({ call, reason }: Finding): readonly string[] => [
  when(call.calledAtMs),
  call.operation,
  call.eventId,
  call.rule.name,
  call.rule.channel,
  reason,
];

const isSent = ({ notified }: Finding): boolean => notified?.sent === true;

/** What `--notify` did: a call that a rule reports in the digest is in no channel before that. */
function* sentLines(findings: readonly Finding[], digestMinutes: number): Generator<string> {
  const sent = findings.filter(isSent);
  const inDigest = sent.filter(({ call }) => call.rule.delivery === 'digest').length;
  yield `${counted(sent.length, 'call')} sent to be reported now, marked as late.`;
  if (inDigest > 0) {
    yield `${counted(inDigest, 'call')} of these ${inDigest === 1 ? 'waits' : 'wait'} for the next digest, within ${counted(digestMinutes, 'minute')}.`;
  }
}

/** What an audit found, as people read it. */
export function* auditText(
  { calls, expected, missed }: AuditResult,
  findings: readonly Finding[],
  { notify, digestMinutes }: { readonly notify: boolean; readonly digestMinutes: number },
): Generator<string> {
  if (findings.length > 0) {
    const sorted = findings.toSorted((a, b) => (a.call.calledAtMs ?? 0) - (b.call.calledAtMs ?? 0));
    yield renderTable(
      ['called', 'call', 'event', 'rule', 'channel', 'not reported, because'],
      sorted.slice(0, MOST_ROWS).map(rowOf),
    );
    if (findings.length > MOST_ROWS) yield `… and ${whole(findings.length - MOST_ROWS)} more; --json lists all.`;
    yield '';
  }
  const notified = expected - missed.length;
  yield `${counted(calls, 'MediaConnect call')}; ${whole(expected)} to be reported by the rules: ${whole(notified)} reported, ${whole(missed.length)} not.`;
  const discarded = findings.filter(({ isDiscarded }) => isDiscarded).length;
  if (discarded > 0)
    yield `${counted(discarded, 'call')} of these ${discarded === 1 ? 'was' : 'were'} discarded by hand.`;
  if (notify) yield* sentLines(findings, digestMinutes);
  else if (missed.length > discarded) yield 'Add --notify to have them reported now, marked as late.';
}

/** The JSON object of an audit. */
export const auditJson = (
  { calls, expected, missed, unusable }: AuditResult,
  findings: readonly Finding[],
  period: { readonly region: string; readonly fromMs: number; readonly toMs: number },
): object => ({
  region: period.region,
  from: when(period.fromMs),
  to: when(period.toMs),
  calls,
  expected,
  notified: expected - missed.length,
  missed: findings.map(({ call, reason, notified, isDiscarded }) => ({
    eventId: call.eventId,
    operation: call.operation,
    calledAt: call.calledAtMs === undefined ? null : when(call.calledAtMs),
    rule: call.rule.name,
    channel: call.rule.channel,
    delivery: call.rule.delivery,
    reason,
    discarded: isDiscarded,
    sent: notified === undefined ? null : notified.sent,
  })),
  unusable,
});
