import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLedger } from '../../../functions/aws/create-ledger.ts';

const TableName = 'ledger';
const NOW_MS = Date.parse('2026-11-22T20:00:00Z');
const clock = { nowMs: NOW_MS };
const options = {
  tableName: TableName,
  now: () => clock.nowMs,
  wait: async () => undefined,
  captureClient: <Client extends object>(client: Client): Client => client,
};

let server: Server;
let client: DynamoDBClient;

beforeAll(async () => {
  server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  client = new DynamoDBClient({});
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});
afterAll(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
  vi.unstubAllEnvs();
});
beforeEach(() => {
  clock.nowMs = NOW_MS;
});

const keysOf = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `told#${name}-${index}#default`);
/** A ledger some of whose requests break before they reach the table. */
const brittleLedger = (breaks: (command: string, count: number) => boolean) => {
  let count = 0;
  return createLedger({
    ...options,
    captureClient: <Client extends object>(real: Client): Client => {
      const { send } = real as { send: (command: object) => Promise<unknown> };
      const brittleSend = async (command: object): Promise<unknown> => {
        count += 1;
        if (breaks(command.constructor.name, count)) throw new Error('socket hang up');
        return send.call(real, command);
      };
      return Object.assign(real, { send: brittleSend });
    },
  });
};
const states = (found: ReadonlyMap<string, string>) => [...new Set(found.values())];

