import { parseJson } from '../../shared/call/parse-json.ts';
import { counted } from '../backtest/text.ts';
import { jsonLine, sanitize } from '../io.ts';
import { renderTable } from '../output.ts';
import type { DeadLetter } from './dead-letter-store.ts';
import type { Redriven } from './redrive.ts';

/** More than a person reads. */
const MOST_ROWS = 50;
const LONGEST_CELL = 70;

const when = (ms: number | undefined): string =>
  ms === undefined ? 'unknown' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

const shortened = (text: string): string =>
  text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;

const rowOf = ({
  queue,
  sinceMs,
  rule,
  operation,
  eventId,
  messageId,
  reason,
  detail,
}: DeadLetter): readonly string[] => [
  when(sinceMs),
  queue,
  rule ?? '–',
  operation ?? '–',
  eventId ?? `message ${messageId}`,
  shortened(detail === undefined ? reason : `${reason}: ${detail}`),
];

/** What lies in the dead-letter queues, as people read it. */
export function* lettersText(letters: readonly DeadLetter[]): Generator<string> {
  const sorted = letters.toSorted((a, b) => (a.sinceMs ?? 0) - (b.sinceMs ?? 0));
  yield renderTable(['since', 'given up by', 'rule', 'call', 'event', 'reason'], sorted.slice(0, MOST_ROWS).map(rowOf));
  if (letters.length > MOST_ROWS)
    yield `… and ${counted(letters.length - MOST_ROWS, 'more record')}; --json lists all.`;
  yield '';
  const byReason = Map.groupBy(letters, ({ reason }) => reason);
  yield renderTable(
    ['reason', 'records'],
    [...byReason].map(([reason, { length }]) => [reason, String(length)]),
  );
}

function bodyLines(body: string): readonly string[] {
  const parsed = parseJson(body);
  return parsed.ok ? JSON.stringify(parsed.value, null, 2).split('\n') : ['not JSON:', ...body.split(/\r?\n/)];
}

/** One record with all that is known of it. */
export function* letterText(letter: DeadLetter): Generator<string> {
  const { queue, messageId, eventId, sinceMs, rule, operation, reason, detail } = letter;
  const said: readonly (readonly [string, string | undefined])[] = [
    ['event', eventId],
    ['message', messageId],
    ['call', operation],
    ['rule', rule],
    ['given up by', queue],
    ['since', when(sinceMs)],
    ['reason', reason],
    ['detail', detail],
  ];
  for (const [name, value] of said) yield `${name.padEnd(12)} ${sanitize(value ?? '–')}`;
  for (const line of bodyLines(letter.body)) yield `  ${sanitize(line)}`;
  yield '';
}

/** One JSON line for a record. */
export const redrivenJson = ({ letter, result, reason }: Redriven): string => {
  const { queue, eventId, messageId, operation, rule, sinceMs } = letter;
  return jsonLine({
    givenUpBy: queue,
    since: sinceMs === undefined ? null : when(sinceMs),
    rule: rule ?? null,
    operation: operation ?? null,
    eventId: eventId ?? null,
    messageId,
    reason: letter.reason,
    detail: letter.detail ?? null,
    result,
    why: reason ?? null,
  });
};
