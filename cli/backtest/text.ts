import { sanitize } from '../io.ts';
import { renderTable } from '../output.ts';
import type { Ranked } from './counts.ts';
import type { Notified, RuleSetNotified } from './rule-set-counts.ts';
import type { BacktestResult } from './run-backtest.ts';
import type { DroppedCall } from './scan-part.ts';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const ONE_PLACE = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `1,000,000` */
export const whole = (value: number): string => WHOLE.format(value);

/** `3.4` */
const onePlace = (value: number): string => ONE_PLACE.format(value);

/** `+12`, `-3`, `0` */
const difference = (before: number, after: number): string => {
  const change = after - before;
  return change > 0 ? `+${whole(change)}` : whole(change);
};

/** `1 call`, `2 calls` */
export const counted = (value: number, word: string): string => `${whole(value)} ${word}${value === 1 ? '' : 's'}`;

const MOST_LISTED = 20;
const NOTHING: Notified = { calls: 0, messages: 0, busiestMinute: undefined };

type Named = ReadonlyMap<string, Notified>;

const byRule = ({ rules }: RuleSetNotified): Named =>
  new Map(rules.map(({ rule, ...notified }) => [`${rule.name} → ${rule.channel}, ${rule.delivery}`, notified]));
const byChannel = ({ channels }: RuleSetNotified): Named =>
  new Map(channels.map(({ channel, ...notified }) => [channel, notified]));

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
  sanitize(
    `  ${time} ${operation}${calls > 1 ? ` × ${whole(calls)}` : ''} by ${principal}${flow === null ? '' : ` on ${flow}`} (now by ${rules.join(', ')}) ${eventId}`,
  );

/** Current rules beside proposed ones, and which calls would no longer be reported. */
function* comparisonLines(
  current: RuleSetNotified,
  proposed: RuleSetNotified,
  { days, calls, dropped, droppedCalls }: BacktestResult,
): Generator<string> {
  yield comparisonTable('rule', byRule(current), byRule(proposed), days);
  yield '';
  yield comparisonTable('channel', byChannel(current), byChannel(proposed), days);
  yield '';
  if (dropped === 0) {
    if (calls > 0) yield 'Every call that is reported now would still be reported.';
    return;
  }
  yield `No longer reported: ${counted(dropped, 'call')}`;
  const listed = repeatsCounted(droppedCalls).slice(0, MOST_LISTED);
  for (const call of listed) yield droppedLine(call);
  const others = dropped - listed.reduce((sum, call) => sum + call.calls, 0);
  if (others > 0) yield `  and ${whole(others)} more (--json lists up to 1,000)`;
}

const MOST_MISSED_OPERATIONS = 10;

const busiestWords = ({ busiestMinute }: Notified): string =>
  busiestMinute === undefined
    ? '–'
    : `${busiestMinute.at.slice(0, 16).replace('T', ' ')} (${counted(busiestMinute.calls, 'call')})`;

const notifiedCells = (notified: Notified, days: number): readonly string[] => [
  whole(notified.calls),
  whole(notified.messages),
  onePlace(notified.messages / days),
  busiestWords(notified),
];

const FIGURES = ['calls', 'messages', 'a day', 'busiest minute (UTC)'];

function* ruleSetLines({ rules, channels }: RuleSetNotified, days: number): Generator<string> {
  yield renderTable(
    ['rule', 'channel', 'delivery', ...FIGURES],
    rules.map(({ rule, ...notified }) => [rule.name, rule.channel, rule.delivery, ...notifiedCells(notified, days)]),
  );
  yield '';
  yield renderTable(
    ['channel', ...FIGURES],
    channels.map(({ channel, ...notified }) => [channel, ...notifiedCells(notified, days)]),
  );
}

function* rankingLines(title: string, ranked: readonly Ranked[]): Generator<string> {
  if (ranked.length === 0) return;
  yield '';
  yield renderTable(
    [title, 'calls', 'notified'],
    ranked.map(({ name, calls, notified }) => [name, whole(calls), whole(notified)]),
  );
}

