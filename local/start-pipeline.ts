import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { SlackMessage } from '../shared/slack/message.ts';
import { createEventArchive } from './aws/event-archive.ts';
import { createEventBridge } from './aws/event-bridge.ts';
import { type BusEvent, type BusListener, createEventBus } from './aws/event-bus.ts';
import { LOOPBACK, portError, startGateway } from './aws/gateway.ts';
import { releaseBlocks, releaseClaims } from './aws/ledger-holds.ts';
import { createMetricService } from './aws/metric-service.ts';
import { createSecretService } from './aws/secret-service.ts';
import { createQueueStore, type QueueStore } from './aws/sqs.ts';
import { createStackService } from './aws/stack-service.ts';
import { startTableStore } from './aws/table-store.ts';
import { createClock } from './clock.ts';
import { createPageSource } from './create-page-source.ts';
import { openDataDirectory } from './data-directory.ts';
import { LocalStartError } from './local-start-error.ts';
import type { DeliveryTracker } from './monitor/delivery-tracker.ts';
import { createPipelineMonitor } from './monitor/monitor.ts';
import { registerPage } from './page/server.ts';
import type { Pipeline, PipelineOptions } from './pipeline.ts';
import { type RunningFunctions, runFunctions } from './run-functions.ts';
import { createRateLimit, createSlackControl } from './slack/behaviour.ts';
import { A_PERSON, registerSlack, secretOfPoster, webhookPath } from './slack/slack-endpoint.ts';
import { readTemplate } from './template/read-template.ts';
import { synthesizeStack } from './template/synthesize-stack.ts';

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
const LONGEST_ANSWER_BYTES = 1024;
/** Slack's refusals are one word in lower case, e.g. `no_service`. */
const SLACKS_WORD = /^[a-z][a-z_]{1,60}$/;

/**
 * Takes the webhook that gets a copy of each message.
 *
 * @throws LocalStartError when it is no URL that messages may be sent to. The text may be a secret and is not repeated.
 */
function readWebhookUrl(text: string): string {
  const url = URL.parse(text.trim());
  const isTrial = url?.protocol === 'http:' && LOOPBACK_NAMES.has(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !isTrial)) {
    throw new LocalStartError('the Slack webhook is not a https URL (http is taken for 127.0.0.1 only)');
  }
  return url.href;
}

async function startOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= LONGEST_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_ANSWER_BYTES).toString().trim();
}

/** What a person should know of an answer; `undefined` if Slack took the message. Never a text that could quote the URL. */
async function remarkOn(response: Response): Promise<string | undefined> {
  const { status } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return `the copy for the real Slack was answered with ${status}, a redirect, which is not followed: is the URL right?`;
  }
  const said = await startOf(response);
  if (status === 200 && said === 'ok') return undefined;
  if (status !== 200 && SLACKS_WORD.test(said)) return `the real Slack answered ${status} ${said}`;
  return `the copy for the real Slack was answered with ${status}, and not as Slack does: nothing says that it arrived`;
}

/**
 * Sends a copy of each message to a real webhook, one after another. The URL is a secret and never named; where it
 * leads to by a redirect is not asked, and what is there instead of Slack is not believed.
 */
export function createCopyToSlack(webhookUrl: string, onNote: (note: string) => void, fetch = globalThis.fetch) {
  const url = readWebhookUrl(webhookUrl);
  let last: Promise<void> = Promise.resolve();

  async function post(message: SlackMessage): Promise<void> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      });
      const remark = await remarkOn(response);
      if (remark !== undefined) onNote(remark);
    } catch (error) {
      // Its message may quote the URL.
      onNote(`the real Slack did not answer (${error instanceof Error ? error.name : 'unknown error'})`);
    }
  }

  return (message: SlackMessage): void => {
    last = last.then(() => post(message));
  };
}

export interface SettleOptions {
  readonly book: Pick<DeliveryTracker, 'open' | 'whenNoneIsOpen'>;
  readonly queues: Pick<QueueStore, 'counts' | 'nextVisibleAtMs'>;
  readonly digestQueueArns: readonly string[];
  readonly runDigest: () => Promise<void>;
  readonly nowMs: () => number;
}

/**
 * Waits until a digest run can do something: records of its queues are visible. Where all of them are gone, what is
 * open is being logged just now, and there is nothing to wait for but that.
 */
function untilDigestIsDue({ queues, digestQueueArns, nowMs }: SettleOptions): Promise<void> {
  if (digestQueueArns.some((arn) => queues.counts(arn).waiting > 0)) return Promise.resolve();
  const nextMs = digestQueueArns.flatMap((arn) => queues.nextVisibleAtMs(arn) ?? []);
  if (nextMs.length === 0) return new Promise(() => undefined);
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(1, Math.min(...nextMs) - nowMs()));
  });
}

