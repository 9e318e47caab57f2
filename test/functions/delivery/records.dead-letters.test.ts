import { describe, expect, it } from 'vitest';
import { sendDeadLetters } from '../../../functions/delivery/records.ts';
import type { DeliveredCall } from '../../../shared/delivery/settle.ts';
import { memoryQueue } from '../memory-queue.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';

const NOW_MS = Date.parse('2026-11-22T20:00:06Z');
const ENDING = { kind: 'dead-lettered', reason: 'malformed', detail: 'record m1 is not JSON' } as const;

const delivered = (body: string): DeliveredCall => ({
  records: [{ messageId: 'm1', receiptHandle: 'r1', body, receiveCount: 1 }],
  notification: undefined,
  deliveryResult: ENDING,
});

/** What is in the dead-letter queue after these bodies were sent there, and what it did not take. */
async function send(bodies: readonly string[], { isDown = false, detail = ENDING.detail as string } = {}) {
  const { queue, deadLetters, state } = memoryQueue({ now: () => NOW_MS, visibilityTimeoutMs: 1, maxReceiveCount: 9 });
  state.isDeadLetterQueueDown = isDown;
  const letters = bodies.map((body) => ({ delivered: delivered(body), deliveryResult: { ...ENDING, detail } }));
  const refused = await sendDeadLetters(letters, { queue, telemetry: recordedTelemetry(), nowMs: NOW_MS });
  return { deadLetters, refused: [...refused].map(({ records: [{ body }] }) => body) };
}

describe('a dead letter', () => {
  it.each([
    ['not JSON', 'not JSON'],
    ['with spaces around', '  {"rule": "changes"}\n'],
    ['JSON that would be written otherwise', '{ "b":1,\t"a" : 1.0, "a": "\\u0041\\/", "n": 1e2 }'],
    ['characters of every kind', '\u2028☠ "x" \\ </script> \u{1f3ac} é e\u0301 \u0000'],
    ['as long as SQS takes', `{"event":"${'x'.repeat(250_000)}"}`],
    ['empty', ''],
  ])('has the body as it came: %s', async (_, body) => {
    const { deadLetters } = await send([body]);
    expect(deadLetters.map((letter) => letter.body)).toEqual([body]);
  });

  it('says what is known of it', async () => {
    const { deadLetters } = await send(['{"rule":"changes","event":{"detail":{"eventID":"e-1"', 'nothing']);
    const known = { reason: 'malformed', detail: 'record m1 is not JSON', receivedAt: '2026-11-22T20:00:06.000Z' };
    expect(deadLetters.map(({ attributes }) => attributes)).toEqual([
      { ...known, eventId: 'e-1', rule: 'changes' },
      { ...known, eventId: 'unknown', rule: 'unknown' },
    ]);
  });

  it('is known also where its JSON has spaces', async () => {
    const { deadLetters } = await send(['{ "rule" : "changes", "event": { "detail": { "eventID" : "e-1"']);
    expect(deadLetters).toMatchObject([{ attributes: { eventId: 'e-1', rule: 'changes' } }]);
  });

  it.each([
    { detail: '', said: 'unknown' },
    { detail: 'x'.repeat(501), said: 'x'.repeat(500) },
  ])('has a detail that SQS takes: neither none nor a long one', async ({ detail, said }) => {
    const { deadLetters } = await send(['{}'], { detail });
    expect(deadLetters).toMatchObject([{ attributes: { detail: said } }]);
  });

  it('that the queue does not take is named, so that its record stays where it is', async () => {
    const bodies = ['a', 'b'];
    expect(await send(bodies, { isDown: true })).toEqual({ deadLetters: [], refused: bodies });
    expect((await send(bodies)).refused).toEqual([]);
  });
});
