import { createCountWaiting } from '../aws/count-waiting.ts';
import { createLedger } from '../aws/create-ledger.ts';
import { createReadSecret } from '../aws/create-read-secret.ts';
import { createPowertools } from '../create-powertools.ts';
import { createTelemetry } from '../create-telemetry.ts';
import { readEnvironment, SummaryEnvironmentSchema } from '../environment.ts';
import { createSlackClient } from '../slack/create-slack-client.ts';
import { SLACK_TIMEOUT_MS } from '../slack/slack-timeout.ts';
import { createWebhookSource } from '../slack/webhook-source.ts';
import { sleep } from '../sleep.ts';
import { withPowertools } from '../with-powertools.ts';
import { createHandler } from './create-handler.ts';

const environment = readEnvironment(SummaryEnvironmentSchema, process.env);
const powertools = createPowertools();
const captureClient = <Client extends object>(client: Client): Client => powertools.tracer.captureAWSv3Client(client);
const now = Date.now;

/** Tells each channel once a day what it was told. */
export const handler = withPowertools(
  powertools,
  createHandler({
    channels: environment.CHANNELS,
    countWaiting: createCountWaiting([environment.IMMEDIATE_QUEUE_URL, environment.DIGEST_QUEUE_URL], captureClient),
    ledger: createLedger({ tableName: environment.LEDGER_TABLE_NAME, now, wait: sleep, captureClient }),
    webhooks: createWebhookSource(createReadSecret(environment.SLACK_SECRET_ID, captureClient), now),
    post: createSlackClient({ timeoutMs: SLACK_TIMEOUT_MS }),
    postTimeoutMs: SLACK_TIMEOUT_MS,
    telemetry: createTelemetry(powertools),
    now,
    wait: sleep,
  }),
);