function* missedLines({ calls, missedOperations, ruleSets }: BacktestResult): Generator<string> {
  const missed = ruleSets.at(-1)?.missed ?? 0;
  yield '';
  if (calls === 0) {
    yield 'There is no MediaConnect API call in it, so nothing says what the rules would report.';
    return;
  }
  const rule = ruleSets.length > 1 ? 'proposed rule' : 'rule';
  yield missed === 0 ? `Every call is reported by a ${rule}.` : `No ${rule} reports ${counted(missed, 'call')}:`;
  for (const { name, calls } of missedOperations.slice(0, MOST_MISSED_OPERATIONS)) {
    yield `  ${sanitize(name)} (${whole(calls)})`;
  }
  const others = missedOperations.length - MOST_MISSED_OPERATIONS;
  if (others > 0) yield `  and of ${counted(others, 'more operation')}`;
}

function* filesLines(result: BacktestResult): Generator<string> {
  const { files, skippedFiles, records, calls, repeated, fromMs, toMs, days, unusable, serviceEvents } = result;
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const span = fromMs === undefined || toMs === undefined ? '' : `, ${day(fromMs)} to ${day(toMs)}`;
  yield `${counted(files, 'file')}, ${counted(records, 'record')}, ${counted(calls, 'MediaConnect API call')}${span} (${onePlace(days)} days)`;
  if (skippedFiles > 0) yield `${counted(skippedFiles, 'file')} of another time left out, by name`;
  if (repeated > 0) yield `${counted(repeated, 'record')} of calls that the files hold already, counted once`;
  if (serviceEvents > 0)
    yield `${counted(serviceEvents, 'event')} of MediaConnect’s own, which are no calls and counted nowhere`;
  if (unusable > 0) yield `${counted(unusable, 'line or element')} that no event could be read from`;
  for (const place of result.unusablePlaces) yield `  ${sanitize(place)}`;
  if (result.unreadableFiles > 0) yield `${counted(result.unreadableFiles, 'file')} could not be used:`;
  for (const { file, reason } of result.unreadable) yield `  ${sanitize(file)}: ${sanitize(reason)}`;
  const unnamed = result.unreadableFiles - result.unreadable.length;
  if (unnamed > 0) yield `  and ${whole(unnamed)} more`;
  yield '';
}

/** Regions that have calls but, by the context, no stack that would notify them. */
function* regionLines({ regions }: BacktestResult, deployed: readonly string[]): Generator<string> {
  for (const { name, calls } of regions.filter((region) => !deployed.includes(region.name))) {
    yield '';
    yield `But: ${counted(calls, 'call')} of ${sanitize(name || 'an unknown region')}, where the context deploys no stack`;
  }
}

/** What the text says beside the result. */
export interface BacktestAsked {
  /** Those with a stack, by the context. */
  readonly regions: readonly string[];
  readonly isTimeChosen: boolean;
  /** Whether the context asks for what MediaConnect says by itself, which no log file holds. */
  readonly wantsSignals: boolean;
}

/** What a backtest found, for a person. */
export function* backtestText(
  result: BacktestResult,
  { regions, isTimeChosen, wantsSignals }: BacktestAsked,
): Generator<string> {
  yield* filesLines(result);
  if (isTimeChosen && result.calls === 0) {
    yield 'Nothing in the chosen time: no MediaConnect API call between --since and --until.';
    yield '';
  }
  const [first, second] = result.ruleSets;
  if (first !== undefined && second === undefined) yield* ruleSetLines(first, result.days);
  if (first !== undefined && second !== undefined) yield* comparisonLines(first, second, result);
  yield* missedLines(result);
  yield* regionLines(result, regions);
  if (wantsSignals) {
    yield '';
    yield 'Not counted: what notifier:outcomes and notifier:health add. Log files hold calls, and nothing of what MediaConnect says by itself.';
  }
  yield* rankingLines('noisiest principals', result.principals);
  yield* rankingLines('noisiest operations', result.operations);
  yield* rankingLines('noisiest flows', result.flows);
}
