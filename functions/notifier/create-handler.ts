import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EndedCall, Ending } from '../../shared/call-ending.ts';
import type { QueuedCall } from '../../shared/queued-call.ts';
import type { QueuedRecord } from '../../shared/queued-record.ts';
import { type WebhookUrls, webhookUrlOf } from '../../shared/webhook-urls.ts';
import type { TellingDependencies } from '../delivery/dependencies.ts';
import { readRecords } from '../delivery/read-records.ts';
import { createSettler, type Settler } from '../delivery/settle-calls.ts';
import { createDelivery, type KnownTold, NO_SECRET, readWebhooks } from '../delivery/tell-calls.ts';
import type { WebhookStates } from '../slack/webhook-sender.ts';
import { createLane, type Lane } from './lane.ts';

/** Kept back of an invocation's time to mark, dead-letter, hide and count after the last post. */
const SETTLING_MS = 20_000;
/** Clocks of two processes differ by less. */
const CLOCKS_DIFFER_MS = 10_000;
/** What this invocation received by itself comes back so long after it is over, should it be killed. */
const AFTER_THE_END_MS = 30_000;
const RECEIVERS = 10;
/**
 * What waited for a webhook comes back within a second, since delays are whole seconds, and as much later as clocks
 * differ: so long receives wait for it, and each of them looks twice.
 */
const THOROUGH_FOR_MS = 2000;
const THOROUGH_LOOKS = 2;
/** However fast calls come, taking them ends: what comes later is for the next post. */
const LONGEST_DRAIN_MS = 5000;
/** Records held in memory at once: 10,000 calls fit in a heap of 200 MB. */
const LIMIT = 10_000;
/** What a drain hands over would come straight back to the same drain. */
const HANDED_OVER_FOR_MS = 1000;

const queuedRecord = ({ messageId, receiptHandle, body, attributes }: SQSRecord): QueuedRecord => ({
  messageId,
  receiptHandle,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount) || 1,
  sentAtMs: Number(attributes.SentTimestamp) || undefined,
});

/** One invocation: the calls in its hands, by webhook, and what is done with their records. */
class Invocation {
  readonly #dependencies: TellingDependencies;
  readonly #deadlineMs: number;
  readonly #lastAnswerMs: number;
  readonly #settler: Settler;
  /** `undefined`: there is no usable secret. */
  readonly #urls: WebhookUrls | undefined;
  readonly #delivery: ReturnType<typeof createDelivery>;
  readonly #known: KnownTold = new Map();
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new Map<Lane, Promise<void>>();
  readonly #background: Promise<unknown>[] = [];
  /** Received by this invocation and not in its batch. */
  readonly #ours = new Set<QueuedRecord>();
  #toSettle: EndedCall[] = [];
  #stayUntilMs = 0;
  #draining: Promise<void> | undefined;

