import { describe, expect, it } from 'vitest';
import { createSeenCalls, createSeenMemory } from '../../../cli/backtest/seen-calls.ts';

describe('createSeenCalls', () => {
  it('recognises a call by its id and time, also one that another thread saw', () => {
    const memory = createSeenMemory();
    const [here, there] = [createSeenCalls(memory), createSeenCalls(memory)];
    expect([
      here.isRepeated({ eventID: 'a' }, 1000),
      here.isRepeated({ eventID: 'a' }, 1000),
      there.isRepeated({ eventID: 'a' }, 1000),
      there.isRepeated({ eventID: 'a' }, 2000),
      there.isRepeated({ eventID: 'b' }, undefined),
      here.isRepeated({ eventID: 'b' }, undefined),
    ]).toEqual([false, true, true, false, false, true]);
  });

  it.each([undefined, null, '', 7])('takes no call with the id %s for another', (eventID) => {
    const { isRepeated } = createSeenCalls(createSeenMemory());
    expect([isRepeated({ eventID }, 0), isRepeated({ eventID }, 0)]).toEqual([false, false]);
  });

  it('tells a million calls in a row apart and still knows each', () => {
    const { isRepeated } = createSeenCalls(createSeenMemory());
    const idOf = (index: number) => `event-${index}`;
    const repeatedIn = (count: number, from: number) =>
      Array.from({ length: count }, (_, index) => isRepeated({ eventID: idOf(from + index) }, 0)).filter(Boolean)
        .length;
    expect([repeatedIn(1_000_000, 0), repeatedIn(1_000_000, 0)]).toEqual([0, 1_000_000]);
  });

  it('goes on when its memory is full, and knows the latest', () => {
    const { isRepeated } = createSeenCalls(createSeenMemory());
    for (let index = 0; index < 3_000_000; index++) isRepeated({ eventID: `event-${index}` }, 0);
    expect(['event-2999999', 'event-2500000', 'event-0'].map((eventID) => isRepeated({ eventID }, 0))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
