import type { BacktestResult } from '../../local/backtest/backtest-result.ts';
import type { RuleSetTold, Told } from '../../local/backtest/rule-set-counts.ts';
import type { DroppedCall } from '../../local/backtest/scan-part.ts';
import { printable } from '../printable.ts';
import { renderTable } from '../render-table.ts';
import { counted, difference, onePlace, whole } from './figures.ts';

const MOST_LISTED = 20;
const NOTHING: Told = { calls: 0, messages: 0, busiestMinute: undefined };

type Named = ReadonlyMap<string, Told>;

const byRule = ({ rules }: RuleSetTold): Named =>
  new Map(rules.map(({ rule, ...told }) => [`${rule.name} → ${rule.channel}, ${rule.delivery}`, told]));
const byChannel = ({ channels }: RuleSetTold): Named =>
  new Map(channels.map(({ channel, ...told }) => [channel, told]));

function comparisonTable(title: string, current: Named, proposed: Named, days: number): string {
  const names = [...new Set([...current.keys(), ...proposed.keys()])];
  return renderTable(
    [title, 'calls now', 'proposed', '±', 'messages now', 'proposed', '±', 'a day now', 'proposed'],
    names.map((name) => {
      const [now, then] = [current.get(name) ?? NOTHING, proposed.get(name) ?? NOTHING];
      return [
        name,
        whole(now.calls),
        whole(then.calls),
        difference(now.calls, then.calls),
        whole(now.messages),
        whole(then.messages),
        difference(now.messages, then.messages),
        onePlace(now.messages / days),
        onePlace(then.messages / days),
      ];
    }),
  );
}

/** Calls that are one line: what differs between them is when they were made. */
interface DroppedCalls extends DroppedCall {
  readonly calls: number;
}

/** In the order of the calls, which is that of their effect; the first of each stands for the others. */
function repeatsCounted(dropped: readonly DroppedCall[]): readonly DroppedCalls[] {
  const byWords = new Map<string, DroppedCalls>();
  for (const call of dropped) {
    const words = JSON.stringify([call.operation, call.principal, call.flow, call.rules, call.impact]);
    const before = byWords.get(words);
    byWords.set(words, { ...(before ?? call), calls: (before?.calls ?? 0) + 1 });
  }
  return [...byWords.values()];
}

const droppedLine = ({ time, operation, principal, flow, rules, eventId, calls }: DroppedCalls): string =>
  printable(
    `  ${time} ${operation}${calls > 1 ? ` × ${whole(calls)}` : ''} by ${principal}${flow === null ? '' : ` on ${flow}`} (now by ${rules.join(', ')}) ${eventId}`,
  );

/** Current rules beside proposed ones, and which calls would no longer be told. */
export function* comparisonLines(
  current: RuleSetTold,
  proposed: RuleSetTold,
  { days, calls, dropped, droppedCalls }: BacktestResult,
): Generator<string> {
  yield comparisonTable('rule', byRule(current), byRule(proposed), days);
  yield '';
  yield comparisonTable('channel', byChannel(current), byChannel(proposed), days);
  yield '';
  if (dropped === 0) {
    if (calls > 0) yield 'Every call that is told now would still be told.';
    return;
  }
  yield `No longer told: ${counted(dropped, 'call')}`;
  const listed = repeatsCounted(droppedCalls).slice(0, MOST_LISTED);
  for (const call of listed) yield droppedLine(call);
  const others = dropped - listed.reduce((sum, call) => sum + call.calls, 0);
  if (others > 0) yield `  and ${whole(others)} more (--json lists up to 1,000)`;
}
