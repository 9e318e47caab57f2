import { describe, expect, it } from 'vitest';
import type { Notification } from '../../../shared/notification/notification.ts';
import { renderDigest } from '../../../shared/slack/digest.ts';
import { planMessages } from '../../../shared/slack/plan-messages.ts';
import { aCall } from '../../builders.ts';

const arnOf = (kind: string, id: string): string => `arn:aws:mediaconnect:eu-west-1:111122223333:${kind}:${id}`;
const idOf = (number: number): string => `id${String(number).padStart(5, '0')}`;

/** A call on a router output of which the record has only the ARN. */
const onOutput = (operation: string, number: number, request = {}): Notification =>
  aCall(operation, {
    eventTime: new Date(Date.parse('2026-11-22T20:00:05Z') + number * 1000).toISOString(),
    requestParameters: { arn: arnOf('routerOutput', idOf(number)), ...request },
    responseElements: null,
  });

const take = (output: number, input: string): Notification =>
  aCall('TakeRouterInput', {
    eventTime: new Date(Date.parse('2026-11-22T20:00:05Z') + output * 1000).toISOString(),
    requestParameters: {
      routerOutputArn: arnOf('routerOutput', idOf(output)),
      routerInputArn: arnOf('routerInput', input),
    },
    responseElements: null,
  });

const rowsIn = (notifications: readonly Notification[]): readonly string[] =>
  planMessages(notifications, () => ({}), { firstAlone: false }).flatMap(({ message }) =>
    (message.blocks ?? [])
      .slice(1)
      .flatMap((block) => (block.type === 'section' ? (block.text?.text ?? '').split('\n') : [])),
  );

const many = (count: number, call: (number: number) => Notification): readonly Notification[] =>
  Array.from({ length: count }, (_, number) => call(number));

describe.each([5, 120, 700])('of %i calls on what has only an id', (count) => {
  it.each([
    ['stops', (number: number) => onOutput('StopRouterOutput', number)],
    ['updates', (number: number) => onOutput('UpdateRouterOutput', number, { maximumBitrate: 1000 + number })],
    ['takes', (number: number) => take(number, `in${number}`)],
  ])('each row of %s says which', (_, call) => {
    const text = rowsIn(many(count, call)).join('\n');
    expect(many(count, call).filter((__, number) => !text.includes(idOf(number)))).toEqual([]);
  });

  it('each row of a take says output and input', () => {
    const rows = rowsIn(many(count, (number) => take(number, number % 2 === 0 ? 'evening' : 'morning')));
    for (const [number, input] of [
      [0, 'evening'],
      [1, 'morning'],
      [count - 1, count % 2 === 0 ? 'morning' : 'evening'],
    ] as const) {
      const row = rows.findIndex((text) => text.includes(idOf(number)));
      expect(`${rows[row]}\n${rows[row + 1]}`).toContain(input);
    }
  });
});

it('does not count takes of one output from different inputs together', () => {
  const rows = rowsIn([take(1, 'in-a'), take(1, 'in-b'), take(1, 'in-b'), take(1, 'in-a')]).filter((text) =>
    text.startsWith('🔀'),
  );
  expect(rows.map((text) => [/\d+ ×/.exec(text)?.[0], /in-[ab]/.exec(text)?.[0]])).toEqual([
    [undefined, 'in-a'],
    ['2 ×', 'in-b'],
    [undefined, 'in-a'],
  ]);
});

it('says which in a digest, too', () => {
  const text = JSON.stringify(renderDigest(many(40, (number) => take(number, `in${number}`))));
  expect(many(40, (number) => take(number, '')).filter((_, number) => !text.includes(idOf(number)))).toEqual([]);
  expect(text).toContain('in39');
});
