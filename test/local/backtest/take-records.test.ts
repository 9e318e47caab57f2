import { describe, expect, it } from 'vitest';
import { takeRecords } from '../../../local/backtest/take-records.ts';
import { aRecord } from '../../builders.ts';

const other = (eventID: string) => aRecord({ eventSource: 'ec2.amazonaws.com', eventID });
const call = (eventID: string) => aRecord({ eventID });
const ids = (values: readonly unknown[]) => values.map((value) => (value as { eventID?: string } | undefined)?.eventID);

function take(text: string) {
  const taken: unknown[] = [];
  const rest = takeRecords(text, (value) => taken.push(value));
  return { taken: ids(taken), rest: rest && { others: rest.others, ends: ids(rest.ends) } };
}

const log = (...Records: unknown[]): string => JSON.stringify({ Records });

describe('takeRecords', () => {
  it('takes the calls and counts the others', () => {
    expect(take(log(other('a'), call('b'), other('c'), other('d')))).toEqual({
      taken: ['b'],
      rest: { others: 3, ends: ['a', 'd'] },
    });
  });

  it('takes what stands among many calls, too, for whoever gets it to tell', () => {
    const many = Array.from({ length: 20 }, (_, index) => call(String(index)));
    const { taken, rest } = take(log(...many, other('a'), other('b'), call('c')));
    expect({ taken: taken.slice(20), others: rest?.others }).toEqual({ taken: ['a', 'c'], others: 1 });
  });

  it('finds the records where one holds a list of what looks like records', () => {
    const odd = aRecord({ eventID: 'b', requestParameters: { list: [{ eventVersion: '1' }, { eventVersion: '2' }] } });
    expect(take(log(call('a'), odd, call('c')))).toEqual({
      taken: ['a', 'b', 'c'],
      rest: { others: 0, ends: ['a', 'c'] },
    });
  });

  it('refuses what is not JSON', () => {
    expect(() => take(log(call('a'), call('b')).replace('"b"', 'b'))).toThrow(SyntaxError);
  });

  it.each([
    ['with another member first', JSON.stringify({ Records: [{ x: 1, ...call('a') }] })],
    ['of several lines', `${log(call('a'))}\n${log(call('b'))}`],
    ['that is cut', log(call('a')).slice(0, -1)],
  ])('leaves a text %s alone', (_, text) => {
    expect(take(text)).toEqual({ taken: [], rest: undefined });
  });
});
