import type { BacktestResult } from '../../local/backtest/backtest-result.ts';
import type { Ranked } from '../../local/backtest/ranking.ts';
import type { RuleSetTold, Told } from '../../local/backtest/rule-set-counts.ts';
import { printable } from '../printable.ts';
import { renderTable } from '../render-table.ts';
import { comparisonLines } from './comparison-text.ts';
import { counted, onePlace, whole } from './figures.ts';

const MOST_UNTOLD_OPERATIONS = 10;

const busiestWords = ({ busiestMinute }: Told): string =>
  busiestMinute === undefined
    ? '–'
    : `${busiestMinute.at.slice(0, 16).replace('T', ' ')} (${counted(busiestMinute.calls, 'call')})`;

const toldCells = (told: Told, days: number): readonly string[] => [
  whole(told.calls),
  whole(told.messages),
  onePlace(told.messages / days),
  busiestWords(told),
];

const FIGURES = ['calls', 'messages', 'a day', 'busiest minute (UTC)'];

function* ruleSetLines({ rules, channels }: RuleSetTold, days: number): Generator<string> {
  yield renderTable(
    ['rule', 'channel', 'delivery', ...FIGURES],
    rules.map(({ rule, ...told }) => [rule.name, rule.channel, rule.delivery, ...toldCells(told, days)]),
  );
  yield '';
  yield renderTable(
    ['channel', ...FIGURES],
    channels.map(({ channel, ...told }) => [channel, ...toldCells(told, days)]),
  );
}

function* rankingLines(title: string, ranked: readonly Ranked[]): Generator<string> {
  if (ranked.length === 0) return;
  yield '';
  yield renderTable(
    [title, 'calls', 'told'],
    ranked.map(({ name, calls, told }) => [name, whole(calls), whole(told)]),
  );
}

function* untoldLines({ calls, untoldOperations, ruleSets }: BacktestResult): Generator<string> {
  const untold = ruleSets.at(-1)?.untold ?? 0;
  yield '';
  if (calls === 0) {
    yield 'There is no MediaConnect API call in it, so nothing says what the rules would tell.';
    return;
  }
  const rule = ruleSets.length > 1 ? 'proposed rule' : 'rule';
  yield untold === 0 ? `Every call is told by a ${rule}.` : `No ${rule} tells ${counted(untold, 'call')}:`;
  for (const { name, calls } of untoldOperations.slice(0, MOST_UNTOLD_OPERATIONS)) {
    yield `  ${printable(name)} (${whole(calls)})`;
  }
  const others = untoldOperations.length - MOST_UNTOLD_OPERATIONS;
  if (others > 0) yield `  and of ${counted(others, 'more operation')}`;
}

function* filesLines(result: BacktestResult): Generator<string> {
  const { files, skippedFiles, records, calls, repeated, fromMs, toMs, days, unusable } = result;
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const span = fromMs === undefined || toMs === undefined ? '' : `, ${day(fromMs)} to ${day(toMs)}`;
  yield `${counted(files, 'file')}, ${counted(records, 'record')}, ${counted(calls, 'MediaConnect API call')}${span} (${onePlace(days)} days)`;
  if (skippedFiles > 0) yield `${counted(skippedFiles, 'file')} of another time left out, by name`;
  if (repeated > 0) yield `${counted(repeated, 'record')} of calls that the files hold already, counted once`;
  if (unusable > 0) yield `${counted(unusable, 'line or element')} that no event could be read from`;
  if (result.unreadableFiles > 0) yield `${counted(result.unreadableFiles, 'file')} could not be used:`;
  for (const { file, reason } of result.unreadable) yield `  ${printable(file)}: ${printable(reason)}`;
  const unnamed = result.unreadableFiles - result.unreadable.length;
  if (unnamed > 0) yield `  and ${whole(unnamed)} more`;
  yield '';
}

/** Regions that have calls but, by the context, no stack that would tell them. */
function* regionLines({ regions }: BacktestResult, deployed: readonly string[]): Generator<string> {
  for (const { name, calls } of regions.filter((region) => !deployed.includes(region.name))) {
    yield '';
    yield `But: ${counted(calls, 'call')} of ${printable(name || 'an unknown region')}, where the context deploys no stack`;
  }
}

/** What a backtest found, for a person. */
export function* backtestText(
  result: BacktestResult,
  deployed: readonly string[],
  isTimeChosen: boolean,
): Generator<string> {
  yield* filesLines(result);
  if (isTimeChosen && result.calls === 0) {
    yield 'Nothing in the chosen time: no MediaConnect API call between --since and --until.';
    yield '';
  }
  const [first, second] = result.ruleSets;
  if (first !== undefined && second === undefined) yield* ruleSetLines(first, result.days);
  if (first !== undefined && second !== undefined) yield* comparisonLines(first, second, result);
  yield* untoldLines(result);
  yield* regionLines(result, deployed);
  yield* rankingLines('noisiest principals', result.principals);
  yield* rankingLines('noisiest operations', result.operations);
  yield* rankingLines('noisiest flows', result.flows);
}
