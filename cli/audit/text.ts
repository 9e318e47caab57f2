import { counted, whole } from '../backtest/text.ts';
import { renderTable } from '../output.ts';
import type { AuditResult, ExpectedCall, Notified } from './run-audit.ts';

/** A call that was not reported, why, and what `--notify` did about it. */
export interface Finding {
  readonly call: ExpectedCall;
  readonly reason: string;
  /** `undefined` without `--notify`. */
  readonly notified: Notified | undefined;
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

/** What an audit found, as people read it. */
export function* auditText(
  { calls, expected, missed }: AuditResult,
  findings: readonly Finding[],
  notify: boolean,
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
  if (notify) yield `${counted(findings.filter(isSent).length, 'call')} sent to be reported now, marked as late.`;
  else if (missed.length > 0) yield 'Add --notify to have them reported now, marked as late.';
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
  missed: findings.map(({ call, reason, notified }) => ({
    eventId: call.eventId,
    operation: call.operation,
    calledAt: call.calledAtMs === undefined ? null : when(call.calledAtMs),
    rule: call.rule.name,
    channel: call.rule.channel,
    reason,
    sent: notified === undefined ? null : notified.sent,
  })),
  unusable,
});
