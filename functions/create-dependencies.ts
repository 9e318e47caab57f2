import { randomUUID } from 'node:crypto';
import type { CaptureClient } from './aws/client.ts';
import { createLedger } from './aws/ledger.ts';
import { createQueue } from './aws/queue.ts';
import { createReadSecret } from './aws/secret.ts';
import type { QueueReaderEnvironment } from './environment.ts';
import type { NotifyingDependencies, Outside, PostingDependencies, Telemetry } from './ports.ts';
import { createSlackClient, httpsFetch } from './slack/slack-client.ts';
import { createWebhookSource } from './slack/webhook-source.ts';

/** A limit on an answer keeps no process alive. */
function timeLimit(ms: number): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'));
  setTimeout(abort, ms).unref();
  return controller.signal;
}

/** The real ones. */
export const createOutside = (): Outside => ({
  now: Date.now,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  newId: randomUUID,
  fetch: httpsFetch,
  patience: (ms) => AbortSignal.timeout(ms),
  timeLimit,
});

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
export const createNotifying = (environment: QueueReaderEnvironment, parts: Parts): NotifyingDependencies => ({
  ...createPosting(environment, parts),
  settings: environment.DISPLAY_SETTINGS,
  queue: createQueue({
    queueUrl: environment.QUEUE_URL,
    deadLetterQueueUrl: environment.DEAD_LETTER_QUEUE_URL,
    captureClient: parts.captureClient,
    outside: parts.outside,
  }),
});
