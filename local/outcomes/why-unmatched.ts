import type { Verdict } from '../aws/event-bus.ts';

/** Says in one line why no rule matched: each reason once, with the rules that gave it. */
export function whyUnmatched(verdicts: readonly Verdict[], nameOf: (verdict: Verdict) => string): string {
  if (verdicts.length === 0) return 'there are no rules';
  const refusals = verdicts.flatMap((verdict) =>
    verdict.matched ? [] : [{ name: nameOf(verdict), reason: verdict.reason }],
  );
  const byReason = Map.groupBy(refusals, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, group]) =>
      group.length === verdicts.length ? reason : `${group.map(({ name }) => name).join(', ')}: ${reason}`,
    )
    .join('; ');
}