  constructor(
    dependencies: TellingDependencies,
    {
      urls,
      states,
      deadlineMs,
    }: { readonly urls: WebhookUrls | undefined; readonly states: WebhookStates; readonly deadlineMs: number },
  ) {
    this.#dependencies = dependencies;
    this.#urls = urls;
    this.#deadlineMs = deadlineMs;
    this.#lastAnswerMs = deadlineMs - SETTLING_MS;
    this.#settler = createSettler({
      ...dependencies,
      manner: 'immediately',
      isOurs: (record) => this.#ours.has(record),
    });
    this.#delivery = createDelivery(dependencies, {
      urls: urls ?? { kind: 'by-channel', urls: new Map() },
      states,
      lastAnswerMs: this.#lastAnswerMs,
    });
  }

  /** Brings the batch, and what is drained behind it, to its end; which records of the batch stay in the queue. */
  async notify(batch: readonly QueuedRecord[]): Promise<ReadonlySet<string>> {
    const { telemetry, now, wait } = this.#dependencies;
    await telemetry.span('### parse to enrich', { records: batch.length }, async () => this.#read(batch));
    this.#runLanes();
    while (this.#running.size > 0) await Promise.race(this.#running.values());
    this.#settleBehind();
    await Promise.all(this.#background);
    await this.#settler.finish();
    const stayMs = Math.min(this.#stayUntilMs, this.#lastAnswerMs) - now();
    if (stayMs > 0) await wait(stayMs);
    return this.#settler.failures();
  }

  #read(records: readonly QueuedRecord[]): void {
    const { calls, unreadable } = readRecords(records, this.#dependencies.settings);
    this.#toSettle.push(...unreadable);
    for (const call of calls) this.#takeIn(call);
  }

  #takeIn(call: QueuedCall): void {
    const { channel } = call.notification.route;
    if (this.#urls === undefined) {
      this.#end(call, NO_SECRET);
      return;
    }
    const url = webhookUrlOf(this.#urls, channel);
    if (url !== undefined) {
      this.#laneOf(url).add(call);
      return;
    }
    this.#delivery.onNoWebhook(channel);
    this.#end(call, { kind: 'waiting', reason: `no webhook URL for channel ${channel}`, untilMs: undefined });
  }

  #laneOf(webhookUrl: string): Lane {
    const { settings, now } = this.#dependencies;
    const lane =
      this.#lanes.get(webhookUrl) ??
      createLane({
        ...this.#dependencies,
        webhookUrl,
        delivery: this.#delivery,
        known: this.#known,
        channelSettings: (channel) => settings.channels[channel] ?? {},
        claimedUntilMs: this.#deadlineMs + CLOCKS_DIFFER_MS,
        drain: (options) => this.#drain(options),
        onEnd: (call, ending) => this.#end(call, ending),
        onHandOver: (stayMs) => {
          this.#stayUntilMs = Math.max(this.#stayUntilMs, now() + stayMs);
        },
      });
    this.#lanes.set(webhookUrl, lane);
    return lane;
  }

  #end(call: QueuedCall, ending: Ending): void {
    const isHandedOver = ending.kind === 'waiting' && ending.isHandedOver === true;
    const isOurs = this.#ours.has(call.records[0]);
    const untilMs = this.#dependencies.now() + HANDED_OVER_FOR_MS;
    const ended = { ...call, ending: isHandedOver && isOurs ? { ...ending, untilMs } : ending };
    this.#settler.report(ended);
    this.#toSettle.push(ended);
  }

  /** What has ended leaves the queue, or goes back to it, while others are still being told. */
  #settleBehind(): void {
    const ended = this.#toSettle;
    this.#toSettle = [];
    this.#background.push(this.#settler.settle(ended));
  }

  /** Runs the lanes that have something to do and are not running. */
  #runLanes(): void {
    for (const lane of this.#lanes.values()) {
      if (this.#running.has(lane) || !lane.hasWork()) continue;
      const run = lane.run().finally(() => {
        this.#running.delete(lane);
        this.#settleBehind();
        this.#runLanes();
      });
      this.#running.set(lane, run);
    }
  }

  /** Takes what waits in the queue, for all lanes that ask at once. */
  #drain({ thorough }: { readonly thorough: boolean }): Promise<void> {
    this.#settleBehind();
    this.#draining ??= this.#receiveAll(thorough).finally(() => {
      this.#draining = undefined;
      this.#runLanes();
    });
    return this.#draining;
  }

  async #receiveAll(thorough: boolean): Promise<void> {
    const startMs = this.#dependencies.now();
    const limits = {
      looks: thorough ? THOROUGH_LOOKS : 1,
      waitingUntilMs: thorough ? startMs + THOROUGH_FOR_MS : startMs,
      untilMs: Math.min(startMs + LONGEST_DRAIN_MS, this.#lastAnswerMs),
    };
    try {
      await Promise.all(Array.from({ length: RECEIVERS }, () => this.#receive(limits)));
    } catch (error) {
      this.#dependencies.telemetry.warn('the queue could not be emptied', { error });
    }
  }

  async #receive(limits: Readonly<Record<'looks' | 'waitingUntilMs' | 'untilMs', number>>): Promise<void> {
    const { queue, now } = this.#dependencies;
    let { looks } = limits;
    while (looks > 0 && this.#ours.size < LIMIT && now() < limits.untilMs) {
      const hiddenForMs = this.#deadlineMs - now() + AFTER_THE_END_MS;
      const page = await queue.receive({ waitSeconds: now() < limits.waitingUntilMs ? 1 : 0, hiddenForMs });
      if (page.length === 0) looks -= 1;
      for (const record of page) this.#ours.add(record);
      this.#read(page);
    }
  }
}

/**
 * Takes a batch of records, and what waits behind them while a burst runs, and brings every one of them to its end:
 * told, alone or folded with others; told before; dead-lettered with a reason; or back in the queue, and then, if it is
 * of the batch, it is in the response.
 */
export function createHandler(dependencies: TellingDependencies) {
  const states: WebhookStates = new Map();
  return async (
    { Records }: SQSEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const deadlineMs = dependencies.now() + context.getRemainingTimeInMillis();
    const urls = await readWebhooks(dependencies);
    const failures = await new Invocation(dependencies, { urls, states, deadlineMs }).notify(Records.map(queuedRecord));
    return { batchItemFailures: Array.from(failures, (itemIdentifier) => ({ itemIdentifier })) };
  };
}
