import { describe, expect, it } from 'vitest';
import { createSettler, type SettlerOptions, waitingKey } from '../../../functions/delivery/records.ts';
import type { Queue } from '../../../functions/ports.ts';
import type { DeliveredCall, DeliveryResult, QueuedRecord, Wait } from '../../../shared/delivery/settle.ts';
import { aNotification, CALLED_AT_MS } from '../../notification-builder.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';

/** Ingested five seconds after the call; a minute after that it is now. */
const NOW_MS = CALLED_AT_MS + 65_000;
const record = (messageId: string, receiveCount = 1): QueuedRecord => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body: `body of ${messageId}`,
  receiveCount,
});

const POSTED: DeliveryResult = { kind: 'posted' };
const REPEATED: DeliveryResult = { kind: 'repeated' };
const DEAD: DeliveryResult = { kind: 'dead-lettered', reason: 'message-refused', detail: 'HTTP 400: invalid_blocks' };
const HANDED_OVER: DeliveryResult = { kind: 'waiting', reason: 'handed over', untilMs: NOW_MS, isHandedOver: true };
const waiting = (waitMs: number, reason = 'HTTP 503'): DeliveryResult => ({
  kind: 'waiting',
  reason,
  untilMs: NOW_MS + waitMs,
});

/** A call whose records are of the batch (`b…`) or were received by the function itself (`o…`). */
const call = (
  deliveryResult: DeliveryResult,
  ids: string,
  channel = 'default',
  ingestedAtMs = CALLED_AT_MS + 5000,
): DeliveredCall => {
  const [first = '', ...others] = ids.split(' ');
  const notification = aNotification({ eventId: `e-${first}`, channel });
  return {
    notification: { ...notification, route: { ...notification.route, ingestedAtMs } },
    records: [record(first), ...others.map((id) => record(id))],
    deliveryResult,
  };
};

interface Refusals {
  readonly letters?: readonly string[];
  readonly remove?: readonly string[];
  readonly changeVisibility?: readonly string[];
  readonly resend?: readonly string[];
}

/** A settler at a queue that refuses some records, by their ids. */
function aSettler(refuses: Refusals = {}, changes: Partial<SettlerOptions> = {}) {
  const done: string[] = [];
  const telemetry = recordedTelemetry();
  const memory = memoryLedger(() => NOW_MS);
  const refused = <Item>(
    items: readonly Item[],
    ids: readonly string[] | undefined,
    recordOf: (item: Item) => QueuedRecord,
  ) => items.filter((item) => ids?.includes(recordOf(item).messageId));
  const log = (what: string, records: readonly (QueuedRecord | Wait)[]): void => {
    const text = records.map((one) => ('record' in one ? `${one.record.messageId}:${one.waitMs}` : one.messageId));
    done.push(`${what} ${text.join(' ')}`);
  };
  const queue: Queue = {
    receive: async () => [],
    sendDeadLetter: async (body, { reason }) => {
      const id = body.replace('body of ', '');
      if (refuses.letters?.includes(id)) throw new Error('out of reach');
      done.push(`letter ${id} ${reason}`);
    },
    remove: async (records) => {
      log('remove', records);
      return refused(records, refuses.remove, (one) => one);
    },
    changeVisibility: async (waits) => {
      log('changeVisibility', waits);
      return refused(waits, refuses.changeVisibility, (one) => one.record);
    },
    resend: async (waits) => {
      log('resend', waits);
      return refused(waits, refuses.resend, (one) => one.record);
    },
    send: async () => [],
  };
  const settler = createSettler({
    queue,
    ledger: memory.ledger,
    telemetry,
    now: () => NOW_MS,
    delivery: 'immediate',
    isOurs: ({ messageId }) => messageId.startsWith('o'),
    ...changes,
  });
  const decisions = () => telemetry.decisions.map(({ eventId, result, reason }) => [eventId, result, reason]);
  return { settler, done, telemetry, memory, decisions };
}

async function settled(delivered: readonly DeliveredCall[], refuses?: Refusals, changes?: Partial<SettlerOptions>) {
  const all = aSettler(refuses, changes);
  for (const one of delivered) all.settler.report(one);
  await all.settler.settle(delivered);
  return { ...all, failures: [...all.settler.failures()] };
}

