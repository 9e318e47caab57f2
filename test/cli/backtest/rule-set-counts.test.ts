import { describe, expect, it } from 'vitest';
import { createBoundedCounts, createRanking, KEYS_PER_PAGE } from '../../../cli/backtest/counts.ts';
import {
  createMessageCounts,
  createMinuteCounts,
  digestGrouping,
  immediateGrouping,
} from '../../../cli/backtest/rule-set-counts.ts';
import { inOrderOfWriting, logFileTime, mayHoldCallsOf } from '../../../cli/backtest/run-backtest.ts';
import { runBurst } from '../../bench/burst.ts';

describe('createBoundedCounts', () => {
  it('closes each key once, with all that was added', () => {
    const closed: [number, number][] = [];
    const counts = createBoundedCounts((key, count) => closed.push([key, count]));
    for (const key of [1, -2, KEYS_PER_PAGE, 1]) counts.add(key, 1);
    counts.close();
    expect(closed).toEqual([
      [-2, 1],
      [1, 2],
      [KEYS_PER_PAGE, 1],
    ]);
  });

  it('closes the oldest half when too many are open, so that memory does not grow', () => {
    const closed: number[] = [];
    const counts = createBoundedCounts((key) => closed.push(key / KEYS_PER_PAGE), 4);
    for (const page of [5, 1, 4, 2, 3, 6]) counts.add(page * KEYS_PER_PAGE, 1);
    expect(closed).toEqual([1, 2]);
  });
});

describe('createMessageCounts', () => {
  const messagesOf = (windowSeconds: number, calls: readonly (readonly [second: number, calls: number])[]): number => {
    const counts = createMessageCounts(immediateGrouping(windowSeconds));
    for (const [second, count] of calls) counts.add(1000 + second, 'eu-west-1', count);
    return counts.messages();
  };

  it.each([
    [1, 1],
    [2, 2],
    [222, 2],
    [224, 3],
    [1000, 9],
    [10_000, 90],
  ])('makes of %i calls that come at once %i messages', (calls, messages) => {
    expect(messagesOf(0, [[0, calls]])).toBe(messages);
  });

  it.each<[string, readonly (readonly [number, number])[], number]>([
    [
      'tells calls apart that come one in six seconds',
      [
        [0, 1],
        [6, 1],
        [12, 1],
      ],
      3,
    ],
    [
      'reports at once what comes when the last message is over',
      [
        [0, 1],
        [2, 1],
      ],
      2,
    ],
    [
      'tells what comes then all together, since the webhook was not quiet',
      [
        [0, 1],
        [2, 9],
      ],
      2,
    ],
    [
      'reports the first alone again after a quiet time',
      [
        [0, 1],
        [5, 9],
      ],
      3,
    ],
    [
      'folds the rest of a burst with what comes until its slot',
      [
        [0, 10],
        [1, 10],
      ],
      2,
    ],
    [
      'makes one message a second of a burst that goes on',
      [
        [0, 50],
        [1, 50],
        [2, 50],
        [3, 50],
      ],
      4,
    ],
    [
      'takes the time that the folds of a flood need',
      [
        [0, 1000],
        [3, 1],
      ],
      10,
    ],
    [
      'counts a straggler with what waits',
      [
        [0, 2],
        [-KEYS_PER_PAGE, 1],
      ],
      3,
    ],
  ])('%s', (_, calls, messages) => {
    expect(messagesOf(0, calls)).toBe(messages);
  });

  it.each([
    { calls: 1, principals: 1, flows: 1 },
    { calls: 100, principals: 5, flows: 5 },
    { calls: 1000, principals: 25, flows: 40 },
    { calls: 5000, principals: 25, flows: 40 },
  ])('counts no fewer than the notifier posts of $calls calls', async (shape) => {
    const { posts } = await runBurst({ ...shape, batchSize: 10 });
    expect(messagesOf(0, [[0, shape.calls]])).toBeGreaterThanOrEqual(posts);
  });

  it('gathers the calls of a batching window', () => {
    const calls = [
      [0, 1],
      [1, 1],
      [9, 1],
    ] as const;
    expect([messagesOf(0, calls), messagesOf(10, calls)]).toEqual([3, 2]);
  });

  it('tells the calls of two regions apart', () => {
    const counts = createMessageCounts(immediateGrouping(0));
    for (const region of ['eu-west-1', 'us-east-1']) counts.add(1000, region, 2);
    expect(counts.messages()).toBe(4);
  });

  it('makes one digest of what its interval holds', () => {
    const counts = createMessageCounts(digestGrouping(15));
    for (const second of [0, 899, 900]) counts.add(second, 'eu-west-1', 1000);
    expect(counts.messages()).toBe(2);
  });
});

describe('createMinuteCounts', () => {
  it('finds the busiest minute, of equal ones the first', () => {
    const counts = createMinuteCounts();
    for (const [second, calls] of [
      [180, 2],
      [59, 1],
      [60, 1],
      [119, 1],
    ] as const) {
      counts.add(second, calls);
    }
    expect(counts.busiest()).toEqual({ at: '1970-01-01T00:01:00.000Z', calls: 2 });
  });

  it('finds none where there are no calls', () => {
    expect(createMinuteCounts().busiest()).toBeUndefined();
  });
});

describe('createRanking', () => {
  it('ranks by calls, then by name', () => {
    const ranking = createRanking();
    for (const name of ['b', 'a', 'c', 'c']) ranking.add(name, 1, 0);
    expect(ranking.top(2)).toEqual([
      { name: 'c', calls: 2, notified: 0 },
      { name: 'a', calls: 1, notified: 0 },
    ]);
  });

  it('keeps the top when there are too many names', () => {
    const ranking = createRanking(10);
    ranking.add('often', 100, 100);
    for (let index = 0; index < 1000; index++) ranking.add(`name ${index}`, 1, 1);
    expect(ranking.top(1)).toEqual([{ name: 'often', calls: 100, notified: 100 }]);
    expect(ranking.top(1000).length).toBeLessThanOrEqual(10);
  });
});

const NAMED = 'AWSLogs/1/CloudTrail/eu-west-1/2026/11/22/1_CloudTrail_eu-west-1_20261122T2005Z_abc.json.gz';

describe('logFileTime', () => {
  it.each([
    [NAMED, '2026-11-22T20:05:00Z'],
    ['logs/2026/11/22/some.json.gz', '2026-11-22T00:00:00Z'],
  ])('reads the time of %s', (path, time) => {
    expect(logFileTime(path)).toBe(Date.parse(time));
  });

  it('knows nothing of other names', () => {
    expect(logFileTime('trail.json')).toBeUndefined();
  });

  it('puts files of all regions in the order of their time', () => {
    const later = NAMED.replaceAll('eu-west-1', 'ap-south-1').replace('T2005', 'T2010');
    expect(inOrderOfWriting([later, NAMED, 'x.json'])).toEqual(['x.json', NAMED, later]);
  });
});

describe('mayHoldCallsOf', () => {
  const ms = Date.parse;
  it.each([
    ['2026-11-20', '2026-11-21', false],
    ['2026-11-20', '2026-11-22', true],
    ['2026-11-22', '2026-11-23', true],
    ['2026-11-23', '2026-11-24', true],
    ['2026-11-24', '2026-11-25', false],
  ])('says whether the file of 22 November may hold calls from %s until %s', (since, until, expected) => {
    expect(mayHoldCallsOf(NAMED, ms(since), ms(until))).toBe(expected);
  });
});
