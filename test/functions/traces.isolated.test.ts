import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { aBody, aLambdaContext, aWorld, MARK } from './world.ts';

const segments: string[] = [];
let daemon: Socket;
let slack: Server;

beforeAll(async () => {
  daemon = createSocket('udp4');
  daemon.on('message', (text) => segments.push(text.toString()));
  await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));
  slack = createServer((_, response) => response.end('ok'));
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));

  // As on Lambda: X-Ray's SDK reads these when it is loaded.
  vi.stubEnv('LAMBDA_TASK_ROOT', '/var/task');
  vi.stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs24.x');
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', `127.0.0.1:${daemon.address().port}`);
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'mediaconnect-notifier');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'MediaConnectNotifier');
  // Only the traces matter here.
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});
afterAll(() => {
  vi.unstubAllEnvs();
  daemon.close();
  slack.closeAllConnections();
  slack.close();
});

/** The functions' own modules, loaded when the environment is as on Lambda. */
const load = async () => {
  const [{ createPowertools, createTelemetry, withPowertools }, { createHandler }, { createSlackClient }] =
    await Promise.all([
      import('../../functions/create-dependencies.ts'),
      import('../../functions/notifier/notify-batch.ts'),
      import('../../functions/slack/slack-client.ts'),
    ]);
  return { createPowertools, createTelemetry, withPowertools, createHandler, createSlackClient };
};

it('traces each step of a batch with what it was about, and not the webhook URL', async () => {
  const { createPowertools, createTelemetry, withPowertools, createHandler, createSlackClient } = await load();
  const world = aWorld();
  world.secret.text = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/${MARK}`;
  world.sqs.send(aBody(1));
  const powertools = createPowertools();
  const handler = withPowertools(
    powertools,
    createHandler({
      ...world.notifying,
      queue: world.sqs.queue,
      post: createSlackClient(),
      telemetry: createTelemetry(powertools),
    }),
  );
  await handler({ Records: [...world.sqs.takeBatch(10)] }, aLambdaContext(world));

  await expect.poll(() => segments.join('\n')).toContain('## notifier');
  const text = segments.join('\n');
  for (const name of ['### parse to enrich', '### render', '### post']) expect(text).toContain(`"name":"${name}"`);
  expect(text).toContain('"operation":"StopFlow"');
  expect(text).not.toContain('TOPSECRET');
  expect(text).not.toContain('/services/');
});

it('marks what broke off, and lets Lambda know', async () => {
  const { createPowertools, createTelemetry, withPowertools } = await load();
  segments.length = 0;
  const powertools = createPowertools();
  const telemetry = createTelemetry(powertools);
  const handler = withPowertools(powertools, () =>
    telemetry.span('### post', {}, async () => {
      throw new Error('out of reach');
    }),
  );
  await expect(handler({}, aLambdaContext(aWorld()))).rejects.toThrow('out of reach');
  await expect.poll(() => segments.join('\n')).toContain('## notifier');
  const sent = segments.flatMap((text) =>
    text
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line)),
  );
  expect(sent.find(({ name }) => name === '### post')).toMatchObject({ error: true });
  expect(sent.find(({ name }) => name === '## notifier')).toMatchObject({
    fault: true,
    cause: { exceptions: [{ message: 'out of reach' }] },
  });
});