describe('records that are done with', () => {
  it('are deleted where the function received them, and left to Lambda where they are of the batch', async () => {
    const { done, failures } = await settled([
      call(POSTED, 'b1 o1'),
      call({ kind: 'folded' }, 'o2'),
      call(REPEATED, 'b3 o3'),
    ]);
    expect(done).toEqual(['remove o1 o2 o3']);
    expect(failures).toEqual([]);
  });

  it('come back where the queue keeps them, which is said and fails nothing', async () => {
    const { telemetry, failures } = await settled([call(POSTED, 'o1'), call(POSTED, 'o2')], { remove: ['o2'] });
    expect(telemetry.lines).toEqual([
      { level: 'error', message: 'the queue kept records that are done with', details: { records: 1 } },
    ]);
    expect(failures).toEqual([]);
  });

  it('cost no request where there are none', async () => {
    const { settler, done } = aSettler();
    await settler.settle([]);
    await settler.settle([call(POSTED, 'b1')]);
    expect(done).toEqual([]);
  });
});

describe('records of calls that wait', () => {
  it('are hidden for less than a minute, and those of the batch are failures', async () => {
    const { done, failures } = await settled([call(waiting(59_999), 'b1'), call(waiting(7000), 'o2')]);
    expect(done).toEqual(['changeVisibility b1:59999 o2:7000']);
    expect(failures).toEqual(['b1']);
  });

  it('are sent again from a minute on, and the old ones leave the queue', async () => {
    const { done, failures } = await settled([call(waiting(60_000), 'b1'), call(waiting(300_000), 'o2')]);
    expect(done).toEqual(['resend b1:60000 o2:300000', 'remove o2']);
    expect(failures).toEqual([]);
  });

  it('are hidden after all where they cannot be sent again', async () => {
    const delivered = [call(waiting(60_000), 'b1'), call(waiting(60_000), 'b2'), call(waiting(300_000), 'o3')];
    const { done, failures } = await settled(delivered, { resend: ['b1', 'o3'] });
    expect(done).toEqual(['resend b1:60000 b2:60000 o3:300000', 'changeVisibility b1:60000 o3:300000']);
    expect(failures).toEqual(['b1']);
  });

  it('stay one to a call, whoever received the others', async () => {
    const { done, failures } = await settled([call(waiting(5000), 'b1 b2 o3'), call(waiting(90_000), 'o4 b5 o6')]);
    expect(done).toEqual(['resend o4:90000', 'remove o3 o6 o4', 'changeVisibility b1:5000']);
    expect(failures).toEqual(['b1']);
  });

  it('stay in the batch and in the queue where the function received the same record once more', async () => {
    const twice = call(waiting(0), 'b1');
    const again = { ...twice.records[0], receiptHandle: 'a later handle' };
    const { done, failures } = await settled(
      [{ ...twice, records: [twice.records[0], again] }],
      {},
      { isOurs: ({ receiptHandle }) => receiptHandle === 'a later handle' },
    );
    expect(done).toEqual(['changeVisibility b1:0']);
    expect(failures).toEqual(['b1']);
  });

  it('come back by the queue’s own time where they cannot be hidden, which is said', async () => {
    const { telemetry, failures } = await settled([call(waiting(5000), 'b1'), call(waiting(5000), 'o2')], {
      changeVisibility: ['b1'],
    });
    expect(telemetry.lines).toEqual([
      { level: 'error', message: 'records could not be hidden', details: { records: 1 } },
    ]);
    expect(failures).toEqual(['b1']);
  });

  it('stay out of sight for as long as is asked for', async () => {
    const { done } = await settled([call(waiting(5000), 'o1')], {}, { leastWaitMs: 60_000 });
    expect(done).toEqual(['resend o1:60000', 'remove o1']);
  });

  it('add up over an invocation', async () => {
    const { settler } = aSettler();
    await settler.settle([call(waiting(5000), 'b1')]);
    await settler.settle([call(waiting(5000), 'b2')]);
    expect([...settler.failures()]).toEqual(['b1', 'b2']);
  });
});

