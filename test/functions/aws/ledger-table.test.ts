import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLedgerTable, type Item } from '../../../functions/aws/ledger-table.ts';

const TABLE = 'ledger';

beforeAll(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

type Request = Readonly<Record<string, unknown>>;
interface Sent {
  readonly command: string;
  readonly input: { readonly RequestItems: Readonly<Record<string, unknown>> };
}

/** A table that does so many of each request, the first ones, and leaves the rest unprocessed. */
function aTable({ does }: { readonly does: (request: number) => number }) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const written: Request[] = [];

  const read = ({ Keys }: { readonly Keys: readonly Item[] }, done: number) => ({
    Responses: { [TABLE]: Keys.slice(0, done).map((key) => ({ ...key, notifiedAtMs: { N: '1' } })) },
    UnprocessedKeys: Keys.length > done ? { [TABLE]: { Keys: Keys.slice(done) } } : {},
  });
  const write = (requests: readonly Request[], done: number) => {
    written.push(...requests.slice(0, done));
    return { UnprocessedItems: requests.length > done ? { [TABLE]: requests.slice(done) } : {} };
  };
  const send = async (command: { readonly input: Sent['input'] }): Promise<unknown> => {
    const done = does(sent.length);
    sent.push({ command: command.constructor.name, input: command.input });
    const asked = command.input.RequestItems[TABLE];
    return Array.isArray(asked) ? write(asked, done) : read(asked as { readonly Keys: readonly Item[] }, done);
  };

  const table = createLedgerTable({
    tableName: TABLE,
    outside: { now: () => 0, wait: async (ms) => void waits.push(ms), timeLimit: () => new AbortController().signal },
    captureClient: <Client extends object>(client: Client): Client => Object.assign(client, { send }),
  });
  return { table, sent, waits, written };
}

const keysOf = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `notified#${index}`);
const puts = (count: number) => keysOf(count).map((pk) => ({ PutRequest: { Item: { pk: { S: pk } } } }));
const sizes = (sent: readonly Sent[]) =>
  sent.map(({ input }) => {
    const asked = input.RequestItems[TABLE] as readonly unknown[] | { readonly Keys: readonly unknown[] };
    return 'Keys' in asked ? asked.Keys.length : asked.length;
  });

/** What was read of so many keys: which were asked for, and which were found. */
async function readAll(table: ReturnType<typeof aTable>['table'], count: number) {
  const read: string[] = [];
  const found: (string | undefined)[] = [];
  await table.read(keysOf(count), (keys, items) => {
    read.push(...keys);
    found.push(...items.map(({ pk }) => pk?.S));
  });
  return { read: read.sort(), found: found.sort() };
}

describe('what DynamoDB leaves unprocessed', () => {
  it('is written again, and nothing else', async () => {
    const { table, sent, waits, written } = aTable({ does: () => 10 });
    await table.write(puts(25));
    expect(written).toEqual(puts(25));
    expect(sizes(sent)).toEqual([25, 15, 5]);
    expect(waits).toEqual([200, 400]);
  });

  it('is read again, and nothing else, and reported with what was read before', async () => {
    const { table, sent, waits } = aTable({ does: () => 5 });
    const all = [...keysOf(12)].sort();
    expect(await readAll(table, 12)).toEqual({ read: all, found: all });
    expect(sizes(sent)).toEqual([12, 7, 2]);
    expect(waits).toEqual([200, 400]);
  });

  it.each([
    { what: 'writes', run: ({ table }: ReturnType<typeof aTable>) => table.write(puts(7)) },
    { what: 'reads', run: ({ table }: ReturnType<typeof aTable>) => readAll(table, 7) },
  ])('is given up with an error after five $what, one of which did something', async ({ run }) => {
    const world = aTable({ does: (request) => (request === 0 ? 3 : 0) });
    await expect(run(world)).rejects.toMatchObject({ name: 'LedgerError', message: '4 items were left unprocessed' });
    expect(sizes(world.sent)).toEqual([7, 4, 4, 4, 4]);
  });
});

describe('the ledger’s table', () => {
  it('is read as it is now, not as a replica may have it: a mark that was just made is seen', async () => {
    const { table, sent } = aTable({ does: (request) => (request === 0 ? 5 : 100) });
    await readAll(table, 8);
    expect(sent.map(({ command, input }) => [command, input.RequestItems])).toEqual([
      ['BatchGetItemCommand', { [TABLE]: { Keys: expect.any(Array), ConsistentRead: true } }],
      ['BatchGetItemCommand', { [TABLE]: { Keys: expect.any(Array), ConsistentRead: true } }],
    ]);
  });

  it('is asked in as many requests as DynamoDB’s limits need, and not at all for nothing', async () => {
    const { table, sent, written } = aTable({ does: () => 1000 });
    await table.write(puts(60));
    expect(sizes(sent)).toEqual([25, 25, 10]);
    expect(written).toHaveLength(60);
    expect((await readAll(table, 230)).found).toHaveLength(230);
    expect(sizes(sent.slice(3))).toEqual([100, 100, 30]);
    await table.write([]);
    await readAll(table, 0);
    expect(sent).toHaveLength(6);
  });
});
