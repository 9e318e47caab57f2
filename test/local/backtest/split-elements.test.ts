import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createElementSplitter } from '../../../local/backtest/split-elements.ts';

const ELEMENTS = [{ a: '}]{["\\"' }, {}, { list: [[1], { b: '\\' }], text: 'ä' }];

/** The elements of a document that comes in pieces, of which the first has the head. */
function split(document: string, ends: readonly number[]) {
  const cuts = [20, ...ends].sort((left, right) => left - right);
  const pieces = cuts.map((cut, index) => document.slice(cuts[index - 1] ?? 0, cut));
  const splitter = createElementSplitter(pieces[0] ?? '');
  const elements = [...pieces, document.slice(cuts.at(-1))].flatMap((piece) => splitter?.push(piece) ?? []);
  return { elements: elements.map((text) => JSON.parse(text)), hasEnded: splitter?.hasEnded() };
}

describe('createElementSplitter', () => {
  it.each([
    ['a log file', JSON.stringify({ Records: ELEMENTS })],
    ['one over several lines', JSON.stringify({ Records: ELEMENTS }, undefined, 2)],
    ['a list', JSON.stringify(ELEMENTS)],
    ['one with more after the list', JSON.stringify({ Records: ELEMENTS, more: [{}] })],
  ])('finds the elements of %s wherever it is cut', (_, document) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 20, max: document.length })), (ends) => {
        expect(split(document, ends)).toEqual({ elements: ELEMENTS, hasEnded: true });
      }),
    );
  });

  it('knows that a list has not ended', () => {
    expect(split(JSON.stringify({ Records: ELEMENTS }).slice(0, -2), []).hasEnded).toBe(false);
  });

  it.each(['{"eventVersion":"1.11"}', '{"records":[]}', 'text'])('leaves %s alone', (head) => {
    expect(createElementSplitter(head)).toBeUndefined();
  });
});
