import type { CaptureClient } from './aws/client-settings.ts';
import { createLedger } from './aws/create-ledger.ts';
import { createReadSecret } from './aws/create-read-secret.ts';
import { createPowertools } from './create-powertools.ts';
import { createTelemetry, type Powertools } from './create-telemetry.ts';
import type { PostingDependencies } from './delivery/dependencies.ts';
import { createSlackClient } from './slack/create-slack-client.ts';
import { SLACK_TIMEOUT_MS } from './slack/slack-timeout.ts';
import { createWebhookSource } from './slack/webhook-source.ts';
import { sleep } from './sleep.ts';

/** The real world around a function that posts to Slack. */
export interface Edges {
  readonly powertools: Powertools;
  /** Has the tracer follow an AWS client. */
  readonly captureClient: CaptureClient;
  readonly posting: PostingDependencies;
}

/** Names the parts of AWS that every function is given. Nothing is asked of them before the first event. */
export function createEdges({
  SLACK_SECRET_ID,
  LEDGER_TABLE_NAME,
}: {
  readonly SLACK_SECRET_ID: string;
  readonly LEDGER_TABLE_NAME: string;
}): Edges {
  const powertools = createPowertools();
  const captureClient: CaptureClient = (client) => powertools.tracer.captureAWSv3Client(client);
  const now = Date.now;
  return {
    powertools,
    captureClient,
    posting: {
      ledger: createLedger({ tableName: LEDGER_TABLE_NAME, now, wait: sleep, captureClient }),
      webhooks: createWebhookSource(createReadSecret(SLACK_SECRET_ID, captureClient), now),
      post: createSlackClient({ timeoutMs: SLACK_TIMEOUT_MS }),
      postTimeoutMs: SLACK_TIMEOUT_MS,
      telemetry: createTelemetry(powertools),
      now,
      wait: sleep,
    },
  };
}
