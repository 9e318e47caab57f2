import { createHash } from 'node:crypto';
import type { SignalSettings } from '../../shared/notification/notification.ts';
import type { Excuse } from './attribute.ts';
import { createSend, type FailedCall, type Service } from './aws-client.ts';
import { type Chance, createChance } from './chance.ts';
import { createChecks } from './checks/create-checks.ts';
import { startDays } from './days.ts';
import { CHANNEL_REFUSED, createEvidence } from './evidence.ts';
import {
  createFunction,
  type Deployed,
  DIGEST_MS,
  MAX_RECEIVE_COUNT,
  NOTIFIER_CONCURRENCY,
  type SimulatedOutside,
  TIMEOUTS_MS,
  visibilityTimeoutMs,
} from './functions-under-test.ts';
import { createLambda, type LambdaFunction, startMapping } from './lambda.ts';
import { createSenses, type Death, type FunctionName, type Process } from './process.ts';
import type { PromiseName, Violation } from './promises.ts';
import { createQueue, createQueueService, type Queue, type QueueSettings } from './queues.ts';
import { createScheduler } from './scheduler.ts';
import { createSecret } from './secret.ts';
import { createSignalWorkload, signalsOf } from './signals.ts';
import { createSlack } from './slack.ts';
import { createTable } from './table.ts';
import { CALM, type Climate, createTrouble, DAY_MS, type Episode } from './trouble.ts';
import { type Call, CHANNELS, createWorkload, numbersIn, type QueueName, setupOf } from './workload.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly days: number;
  /** @default 200 */
  readonly mostCallsADay?: number | undefined;
  /**
   * What a broken seed says is enough.
   * @default 20
   */
  readonly mostViolations?: number | undefined;
  /** Puts a mistake between the functions and their surroundings. */
  readonly plant?: ((outside: SimulatedOutside) => SimulatedOutside) | undefined;
  /** Called with everything that happens at the edges, and what the functions log. */
  readonly onEvent?: ((line: string) => void) | undefined;
  /** Called with how many days have begun. */
  readonly onDay?: ((day: number) => void) | undefined;
}

/** What happened in a simulation. */
export interface SimulationResult {
  readonly seed: number;
  readonly days: number;
  readonly calls: number;
  /** Calls and channels: what had to be reported. */
  readonly toNotify: number;
  readonly posts: number;
  readonly alone: number;
  readonly folded: number;
  readonly digested: number;
  readonly deadLettered: number;
  /** How often the record was received that was received most. */
  readonly mostReceives: number;
  readonly repeatsExcused: Readonly<Record<Excuse, number>>;
  readonly summaries: number;
  /** Messages that report no call, but what MediaConnect said by itself. */
  readonly sayings: number;
  readonly kills: number;
  readonly outages: number;
  readonly outageHours: number;
  readonly exchanges: number;
  readonly deployments: number;
  readonly longestWaitSeconds: number;
  readonly events: number;
  /** Of everything that happened at the edges, in its order: the same for the same seed. */
  readonly hash: string;
  readonly violations: readonly Violation[];
}

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const SECRET_ID = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack';
const TABLE_NAME = 'ledger';
const MOST_SKEW_MS = 2000;
/** A refused webhook makes a process read the secret again, and that not oftener than so. */
const LATE_WITH_SECRET_MS = 60_000;
/** After the last day, for what still waits. */
const AFTERMATH_MS = 14 * HOUR_MS;

/** What an admin may change at any time. */
const display = (version: number, signals: SignalSettings | undefined): Deployed['display'] => ({
  ...(signals && { signals }),
  accountNames: { '111122223333': `production ${version}` },
  channels: {
    ops: { mention: { denied: 'here' } },
    ...(version % 2 === 1 && { default: { mention: { 'on-air': 'here' } } }),
  },
  showParameters: [],
});