describe('the ledger on DynamoDB', () => {
  it('lets one of two invocations claim a call, until its time is over', async () => {
    const keys = keysOf('claimed', 3);
    const [one, other] = [createLedger(options), createLedger(options)];
    expect(states(await one.claim(keys, NOW_MS + 120_000))).toEqual(['claimed']);
    expect(states(await other.claim(keys, NOW_MS + 120_000))).toEqual(['busy']);
    clock.nowMs += 120_001;
    expect(states(await other.claim(keys, NOW_MS + 240_000))).toEqual(['claimed']);
  });

  it('gives a call to exactly one of many invocations at the same moment', async () => {
    const keys = keysOf('raced', 20);
    const claims = await Promise.all(
      Array.from({ length: 4 }, () => createLedger(options).claim(keys, NOW_MS + 120_000)),
    );
    for (const key of keys) expect(claims.filter((claim) => claim.get(key) === 'claimed')).toHaveLength(1);
  });

  it('asks once more for what a broken request kept from being asked', async () => {
    const keys = keysOf('broken', 100);
    await createLedger(options).markTold(keys.slice(90));
    const ledger = brittleLedger((command, count) => command.startsWith('PutItem') && count === 30);
    const claims = await ledger.claim(keys, NOW_MS + 120_000);
    expect(keys.map((key) => claims.get(key))).toEqual(keys.map((_, index) => (index < 90 ? 'claimed' : 'told')));
  });

  it('lets a refused call wait that it cannot look up', async () => {
    const [key = ''] = keysOf('not looked up', 1);
    await createLedger(options).claim([key], NOW_MS + 120_000);
    const ledger = brittleLedger((command) => command.startsWith('BatchGetItem'));
    expect(states(await ledger.claim([key], NOW_MS + 120_000))).toEqual(['busy']);
  });

  it('gives released calls away again', async () => {
    const keys = keysOf('released', 60);
    const ledger = createLedger(options);
    await ledger.claim(keys, NOW_MS + 120_000);
    await ledger.release(keys);
    expect(states(await ledger.claim(keys, NOW_MS + 120_000))).toEqual(['claimed']);
  });

  it('remembers more told calls than one request takes, for longer than any redelivery', async () => {
    const keys = keysOf('told', 230);
    const ledger = createLedger(options);
    await ledger.markTold(keys);
    clock.nowMs += 100 * 24 * 60 * 60 * 1000;
    expect(states(await ledger.claim(keys, clock.nowMs + 120_000))).toEqual(['told']);
    expect(states(await ledger.lookup([...keys, 'told#another#default']))).toEqual(['told', 'free']);

    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: keys[0] ?? '' } } }));
    expect(Item).toEqual({
      pk: { S: keys[0] },
      toldAtMs: { N: String(NOW_MS) },
      expiresAt: { N: String(NOW_MS / 1000 + 400 * 24 * 60 * 60) },
    });
  });

  it('does not take a call that is being told for told', async () => {
    const ledger = createLedger(options);
    await ledger.claim(keysOf('in progress', 1), NOW_MS + 120_000);
    expect(states(await ledger.lookup(keysOf('in progress', 1)))).toEqual(['free']);
  });

  it('adds up a day and keeps its slowest delivery', async () => {
    const ledger = createLedger(options);
    const key = 'day#2026-11-22#default';
    expect(await ledger.readDay(key)).toBeUndefined();
    await ledger.count(key, { counts: { told: 1, 'resource#flow': 1 }, slowestDeliveryMs: 4000 });
    await ledger.count(key, { counts: { folded: 7, 'resource#flow': 7 }, slowestDeliveryMs: 9000 });
    await ledger.count(key, { counts: { told: 1 }, slowestDeliveryMs: 10 });
    expect(await ledger.readDay(key)).toEqual({
      counts: { told: 2, folded: 7, 'resource#flow': 8 },
      slowestDeliveryMs: 9000,
    });
  });

  describe('slots of a webhook', () => {
    const latestMs = NOW_MS + 80_000;
    const reserve = (ledger: ReturnType<typeof createLedger>, key: string, limits = {}) =>
      ledger.reserveSlot(`pace#${key}`, { nowMs: clock.nowMs, latestMs, ...limits });

    it('are a second apart, whoever asks, and say what was before', async () => {
      const [one, other] = [createLedger(options), createLedger(options)];
      const slots = [await reserve(one, 'apart'), await reserve(other, 'apart'), await reserve(one, 'apart')];
      clock.nowMs += 2999;
      slots.push(await reserve(other, 'apart'));
      clock.nowMs += 60_000;
      slots.push(await reserve(one, 'apart'));
      expect(
        slots.map((slot) => [slot && slot.startMs - NOW_MS, slot?.previousMs && slot.previousMs - NOW_MS]),
      ).toEqual([
        [0, undefined],
        [1000, 0],
        [2000, 1000],
        [3000, 2000],
        [62_999, 3000],
      ]);
    });

    it('are given to one of many invocations at the same moment', async () => {
      const slots = await Promise.all(Array.from({ length: 12 }, () => reserve(createLedger(options), 'raced')));
      expect(slots.map((slot) => slot?.startMs ?? 0).toSorted((one, another) => one - another)).toEqual(
        Array.from({ length: 12 }, (_, index) => NOW_MS + index * 1000),
      );
    });

    it('are not given away where they are too late, and not used up', async () => {
      const ledger = createLedger(options);
      await reserve(ledger, 'late');
      await reserve(ledger, 'late');
      expect(await reserve(ledger, 'late', { latestMs: NOW_MS + 1999 })).toBeUndefined();
      expect(await reserve(ledger, 'late', { latestMs: NOW_MS + 2000 })).toEqual({
        startMs: NOW_MS + 2000,
        previousMs: NOW_MS + 1000,
      });
    });

    it('are not waited for where a wrong clock put them', async () => {
      const ledger = createLedger(options);
      await reserve(ledger, 'wrong', { nowMs: NOW_MS + 3_600_000, latestMs: NOW_MS + 3_700_000 });
      expect(await reserve(ledger, 'wrong')).toEqual({ startMs: NOW_MS, previousMs: undefined });
    });

    it('leave by themselves a day after the last', async () => {
      const ledger = createLedger(options);
      for (let second = 0; second < 5; second += 1) {
        await reserve(ledger, 'steady');
        clock.nowMs += 1010;
      }
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'pace#steady' } } }));
      expect(Item).toEqual({
        pk: { S: 'pace#steady' },
        slotMs: { N: String(NOW_MS + 4040) },
        expiresAt: { N: String(NOW_MS / 1000 + 4 + 24 * 60 * 60) },
      });
    });

    it('are not to be had from a table that cannot be written', async () => {
      await expect(reserve(createLedger({ ...options, tableName: 'no-such-table' }), 'x')).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    });
  });

  it('does not know when the table is out of reach, and says that it cannot write', async () => {
    const ledger = createLedger({ ...options, tableName: 'no-such-table' });
    const keys = keysOf('unknown', 3);
    expect(states(await ledger.claim(keys, NOW_MS))).toEqual(['unknown']);
    expect(states(await ledger.lookup(keys))).toEqual(['unknown']);
    await expect(ledger.markTold(keys)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('does not wait long for a table that never answers', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const ledger = createLedger({ ...options, requestTimeoutMs: 50 });
    expect(states(await ledger.claim(keysOf('silent', 500), NOW_MS))).toEqual(['unknown']);
    await expect(ledger.markTold(keysOf('silent', 500))).rejects.toMatchObject({ name: 'TimeoutError' });
    silent.closeAllConnections();
    silent.close();
  });
});