/** Resolves when every event has its outcome; what gathers for a digest is reported when all else is. */
async function waitUntilIdle(options: SettleOptions): Promise<void> {
  const { book, runDigest } = options;
  while (book.open() > 0) {
    await book.whenNoneIsOpen('immediate');
    if (book.open('digest') > 0) {
      await Promise.race([book.whenNoneIsOpen('digest'), untilDigestIsDue(options)]);
      if (book.open('digest') > 0) await runDigest();
    }
  }
}

const SignalsSchema = z.object({
  signals: z.record(z.string(), z.object({ channel: z.string().optional() })).optional(),
});

/** Channels that only hear what MediaConnect says by itself: no rule names them. */
function signalChannelsOf({ functions }: Pipeline['model']): readonly string[] {
  return functions.flatMap(({ environment: { DISPLAY_SETTINGS = '{}' } }) => {
    const parsed = SignalsSchema.safeParse(JSON.parse(DISPLAY_SETTINGS));
    return Object.values(parsed.data?.signals ?? {}).flatMap(({ channel }) => channel ?? []);
  });
}

/** fauxqs knows no other account. */
const ACCOUNT = '000000000000';

/** Longer than Slack's answer is waited for. */
const TRY_WITHIN_MS = 15_000;
const TRY_EVERY_MS = 100;

type Close = () => Promise<unknown>;

async function listenWeb(web: FastifyInstance, port: number): Promise<string> {
  try {
    await web.listen({ port, host: LOOPBACK });
  } catch (error) {
    throw portError(error, port, '--port');
  }
  return `http://${LOOPBACK}:${(web.server.address() as AddressInfo).port}`;
}

/**
 * Starts the whole pipeline on this machine: the stack is synthesized, and what its template asks of AWS is run by
 * embedded parts that speak the real protocols, with the real functions between them.
 *
 * @throws LocalStartError when a port cannot be had.
 * @throws ContextError when the context values hold mistakes.
 * @throws RefusedTemplateError when CloudFormation would not take the template.
 * @throws UnsupportedTemplateError when the template asks for what is not imitated.
 */
