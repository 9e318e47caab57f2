import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { createEventArchive } from './aws/event-archive.ts';
import { createEventBridge } from './aws/event-bridge.ts';
import { type BusEvent, createEventBus } from './aws/event-bus.ts';
import { startFrontDoor } from './aws/front-door.ts';
import { releaseBlocks, releaseClaims } from './aws/ledger-holds.ts';
import { LOOPBACK, portError } from './aws/listen.ts';
import { createMetricService } from './aws/metric-service.ts';
import { createQueueStore } from './aws/queue-store.ts';
import { createSecretService } from './aws/secret-service.ts';
import { createStackService } from './aws/stack-service.ts';
import { startTableStore } from './aws/table-store.ts';
import { createClock } from './clock.ts';
import { createCopyToSlack } from './copy-to-slack.ts';
import { createPageSource } from './create-page-source.ts';
import { openDataDirectory } from './data-directory.ts';
import { registerPage } from './page/register-page.ts';
import type { Pipeline, PipelineOptions } from './pipeline.ts';
import { createPipelineRecord } from './pipeline-record.ts';
import { type RunningFunctions, runFunctions } from './run-functions.ts';
import { settle } from './settle-pipeline.ts';
import { createRateLimit } from './slack/rate-limit.ts';
import { createSlackMood } from './slack/slack-behaviour.ts';
import { registerSlack } from './slack/slack-endpoint.ts';
import { A_PERSON, secretOfPoster, webhookPath } from './slack/webhook-path.ts';
import { readTemplate } from './template/read-template.ts';
import { synthesizeStack } from './template/synthesize-stack.ts';

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
  const door = await startFrontDoor({ port: awsPort });
  closing.push(door.close);
  const stack = await synthesizeStack(context);
  const { stackName, region } = stack;
  const place = { stackName, region, account: ACCOUNT, partition: 'aws', endpoint: door.url };
  const model = readTemplate(stack.template, place, stack.assemblyDir);
  const record = createPipelineRecord(model, onNote);

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

  const toRules = createEventBus({ rules: model.rules, queues, nowMs: clock.now, listener: record });
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
  const mood = createSlackMood();
  const channels = new Set(['default', ...record.rules.map(({ channel }) => channel)]);

  let isFunction = (_accessKeyId: string): boolean => false;
  const web = fastify({ logger: false, forceCloseConnections: true });
  closing.push(() => web.close());
  registerSlack(web, {
    mood,
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
  const state = () => record.state(mood.current);
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
    const pipeline = { messages: record.messages, state, slack: mood, tryNow };
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

  const metrics = createMetricService({ oldestMessageMs: queues.oldestMessageMs, nowMs });

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
    slack: mood,
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
    settled: () => settle({ book: record.book, queues, digestQueueArns: record.digestQueueArns, runDigest, nowMs }),
    stop: async () => void (await stop()),
  };
}
