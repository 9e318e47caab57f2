import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CaptureClient } from '../../../functions/aws/client.ts';
import { createOutside, type QueueReaderEnvironment } from '../../../functions/create-dependencies.ts';
import { createWarmNotifying, rehearse } from '../../../functions/notifier/warm-up.ts';
import type { NotifyingDependencies, Outside } from '../../../functions/ports.ts';
import type { DisplaySettings } from '../../../shared/notification/notification.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';

const SETTINGS = { accountNames: {}, channels: {}, showParameters: [] };
/** By a fault of ours. */
const UNREADABLE: DisplaySettings = {
  ...SETTINGS,
  get signals(): DisplaySettings['signals'] {
    throw new Error('a fault of ours');
  },
};
const ENVIRONMENT: QueueReaderEnvironment = {
  SLACK_SECRET_ID: 'slack',
  LEDGER_TABLE_NAME: 'ledger',
  QUEUE_URL: 'http://127.0.0.1:1/111122223333/queue',
  DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:1/111122223333/dead-letters',
  DISPLAY_SETTINGS: SETTINGS,
};
const URLS = { kind: 'one', url: 'https://hooks.slack.test/services/x' };

/** How AWS takes requests, one after another. */
type Mood = 'well' | 'failing' | 'silent';

type Service = 'secret' | 'table';

const aws = {
  moods: {} as Partial<Record<Service, Mood>>,
  requests: [] as { readonly operation: string; readonly body: unknown }[],
};
let server: Server;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  aws.requests.push({ operation, body: await json(request) });
  const isSecret = operation === 'GetSecretValue';
  const mood = aws.moods[isSecret ? 'secret' : 'table'] ?? 'well';
  if (mood === 'silent') return;
  const text = isSecret ? { SecretString: URLS.url } : { Responses: {}, UnprocessedKeys: {} };
  response
    .writeHead(mood === 'well' ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify(mood === 'well' ? text : { __type: 'AccessDeniedException', message: 'no' }));
}

beforeEach(async () => {
  aws.moods = {};
  aws.requests = [];
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

/** The time is up as soon as all requests are there. */
async function everythingAsked(): Promise<void> {
  await expect.poll(() => aws.requests.length).toBe(4);
}

async function warmUp(changes: Partial<Outside> = {}, environment = ENVIRONMENT) {
  const telemetry = recordedTelemetry();
  const posts: unknown[] = [];
  const captured: { readonly client: string; readonly afterRequests: number }[] = [];
  const captureClient: CaptureClient = (client) => {
    captured.push({ client: client.constructor.name, afterRequests: aws.requests.length });
    return client;
  };
  const fetch: Outside['fetch'] = async (url) => {
    posts.push(url);
    throw new Error('nothing may be posted');
  };
  const outside = { ...createOutside(), fetch, ...changes };
  const notifying = await createWarmNotifying(environment, { outside, telemetry, captureClient });
  return { notifying, telemetry, posts, captured };
}

const operations = (): readonly string[] => aws.requests.map(({ operation }) => operation).sort();

describe('createWarmNotifying', () => {
  it('reads the secret, and of the table what is not there, on three connections', async () => {
    const connections = new Set<unknown>();
    server.on('connection', (socket) => connections.add(socket));
    const { notifying } = await warmUp();
    expect(operations()).toEqual(['BatchGetItem', 'BatchGetItem', 'BatchGetItem', 'GetSecretValue']);
    expect(aws.requests.filter(({ operation }) => operation === 'BatchGetItem').map(({ body }) => body)).toEqual(
      Array.from({ length: 3 }, () => ({
        RequestItems: { ledger: { Keys: [{ pk: { S: 'warm-up' } }], ConsistentRead: true } },
      })),
    );
    // The secret has one of its own.
    expect(connections.size).toBe(4);
    expect(await notifying.webhooks.urls()).toEqual(URLS);
    expect(aws.requests.length).toBe(4);
  });

  it('posts nothing, and says nothing', async () => {
    const { telemetry, posts } = await warmUp();
    expect({ posts, metrics: telemetry.metrics, decisions: telemetry.decisions, lines: telemetry.lines }).toEqual({
      posts: [],
      metrics: {},
      decisions: [],
      lines: [],
    });
  });

  it('has the clients traced from the first event on, and not before', async () => {
    const { captured } = await warmUp();
    expect(captured).toEqual(
      ['DynamoDBClient', 'SecretsManagerClient', 'SQSClient'].map((client) => ({ client, afterRequests: 4 })),
    );
  });

  /** As the first event does it. */
  async function isTriedAgain({ webhooks, ledger }: NotifyingDependencies): Promise<void> {
    aws.moods = {};
    aws.requests = [];
    expect(await webhooks.urls()).toEqual(URLS);
    expect(await ledger.recall(['called#x'])).toEqual(new Map());
    expect(operations()).toEqual(['BatchGetItem', 'GetSecretValue']);
  }

  it.each<[string, Partial<Record<Service, Mood>>]>([
    ['the secret cannot be read', { secret: 'failing' }],
    ['the secret does not come', { secret: 'silent' }],
    ['the table refuses', { table: 'failing' }],
    ['the table does not answer', { table: 'silent' }],
    ['both refuse', { secret: 'failing', table: 'failing' }],
    ['neither answers', { secret: 'silent', table: 'silent' }],
  ])('stops nothing when %s, and the first event tries again', async (_, moods) => {
    aws.moods = moods;
    const limit = new AbortController();
    const limits: number[] = [];
    const isWarm = warmUp({
      timeLimit(ms) {
        limits.push(ms);
        // That of the whole; the others are of requests, which are not given up here.
        return ms === 2000 ? limit.signal : new AbortController().signal;
      },
    });
    if (Object.values(moods).includes('silent')) await everythingAsked().then(() => limit.abort());
    const { notifying, telemetry, captured } = await isWarm;
    expect(limits).toContain(2000);
    // Nothing was waited for that is tried again.
    expect(aws.requests.length).toBe(4);
    expect(telemetry.lines).toEqual([]);
    expect(new Set(captured.map(({ client }) => client)).size).toBe(3);
    await isTriedAgain(notifying);
  });

  it('stops nothing when the rehearsal breaks off, and says nothing', async () => {
    const { notifying, telemetry } = await warmUp({}, { ...ENVIRONMENT, DISPLAY_SETTINGS: UNREADABLE });
    expect(telemetry.lines).toEqual([]);
    await isTriedAgain(notifying);
  });

  it('stops nothing when there are neither region nor credentials', async () => {
    for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const { telemetry } = await warmUp();
    expect({ requests: aws.requests, lines: telemetry.lines }).toEqual({ requests: [], lines: [] });
  });
});

it('rehearses a call alone and a fold, without any service', async () => {
  expect(await rehearse(SETTINGS, { patience: () => new AbortController().signal })).toBe(2);
  expect(aws.requests).toEqual([]);
});
