import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { type DisplaySettings, DisplaySettingsSchema } from '../shared/notification/settings.ts';
import { type CaptureClient, type ClientLimits, clientSettings, limitCalls } from './aws/client.ts';
import { createLedger } from './aws/ledger.ts';
import { createQueue } from './aws/queue.ts';
import type { NotifyingDependencies, Outside, PostingDependencies, ReadSecret, Telemetry } from './ports.ts';
import { createSlackClient, httpsFetch } from './slack/slack-client.ts';
import { createWebhookSource } from './slack/webhook-source.ts';

/** A function's environment is not what the stack gives it. Names the variables, not their values. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

const text = z.string().check(z.minLength(1));
const json = z.pipe(
  text,
  z.transform((value: string, context) => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.issues.push({ code: 'custom', message: 'not JSON', input: value });
      return z.NEVER;
    }
  }),
);

const common = { SLACK_SECRET_ID: text, LEDGER_TABLE_NAME: text };

const queueReader = {
  ...common,
  QUEUE_URL: text,
  DEAD_LETTER_QUEUE_URL: text,
  DISPLAY_SETTINGS: z.pipe(json, DisplaySettingsSchema) as z.ZodMiniType<DisplaySettings>,
};

/** What the notifier is given. */
export const QueueReaderEnvironmentSchema = z.object(queueReader);

export type QueueReaderEnvironment = z.output<typeof QueueReaderEnvironmentSchema>;

const minutes = z.pipe(text, z.pipe(z.transform(Number), z.number().check(z.gte(1))));

/** What the digest is given. */
export const DigestEnvironmentSchema = z.object({ ...queueReader, DIGEST_MINUTES: minutes });

/** What the daily summary is given. */
export const SummaryEnvironmentSchema = z.object({
  ...common,
  IMMEDIATE_QUEUE_URL: text,
  CHANNELS: z.pipe(json, z.array(text)),
});

/**
 * Reads the settings that the stack gave a function.
 *
 * @throws EnvironmentError with every variable that is missing or malformed.
 */
export function readEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  throw new EnvironmentError(`missing or malformed in the environment: ${[...names].sort().join(', ')}`);
}

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

const LIMITS: ClientLimits = { requestTimeoutMs: 1500, callTimeoutMs: 3000, maxAttempts: 2, silentForMs: 3000 };

/**
 * Reads the secret from Secrets Manager. The cache is the webhook source's own: it goes on serving the last good URLs
 * while a fresh read is tried, which Powertools' parameters cannot.
 */
export function createReadSecret(
  secretId: string,
  captureClient: CaptureClient,
  outside: Pick<Outside, 'timeLimit' | 'now'>,
): ReadSecret {
  const client = limitCalls(captureClient(new SecretsManagerClient(clientSettings(LIMITS))), LIMITS, outside);
  return async () => (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString;
}
