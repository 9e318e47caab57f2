import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPowertools, createTelemetry, withPowertools } from '../../functions/create-dependencies.ts';
import { createHandler } from '../../functions/notifier/notify-batch.ts';
import { createSlackClient, createWebhookSource } from '../../functions/slack/slack-client.ts';
import { aBody, aLambdaContext, aWorld, MARK, type Weather, type World } from './world.ts';

const output: string[] = [];
const keep = (chunk: unknown): boolean => {
  output.push(String(chunk));
  return true;
};

beforeEach(() => {
  output.length = 0;
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'mediaconnect-notifier');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'MediaConnectNotifier');
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'DEBUG');
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  for (const method of ['debug', 'log', 'info', 'warn', 'error', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => {
      keep(said.join(' '));
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Runs the notifier with the real logger, metrics and tracer, and returns all that it wrote. */
async function said(world: World, changes: Partial<Parameters<typeof createHandler>[0]> = {}): Promise<string> {
  for (const number of [1, 2, 3]) world.sqs.send(aBody(number, { channel: number === 3 ? 'ops' : 'default' }));
  world.sqs.send(`not JSON ${MARK.length}`);
  const powertools = createPowertools();
  const telemetry = createTelemetry(powertools);
  const handler = withPowertools(
    powertools,
    createHandler({ ...world.notifying, queue: world.sqs.queue, telemetry, ...changes }),
  );
  await handler({ Records: [...world.sqs.takeBatch(500)] }, aLambdaContext(world));
  return output.join('\n');
}

const expectUnsaid = (text: string): void => {
  expect(text).toContain('decision');
  for (const secret of [MARK, 'TOPSECRET', 'hooks.slack.test']) expect(text).not.toContain(secret);
};

describe('the webhook URL is not in what the functions write', () => {
  it.each<[string, Weather]>([
    ['ok', { status: 200, body: 'ok' }],
    ['429', { status: 429, body: 'rate_limited', retryAfter: '1' }],
    ['500', { status: 500, body: `error at /services/${MARK}` }],
    ['a reset', 'reset'],
    ['invalid_blocks', { status: 400, body: 'invalid_blocks' }],
    ['a page that quotes the request', { status: 404, body: `Cannot POST /services/${MARK}` }],
    ['a login page', { status: 200, body: `<a href="/services/${MARK}">` }],
    ['an archived channel', { status: 410, body: 'channel_is_archived' }],
    ['a redirect', { status: 302, body: `/services/${MARK}` }],
  ])('after %s', async (_, weather) => {
    const world = aWorld();
    world.slack.weather = () => weather;
    expectUnsaid(await said(world));
  });

  it('when fetch quotes it', async () => {
    const world = aWorld();
    const fetch = async (url: unknown): Promise<Response> => {
      throw new TypeError(`Failed to parse URL from ${String(url)}`, { cause: new Error(String(url)) });
    };
    expectUnsaid(await said(world, { post: createSlackClient({ fetch }) }));
  });

  it('when the client throws something unforeseen that quotes it', async () => {
    const world = aWorld();
    const post = async (url: string): Promise<void> => {
      throw new Error(`no route to ${url}`);
    };
    expectUnsaid(await said(world, { post }));
  });

  it.each([
    ['is half a JSON', `{"default": "https://hooks.slack.test/${MARK}"`],
    ['is no URL', `hooks.slack.test/${MARK}`],
    ['holds no URL', JSON.stringify({ default: MARK })],
  ])('when the secret %s', async (_, text) => {
    const world = aWorld();
    world.secret.text = text;
    expectUnsaid(await said(world));
  });

  it('when the secret cannot be read', async () => {
    const world = aWorld();
    const readSecret = async () => {
      throw new Error('AccessDeniedException');
    };
    const text = await said(world, { webhooks: createWebhookSource(readSecret, world.notifying.now) });
    expectUnsaid(text);
    expect(text).toContain('the slack secret cannot be read');
  });

  it('when the ledger and the dead-letter queue are out of reach', async () => {
    const world = aWorld();
    world.memory.state.isDown = true;
    world.sqs.state.isDeadLetterQueueDown = true;
    expectUnsaid(await said(world));
  });

  it('in traces: HTTP requests are never captured, whatever the environment says', () => {
    vi.stubEnv('POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS', 'true');
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'true');
    vi.stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs24.x');
    expect(Reflect.get(createPowertools().tracer, 'captureHTTPsRequests')).toBe(false);
  });
});

describe('what the functions write', () => {
  it('has one line for each decision, in fields', async () => {
    const text = await said(aWorld());
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const decisions = lines.filter(({ message }) => message === 'decision');
    const notified = { result: 'posted', rule: 'changes', level: 'INFO' };
    const fields = decisions.map(({ result, rule, channel, level }) => ({ result, rule, channel, level }));
    // Channels are notified side by side, so only the order within one is sure.
    expect(fields.toSorted((one, other) => String(one.channel).localeCompare(String(other.channel)))).toEqual([
      { ...notified, channel: 'default' },
      { ...notified, channel: 'default' },
      { ...notified, channel: 'ops' },
      { result: 'dead-lettered', rule: 'unknown', channel: 'unknown', level: 'INFO' },
    ]);
    const [deadLettered] = lines.filter((line) => 'DeadLettered' in line);
    expect(deadLettered).toMatchObject({ reason: 'malformed', DeadLettered: 1, service: 'mediaconnect-notifier' });
    expect(lines.some((line) => 'Notified' in line && 'CallToPostedMs' in line && 'SlackAccepted' in line)).toBe(true);
  });
});
