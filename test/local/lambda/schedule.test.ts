import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { scheduledEvent, startSchedule } from '../../../local/lambda/schedule.ts';
import { parseSchedule } from '../../../local/template/schedule-expression.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-22T20:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const run = (expression: string, speed: number, state: 'ENABLED' | 'DISABLED', forMs: number): number => {
  let runs = 0;
  const schedule = {
    name: 's',
    arn: 'a',
    description: undefined,
    state,
    expression,
    next: parseSchedule(expression),
    targets: [],
  };
  const running = startSchedule({
    schedule,
    nowMs: Date.now,
    speed,
    run: () => {
      runs += 1;
    },
  });
  vi.advanceTimersByTime(forMs);
  running.stop();
  vi.advanceTimersByTime(forMs);
  return runs;
};

const HOUR = 3_600_000;

it.each([
  ['rate(15 minutes)', 1, 'ENABLED', HOUR, 4],
  ['rate(15 minutes)', 10, 'ENABLED', HOUR, 40],
  ['rate(15 minutes)', 1, 'DISABLED', HOUR, 0],
  ['cron(10 0 * * ? *)', 1, 'ENABLED', 48 * HOUR, 2],
  ['rate(30 days)', 1, 'ENABLED', 61 * 24 * HOUR, 2],
] as const)('%s at speed %i, %s, for %i ms runs %i times', (expression, speed, state, forMs, expected) => {
  expect(run(expression, speed, state, forMs)).toBe(expected);
});

it('calls as EventBridge does', () => {
  expect(scheduledEvent('arn:rule', { account: '0', region: 'eu-west-1' }, Date.now(), 'id')).toEqual({
    version: '0',
    id: 'id',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '0',
    time: '2026-11-22T20:00:00Z',
    region: 'eu-west-1',
    resources: ['arn:rule'],
    detail: {},
  });
});
