import { expect, it } from 'vitest';
import { parseSchedule } from '../../../local/template/schedule-expression.ts';

const at = Date.parse('2026-11-22T20:00:05Z');

it.each([
  ['rate(1 minute)', '2026-11-22T20:01:05.000Z'],
  ['rate(15 minutes)', '2026-11-22T20:15:05.000Z'],
  ['rate(2 hours)', '2026-11-22T22:00:05.000Z'],
  ['rate(1 day)', '2026-11-23T20:00:05.000Z'],
  ['cron(10 0 * * ? *)', '2026-11-23T00:10:00.000Z'],
  ['cron(30 21 ? * * *)', '2026-11-22T21:30:00.000Z'],
])('%s runs next at %s', (expression, expected) => {
  expect(new Date(parseSchedule(expression)(at)).toISOString()).toBe(expected);
});

it.each([
  'rate(0 minutes)',
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(1 week)',
  'cron(60 0 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0/5 * * * ? *)',
  'cron(0 8 ? * MON *)',
  'at(2026-11-22T20:00:00)',
])('does not imitate %s', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(`the schedule ${expression} is not imitated`);
});
