import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleFunction } from '../../../infra/stack/bundle.ts';
import { type Endpoints, startEndpoints } from '../../bench/start-endpoints.ts';
import { sqsEvent } from '../../bench/workload.ts';
import { aBody } from '../world.ts';

const directory = mkdtempSync(join(tmpdir(), 'bundled-traces-'));
const segments: string[] = [];
let daemon: Socket;
let endpoints: Endpoints;

beforeAll(async () => {
  bundleFunction('notifier', directory);
  endpoints = await startEndpoints();
  daemon = createSocket('udp4');
  daemon.on('message', (text) => segments.push(text.toString()));
  await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  daemon.close();
  await endpoints.close();
  rmSync(directory, { recursive: true });
});

/** Two invocations, one after another, as on Lambda: the trace is in the environment of each. */
const PROGRAM = `
const { handler } = await import(process.argv[1]);
for (const [number, event] of JSON.parse(process.argv[2]).entries()) {
  process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-00000000000000000000000' + number + ';Parent=557abcec3ee5a047;Sampled=1';
  await handler(event, { functionName: 'notifier', getRemainingTimeInMillis: () => 120_000 });
}`;

/** Names of the segments of a trace, in the order in which they ended. */
const namesIn = (root: string): readonly string[] =>
  segments
    .map((text) => JSON.parse(text.split('\n')[1] ?? '') as { readonly name: string; readonly trace_id: string })
    .filter(({ trace_id }) => trace_id === root)
    .map(({ name }) => name);

it('traces each invocation with its own requests and steps, and nothing of the warm-up', async () => {
  const events = [sqsEvent([aBody(1)]), sqsEvent([aBody(2)])];
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      PROGRAM,
      pathToFileURL(join(directory, 'index.mjs')).href,
      JSON.stringify(events),
    ],
    {
      env: {
        SLACK_SECRET_ID: 'slack',
        LEDGER_TABLE_NAME: 'ledger',
        QUEUE_URL: `${endpoints.url}/111122223333/queue`,
        DEAD_LETTER_QUEUE_URL: `${endpoints.url}/111122223333/dead-letters`,
        DISPLAY_SETTINGS: '{"accountNames":{},"channels":{},"showParameters":[]}',
        POWERTOOLS_SERVICE_NAME: 'test',
        POWERTOOLS_METRICS_NAMESPACE: 'Test',
        AWS_ENDPOINT_URL: endpoints.url,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
        // By these X-Ray's SDK and Powertools know Lambda.
        LAMBDA_TASK_ROOT: directory,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      },
    },
  );
  expect(stderr).toBe('');
  const roots = ['1-5759e988-000000000000000000000000', '1-5759e988-000000000000000000000001'];
  for (const root of roots) await expect.poll(() => namesIn(root)).toContain('## notifier');
  const steps = ['### parse to enrich', '### render', '### post', 'DynamoDB', '## notifier'];
  // The second waits for its turn to post, and looks into the queue meanwhile.
  expect(roots.map((root) => new Set(namesIn(root)))).toEqual([new Set(steps), new Set([...steps, 'SQS'])]);
  expect(segments.length).toBe(roots.flatMap(namesIn).length);
});