export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const closing: Close[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    return await start(options, closing, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function start(options: PipelineOptions, closing: Close[], stop: Close): Promise<Pipeline> {
  const { context, port = 0, awsPort = 0, dataDir, timeFactor = 1, page = true } = options;
  const { speed = timeFactor, clockFactor = timeFactor } = options;
  const { onNote = () => undefined } = options;
  const copy = options.slackWebhook === undefined ? undefined : createCopyToSlack(options.slackWebhook, onNote);
  const nowMs = Date.now;
  const clock = createClock(timeFactor, nowMs);
  const newId = randomUUID;

  const data = dataDir === undefined ? undefined : openDataDirectory(dataDir);
  closing.push(async () => data?.release());
  const door = await startGateway({ port: awsPort });
  closing.push(door.close);
  const stack = await synthesizeStack(context);
  const { stackName, region } = stack;
  const place = { stackName, region, account: ACCOUNT, partition: 'aws', endpoint: door.url };
  const model = readTemplate(stack.template, place, stack.assemblyDir);
  const record = createPipelineMonitor(model, onNote);

  let inHand: RunningFunctions['inHand'] = () => new Set();
  const queues = await createQueueStore({
    region,
    dataDir: data?.folder('queues'),
    clockFactor,
    onChange: record.queueChanged,
  });
  closing.push(queues.close);
  for (const queue of model.queues) queues.createQueue(queue);
  record.watch(queues, (arn) => inHand(arn));

  const tables = await startTableStore({ dataDir: data?.folder('ledger') });
  closing.push(tables.close);
  for (const table of model.tables) {
    if ((await tables.createTable(table)) === 'kept') await releaseClaims(tables, table.name);
  }

  const metrics = createMetricService({ oldestMessageMs: queues.oldestMessageMs, nowMs });
  const listener: BusListener = {
    taken(event, verdicts) {
      for (const { rule, matched } of verdicts) if (matched) metrics.ruleMatched(rule.name);
      record.taken(event, verdicts);
    },
    dropped: record.dropped,
  };
  const toRules = createEventBus({ rules: model.rules, queues, nowMs: clock.now, listener });
  const archive = createEventArchive({
    archives: model.archives,
    busArn: `arn:${place.partition}:events:${region}:${ACCOUNT}:event-bus/default`,
    ruleArns: new Set(model.rules.map(({ arn }) => arn)),
    nowMs: clock.now,
    publish: toRules.publish,
  });
  const bus = {
    ...toRules,
    publish: (event: BusEvent) => {
      archive.keep(event);
      return toRules.publish(event);
    },
  };
  const control = createSlackControl();
  const channels = new Set(['default', ...record.rules.map(({ channel }) => channel), ...signalChannelsOf(model)]);

  let isFunction = (_accessKeyId: string): boolean => false;
  const web = fastify({ logger: false, forceCloseConnections: true });
  closing.push(() => web.close());
  registerSlack(web, {
    control,
    rateLimit: createRateLimit(),
    nowMs: clock.now,
    channels,
    onAccepted: (post) => {
      record.accepted(post);
      // What a person or another program posts here to try something is not for the real channel.
      if (isFunction(post.poster)) copy?.(post.message);
      options.onMessage?.(post);
    },
    onAnswerLost: (post) => options.onAnswerLost?.(post),
    onRefused: record.refused,
  });
  const state = () => record.state(control.current);
  /** What a function has in hand is hidden, too, and must not be taken from it: then a moment later. */
  async function showHidden(arn: string): Promise<void> {
    for (const endMs = nowMs() + TRY_WITHIN_MS; nowMs() < endMs; await delay(TRY_EVERY_MS, undefined, { ref: false })) {
      const taken = inHand(arn);
      if (taken === 'all') continue;
      queues.showHidden(arn, taken);
      record.progressed();
      return;
    }
  }

  async function tryNow(): Promise<number> {
    const held = state().queues.reduce((sum, queue) => sum + queue.held, 0);
    for (const { name } of model.tables) await releaseBlocks(tables, name);
    // Of a pipeline that was stopped meanwhile nothing is left to be shown.
    for (const arn of record.queueArns) showHidden(arn).catch(() => undefined);
    return held;
  }
  if (page) {
    const pipeline = { messages: record.messages, state, slack: control, tryNow };
    registerPage(
      web,
      createPageSource({ rules: record.rules, pipeline, put: bus.publish, nowMs, newId, subscribe: record.subscribe }),
    );
  }
  const pageUrl = await listenWeb(web, port);
  const webhookOf = (poster: string, channel: string): string => `${pageUrl}${webhookPath({ poster, channel })}`;

  const firstSecret = JSON.stringify(
    Object.fromEntries([...channels].map((channel) => [channel, webhookOf(A_PERSON, channel)])),
  );

  const functions = runFunctions({
    model,
    endpoint: door.url,
    queues,
    speed,
    nowMs,
    clock,
    newId,
    onLine: (line, accessKeyId) => {
      metrics.lineWritten(line);
      record.lineWritten(line, accessKeyId);
    },
    onProcessEnd: options.onProcessEnd,
    onNote,
    onProgress: record.progressed,
  });
  closing.push(functions.stop);
  isFunction = functions.hasGiven;
  inHand = functions.inHand;

  door.serve(
    queues,
    tables,
    metrics,
    createStackService({ stackName, model, createdAtMs: nowMs() }),
    createEventBridge({ ...bus, ...archive, schedules: model.schedules, account: ACCOUNT, region, nowMs, newId }),
    createSecretService({
      secretIds: new Set(model.functions.flatMap(({ environment }) => environment.SLACK_SECRET_ID ?? [])),
      secretFor: (accessKeyId = A_PERSON, put = firstSecret) =>
        functions.hasGiven(accessKeyId) ? secretOfPoster(put, accessKeyId) : put,
      newId,
    }),
  );

  const runDigest = () =>
    functions.runSchedulesOf(({ environment }) => record.digestQueueUrls.has(environment.QUEUE_URL ?? ''));

  return {
    urls: { page: pageUrl, aws: door.url, slack: webhookOf(A_PERSON, 'default') },
    model,
    slack: control,
    consumers: functions.consumers,
    async putEvent(event) {
      await bus.publish(event);
    },
    onOutcome: record.onOutcome,
    state,
    queued: () => record.queueArns.flatMap((arn) => queues.bodies(arn)),
    messages: record.messages,
    tryNow,
    runDigest,
    runFunction: (logicalIdPart) =>
      functions.runSchedulesOf(({ logicalId }) => logicalId.toLowerCase().includes(logicalIdPart.toLowerCase())),
    settled: () =>
      waitUntilIdle({ book: record.book, queues, digestQueueArns: record.digestQueueArns, runDigest, nowMs }),
    stop: async () => void (await stop()),
  };
}
