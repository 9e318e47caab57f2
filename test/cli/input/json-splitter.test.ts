import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonSplitter } from '../../../cli/input/json-splitter.ts';

/** What a text that comes in pieces is cut into: values as they are, mistakes as text with their lines. */
function split(text: string, cuts: readonly number[] = [], passOver?: (record: Buffer) => boolean): unknown[] {
  const found: unknown[] = [];
  const splitter = createJsonSplitter({
    onValue: (value) => found.push(value),
    onMistake: (reason, line) => found.push(`${line}: ${reason}`),
    ...(passOver ? { passOver } : {}),
  });
  const bytes = Buffer.from(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((left, right) => left - right);
  for (const [index, end] of ends.entries()) splitter.push(bytes.subarray(ends[index - 1] ?? 0, end));
  splitter.end();
  return found;
}

const record = (eventID: string) => ({ eventVersion: '1.11', eventID, eventName: 'StopFlow' });
const odd = {
  eventVersion: '1',
  list: [{ x: 1 }, { eventVersion: '1' }, { eventVersion: '2' }],
  text: '},{"eventVersion":',
};

const aRecord = fc.oneof(
  fc.record({ eventVersion: fc.constant('1.11'), eventName: fc.string(), more: fc.jsonValue() }),
  fc.record({ more: fc.jsonValue(), eventVersion: fc.constant('1.11') }),
  fc.constant(odd),
);
const aDocument = fc
  .tuple(
    fc.array(aRecord, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('one', 'list', 'log', 'events'),
    fc.constantFrom(0, 2),
  )
  .map(([records, form, indent]) => {
    const [first] = records;
    if (form === 'one') return { text: JSON.stringify(first, undefined, indent), records: [first] };
    const key = form === 'log' ? 'Records' : 'Events';
    const document = form === 'list' ? records : { NextToken: 'x', [key]: records, more: [{}] };
    return { text: JSON.stringify(document, undefined, indent), records };
  });

describe('createJsonSplitter', () => {
  it('reads the same records from any documents, whatever is between them and wherever they are cut', () => {
    const aSeparator = fc.constantFrom('', ' ', '\n', '\r\n\n', '\uFEFF', '\n\uFEFF');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(aDocument, aSeparator), { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (documents, cuts) => {
          const text = documents.map(([document, separator]) => document.text + separator).join('');
          const records = documents.flatMap(([document]) => document.records);
          expect(split(text, cuts)).toEqual(records.map((each) => JSON.parse(JSON.stringify(each))));
        },
      ),
    );
  });

  it('never gives a record twice nor loses one of another line, whatever a line is cut to', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(), { maxLength: 5 }), (end, cuts) => {
        const whole = JSON.stringify({ Records: [record('cut'), record('cut, too')] });
        const found = split(
          `${JSON.stringify(record('a'))}\n${whole.slice(0, 1 + (end % (whole.length - 1)))}\n${JSON.stringify(record('b'))}`,
          cuts,
        );
        const ids = found.flatMap((each) => (each as { eventID?: string }).eventID ?? []);
        expect(ids.filter((id) => !id.startsWith('cut'))).toEqual(['a', 'b']);
        expect(found.filter((each) => typeof each === 'string')).toHaveLength(1);
      }),
    );
  });

  it('passes over what it is reported to, one after another and at the seams of documents', () => {
    const log = (...ids: string[]) => JSON.stringify({ Records: ids.map(record) });
    const passed: string[] = [];
    const found = split(`${log('a', 'x', 'b')}${log('x')}${log('b', 'a')}`, [], (bytes) => {
      const { eventID } = JSON.parse(bytes.toString());
      if (eventID === 'x') return false;
      passed.push(eventID);
      return true;
    });
    expect({ found, passed }).toEqual({ found: [record('x'), record('x')], passed: ['a', 'b', 'b', 'a'] });
  });

  it.each([
    ['brackets that do not match', '{"a":[1}\n{"b":1}', ["1: not JSON: Unexpected token '}'", { b: 1 }]],
    ['a text that is not closed', '{"a":"b\n{"b":1}', ['1: not JSON: a text is not closed', { b: 1 }]],
    ['a line break after a backslash', '{"a":"b\\\n{"b":1}', ['1: not JSON: a text is not closed', { b: 1 }]],
    ['two commas', '[{"a":1},,{"b":1}]', [{ a: 1 }, "1: not JSON: Unexpected token ','"]],
    ['a key without a value', '{"a"}', ["1: not JSON: Unexpected token '}'"]],
    ['a key without quotes', '{a:1}', ["1: not JSON: Unexpected token 'a' (JSON has its keys in double quotes)"]],
    ['a closing bracket', '}', ["1: not JSON: Unexpected token '}'"]],
    ['a character that is not ASCII', '\u{1F600}\n{"b":1}', ['1: not JSON: Unexpected character', { b: 1 }]],
    ['words', 'once upon\n\n{"b":1}', ["1: not JSON: Unexpected token 'o'", { b: 1 }]],
    [
      'a bad escape, and spares the next element',
      '[{"a":"\\x"},{"b":1}]',
      ['1: not JSON: a word or a text in it is not as JSON has them', { b: 1 }],
    ],
    ['a document that is cut', '[\n{"a":1},\n{"b":', [{ a: 1 }, '3: not JSON: Unexpected end of JSON input']],
  ])('says where %s', (_, text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  it('refuses a value that is nested too deeply, and spares its neighbours', () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(split(`[{"a":1},{"x":${deep(1001)}},{"b":1}]`)).toEqual([
      { a: 1 },
      '1: nested deeper than 1000 levels',
      { b: 1 },
    ]);
    expect(split(`{"x":${deep(200_000)}}\n{"b":1}`)).toEqual([
      '1: not JSON: nested deeper than 65536 levels',
      { b: 1 },
    ]);
  });

  it.each([
    ['one long text in small pieces', `{"a":"${'x'.repeat(8_000_000)}"}`, 1],
    ['a long list of what looks like a record', `[${'{"eventVersion":1} , '.repeat(200_000)}{}]`, 200_001],
    ['lines that are cut', '{"a"\n'.repeat(200_000), 200_000],
    ['nothing but line breaks', '\n'.repeat(20_000_000), 0],
  ])('takes time in proportion to %s', (_, text, found) => {
    const cuts = Array.from({ length: Math.ceil(text.length / 65_536) }, (_none, index) => index * 65_536);
    const before = process.cpuUsage();
    expect(split(text, cuts)).toHaveLength(found);
    // Of this process, whose other threads sleep meanwhile: a busy machine makes it wait, and not work.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000_000).toBeLessThan(20);
  });
});
