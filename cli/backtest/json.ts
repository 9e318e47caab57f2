import type { Notified, RuleSetNotified } from './rule-set-counts.ts';
import type { BacktestResult } from './run-backtest.ts';

const rounded = (value: number): number => Math.round(value * 100) / 100;

const notifiedJson = ({ calls, messages, busiestMinute }: Notified, days: number) => ({
  calls,
  messages,
  messagesPerDay: rounded(messages / days),
  busiestMinute: busiestMinute ?? null,
});

const ruleSetJson = ({ rules, channels, notified, missed }: RuleSetNotified, days: number) => ({
  rules: rules.map(({ rule, ...counts }) => ({
    rule: rule.name,
    channel: rule.channel,
    delivery: rule.delivery,
    state: rule.state,
    ...notifiedJson(counts, days),
  })),
  channels: channels.map(({ channel, ...counts }) => ({ channel, ...notifiedJson(counts, days) })),
  notified,
  missed,
});

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** The object of `backtest --json`: with one set of rules its figures, with two `current` and `proposed`. */
export function backtestJson(result: BacktestResult): object {
  const { ruleSets, dropped, droppedCalls, fromMs, toMs, days, ...counts } = result;
  const [first, second] = ruleSets.map((ruleSet) => ruleSetJson(ruleSet, days));
  const figures =
    second === undefined
      ? first
      : { current: first, proposed: second, noLongerNotified: { calls: dropped, listed: droppedCalls } };
  return { ...counts, from: iso(fromMs), to: iso(toMs), days: rounded(days), ...figures };
}
