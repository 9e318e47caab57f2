import type { CaptureClient } from './aws/client-settings.ts';
import { createLedger } from './aws/create-ledger.ts';
import { createQueue } from './aws/create-queue.ts';
import { createReadSecret } from './aws/create-read-secret.ts';
import type { PostingDependencies, TellingDependencies } from './delivery/dependencies.ts';
import type { QueueReaderEnvironment } from './environment.ts';
import type { Outside } from './outside.ts';
import { createSlackClient } from './slack/create-slack-client.ts';
import { createWebhookSource } from './slack/webhook-source.ts';
import type { Telemetry } from './telemetry.ts';

/** Of what the dependencies of a function are made. */
export interface Parts {
  readonly outside: Outside;
  readonly telemetry: Telemetry;
  /** Given each AWS client when it is made. */
  readonly captureClient: CaptureClient;
}

/** The real world around a function that posts to Slack. */
export function createPosting(
  { SLACK_SECRET_ID, LEDGER_TABLE_NAME }: { readonly SLACK_SECRET_ID: string; readonly LEDGER_TABLE_NAME: string },
  { outside, telemetry, captureClient }: Parts,
): PostingDependencies {
  const { now, wait, newId, fetch, patience } = outside;
  return {
    ledger: createLedger({ tableName: LEDGER_TABLE_NAME, outside, captureClient }),
    webhooks: createWebhookSource(createReadSecret(SLACK_SECRET_ID, captureClient, outside), now),
    post: createSlackClient({ fetch, timeLimit: patience }),
    telemetry,
    now,
    wait,
    newId,
  };
}

/** The same with the queue that the function reads. */
export const createTelling = (environment: QueueReaderEnvironment, parts: Parts): TellingDependencies => ({
  ...createPosting(environment, parts),
  settings: environment.DISPLAY_SETTINGS,
  queue: createQueue({
    queueUrl: environment.QUEUE_URL,
    deadLetterQueueUrl: environment.DEAD_LETTER_QUEUE_URL,
    captureClient: parts.captureClient,
    outside: parts.outside,
  }),
});
