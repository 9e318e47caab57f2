import { describe, expect, it } from 'vitest';
import { type AccountKind, costOf, costTable, usageOf } from './cost.ts';

const MEASURED = { notifierUs: 100, digestUs: 80, initMs: 200, firstMs: 58, invocationsASecond: 2.5 };
const SETTINGS = {
  batchSize: 10,
  windowMs: 0,
  concurrency: 4,
  memoryMegabytes: 512,
  digestMinutes: 15,
  alarms: 18,
  dashboards: 1,
  metrics: 13,
  displaySettings: '{}',
};
const kind = (changes: Partial<AccountKind> = {}): AccountKind => ({
  name: 'test',
  notifiedAtOnce: 0,
  bursts: 0,
  digested: 0,
  coldPart: 0,
  ...changes,
});
const usage = (changes: Partial<AccountKind> = {}) => usageOf(kind(changes), MEASURED, SETTINGS);
const total = (changes: Partial<AccountKind> = {}): number =>
  Object.values(costOf(kind(changes), usage(changes), SETTINGS)).reduce((sum, amount) => sum + amount, 0);

describe('usageOf', () => {
  it('counts of an idle account the polls and the digests that find nothing', () => {
    expect(usage()).toEqual({
      // Four pollers three times a minute, and ten receivers of a digest every quarter of an hour.
      sqsRequests: 518_400 + 28_800,
      invocations: 2880,
      // A second of half a gigabyte each.
      gbSeconds: 1440,
      tableWrites: 0,
      tableReads: 0,
      logBytes: 2880 * 2500,
      archiveBytes: 0,
      secretReads: 0,
    });
  });

  it('counts of calls that come alone what each of them costs', () => {
    const { sqsRequests, invocations, tableWrites, tableReads } = usage({ notifiedAtOnce: 1000, bursts: 1000 });
    const idle = usage();
    expect({
      sqsRequests: sqsRequests - idle.sqsRequests,
      invocations: invocations - idle.invocations,
      tableWrites,
      tableReads,
    }).toEqual({
      // Sent, received and deleted: the call, two events of MediaConnect's own, and every other time a look after two minutes.
      sqsRequests: 3 * (1000 + 2000 + 500),
      invocations: 1000 + 2000 + 500,
      // Claim, mark, latest call; slot, end of the turn, day. Two kilobytes with the call, with each of the events, and
      // every other time when the queue has the record of the look.
      tableWrites: 6000 + 2 * (1000 + 2000 + 500),
      // What was reported last; what is remembered of the flow, each time.
      tableReads: 1000 + 1000 + 2000 + 500,
    });
  });

  it('counts of calls that come together what their bursts cost', () => {
    const alone = usage({ notifiedAtOnce: 1000, bursts: 1000 });
    const together = usage({ notifiedAtOnce: 1000, bursts: 2 });
    // Two bursts of five seconds, in which those that hand over are more than those that post.
    expect(together.invocations - usage().invocations).toBe(2 + 10 * 2.5 + 2500 / 10);
    expect(together.tableWrites).toBe(3 * 1000 + 3 * 12 + 6 * 15 + 2 * 3500);
    // Four places look every second whether the one that posts is alive.
    expect(together.tableReads).toBe(1000 + 998 + 10 * 4 + 3500);
    expect(together.gbSeconds).toBeLessThan(alone.gbSeconds);
  });

  it('counts of a function that starts its initialization on a whole processor, and the reads that open connections', () => {
    const [warm, cold] = [0, 1].map((coldPart) => usage({ notifiedAtOnce: 1000, bursts: 1000, coldPart }));
    const seconds = 0.2 + (0.058 * 1769) / 512;
    expect((cold?.gbSeconds ?? 0) - (warm?.gbSeconds ?? 0)).toBeCloseTo(1000 * seconds * 0.5, 6);
    expect((cold?.tableReads ?? 0) - (warm?.tableReads ?? 0)).toBe(3000);
  });

  it('counts of a read its claim and its mark, when it is reported', () => {
    const { tableWrites, tableReads } = usage({ digested: 10_000 });
    expect({ tableWrites, tableReads }).toEqual({ tableWrites: 20_000 + 3 * 2880, tableReads: 0 });
  });

  it('takes longer the slower the function was measured', () => {
    const account = kind({ notifiedAtOnce: 100_000, bursts: 1000, digested: 100_000 });
    const slow = usageOf(account, { ...MEASURED, notifierUs: 200, digestUs: 160 }, SETTINGS);
    // The notifier has two and a half records for each call.
    const work = 100_000 * (3.5 * 100 + 80) * 1e-6;
    const processors = 512 / 1769;
    expect(slow.gbSeconds - usageOf(account, MEASURED, SETTINGS).gbSeconds).toBeCloseTo((work / processors) * 0.5, 6);
  });
});

describe('costOf', () => {
  it('says what an idle account costs, by service', () => {
    const costs = costOf(kind(), usage(), SETTINGS);
    expect(Object.fromEntries(Object.entries(costs).map(([name, amount]) => [name, amount.toFixed(3)]))).toEqual({
      'CloudWatch alarms': '1.800',
      'CloudWatch dashboard': '3.000',
      'metrics of our own': '0.000',
      'Secrets Manager': '0.400',
      Lambda: '0.020',
      SQS: '0.219',
      DynamoDB: '0.000',
      'EventBridge archive': '0.000',
      'logs and traces': '0.018',
    });
  });

  it.each([
    [
      { notifiedAtOnce: 100_000, bursts: 50_000 },
      { notifiedAtOnce: 200_000, bursts: 100_000 },
    ],
    [{ digested: 100_000 }, { digested: 1_000_000 }],
    [
      { notifiedAtOnce: 100_000, bursts: 200 },
      { notifiedAtOnce: 100_000, bursts: 100_000, coldPart: 0.1 },
    ],
  ])('costs more for more: %j, then %j', (less, more) => {
    expect(total(more)).toBeGreaterThan(total(less));
  });
});

it('writes a table of every kind of account, each row whole', () => {
  const rows = costTable(MEASURED, SETTINGS)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  expect(rows[0]).toBe('| USD a month | idle | quiet | busy | flooding |');
  expect(rows.filter((row) => /NaN|Infinity|undefined/.test(row))).toEqual([]);
});
