import { createLedger } from '../aws/create-ledger.ts';
import { createQueue } from '../aws/create-queue.ts';
import { createReadSecret } from '../aws/create-read-secret.ts';
import { createPowertools } from '../create-powertools.ts';
import { createTelemetry } from '../create-telemetry.ts';
import { QueueReaderEnvironmentSchema, readEnvironment } from '../environment.ts';
import { createSlackClient } from '../slack/create-slack-client.ts';
import { SLACK_TIMEOUT_MS } from '../slack/slack-timeout.ts';
import { createWebhookSource } from '../slack/webhook-source.ts';
import { sleep } from '../sleep.ts';
import { withPowertools } from '../with-powertools.ts';
import { createHandler } from './create-handler.ts';

const environment = readEnvironment(QueueReaderEnvironmentSchema, process.env);
const powertools = createPowertools();
const captureClient = <Client extends object>(client: Client): Client => powertools.tracer.captureAWSv3Client(client);
const now = Date.now;

/** Tells each channel the calls that gathered in the digest queue. */
export const handler = withPowertools(
  powertools,
  createHandler({
    settings: environment.DISPLAY_SETTINGS,
    ledger: createLedger({ tableName: environment.LEDGER_TABLE_NAME, now, wait: sleep, captureClient }),
    queue: createQueue({
      queueUrl: environment.QUEUE_URL,
      deadLetterQueueUrl: environment.DEAD_LETTER_QUEUE_URL,
      captureClient,
      // The records of a receive whose answer nobody waited for lie hidden for the visibility timeout, half an hour.
      requestTimeoutMs: 20_000,
    }),
    webhooks: createWebhookSource(createReadSecret(environment.SLACK_SECRET_ID, captureClient), now),
    post: createSlackClient({ timeoutMs: SLACK_TIMEOUT_MS }),
    postTimeoutMs: SLACK_TIMEOUT_MS,
    telemetry: createTelemetry(powertools),
    now,
    wait: sleep,
    random: Math.random,
  }),
);