/** Runs the functions in a world of their own, for some days of its time. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, days, mostCallsADay = 200, mostViolations = 20, plant = (outside) => outside } = options;
  const { onEvent, onDay } = options;
  const chance = createChance(`seed ${seed}`);
  const fork = (purpose: string): Chance => chance.fork(purpose);
  const scheduler = createScheduler(START_MS, fork('ties'));
  const { nowMs } = scheduler;
  const endMs = START_MS + days * DAY_MS;
  const setup = setupOf(fork('setup'), mostCallsADay);
  const signals = signalsOf(fork('signals'));
  const time = (ms: number): string => new Date(ms).toISOString();

  const hash = createHash('sha256');
  const log = (line: string): void => {
    const text = `${time(nowMs())} ${line}`;
    hash.update(text);
    onEvent?.(text);
  };
  const violations: Violation[] = [];
  const violate = (promise: PromiseName, detail: string): void => {
    log(`VIOLATION ${promise}: ${detail}`);
    violations.push({ promise, atMs: nowMs(), detail });
  };

  const calls = new Map<number, Call>();
  const counts = { kills: 0, exchanges: 0, deployments: 0, outages: 0, outageMs: 0, summaries: 0, sayings: 0 };
  let climate: Climate = CALM;

  const revokedUntilMs = new Map<number, number>();
  const secret = createSecret(SECRET_ID, setup, fork('secret'));
  const checks = createChecks({
    scheduler,
    violate,
    setup,
    digestMs: DIGEST_MS,
    hiddenMs: visibilityTimeoutMs('digest', 0),
    evidence: () => evidence,
    placeOfUrl: secret.placeOf,
    callOf: (number) => calls.get(number),
  });
  const evidence = createEvidence({
    nowMs,
    violate,
    isWithoutWebhook: (channel) => nowMs() < (revokedUntilMs.get(setup.webhookOf[channel] ?? 0) ?? 0),
    isWebhookOf: (url, channel) => setup.webhookOf[channel] === secret.placeOf(url),
    onQueued: checks.queued,
    onSaid: (notice) => {
      counts.sayings += 1;
      checks.outcomes.notified(notice);
    },
    isRefused: (body) => [...numbersIn(body)].some((number) => calls.get(number)?.refusal !== undefined),
    onNotified: checks.notified,
  });

  const trouble = createTrouble(fork('faults'), () => climate);
  const mortality = fork('mortality');
  const hasJustPosted = new Set<Process>();
  const senses = createSenses({
    scheduler,
    isStruck: (process) => mortality.is(hasJustPosted.delete(process) ? climate.killedAfterAPost : climate.killed),
  });
  const hiddenMs = (name: FunctionName): number =>
    visibilityTimeoutMs(name, name === 'notifier' ? setup.windowSeconds : 0);
  const onDeath = (process: Process, why: Death): void => {
    if (why === 'replaced') return;
    log(`${process.name} ${why}`);
    if (why === 'killed') counts.kills += 1;
    else violate('no invocation is cut off', `${process.invocation?.name} ran out of time`);
    evidence.mishaps.died(process);
    checks.died(TIMEOUTS_MS[process.functionName]);
  };

  const deadLetterQueue = createQueue({
    name: 'dead-letters',
    visibilityTimeoutMs: 30_000,
    maxReceiveCount: Number.POSITIVE_INFINITY,
    scheduler,
    chance: fork('dead letters'),
    deadLetterQueue: undefined,
    onAdded: (queue, message) => evidence.deadLettered(queue, message),
    onRemoved: () => undefined,
    onReceived: () => undefined,
  });
  const queueOf = (settings: QueueSettings): Queue =>
    createQueue({
      ...settings,
      scheduler,
      chance: fork(settings.name),
      deadLetterQueue,
      onAdded: evidence.added,
      onRemoved: evidence.removed,
      onReceived: (_queue, messages, process) => {
        if (process !== undefined) evidence.handed(process, messages);
      },
    });
  const queues: Readonly<Record<QueueName, Queue>> = {
    immediate: queueOf({
      name: 'immediate',
      visibilityTimeoutMs: hiddenMs('notifier'),
      maxReceiveCount: MAX_RECEIVE_COUNT,
    }),
    digest: queueOf({ name: 'digest', visibilityTimeoutMs: hiddenMs('digest'), maxReceiveCount: MAX_RECEIVE_COUNT }),
  };
  const leftUndone = fork('unprocessed');
  const table = createTable({
    name: TABLE_NAME,
    nowMs,
    chance: fork('table'),
    isUnprocessed: () => leftUndone.is(climate.unprocessed),
    onWrite: evidence.wrote,
  });
  const services = new Map<string, Service>([
    [
      'SQSClient',
      createQueueService([queues.immediate, queues.digest, deadLetterQueue], {
        scheduler,
        isEntryRefused: trouble.isEntryRefused,
        onUnheard: evidence.mishaps.unheard,
        onHidden: evidence.mishaps.hidden,
      }),
    ],
    ['DynamoDBClient', table.service],
    ['SecretsManagerClient', secret.service],
  ]);
  const isRefused = (message: object): boolean =>
    [...numbersIn(JSON.stringify(message))].some((number) => {
      const refusal = calls.get(number)?.refusal;
      return refusal === 'always' || (refusal === 'its blocks' && 'blocks' in message);
    });
  const fetchOf = createSlack({
    scheduler,
    senses,
    chance: fork('slack'),
    moodAt: trouble.moodAt,
    isWebhook: secret.isWebhook,
    isRefused,
    onTaken: (post) => {
      hasJustPosted.add(post.process);
      const notice = evidence.taken(post);
      if (notice === undefined) return;
      if (notice.notes.invocation.functionName === 'summary') counts.summaries += 1;
      checks.taken(notice);
    },
    onFailed: checks.notTaken,
    onAnswered: checks.answered,
    log,
  });

  const onFailure = (process: Process, failed: FailedCall): void => {
    log(`${process.name} ${failed.operation} failed: ${String(failed.error)}`);
    // A request that AWS would never take is a mistake of the functions or of this simulation, and no fault.
    if (failed.error instanceof Error && failed.error.name === 'ValidationException') {
      violate('AWS takes every request', `${failed.operation}: ${failed.error.message}`);
    }
    evidence.failed(process, failed);
  };
  function outsideOf(process: Process): SimulatedOutside {
    const own = fork(process.name);
    const awsOptions = {
      senses,
      chance: own.fork('aws'),
      network: trouble,
      onFailure,
      onLate: evidence.cameLate,
      onAnswer: evidence.answered,
      nowMs,
      log,
    };
    let ids = 0;
    return {
      now: () => nowMs() + process.skewMs,
      wait: (ms) => senses.wait(process, ms),
      newId: () => {
        ids += 1;
        return `${process.name}/${ids}`;
      },
      fetch: fetchOf(process),
      timeLimit: (ms) => senses.timeLimit(process, ms),
      captureClient(client) {
        const service = services.get(client.constructor.name);
        if (service === undefined) throw new TypeError(`not imitated: ${client.constructor.name}`);
        return Object.assign(client, { send: createSend(client, service, process, awsOptions) });
      },
      onMetric: checks.published,
      onLine: onEvent && ((line) => onEvent(`${time(nowMs())} ${process.name} logs ${line}`)),
    };
  }
  const deployed = (): Deployed => ({
    secretId: SECRET_ID,
    tableName: TABLE_NAME,
    immediateQueueUrl: queues.immediate.url,
    digestQueueUrl: queues.digest.url,
    deadLetterQueueUrl: deadLetterQueue.url,
    channels: CHANNELS,
    display: display(counts.deployments, signals),
  });
  const lambdaOf = (name: FunctionName): LambdaFunction =>
    createLambda({
      name,
      timeoutMs: TIMEOUTS_MS[name],
      scheduler,
      chance: fork(name),
      create: (process) => createFunction(name, plant(outsideOf(process)), deployed()),
      mostSkewMs: MOST_SKEW_MS,
      onDeath,
      onError: (process, error) => log(`${process.name} threw: ${String(error)}`),
    });
  const lambdas = { notifier: lambdaOf('notifier'), digest: lambdaOf('digest'), summary: lambdaOf('summary') };

  /** As `notifier redrive` does it: what Slack refused only because of its channel. */
  function redrive(): void {
    const letters = [...deadLetterQueue.messages()];
    for (const letter of letters.filter(({ attributes }) => attributes.reason?.StringValue === CHANNEL_REFUSED)) {
      deadLetterQueue.drop(letter);
      const queue = evidence.redriven(letter);
      if (queue !== undefined) queues[queue].send(letter.body);
    }
  }

  startMapping({
    queue: queues.immediate,
    lambda: lambdas.notifier,
    windowSeconds: setup.windowSeconds,
    concurrency: NOTIFIER_CONCURRENCY,
    scheduler,
    chance: fork('poller'),
    isInReach: trouble.areQueuesInReach,
    onStart: (process, batch) => {
      evidence.started(process);
      evidence.handed(process, batch);
    },
  });
  startDays({
    scheduler,
    chance: fork('days'),
    endMs,
    queues,
    lambdas,
    secret,
    trouble,
    workload: createWorkload(fork('workload'), setup, () => climate),
    onClimate: (today) => {
      climate = today;
      onDay?.(Math.floor((nowMs() - START_MS) / DAY_MS) + 1);
      log(`day ${JSON.stringify(today)}`);
    },
    onCall: (call) => {
      if (!calls.has(call.number)) checks.outcomes.called(call);
      calls.set(call.number, call);
    },
    signals: signals && createSignalWorkload(fork('signal workload')),
    onFact: checks.outcomes.said,
    onArrival: evidence.expect,
    onInvocation: evidence.started,
    onSummaryDue: checks.summariesDue,
    onEpisode(what, episode: Episode) {
      log(`${episode.part} ${episode.mood} ${what}`);
      if (what === 'begins') {
        counts.outages += 1;
        counts.outageMs += episode.untilMs - episode.fromMs;
        checks.began(episode);
      } else {
        checks.ended(episode);
      }
    },
    onDeployment() {
      counts.deployments += 1;
      log('deployment');
    },
    onRevoked(place, untilMs) {
      revokedUntilMs.set(place, untilMs + LATE_WITH_SECRET_MS);
      checks.revoked(place, untilMs + LATE_WITH_SECRET_MS);
      log(`webhook ${place} is revoked`);
    },
    onRedrive: redrive,
    onExchange(place) {
      counts.exchanges += 1;
      log(`webhook ${place} is exchanged`);
    },
  });

  const isBroken = (): boolean => violations.length >= mostViolations;
  const isEmpty = (): boolean => queues.immediate.size() + queues.digest.size() === 0;
  await scheduler.runUntil(endMs, isBroken);
  await scheduler.runUntil(endMs + AFTERMATH_MS, () => isBroken() || isEmpty());
  if (!isBroken()) evidence.finish();
  if (!isBroken()) checks.outcomes.finish();
  if (!isBroken() && !isEmpty()) violate('every wait ends', 'records are left in the queues');

  const { outageMs, ...others } = counts;
  return {
    seed,
    days,
    calls: calls.size,
    toNotify: evidence.tickets(),
    ...evidence.counts,
    ...others,
    repeatsExcused: evidence.excused,
    outageHours: Math.round(outageMs / 36_000) / 100,
    longestWaitSeconds: Math.round(checks.longestWaitMs() / 1000),
    events: scheduler.events(),
    hash: hash.digest('hex'),
    violations,
  };
}
