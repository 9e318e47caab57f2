import { counted, whole } from '../backtest/text.ts';
import { renderTable } from '../output.ts';
import type { AuditResult, ExpectedCall, Told } from './run-audit.ts';

/** A call that was not told, why, and what `--tell` did about it. */
export interface Finding {
  readonly call: ExpectedCall;
  readonly reason: string;
  /** `undefined` without `--tell`. */
  readonly told: Told | undefined;
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

const isSent = ({ told }: Finding): boolean => told?.sent === true;

/** What an audit found, as people read it. */
export function* auditText(
  { calls, expected, untold }: AuditResult,
  findings: readonly Finding[],
  tell: boolean,
): Generator<string> {
  if (findings.length > 0) {
    const sorted = findings.toSorted((a, b) => (a.call.calledAtMs ?? 0) - (b.call.calledAtMs ?? 0));
    yield renderTable(
      ['called', 'call', 'event', 'rule', 'channel', 'not told, because'],
      sorted.slice(0, MOST_ROWS).map(rowOf),
    );
    if (findings.length > MOST_ROWS) yield `… and ${whole(findings.length - MOST_ROWS)} more; --json lists all.`;
    yield '';
  }
  const told = expected - untold.length;
  yield `${counted(calls, 'MediaConnect call')}; ${whole(expected)} to be told by the rules: ${whole(told)} told, ${whole(untold.length)} not.`;
  if (tell) yield `${counted(findings.filter(isSent).length, 'call')} sent to be told now, marked as late.`;
  else if (untold.length > 0) yield 'Add --tell to have them told now, marked as late.';
}

/** The JSON object of an audit. */
export const auditJson = (
  { calls, expected, untold, unusable }: AuditResult,
  findings: readonly Finding[],
  period: { readonly region: string; readonly fromMs: number; readonly toMs: number },
): object => ({
  region: period.region,
  from: when(period.fromMs),
  to: when(period.toMs),
  calls,
  expected,
  told: expected - untold.length,
  untold: findings.map(({ call, reason, told }) => ({
    eventId: call.eventId,
    operation: call.operation,
    calledAt: call.calledAtMs === undefined ? null : when(call.calledAtMs),
    rule: call.rule.name,
    channel: call.rule.channel,
    reason,
    sent: told === undefined ? null : told.sent,
  })),
  unusable,
});
