import { describe, expect, it } from 'vitest';
import { createClaims, type Known, readKnown } from '../../../functions/delivery/notify-calls.ts';
import type { Claim, Ledger } from '../../../functions/ports.ts';
import type { LatestCalls } from '../../../shared/delivery/memory.ts';
import { type DeliveryResult, keyOf } from '../../../shared/delivery/settle.ts';
import { aNotification, CALLED_AT_MS, type NotificationChanges } from '../../notification-builder.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';

const NOW_MS = CALLED_AT_MS + 5000;
const CLAIMER = { owner: 'one', untilMs: NOW_MS + 45_000 };
const { ledger: memory } = memoryLedger(() => NOW_MS);

describe('claiming calls', () => {
  /** Claims calls in a ledger that says so of each; a call it says nothing of cannot be asked for. */
  async function claim(claims: Readonly<Record<string, Claim | undefined>>) {
    const asked: unknown[] = [];
    const ends: [string, DeliveryResult][] = [];
    const telemetry = recordedTelemetry();
    const notifications = Object.keys(claims).map((eventId) => aNotification({ eventId }));
    const ledger: Ledger = {
      ...memory,
      claim: async (keys, claimer) => {
        asked.push([keys, claimer]);
        return new Map(notifications.flatMap((one) => [[keyOf(one), claims[one.eventId]]]) as [string, Claim][]);
      },
    };
    const mine = await createClaims({
      owner: CLAIMER.owner,
      ledger,
      telemetry,
      now: () => NOW_MS,
      end: ({ eventId }, deliveryResult) => ends.push([eventId, deliveryResult]),
    }).claim(notifications, CLAIMER.untilMs);
    return { mine: mine.map(({ eventId }) => eventId), ends, asked, telemetry };
  }

  it('keeps those that may be reported, and ends the others', async () => {
    const { mine, ends } = await claim({ a: 'claimed', b: 'notified', c: 'busy', d: 'unknown', e: undefined });
    // Rather reported twice than swallowed.
    expect(mine).toEqual(['a', 'd', 'e']);
    expect(ends).toEqual([
      ['b', { kind: 'repeated' }],
      [
        'c',
        { kind: 'waiting', reason: 'another invocation is reporting it', untilMs: NOW_MS + 15_000, isAnothers: true },
      ],
    ]);
  });

  it.each<[number, Readonly<Record<string, Claim>>]>([
    [1, { a: 'claimed', b: 'unknown' }],
    [2, { a: 'unknown', b: 'unknown', c: 'claimed' }],
  ])('says that the ledger cannot be asked of %i', async (calls, claims) => {
    const { telemetry } = await claim(claims);
    expect(telemetry.metrics).toEqual({ LedgerUnavailable: calls });
    expect(telemetry.lines).toEqual([
      { level: 'warn', message: 'the ledger cannot be asked, so calls may be reported twice', details: { calls } },
    ]);
  });

  it('says nothing of a ledger that answers', async () => {
    const { telemetry } = await claim({ a: 'claimed', b: 'notified', c: 'busy' });
    expect({ metrics: telemetry.metrics, lines: telemetry.lines }).toEqual({ metrics: {}, lines: [] });
  });

  it('asks in the name of one attempt, and for nothing where there is nothing', async () => {
    expect((await claim({ a: 'claimed' })).asked).toEqual([[['notified#a#default'], CLAIMER]]);
    expect((await claim({})).asked).toEqual([]);
  });
});

describe('what the channel was notified last', () => {
  const STARTED: LatestCalls = { signal: { calledAtMs: CALLED_AT_MS + 5000, operation: 'StartFlow' } };
  const KEY = 'last#default#flow/AwardsShow';

  /** Reads what is known of the things of some calls in a ledger that answers so. */
  async function read(
    changes: readonly NotificationChanges[],
    { known = new Map(), recall }: { known?: Known; recall: Ledger['recall'] },
  ) {
    const asked: unknown[] = [];
    const telemetry = recordedTelemetry();
    const ledger: Ledger = {
      ...memory,
      recall: (keys) => {
        asked.push(keys);
        return recall(keys);
      },
    };
    await readKnown(
      changes.map((change) => aNotification(change)),
      { ledger, telemetry, known, channelSettings: (name) => ({ mention: name === 'ops' ? { denied: 'here' } : {} }) },
    );
    return { asked, known, telemetry };
  }

  it('is read once for each thing that the calls change', async () => {
    const calls = [{}, {}, { flowName: 'Sports' }, { operation: 'DescribeFlow' }, { errorCode: 'AccessDenied' }];
    const { asked, known } = await read(calls, { recall: async () => new Map([[KEY, STARTED]]) });
    expect(asked).toEqual([[KEY, 'last#default#flow/Sports']]);
    expect(known).toEqual(new Map([[KEY, STARTED]]));
  });

  it('is not read where the order of the calls says nothing', async () => {
    const { asked } = await read([{ operation: 'DescribeFlow' }], { recall: async () => new Map() });
    expect(asked).toEqual([]);
  });

  it('is read together with when somebody was called last, where a channel wants somebody called', async () => {
    const denied = { errorCode: 'AccessDeniedException' };
    const calls = [denied, { ...denied, channel: 'ops' }, { channel: 'ops' }];
    const { asked } = await read(calls, { recall: async () => new Map() });
    expect(asked).toEqual([['mention#ops#denied', 'last#ops#flow/AwardsShow']]);
  });

  it('does not go back behind what this invocation reported', async () => {
    const later: LatestCalls = { signal: { calledAtMs: CALLED_AT_MS + 9000, operation: 'StopFlow' } };
    const other: LatestCalls = { other: { calledAtMs: 1, operation: 'TagResource' } };
    const known: Known = new Map([[KEY, later]]);
    await read([{}], { known, recall: async () => new Map([[KEY, { ...STARTED, ...other }]]) });
    expect(known).toEqual(new Map([[KEY, { ...later, ...other }]]));
  });

  it('is reported without where it cannot be read', async () => {
    const { known, telemetry } = await read([{}], { recall: () => Promise.reject(new Error('out of reach')) });
    expect(known).toEqual(new Map());
    expect(telemetry.lines).toMatchObject([{ level: 'warn', message: 'what was reported before cannot be read' }]);
  });
});
