import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientLimits } from '../../../functions/aws/client.ts';
import { createLedger } from '../../../functions/aws/ledger.ts';
import { createOutside } from '../../../functions/create-dependencies.ts';
import type { Claimer, Ledger, Reservation, SignalItem, SlotRequest, WaitingNote } from '../../../functions/ports.ts';
import type { Memory } from '../../../shared/delivery/memory.ts';
import {
  type KnownState,
  NOTHING_REMEMBERED,
  pruned,
  type TouchingCall,
  type Trouble,
} from '../../../shared/outcome/signal-memory.ts';

const TableName = 'ledger';
const NOW_MS = Date.parse('2026-11-22T20:00:00Z');
const DAY_SECONDS = 24 * 60 * 60;
const flowState: KnownState = {
  eventId: 'one',
  thing: { kind: 'flow', name: 'AwardsShow', arn: 'arn:flow' },
  aspect: 'status',
  state: 'STANDBY',
  atMs: NOW_MS,
};
const clock = { nowMs: NOW_MS };
const outside = {
  now: () => clock.nowMs,
  wait: async () => undefined,
  timeLimit: createOutside().timeLimit,
};
const options = {
  tableName: TableName,
  outside,
  // The table answers, though on a busy machine not always as soon as AWS.
  limits: { requestTimeoutMs: 30_000, callTimeoutMs: 60_000, maxAttempts: 2, silentForMs: 10_000 },
  captureClient: <Client extends object>(client: Client): Client => client,
};

/** How many of the next requests of one kind reach the table without anybody hearing of it. */
const lost = { operation: 'PutItem', requests: 0 };
let table: Server;
let line: Server;
let client: DynamoDBClient;

/** Passes requests on to the table, and loses answers. */
function aLine(port: number): Server {
  return createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    const isLost = operation === lost.operation && lost.requests-- > 0;
    const { method, url: path, headers } = request;
    httpRequest({ port, host: '127.0.0.1', method, path, headers }, async (answer) => {
      const text = Buffer.concat(await answer.toArray());
      if (isLost) request.socket.destroy();
      else response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
    }).end(body);
  });
}

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  table = dynalite({ createTableMs: 0 });
  line = aLine(await listening(table));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${await listening(line)}`);
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
  line.closeAllConnections();
  line.close();
  await new Promise((resolve) => table.close(resolve));
  vi.unstubAllEnvs();
});
beforeEach(() => {
  clock.nowMs = NOW_MS;
});

const itemAt = async (pk: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }))).Item;
const keysOf = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `notified#${name}-${index}#default`);
const claimer = (owner: string, forMs = 120_000): Claimer => ({ owner, untilMs: clock.nowMs + forMs });
const states = (found: ReadonlyMap<string, string>) => [...new Set(found.values())];