describe('records that can never be reported', () => {
  it('leave the queue once the dead-letter queue has them', async () => {
    const { done, failures, decisions } = await settled([call(DEAD, 'b1'), call(DEAD, 'o2 b3')]);
    expect(done).toEqual(['letter b1 message-refused', 'letter o2 message-refused', 'remove o2']);
    expect(failures).toEqual([]);
    expect(decisions()).toEqual([
      ['e-b1', 'dead-lettered', 'message-refused: HTTP 400: invalid_blocks'],
      ['e-o2', 'dead-lettered', 'message-refused: HTTP 400: invalid_blocks'],
    ]);
  });

  it('wait while it does not take them, and are not said to be there', async () => {
    const { done, failures, decisions } = await settled([call(DEAD, 'b1'), call(DEAD, 'o2')], {
      letters: ['b1', 'o2'],
    });
    // They have waited for a minute: back at the next half.
    expect(done).toEqual(['changeVisibility b1:20000 o2:20000']);
    expect(failures).toEqual(['b1']);
    expect(decisions()).toEqual([
      ['e-b1', 'waiting', 'the dead-letter queue did not take it'],
      ['e-o2', 'waiting', 'the dead-letter queue did not take it'],
    ]);
  });

  it('are sent there once, although they are settled with others', async () => {
    const { done } = await settled([call(POSTED, 'o1'), call(DEAD, 'o2'), call(waiting(90_000), 'o3')]);
    expect(done).toEqual(['letter o2 message-refused', 'resend o3:90000', 'remove o1 o2 o3']);
  });
});

describe('the log', () => {
  it('has a line for what was reported at once, so that a crash leaves it, and no second one', async () => {
    const { settler, decisions } = aSettler();
    const delivered = [call(POSTED, 'b1'), call(REPEATED, 'b2'), call(waiting(5000), 'b3'), call(DEAD, 'b4')];
    for (const one of delivered) settler.report(one);
    const early = [
      ['e-b1', 'posted', undefined],
      ['e-b2', 'repeated', 'reported before'],
    ];
    expect(decisions()).toEqual(early);
    await settler.settle(delivered);
    expect(decisions()).toEqual([
      ...early,
      ['e-b3', 'waiting', 'HTTP 503'],
      ['e-b4', 'dead-lettered', 'message-refused: HTTP 400: invalid_blocks'],
    ]);
  });

  it('says nothing of calls that were only handed over', async () => {
    const { decisions, done, failures } = await settled([call(HANDED_OVER, 'b1')]);
    expect(decisions()).toEqual([]);
    expect({ done, failures }).toEqual({ done: ['changeVisibility b1:0'], failures: ['b1'] });
  });
});

