import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { METRICS } from '../shared/delivery/metrics.ts';
import { DECISION_MESSAGE } from '../shared/delivery/settle.ts';
import { type DisplaySettings, DisplaySettingsSchema } from '../shared/notification/notification.ts';
import { type CaptureClient, type ClientLimits, clientSettings, limitCalls } from './aws/client.ts';
import { createLedger } from './aws/ledger.ts';
import { createQueue } from './aws/queue.ts';
import type { NotifyingDependencies, Outside, PostingDependencies, ReadSecret, Telemetry } from './ports.ts';
import { createSlackClient, createWebhookSource, httpsFetch } from './slack/slack-client.ts';

/** Powertools' three, one each for the whole function. */
export interface Powertools {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

/** Powertools, set up by its own environment variables. */
export const createPowertools = (): Powertools => ({
  logger: new Logger(),
  metrics: new Metrics(),
  // Never on: the captured requests would carry the path of the webhook URL into the trace, and that is the secret.
  // Slack is seen by the span around each post instead, and AWS by the captured clients.
  tracer: new Tracer({ captureHTTPsRequests: false }),
});

/** Telemetry by Powertools. */
export function createTelemetry({ logger, metrics, tracer }: Powertools): Telemetry {
  return {
    decision: (decision) => logger.info(DECISION_MESSAGE, { ...decision }),
    warn: (message, details) => logger.warn(message, details),
    error: (message, details) => logger.error(message, details),

    metric(name, value, dimensions) {
      if (dimensions === undefined) {
        metrics.addMetric(name, METRICS[name], value);
        return;
      }
      const single = metrics.singleMetric();
      single.addDimensions({ ...dimensions });
      single.addMetric(name, METRICS[name], value);
    },

    async span(name, annotations, run) {
      // Not made the current segment: several spans are open at once, one for each channel.
      const span = tracer.getSegment()?.addNewSubsegment(name);
      for (const [key, value] of Object.entries(annotations)) span?.addAnnotation(key, value);
      try {
        return await run();
      } catch (error) {
        span?.addErrorFlag();
        throw error;
      } finally {
        span?.close();
      }
    },
  };
}

/** Opens the handler's segment in the trace; returns how to close it. */
function openSegment(tracer: Powertools['tracer'], name: string): () => void {
  const parent = tracer.getSegment();
  if (parent === undefined) return () => undefined;
  const segment = parent.addNewSubsegment(name);
  tracer.setSegment(segment);
  tracer.annotateColdStart();
  tracer.addServiceNameAnnotation();
  return () => {
    segment.close();
    tracer.setSegment(parent);
  };
}

/**
 * Runs a handler as Powertools wants it: log lines carry the invocation's context, the trace has a segment for the
 * handler, metrics are flushed at the end whatever happens.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/tracer/#lambda-handler
 */
export function withPowertools<Event, Result>(
  { logger, metrics, tracer }: Powertools,
  handle: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  return async (event, context) => {
    logger.addContext(context);
    metrics.captureColdStartMetric(context.functionName);
    const closeSegment = openSegment(tracer, `## ${context.functionName}`);
    try {
      return await handle(event, context);
    } catch (error) {
      logger.error('the invocation broke off', { error });
      if (error instanceof Error) tracer.addErrorAsMetadata(error);
      throw error;
    } finally {
      closeSegment();
      // An invocation that found nothing to do has nothing to publish, and Powertools would warn of it.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

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