type Sent = { readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** A ledger whose requests are answered here, or by the table where there is no answer here. */
function answeredLedger(answer: (sent: Sent, count: number) => object | undefined | Promise<undefined>) {
  const sent: Sent[] = [];
  const ledger = createLedger({
    ...options,
    captureClient: <Client extends object>(real: Client): Client => {
      const { send } = real as { send: (command: object, given?: object) => Promise<unknown> };
      const answering = async (command: { readonly input: Sent['input'] }, given?: object): Promise<unknown> => {
        const one = { name: command.constructor.name, input: command.input };
        sent.push(one);
        return (await answer(one, sent.length)) ?? send.call(real, command, given);
      };
      return Object.assign(real, { send: answering });
    },
  });
  return { ledger, sent };
}

/** A ledger some of whose requests break before they reach the table. */
const brittleLedger = (breaks: (command: string, count: number) => boolean) =>
  answeredLedger(({ name }, count) => {
    if (breaks(name, count)) throw new Error('socket hang up');
    return undefined;
  }).ledger;

describe('claims', () => {
  it('let one of two invocations have a call, until its time is over', async () => {
    const keys = keysOf('claimed', 3);
    const [one, other] = [createLedger(options), createLedger(options)];
    expect(states(await one.claim(keys, claimer('one')))).toEqual(['claimed']);
    expect(states(await other.claim(keys, claimer('other')))).toEqual(['busy']);
    clock.nowMs += 120_000;
    expect(states(await other.claim(keys, claimer('other')))).toEqual(['busy']);
    clock.nowMs += 1;
    expect(states(await other.claim(keys, claimer('other')))).toEqual(['claimed']);
    expect(states(await one.claim(keys, claimer('one')))).toEqual(['busy']);
  });

  it('cost one request each where nobody is in the way', async () => {
    const { ledger, sent } = answeredLedger(() => undefined);
    await ledger.claim(keysOf('free', 3), claimer('one'));
    expect(sent.map(({ name }) => name)).toEqual(Array(3).fill('PutItemCommand'));
  });

  it('go to exactly one of many invocations at the same moment', async () => {
    const keys = keysOf('raced', 20);
    const claims = await Promise.all(
      ['a', 'b', 'c', 'd'].map((owner) => createLedger(options).claim(keys, claimer(owner))),
    );
    for (const key of keys) expect(claims.filter((claim) => claim.get(key) === 'claimed')).toHaveLength(1);
  });

  it.each([1, 2])('are the owner’s own although %i answers got lost', async (requests) => {
    const [key = ''] = keysOf(`lost ${requests}`, 1);
    Object.assign(lost, { operation: 'PutItem', requests });
    const ledger = createLedger(options);
    expect(states(await ledger.claim([key], claimer('one')))).toEqual(['claimed']);
    expect(lost.requests).toBeLessThanOrEqual(0);
    expect(states(await createLedger(options).claim([key], claimer('other')))).toEqual(['busy']);
  });

  it('are held by an item that leaves by itself a day later', async () => {
    const [key = ''] = keysOf('an item', 1);
    await createLedger(options).claim([key], claimer('one'));
    expect(await itemAt(key)).toEqual({
      pk: { S: key },
      owner: { S: 'one' },
      busyUntilMs: { N: String(NOW_MS + 120_000) },
      expiresAt: { N: String(NOW_MS / 1000 + DAY_SECONDS) },
    });
  });

  it('hold for somebody whose clock is some seconds ahead', async () => {
    const [key = ''] = keysOf('skewed', 1);
    await createLedger(options).claim([key], claimer('one', 130_000));
    clock.nowMs += 125_000;
    expect(states(await createLedger(options).claim([key], claimer('other')))).toEqual(['busy']);
  });

  it('are not to be had for what was reported, also where a refusal does not say what is in the way', async () => {
    const keys = keysOf('reported and silent', 3);
    await createLedger(options).markNotified(keys.slice(0, 1));
    await createLedger(options).claim(keys.slice(1, 2), claimer('one'));
    const { ledger, sent } = answeredLedger(({ name }) => {
      if (name !== 'PutItemCommand') return undefined;
      throw Object.assign(new Error('the condition failed'), { name: 'ConditionalCheckFailedException' });
    });
    const claims = await ledger.claim(keys.slice(0, 2), claimer('other'));
    expect([...claims.values()]).toEqual(['notified', 'busy']);
    expect(sent.map(({ name }) => name)).toEqual(['PutItemCommand', 'PutItemCommand', 'BatchGetItemCommand']);
  });

  it('need no second look where the refusal shows what is in the way', async () => {
    const [key = ''] = keysOf('reported and shown', 1);
    const { ledger, sent } = answeredLedger(({ input }) => {
      expect(input).toMatchObject({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
      throw Object.assign(new Error('the condition failed'), {
        name: 'ConditionalCheckFailedException',
        Item: { pk: { S: key }, notifiedAtMs: { N: '1' } },
      });
    });
    expect(states(await ledger.claim([key], claimer('one')))).toEqual(['notified']);
    expect(sent).toHaveLength(1);
  });

  it('are asked for once more where a broken request kept them from being asked', async () => {
    const keys = keysOf('broken', 100);
    await createLedger(options).markNotified(keys.slice(90));
    const ledger = brittleLedger((command, count) => command.startsWith('PutItem') && count === 30);
    const claims = await ledger.claim(keys, claimer('one'));
    expect(keys.map((key) => claims.get(key))).toEqual(keys.map((_, index) => (index < 90 ? 'claimed' : 'notified')));
  });

  it('are busy where they are refused and cannot be looked up', async () => {
    const [key = ''] = keysOf('not looked up', 1);
    await createLedger(options).claim([key], claimer('one'));
    const ledger = brittleLedger((command) => command.startsWith('BatchGetItem'));
    expect(states(await ledger.claim([key], claimer('other')))).toEqual(['busy']);
  });

  it('are not asked for one after another where the table is out of reach', async () => {
    const { ledger, sent } = answeredLedger(() => Promise.reject(new Error('socket hang up')));
    expect(states(await ledger.claim(keysOf('many', 500), claimer('one')))).toEqual(['unknown']);
    expect(sent.filter(({ name }) => name === 'PutItemCommand').length).toBeLessThanOrEqual(25);
  });

  it('are unknown where the table is out of reach', async () => {
    const ledger = createLedger({ ...options, tableName: 'no-such-table' });
    expect(states(await ledger.claim(keysOf('unknown', 3), claimer('one')))).toEqual(['unknown']);
  });
});

describe('releasing', () => {
  it('gives more calls away again than one request takes', async () => {
    const keys = keysOf('released', 60);
    const ledger = createLedger(options);
    await ledger.claim(keys, claimer('one'));
    await ledger.release(keys, 'one');
    expect(states(await ledger.claim(keys, claimer('other')))).toEqual(['claimed']);
  });

  it('deletes neither another’s claim nor a mark', async () => {
    const keys = keysOf('not ours', 3);
    const ledger = createLedger(options);
    await ledger.claim(keys, claimer('one'));
    await ledger.markNotified(keys.slice(0, 1));
    clock.nowMs += 120_001;
    await ledger.claim(keys.slice(1, 2), claimer('other'));
    await ledger.release(keys, 'one');
    const claims = await ledger.claim(keys, claimer('third'));
    expect([...claims.values()]).toEqual(['notified', 'busy', 'claimed']);
  });

  it('is done although its answer got lost', async () => {
    const keys = keysOf('release lost', 1);
    const ledger = createLedger(options);
    await ledger.claim(keys, claimer('one'));
    Object.assign(lost, { operation: 'DeleteItem', requests: 1 });
    await ledger.release(keys, 'one');
    expect(states(await ledger.claim(keys, claimer('other')))).toEqual(['claimed']);
  });

  it('says that it cannot', async () => {
    const ledger = createLedger({ ...options, tableName: 'no-such-table' });
    await expect(ledger.release(keysOf('x', 1), 'one')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('marks', () => {
  it('are remembered for more calls than one request takes, for longer than any redelivery', async () => {
    const keys = keysOf('notified', 230);
    const { ledger, sent } = answeredLedger(() => undefined);
    await ledger.markNotified(keys);
    const sizes = sent.map(
      ({ input }) => (input.RequestItems as Record<string, readonly unknown[]>)[TableName]?.length,
    );
    expect(sizes).toEqual([25, 25, 25, 25, 25, 25, 25, 25, 25, 5]);
    clock.nowMs += 100 * DAY_SECONDS * 1000;
    expect(states(await ledger.claim(keys, claimer('one')))).toEqual(['notified']);
    expect(await itemAt(keys[0] ?? '')).toEqual({
      pk: { S: keys[0] },
      notifiedAtMs: { N: String(NOW_MS) },
      expiresAt: { N: String(NOW_MS / 1000 + 400 * DAY_SECONDS) },
    });
  });

  it('take the place of one’s own claim', async () => {
    const keys = keysOf('claimed and reported', 1);
    const ledger = createLedger(options);
    await ledger.claim(keys, claimer('one'));
    await ledger.markNotified(keys);
    expect(states(await ledger.claim(keys, claimer('one')))).toEqual(['notified']);
  });

  it('are not to be had from a table that cannot be written', async () => {
    const ledger = createLedger({ ...options, tableName: 'no-such-table' });
    await expect(ledger.markNotified(keysOf('x', 1))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('what could not be read', () => {
  it('is not taken for free', async () => {
    const keys = keysOf('unread', 2);
    await createLedger(options).markNotified(keys);
    const { ledger } = answeredLedger(({ name, input }) => {
      if (name === 'BatchGetItemCommand') return { Responses: {}, UnprocessedKeys: input.RequestItems };
      throw Object.assign(new Error('the condition failed'), { name: 'ConditionalCheckFailedException' });
    });
    expect(states(await ledger.claim(keys, claimer('one')))).toEqual(['busy']);
  });
});

it('reads single items consistently', async () => {
  const { ledger, sent } = answeredLedger(() => ({}));
  await ledger.readDay('day#2026-11-22#x');
  await ledger.readWaiting('immediate#x');
  expect(sent.map(({ name, input }) => [name, input.ConsistentRead])).toEqual([
    ['GetItemCommand', true],
    ['GetItemCommand', true],
  ]);
});

describe('slots of a webhook', () => {
  const latestMs = NOW_MS + 80_000;
  const reserve = (ledger: Ledger, key: string, request: Partial<SlotRequest> = {}): Promise<Reservation> =>
    ledger.reserveSlot(`webhook#${key}`, { nowMs: clock.nowMs, latestMs, ...request });
  const startOf = (reservation: Reservation): number | undefined =>
    reservation.kind === 'granted' ? reservation.slot.startMs - NOW_MS : undefined;
  const turn = (owner: string, forMs = 30_000) => ({ turn: claimer(owner, forMs) });

  it('are a second apart, whoever asks, and say what was before', async () => {
    const [one, other] = [createLedger(options), createLedger(options)];
    const given = [await reserve(one, 'apart'), await reserve(other, 'apart'), await reserve(one, 'apart')];
    clock.nowMs += 2999;
    given.push(await reserve(other, 'apart'));
    clock.nowMs += 60_000;
    given.push(await reserve(one, 'apart'));
    const slot = (startMs: number, previousMs?: number) => ({
      kind: 'granted',
      slot: { startMs: NOW_MS + startMs, previousMs: previousMs === undefined ? undefined : NOW_MS + previousMs },
      block: undefined,
    });
    expect(given).toEqual([slot(0), slot(1000, 0), slot(2000, 1000), slot(3000, 2000), slot(62_999, 3000)]);
  });

  it('are given to one of many invocations at the same moment', async () => {
    const given = await Promise.all(Array.from({ length: 12 }, () => reserve(createLedger(options), 'raced')));
    expect(given.map(startOf).toSorted((one = 0, another = 0) => one - another)).toEqual(
      Array.from({ length: 12 }, (_, index) => index * 1000),
    );
  });

  it('are not given away where they are too late, and not used up', async () => {
    const ledger = createLedger(options);
    await reserve(ledger, 'late');
    await reserve(ledger, 'late');
    expect(await reserve(ledger, 'late', { latestMs: NOW_MS + 1999 })).toEqual({ kind: 'too-late' });
    expect(startOf(await reserve(ledger, 'late', { latestMs: NOW_MS + 2000 }))).toBe(2000);
    // The time is up before it was asked for, with a last slot and without one.
    expect(await reserve(ledger, 'late', { latestMs: NOW_MS - 1 })).toEqual({ kind: 'too-late' });
    expect(await reserve(ledger, 'never', { latestMs: NOW_MS - 1 })).toEqual({ kind: 'too-late' });
    expect(startOf(await reserve(ledger, 'never', { latestMs: NOW_MS }))).toBe(0);
  });

  it('are not waited for where a wrong clock put them', async () => {
    const ledger = createLedger(options);
    await reserve(ledger, 'wrong', { nowMs: NOW_MS + 3_600_000, latestMs: NOW_MS + 3_700_000 });
    expect(await reserve(ledger, 'wrong')).toEqual({
      kind: 'granted',
      slot: { startMs: NOW_MS, previousMs: undefined },
      block: undefined,
    });
  });

  it('move to when they are used, unless somebody queued up behind them', async () => {
    const ledger = createLedger(options);
    const mine = await reserve(ledger, 'moved');
    const slot = mine.kind === 'granted' ? mine.slot : { startMs: 0, previousMs: undefined };
    expect(await ledger.moveSlot('webhook#moved', slot, NOW_MS + 700)).toBe(true);
    expect(startOf(await reserve(ledger, 'moved'))).toBe(1700);
    expect(await ledger.moveSlot('webhook#moved', slot, NOW_MS + 900)).toBe(false);
    expect(startOf(await reserve(ledger, 'moved'))).toBe(2700);
    const elsewhere = createLedger({ ...options, tableName: 'no-such-table' });
    await expect(elsewhere.moveSlot('webhook#moved', slot, NOW_MS)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('leave by themselves a day after the last', async () => {
    const ledger = createLedger(options);
    for (let second = 0; second < 5; second += 1) {
      await reserve(ledger, 'steady');
      clock.nowMs += 1010;
    }
    expect(await itemAt('webhook#steady')).toEqual({
      pk: { S: 'webhook#steady' },
      slotMs: { N: String(NOW_MS + 4040) },
      expiresAt: { N: String(NOW_MS / 1000 + 4 + DAY_SECONDS) },
    });
  });

  it('are not to be had from a table that cannot be written', async () => {
    await expect(reserve(createLedger({ ...options, tableName: 'no-such-table' }), 'x')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('are not said to be taken, or too late, where the request broke', async () => {
    const ledger = brittleLedger((command) => command.startsWith('UpdateItem'));
    await expect(reserve(ledger, 'broken request')).rejects.toThrow('socket hang up');
  });

  it('are had by one request where nothing changed in the way of asking', async () => {
    const { ledger, sent } = answeredLedger(() => undefined);
    await reserve(ledger, 'one request');
    expect(sent).toHaveLength(1);
    await reserve(ledger, 'one request');
    await reserve(ledger, 'one request');
    // The second found its form at the second attempt, and the third kept to it.
    expect(sent.filter(({ name }) => name === 'UpdateItemCommand')).toHaveLength(4);
  });

  it('are asked for a third time when somebody came in between', async () => {
    let comesIn = false;
    const { ledger } = answeredLedger(async ({ input }) => {
      // This one asks for the present, as the webhook was quiet until now.
      if (!comesIn || !String(input.ConditionExpression).includes('attribute_not_exists(slotMs)')) return undefined;
      comesIn = false;
      await reserve(createLedger(options), 'in between');
      return undefined;
    });
    await reserve(ledger, 'in between');
    await reserve(ledger, 'in between');
    clock.nowMs += 10_000;
    comesIn = true;
    expect(startOf(await reserve(ledger, 'in between'))).toBe(11_000);
    expect(comesIn).toBe(false);
  });

  describe('of a blocked webhook', () => {
    const block = (sinceMs: number, untilMs: number) => ({ sinceMs: NOW_MS + sinceMs, untilMs: NOW_MS + untilMs });

    it('are not given away until the block is over, and then say what the trouble was', async () => {
      const ledger = createLedger(options);
      await reserve(ledger, 'blocked');
      await ledger.setBlock('webhook#blocked', block(-20_000, 10_000));
      clock.nowMs += 9999;
      expect(await reserve(ledger, 'blocked')).toEqual({ kind: 'blocked', block: block(-20_000, 10_000) });
      clock.nowMs += 1;
      expect(await reserve(ledger, 'blocked')).toEqual({
        kind: 'granted',
        slot: { startMs: NOW_MS + 10_000, previousMs: NOW_MS },
        block: block(-20_000, 10_000),
      });
    });

    it('are given away again once it took a post', async () => {
      const ledger = createLedger(options);
      await ledger.setBlock('webhook#well again', block(0, 60_000));
      await ledger.setBlock('webhook#well again', undefined);
      expect(await reserve(ledger, 'well again')).toMatchObject({ kind: 'granted', block: undefined });
    });

    it.each([
      { aheadMs: 6 * 60_000, kind: 'blocked' },
      { aheadMs: 6 * 60_000 + 1, kind: 'granted' },
    ])('are $kind where a clock wrote $aheadMs ms ahead', async ({ aheadMs, kind }) => {
      const ledger = createLedger(options);
      await ledger.setBlock(`webhook#ahead ${kind}`, block(0, aheadMs));
      expect(await reserve(ledger, `ahead ${kind}`)).toMatchObject({ kind });
    });
  });

  describe('in turn', () => {
    it('go to whoever has the turn, until it is over', async () => {
      const ledger = createLedger(options);
      expect(startOf(await reserve(ledger, 'turn', turn('one')))).toBe(0);
      expect(await reserve(ledger, 'turn', turn('other'))).toEqual({
        kind: 'taken',
        nextPostMs: NOW_MS,
        block: undefined,
      });
      expect(startOf(await reserve(ledger, 'turn', turn('one')))).toBe(1000);
      expect(await reserve(ledger, 'turn', turn('other'))).toEqual({
        kind: 'taken',
        nextPostMs: NOW_MS + 1000,
        block: undefined,
      });
      clock.nowMs += 29_999;
      expect(await reserve(ledger, 'turn', turn('other'))).toMatchObject({ kind: 'taken' });
      clock.nowMs += 1;
      expect(startOf(await reserve(ledger, 'turn', turn('other')))).toBe(30_000);
      expect(await reserve(ledger, 'turn', turn('one'))).toMatchObject({ kind: 'taken' });
    });

    it('are renewed with each slot', async () => {
      const ledger = createLedger(options);
      await reserve(ledger, 'renewed', turn('one'));
      clock.nowMs += 25_000;
      await reserve(ledger, 'renewed', turn('one'));
      clock.nowMs += 25_000;
      expect(await reserve(ledger, 'renewed', turn('other'))).toMatchObject({ kind: 'taken' });
    });

    it('have one owner, of many that ask at the same moment', async () => {
      const given = await Promise.all(
        Array.from({ length: 12 }, (_, index) => reserve(createLedger(options), 'raced turn', turn(`${index}`))),
      );
      expect(given.map(({ kind }) => kind).toSorted()).toEqual([
        'granted',
        ...Array.from({ length: 11 }, () => 'taken'),
      ]);
    });

    it('do not keep a single post from its slot', async () => {
      const ledger = createLedger(options);
      await reserve(ledger, 'beside', turn('one'));
      expect(startOf(await reserve(ledger, 'beside'))).toBe(1000);
      // Nor does the single post end the turn.
      expect(await reserve(ledger, 'beside', turn('other'))).toMatchObject({ kind: 'taken' });
    });

    it('are kept as long as an invocation may last, and not by a clock that was wrong', async () => {
      const ledger = createLedger(options);
      await reserve(ledger, 'longest turn', turn('one', 15 * 60_000));
      expect(await reserve(ledger, 'longest turn', turn('other'))).toMatchObject({ kind: 'taken' });
      await reserve(ledger, 'long turn', turn('one', 15 * 60_000 + 1));
      expect(startOf(await reserve(ledger, 'long turn', turn('other')))).toBe(1000);
    });

    it('are taken, and not blocked, once the block is over, and say what the trouble was', async () => {
      const ledger = createLedger(options);
      const block = { sinceMs: NOW_MS - 60_000, untilMs: NOW_MS };
      await ledger.setBlock('webhook#over and taken', block);
      await reserve(ledger, 'over and taken', turn('one'));
      expect(await reserve(ledger, 'over and taken', turn('other'))).toEqual({
        kind: 'taken',
        nextPostMs: NOW_MS,
        block,
      });
    });

    it('are reported to be taken, and blocked, where the refusal does not show why', async () => {
      const real = createLedger(options);
      await reserve(real, 'unshown', turn('one'));
      const { ledger, sent } = answeredLedger(({ name }) => {
        if (name !== 'UpdateItemCommand') return undefined;
        throw Object.assign(new Error('the condition failed'), { name: 'ConditionalCheckFailedException' });
      });
      expect(await reserve(ledger, 'unshown', turn('other'))).toEqual({
        kind: 'taken',
        nextPostMs: NOW_MS,
        block: undefined,
      });
      expect(sent.map(({ name }) => name)).toEqual(['UpdateItemCommand', 'GetItemCommand']);
      await real.setBlock('webhook#unshown', { sinceMs: NOW_MS, untilMs: NOW_MS + 5000 });
      expect(await reserve(ledger, 'unshown', turn('other'))).toMatchObject({ kind: 'blocked' });
    });

    it('are given back with the slot that was not used', async () => {
      const ledger = createLedger(options);
      await reserve(ledger, 'given back', turn('one'));
      clock.nowMs += 5000;
      const second = await reserve(ledger, 'given back', turn('one'));
      await ledger.endTurn('webhook#given back', 'one', second.kind === 'granted' ? second.slot : undefined);
      expect(await reserve(ledger, 'given back', turn('other'))).toEqual({
        kind: 'granted',
        slot: { startMs: NOW_MS + 5000, previousMs: NOW_MS },
        block: undefined,
      });
    });

    it('give back the first slot of a webhook as if it had never been', async () => {
      const ledger = createLedger(options);
      const first = await reserve(ledger, 'first back', turn('one'));
      await ledger.endTurn('webhook#first back', 'one', first.kind === 'granted' ? first.slot : undefined);
      expect(startOf(await reserve(ledger, 'first back', turn('other')))).toBe(0);
    });

    it('keep the slot where somebody queued up behind it', async () => {
      const ledger = createLedger(options);
      const mine = await reserve(ledger, 'queued', turn('one'));
      await reserve(ledger, 'queued');
      await ledger.endTurn('webhook#queued', 'one', mine.kind === 'granted' ? mine.slot : undefined);
      expect(startOf(await reserve(ledger, 'queued', turn('other')))).toBe(2000);
    });

    it('are not ended by somebody whose turn is over', async () => {
      const ledger = createLedger(options);
      const mine = await reserve(ledger, 'over', turn('one'));
      clock.nowMs += 30_000;
      await reserve(ledger, 'over', turn('other'));
      await ledger.endTurn('webhook#over', 'one', mine.kind === 'granted' ? mine.slot : undefined);
      expect(await reserve(ledger, 'over', turn('third'))).toMatchObject({ kind: 'taken' });
    });

    it('say where they cannot be given back', async () => {
      const ledger = createLedger({ ...options, tableName: 'no-such-table' });
      const slot = { startMs: NOW_MS, previousMs: undefined };
      for (const unused of [slot, undefined]) {
        await expect(ledger.endTurn('webhook#x', 'one', unused)).rejects.toMatchObject({
          name: 'ResourceNotFoundException',
        });
      }
    });

    it('are the owner’s own although the answer got lost', async () => {
      Object.assign(lost, { operation: 'UpdateItem', requests: 1 });
      expect(await reserve(createLedger(options), 'lost turn', turn('one'))).toMatchObject({ kind: 'granted' });
    });
  });
});

describe('what else is remembered', () => {
  const mention = (madeAtMs: number, heldBack = 0) => ({ mention: { madeAtMs, heldBack } });
  const name = (text: string, namedAtMs: number) => ({ name: { name: text, namedAtMs } });
  const remembered = async (key: string, ...memories: readonly Memory[]): Promise<Memory | undefined> => {
    const ledger = createLedger(options);
    for (const memory of memories) await ledger.remember(new Map([[key, memory]]));
    return (await ledger.recall([key])).get(key);
  };

  it.each<[string, readonly Memory[], Memory]>([
    ['a mention', [mention(1000)], mention(1000)],
    ['the later mention', [mention(2000), mention(1000, 7)], mention(2000)],
    ['the later mention, with nothing held back', [mention(1000, 7), mention(2000)], mention(2000)],
    ['how many calls were held back', [mention(1000), mention(1000, 2), mention(1000, 5)], mention(1000, 5)],
    ['no fewer than were held back', [mention(1000, 5), mention(1000, 2)], mention(1000, 5)],
    ['not what a wrong clock wrote', [mention(NOW_MS + 3_600_000), mention(NOW_MS)], mention(NOW_MS)],
    ['a name', [name('cdn-north', 1000)], name('cdn-north', 1000)],
    ['the later name', [name('cdn-south', 2000), name('cdn-north', 1000)], name('cdn-south', 2000)],
  ])('is %s', async (what, memories, expected) => {
    expect(await remembered(`memory of ${what}`, ...memories)).toEqual(expected);
  });

  it('is kept for two days where it is a mention, and for a year where it is a name', async () => {
    await remembered('kept mention', mention(1000));
    await remembered('kept name', name('cdn-north', 1000));
    expect((await itemAt('kept mention'))?.expiresAt).toEqual({ N: String(NOW_MS / 1000 + 2 * DAY_SECONDS) });
    expect((await itemAt('kept name'))?.expiresAt).toEqual({ N: String(NOW_MS / 1000 + 366 * DAY_SECONDS) });
  });
});

describe('the latest calls that were reported', () => {
  const key = (name: string): string => `last#default#flow/${name}`;
  const call = (calledAtMs: number, operation: string) => ({ calledAtMs, operation });

  it('are kept apart for what touches the signal, and never go back', async () => {
    const ledger = createLedger(options);
    await ledger.remember(new Map([[key('a'), { signal: call(2000, 'StartFlow'), other: call(1000, 'UpdateFlow') }]]));
    await ledger.remember(new Map([[key('a'), { signal: call(1999, 'StopFlow'), other: call(3000, 'TagResource') }]]));
    await ledger.remember(new Map([[key('b'), { other: call(5, 'UpdateFlow') }]]));
    expect(await ledger.recall([key('a'), key('b'), key('c')])).toEqual(
      new Map([
        [key('a'), { signal: call(2000, 'StartFlow'), other: call(3000, 'TagResource') }],
        [key('b'), { other: call(5, 'UpdateFlow') }],
      ]),
    );
  });

  it('are known for as long as a call can be late', async () => {
    await createLedger(options).remember(new Map([[key('kept'), { signal: call(1000, 'StopFlow') }]]));
    expect(await itemAt(key('kept'))).toEqual({
      pk: { S: key('kept') },
      signalAtMs: { N: '1000' },
      signalOperation: { S: 'StopFlow' },
      expiresAt: { N: String(NOW_MS / 1000 + 45 * DAY_SECONDS) },
    });
  });

  it('are reported whoever comes first when two note at the same moment', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        createLedger(options).remember(new Map([[key('raced'), { signal: call(index, `Call${index}`) }]])),
      ),
    );
    expect(await createLedger(options).recall([key('raced')])).toEqual(
      new Map([[key('raced'), { signal: call(9, 'Call9') }]]),
    );
  });

  it('say where they cannot be read or written', async () => {
    const ledger = createLedger({ ...options, tableName: 'no-such-table' });
    const error = { name: 'ResourceNotFoundException' };
    await expect(ledger.recall([key('a')])).rejects.toMatchObject(error);
    await expect(ledger.remember(new Map([[key('a'), { signal: call(1, 'StopFlow') }]]))).rejects.toMatchObject(error);
  });
});

describe('what was said of a call', () => {
  it('is kept for three days, beside the call that was reported', async () => {
    const ledger = createLedger(options);
    await ledger.markNotified(['notified#said#x'], new Map([['said#e1#x', { said: '[["jane"]]' }]]));
    expect(await ledger.recall(['said#e1#x'])).toEqual(new Map([['said#e1#x', { said: '[["jane"]]' }]]));
    expect((await itemAt('said#e1#x'))?.expiresAt).toEqual({ N: String(NOW_MS / 1000 + 3 * DAY_SECONDS) });
    expect((await itemAt('notified#said#x'))?.expiresAt).toEqual({ N: String(NOW_MS / 1000 + 400 * DAY_SECONDS) });
  });
});

describe('what is remembered of a flow', () => {
  const memory = { ...NOTHING_REMEMBERED, states: [flowState] };
  const unsent = [{ body: '{"check":{}}', dueAtMs: NOW_MS + 120_000, atMs: NOW_MS }];
  const read = async (arn: string) => createLedger(options).readSignals(arn);

  it('is nothing at first, and then what was written', async () => {
    const ledger = createLedger(options);
    expect(await ledger.readSignals('arn:a')).toEqual({ memory: NOTHING_REMEMBERED, unsent: [], version: 0 });
    expect(await ledger.writeSignals('arn:a', { memory, unsent, version: 1 })).toBeUndefined();
    expect(await read('arn:a')).toEqual({ memory, unsent, version: 1 });
  });

  it('is not written over another version, which is shown instead', async () => {
    const ledger = createLedger(options);
    await ledger.writeSignals('arn:b', { memory, unsent, version: 1 });
    const other = { memory: NOTHING_REMEMBERED, unsent: [], version: 1 };
    expect(await ledger.writeSignals('arn:b', other)).toEqual({ memory, unsent, version: 1 });
    expect(await ledger.writeSignals('arn:b', { ...other, version: 3 })).toEqual({ memory, unsent, version: 1 });
    expect(await ledger.writeSignals('arn:b', { ...other, version: 2 })).toBeUndefined();
    expect(await read('arn:b')).toEqual({ ...other, version: 2 });
  });

  it('is written once by one of two at the same moment', async () => {
    const ledger = createLedger(options);
    const items = ['one', 'two'].map((body) => ({ memory, unsent: [{ ...unsent[0], body }], version: 1 }));
    const others = await Promise.all(items.map((item) => ledger.writeSignals('arn:c', item as SignalItem)));
    expect(others.filter((other) => other === undefined)).toHaveLength(1);
  });

  it('is written although the answer got lost', async () => {
    Object.assign(lost, { operation: 'PutItem', requests: 1 });
    expect(await createLedger(options).writeSignals('arn:d', { memory, unsent, version: 1 })).toBeUndefined();
    expect(await read('arn:d')).toEqual({ memory, unsent, version: 1 });
  });

  it('has room for an ARN that no key has room for, and is not taken for another’s', async () => {
    const [one, other] = ['a', 'b'].map((end) => `arn:${'x'.repeat(5000)}${end}`);
    await createLedger(options).writeSignals(one ?? '', { memory, unsent, version: 1 });
    expect([(await read(one ?? '')).version, (await read(other ?? '')).version]).toEqual([1, 0]);
  });

  it('keeps what came last of what an item has no room for', async () => {
    const states = Array.from({ length: 100 }, (_, number) => ({
      ...flowState,
      eventId: `${number} ${'x'.repeat(5000)}`,
    }));
    await createLedger(options).writeSignals('arn:e', { memory: { ...memory, states }, unsent, version: 1 });
    expect((await read('arn:e')).memory.states.map(({ eventId }) => eventId.split(' ')[0])).toEqual(
      Array.from({ length: 50 }, (_, number) => String(number + 50)),
    );
  });

  const longAlerts = (count: number, atMs: (number: number) => number): readonly Trouble[] => {
    const thing = { kind: 'flow' as const, name: 'AwardsShow', arn: 'arn:flow' };
    return Array.from({ length: count }, (_, number) => ({
      id: String(number),
      thing,
      root: thing,
      what: `alert ${number}` as const,
      state: 'AccessDeniedException',
      message: '€'.repeat(2000),
      starts: [{ eventId: String(number), atMs: atMs(number) }],
      isEndNotified: false,
    }));
  };

  it('keeps the latest troubles of more than an item has room for, though they were put in order', async () => {
    const troubles = longAlerts(160, (number) => NOW_MS - 160_000 + number * 1000);
    const kept = pruned({ ...memory, troubles }, NOW_MS);
    await createLedger(options).writeSignals('arn:g', { memory: kept, unsent, version: 1 });
    expect((await read('arn:g')).memory.troubles.map(({ id }) => id)).toContain('159');
  });

  it('and its calls stay where long alerts take all the room: nobody is said to have called nothing', async () => {
    const troubles = longAlerts(100, () => NOW_MS);
    const call: TouchingCall = {
      eventId: 'call',
      operation: 'StopFlow',
      impact: 'off-air',
      calledAtMs: NOW_MS,
      by: [],
      about: { kind: 'flow', name: 'AwardsShow' },
      arns: ['arn:flow'],
      channels: ['default'],
      notifiedStates: [],
    };
    await createLedger(options).writeSignals('arn:h', {
      memory: { ...memory, troubles, calls: [call] },
      unsent,
      version: 1,
    });
    expect((await read('arn:h')).memory.calls).toHaveLength(1);
  });

  it('is written though there is more to send than an item has room for, and the last of that stays', async () => {
    const much = Array.from({ length: 220 }, (_, number) => ({
      body: JSON.stringify({ saying: 'x'.repeat(2000), number }),
      dueAtMs: NOW_MS,
      atMs: NOW_MS,
    }));
    const ledger = createLedger(options);
    expect(await ledger.writeSignals('arn:i', { memory, unsent: much, version: 1 })).toBeUndefined();
    const kept = await read('arn:i');
    expect(kept.memory).toEqual(memory);
    expect(kept.unsent.length).toBeGreaterThan(50);
    expect(kept.unsent).toEqual(much.slice(-kept.unsent.length));
    // The SDK's own retry after a lost answer finds what it wrote.
    Object.assign(lost, { operation: 'PutItem', requests: 1 });
    expect(await ledger.writeSignals('arn:i', { memory, unsent: much, version: 2 })).toBeUndefined();
  });

  it('is forgotten where nothing can read it', async () => {
    await client.send(
      new PutItemCommand({
        TableName,
        Item: { pk: { S: 'signal#arn:f' }, memory: { S: 'no JSON' }, unsent: { S: '[1]' }, version: { N: '7' } },
      }),
    );
    expect(await read('arn:f')).toEqual({ memory: NOTHING_REMEMBERED, unsent: [], version: 7 });
  });

  it.each([
    ['an hour', { ...memory, states: [{ ...flowState, state: 'ACTIVE' }] }, 3600],
    ['a day while a flow is standby', { ...memory, states: [{ ...flowState, state: 'STANDBY' }] }, DAY_SECONDS],
    [
      'a day while AWS maintains it',
      { ...memory, states: [{ ...flowState, aspect: 'maintenance' as const }] },
      DAY_SECONDS,
    ],
  ])('is kept for %s', async (words, what, seconds) => {
    await createLedger(options).writeSignals(words, { memory: what, unsent, version: 1 });
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: `signal#${words}` } } }));
    expect(Number(Item?.expiresAt?.N)).toBe(NOW_MS / 1000 + seconds);
  });
});

describe('a day', () => {
  it('is added up, and keeps its slowest delivery', async () => {
    const ledger = createLedger(options);
    const key = 'day#2026-11-22#default';
    expect(await ledger.readDay(key)).toBeUndefined();
    await ledger.count(key, { counts: { notified: 1, 'resource#flow': 1 }, slowestDeliveryMs: 4000 });
    await ledger.count(key, { counts: { folded: 7, 'resource#flow': 7 }, slowestDeliveryMs: 9000 });
    await ledger.count(key, { counts: { notified: 1 }, slowestDeliveryMs: 10 });
    await ledger.count(key, { counts: { notified: 1 }, slowestDeliveryMs: undefined });
    expect(await ledger.readDay(key)).toEqual({
      counts: { notified: 3, folded: 7, 'resource#flow': 8 },
      slowestDeliveryMs: 9000,
    });
    expect((await itemAt(key))?.expiresAt).toEqual({ N: String(NOW_MS / 1000 + 3 * DAY_SECONDS) });
  });

  it('names so many and no more, whoever counts', async () => {
    const [one, other] = [createLedger(options), createLedger(options)];
    const key = 'day#2026-11-24#default';
    const stopOf = (flow: string) => ({
      counts: { notified: 1, [`named#off-air#[["flow ",["${flow}"]],[]]`]: 1 },
      slowestDeliveryMs: undefined,
    });
    for (let at = 0; at < 7; at += 1) await one.count(key, stopOf(`F${at}`));
    for (const flow of ['F7', 'F8', 'F0', 'F9']) await other.count(key, stopOf(flow));
    await one.count(key, stopOf('F10'));
    await one.count(key, stopOf('F11'));
    const { counts = {} } = (await one.readDay(key)) ?? {};
    expect(counts.notified).toBe(13);
    const flows = Object.entries(counts).flatMap(([name, count]) =>
      [[/F\d+/.exec(name)?.[0], count]].filter(([flow]) => flow),
    );
    // The first count of whoever does not know the day yet finds room.
    expect(flows.toSorted()).toEqual(
      [
        ['F0', 2],
        ['F1', 1],
        ['F10', 1],
        ['F2', 1],
        ['F3', 1],
        ['F4', 1],
        ['F5', 1],
        ['F6', 1],
        ['F7', 1],
      ].toSorted(),
    );
  });

  it('is added to in one request, and in two where another function had a slower delivery', async () => {
    const requests: string[] = [];
    const captureClient = <Client extends object>(made: Client): Client => {
      const { send } = made as unknown as { send: (...command: unknown[]) => Promise<unknown> };
      const counted = (...command: unknown[]) => {
        requests.push(String(command[0]?.constructor.name));
        return send.apply(made, command);
      };
      return Object.assign(made, { send: counted });
    };
    const [one, other] = [createLedger({ ...options, captureClient }), createLedger(options)];
    const key = 'day#2026-11-23#default';
    const requestsOf = async (ledger: Ledger, slowestDeliveryMs: number | undefined): Promise<number> => {
      requests.length = 0;
      await ledger.count(key, { counts: { notified: 1 }, slowestDeliveryMs });
      return requests.length;
    };
    const first = [await requestsOf(one, 4000), await requestsOf(one, 3000), await requestsOf(one, undefined)];
    await other.count(key, { counts: { notified: 1 }, slowestDeliveryMs: 9000 });
    const later = [await requestsOf(one, 5000), await requestsOf(one, 4500), await requestsOf(one, 10_000)];
    expect({ first, later }).toEqual({ first: [1, 1, 1], later: [2, 1, 1] });
    expect(await other.readDay(key)).toEqual({ counts: { notified: 7 }, slowestDeliveryMs: 10_000 });
  });

  it('says where it cannot be counted', async () => {
    const ledger = createLedger({ ...options, tableName: 'no-such-table' });
    await expect(ledger.count('day#x', { counts: { notified: 1 }, slowestDeliveryMs: 1 })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('what waits', () => {
  it('is noted for a day, until nothing does', async () => {
    const ledger = createLedger(options);
    const note = { records: 12, sinceMs: NOW_MS - 61_000, reason: 'HTTP 503', notedAtMs: NOW_MS };
    expect(await ledger.readWaiting('immediate#ops')).toBeUndefined();
    await ledger.noteWaiting('immediate#ops', note);
    expect(await ledger.readWaiting('immediate#ops')).toEqual(note);
    expect(await ledger.readWaiting('digest#ops')).toBeUndefined();
    expect((await itemAt('waiting#immediate#ops'))?.expiresAt).toEqual({ N: String(NOW_MS / 1000 + DAY_SECONDS) });
    await ledger.noteWaiting('immediate#ops', undefined, note.sinceMs);
    expect(await ledger.readWaiting('immediate#ops')).toBeUndefined();
  });

  const OLD = { records: 7, sinceMs: NOW_MS - 600_000, reason: 'HTTP 503', notedAtMs: NOW_MS };
  const YOUNG = { records: 3, sinceMs: NOW_MS - 60_000, reason: 'HTTP 429', notedAtMs: NOW_MS };

  it.each<{
    what: string;
    there: WaitingNote;
    note?: WaitingNote;
    endedSinceMs?: number;
    left: WaitingNote | undefined;
  }>([
    { what: 'stands while only younger calls have ended', there: OLD, endedSinceMs: OLD.sinceMs + 1, left: OLD },
    { what: 'goes with the oldest of its calls', there: OLD, endedSinceMs: OLD.sinceMs, left: undefined },
    { what: 'stands beside younger calls that wait', there: OLD, note: YOUNG, left: OLD },
    { what: 'gives way to older calls that wait', there: YOUNG, note: OLD, left: OLD },
    { what: 'gives way to what is left of its calls', there: OLD, note: YOUNG, endedSinceMs: OLD.sinceMs, left: YOUNG },
    {
      what: 'gives way when nobody has seen its calls for twenty minutes',
      there: { ...OLD, notedAtMs: NOW_MS - 20 * 60_000 - 1 },
      note: YOUNG,
      left: YOUNG,
    },
  ])('a note $what', async ({ there, note, endedSinceMs, left }) => {
    const ledger = createLedger(options);
    await ledger.noteWaiting('immediate#notes', undefined, 0);
    await ledger.noteWaiting('immediate#notes', there);
    await ledger.noteWaiting('immediate#notes', note, endedSinceMs);
    expect(await ledger.readWaiting('immediate#notes')).toEqual(left);
  });
});

describe('a table that never answers', () => {
  const limits: ClientLimits = { requestTimeoutMs: 40, callTimeoutMs: 30_000, maxAttempts: 2, silentForMs: 10_000 };
  let silent: Server;
  /** Calls that were let through, each to wait for an answer. */
  let waits = 0;
  const counted = {
    ...outside,
    timeLimit: (ms: number) => {
      waits += 1;
      return outside.timeLimit(ms);
    },
  };

  beforeAll(async () => {
    silent = createServer();
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${await listening(silent)}`);
  });
  afterAll(() => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', undefined);
    silent.closeAllConnections();
    silent.close();
  });
  beforeEach(() => {
    waits = 0;
  });

  it('costs one wait, however much is asked of it', async () => {
    const ledger = createLedger({ ...options, limits, outside: counted });
    expect(states(await ledger.claim(keysOf('silent', 500), claimer('one')))).toEqual(['unknown']);
    const atOnce = waits;
    expect(atOnce).toBe(25);
    const silence = { name: 'SilentServiceError', message: 'the service did not answer just now' };
    await expect(ledger.markNotified(keysOf('silent', 500))).rejects.toMatchObject(silence);
    await expect(ledger.release(keysOf('silent', 500), 'one')).rejects.toMatchObject(silence);
    await expect(ledger.recall(keysOf('silent', 500))).rejects.toMatchObject(silence);
    await expect(ledger.count('day#x', { counts: { notified: 1 }, slowestDeliveryMs: 1 })).rejects.toMatchObject(
      silence,
    );
    await expect(ledger.noteWaiting('immediate#x', undefined)).rejects.toMatchObject(silence);
    expect(waits).toBe(atOnce);
  });

  it('is asked again when the silence was long enough', async () => {
    const ledger = createLedger({ ...options, limits, outside: counted });
    await expect(ledger.readDay('day#x')).rejects.toMatchObject({ name: 'TimeoutError' });
    clock.nowMs += 9999;
    await expect(ledger.readDay('day#x')).rejects.toMatchObject({ name: 'SilentServiceError' });
    clock.nowMs += 1;
    expect(waits).toBe(1);
    await expect(ledger.readDay('day#x')).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(waits).toBe(2);
  });

  it('is given up by our own limit, whatever the SDK makes of its own', async () => {
    const limitedTo: number[] = [];
    const ledger = createLedger({
      ...options,
      limits: { ...limits, requestTimeoutMs: 60_000 },
      outside: {
        ...outside,
        timeLimit: (ms) => {
          limitedTo.push(ms);
          return AbortSignal.timeout(20);
        },
      },
    });
    await expect(ledger.readDay('day#x')).rejects.toMatchObject({ name: 'AbortError' });
    await expect(ledger.readDay('day#x')).rejects.toMatchObject({ name: 'SilentServiceError' });
    expect(limitedTo).toEqual([limits.callTimeoutMs]);
  });
});