describe('what an invocation leaves waiting', () => {
  it('is published by each, and is 0 where nothing waits', async () => {
    const { settler, telemetry, memory } = aSettler();
    await settler.settle([call(POSTED, 'b1'), call(HANDED_OVER, 'b2')]);
    await settler.finish();
    expect(telemetry.metrics).toMatchObject({ WaitingRecords: 0, WaitingAgeMs: 0 });
    expect(memory.waiting).toEqual(new Map());
  });

  it('is published with the age of the oldest, whatever it waits for, and noted for each channel', async () => {
    const delivered = [
      call(waiting(5000), 'b1'),
      call(waiting(5000, 'no usable slack secret'), 'b2', 'ops', NOW_MS - 90_000),
      call(waiting(5000, 'another reason'), 'b3', 'ops', NOW_MS - 30_000),
      call(DEAD, 'b4', 'ops', NOW_MS - 20_000),
    ];
    const { settler, telemetry, memory } = await settled(delivered, { letters: ['b4'] });
    await settler.finish();
    expect(telemetry.metrics).toMatchObject({ WaitingRecords: 4, WaitingAgeMs: 90_000 });
    expect(memory.waiting).toEqual(
      new Map([
        ['immediate#default', { records: 1, sinceMs: NOW_MS - 60_000, reason: 'HTTP 503', notedAtMs: NOW_MS }],
        [
          'immediate#ops',
          { records: 3, sinceMs: NOW_MS - 90_000, reason: 'no usable slack secret', notedAtMs: NOW_MS },
        ],
      ]),
    );
  });

  it('is counted from when it was due for digests, under names of their own', async () => {
    const delivered = [call(waiting(90_000), 'o1'), call(waiting(90_000), 'o2', 'ops', NOW_MS - 50_000)];
    const { settler, telemetry, memory } = await settled(delivered, {}, { delivery: 'digest', dueAfterMs: 55_000 });
    await settler.finish();
    expect(telemetry.metrics).toMatchObject({ DigestWaitingRecords: 2, DigestWaitingAgeMs: 5000 });
    expect(telemetry.metrics).not.toHaveProperty('WaitingRecords');
    expect([...memory.waiting].map(([key, { sinceMs }]) => [key, NOW_MS - sinceMs])).toEqual([
      [waitingKey('digest', 'default'), 5000],
      [waitingKey('digest', 'ops'), 0],
    ]);
  });

  it('is no age for what names no channel and no time', async () => {
    const malformed: DeliveredCall = {
      records: [record('b1')],
      notification: undefined,
      deliveryResult: { ...DEAD, reason: 'malformed' },
    };
    const { settler, telemetry, memory } = await settled([malformed], { letters: ['b1'] });
    await settler.finish();
    expect(telemetry.metrics).toMatchObject({ WaitingRecords: 1, WaitingAgeMs: 0 });
    expect([...memory.waiting.keys()]).toEqual(['immediate#default']);
  });

  it('is no longer noted once calls that had waited are reported', async () => {
    const { settler, memory } = aSettler();
    const note = { records: 1, sinceMs: NOW_MS, reason: 'HTTP 503', notedAtMs: NOW_MS };
    for (const channel of ['default', 'ops', 'security']) memory.waiting.set(`immediate#${channel}`, note);
    const again: DeliveredCall = { ...call(POSTED, 'b1', 'ops', NOW_MS), records: [record('b1', 2)] };
    await settler.settle([
      call(POSTED, 'b2', 'default', NOW_MS - 60_001),
      again,
      call(POSTED, 'b3', 'security', NOW_MS),
    ]);
    await settler.finish();
    // A call that just came says nothing of those that wait.
    expect([...memory.waiting.keys()]).toEqual(['immediate#security']);
  });

  it('is published, and left to be noted by whoever has it in hand', async () => {
    const busy: DeliveredCall = {
      ...call(waiting(5000), 'b1'),
      deliveryResult: { kind: 'waiting', reason: 'busy', untilMs: NOW_MS + 5000, isAnothers: true },
    };
    const { settler, telemetry, memory } = await settled([busy]);
    await settler.finish();
    expect(telemetry.metrics).toMatchObject({ WaitingRecords: 1, WaitingAgeMs: 60_000 });
    expect(memory.waiting).toEqual(new Map());
  });

  it('is no longer noted for digests once one is reported, however new its calls are', async () => {
    const { settler, memory } = aSettler({}, { delivery: 'digest' });
    const note = { records: 1, sinceMs: NOW_MS - 3_600_000, reason: 'HTTP 429', notedAtMs: NOW_MS - 3_600_000 };
    memory.waiting.set('digest#ops', note);
    await settler.settle([call({ kind: 'folded' }, 'b1', 'ops', NOW_MS)]);
    expect(memory.waiting).toEqual(new Map());
  });

  it('is published although it cannot be noted', async () => {
    const { settler, telemetry, memory } = aSettler();
    memory.state.isDown = true;
    await settler.settle([call(waiting(5000), 'b1')]);
    await settler.finish();
    expect(telemetry.metrics).toMatchObject({ WaitingRecords: 1, WaitingAgeMs: 60_000 });
    expect(telemetry.lines).toMatchObject([{ level: 'warn', message: 'what waits was not noted' }]);
  });
});

describe('the day', () => {
  it('is counted once for each channel, without what waits', async () => {
    const delivered = [
      call(POSTED, 'b1'),
      call({ kind: 'folded' }, 'b2'),
      call({ kind: 'folded' }, 'b3', 'ops'),
      call(waiting(5000), 'b4'),
      call(DEAD, 'b5'),
    ];
    const { settler, memory } = await settled(delivered);
    await settler.finish();
    const counts = (key: string) => memory.days.get(key)?.counts;
    expect([...memory.days.keys()].toSorted()).toEqual(['day#2026-11-22#default', 'day#2026-11-22#ops']);
    expect(counts('day#2026-11-22#default')).toMatchObject({ notified: 1, folded: 1, deadLettered: 1 });
    expect(counts('day#2026-11-22#ops')).toMatchObject({ folded: 1 });
  });

  it('that cannot be counted is said, and keeps nothing from being settled', async () => {
    const { settler, memory, telemetry } = await settled([call(POSTED, 'b1')]);
    memory.state.isDown = true;
    await settler.finish();
    expect(telemetry.lines).toMatchObject([
      { level: 'warn', message: 'the day was not counted', details: { channel: 'default' } },
    ]);
  });
});
