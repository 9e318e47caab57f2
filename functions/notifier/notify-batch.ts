import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeliveredCall, DeliveryResult, QueuedCall, QueuedRecord } from '../../shared/delivery/settle.ts';
import { type WebhookUrls, webhookUrlOf } from '../../shared/slack/webhook.ts';
import { createSignals, type FailedJoins, type Signals } from '../delivery/join-signals.ts';
import { claimedUntil, createDelivery, type Known, NO_SECRET, readWebhooks } from '../delivery/notify-calls.ts';
import { notifySignals, type SayingRecord } from '../delivery/notify-signals.ts';
import { createSettler, hiddenForMs, readRecords, type Settler, type SignalRecord } from '../delivery/records.ts';
import type { NotifyingDependencies } from '../ports.ts';
import type { WebhookStates } from '../slack/deliver-message.ts';
import { createLane, type Lane } from './lane.ts';

/** Kept back of an invocation's time to mark, dead-letter, hide and count after the last post. */
const SETTLING_MS = 20_000;
/** How often whoever handed its calls over looks whether they are in good hands. */
const BETWEEN_LOOKS_MS = 1000;
/**
 * How the queue is emptied: by so many receivers, each of which has done when so many receives were empty, and which
 * wait for records at first. What waited for a webhook comes back within a second, since delays are whole seconds, and
 * as much later as clocks differ: so long a thorough drain waits for it, and looks twice.
 */
const DRAINS = {
  thorough: { receivers: 10, looks: 2, waitMs: 2000 },
  quick: { receivers: 10, looks: 1, waitMs: 0 },
  glance: { receivers: 1, looks: 1, waitMs: 0 },
} as const;
type DrainKind = keyof typeof DRAINS;
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
  readonly #dependencies: NotifyingDependencies;
  readonly #deadlineMs: number;
  readonly #lastAnswerMs: number;
  readonly #settler: Settler;
  /** `undefined`: there is no usable secret. */
  readonly #urls: WebhookUrls | undefined;
  readonly #states: WebhookStates;
  readonly #delivery: ReturnType<typeof createDelivery>;
  readonly #known: Known = new Map();
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new Map<Lane, Promise<void>>();
  readonly #background: Promise<unknown>[] = [];
  /** Received by this invocation and not in its batch. */
  readonly #ours = new Set<QueuedRecord>();
  #toSettle: DeliveredCall[] = [];
  readonly #signals: Signals;
  /** What there is to say, by webhook, while something is said there: one message holds what came meanwhile. */
  readonly #toSay = new Map<string, SayingRecord[]>();
  /** What is joined or said beside the lanes. */
  readonly #aside = new Set<Promise<void>>();
  readonly #drains = new Map<DrainKind, Promise<void>>();

  constructor(
    dependencies: NotifyingDependencies,
    {
      urls,
      states,
      failed,
      deadlineMs,
    }: {
      readonly urls: WebhookUrls | undefined;
      readonly states: WebhookStates;
      readonly failed: FailedJoins;
      readonly deadlineMs: number;
    },
  ) {
    this.#dependencies = dependencies;
    this.#urls = urls;
    this.#states = states;
    this.#signals = createSignals({ ...dependencies, failed });
    this.#deadlineMs = deadlineMs;
    this.#lastAnswerMs = deadlineMs - SETTLING_MS;
    this.#settler = createSettler({
      ...dependencies,
      delivery: 'immediate',
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
    const { telemetry } = this.#dependencies;
    await telemetry.span('### parse to enrich', { records: batch.length }, async () => this.#read(batch));
    this.#runLanes();
    await this.#finish();
    await this.#standBy();
    await this.#settler.finish();
    return this.#settler.failures();
  }

  /** Waits for the lanes that run, and for receives on their way, which may bring more; and settles what has ended. */
  async #finish(): Promise<void> {
    const work = (): readonly Promise<void>[] => [...this.#running.values(), ...this.#drains.values(), ...this.#aside];
    for (let rest = work(); rest.length > 0; rest = work()) await Promise.race(rest);
    await this.#signals.finish();
    this.#settleBehind();
    await Promise.all(this.#background.splice(0));
  }

  /** Stays as long as somebody is about to take what was handed over. */
  async #standBy(): Promise<void> {
    const { now, wait } = this.#dependencies;
    const standing = (): readonly Lane[] => [...this.#lanes.values()].filter((lane) => lane.standsByUntilMs() > now());
    for (let lanes = standing(); lanes.length > 0; lanes = standing()) {
      const untilMs = Math.max(...lanes.map((lane) => lane.standsByUntilMs()));
      const pauseMs = Math.min(untilMs, now() + BETWEEN_LOOKS_MS, this.#lastAnswerMs) - now();
      if (pauseMs <= 0) return;
      await wait(pauseMs);
      const areInGoodHands = await Promise.all(standing().map((lane) => lane.isInGoodHands()));
      if (areInGoodHands.includes(false)) return;
    }
  }

  #read(records: readonly QueuedRecord[]): void {
    const { settings, telemetry } = this.#dependencies;
    const { calls, rejected, signals, dropped } = readRecords(records, settings);
    if (dropped.length > 0) telemetry.metric('SignalsDropped', dropped.length);
    this.#toSettle.push(...rejected, ...dropped);
    for (const call of calls) {
      // Slack or no Slack: what came of it is asked as soon as it is received.
      this.#signals.take(call.notification);
      this.#takeIn(call);
    }
    if (signals.length > 0) this.#takeSignals(signals);
  }

  #takeSignals(signals: readonly SignalRecord[]): void {
    for (const { record, content } of signals) {
      if (content.kind === 'saying') this.#takeSaying({ record, saying: content.saying, channel: content.channel });
      else this.#beside(this.#join(record, content));
    }
  }

  /**
   * One message at a time for each webhook: a call waits for one of them at most, and not for as many as there are
   * receives that brought something to say.
   */
  #takeSaying(one: SayingRecord): void {
    const webhook = (this.#urls && webhookUrlOf(this.#urls, one.channel)) ?? one.channel;
    const others = this.#toSay.get(webhook);
    if (others !== undefined) {
      others.push(one);
      return;
    }
    this.#toSay.set(webhook, [one]);
    this.#beside(this.#sayAll(webhook));
  }

  async #sayAll(webhook: string): Promise<void> {
    // What the same receive brought is said together.
    await Promise.resolve();
    for (;;) {
      const sayings = this.#toSay.get(webhook)?.splice(0) ?? [];
      if (sayings.length === 0) break;
      await this.#say(sayings);
    }
    this.#toSay.delete(webhook);
  }

  #beside(work: Promise<void>): void {
    const ended = work.finally(() => this.#aside.delete(ended));
    this.#aside.add(ended);
  }

  async #join(record: QueuedRecord, content: Parameters<Signals['join']>[0]): Promise<void> {
    const deliveryResult = await this.#signals.join(content, record.receiveCount);
    this.#toSettle.push({ records: [record], notification: undefined, deliveryResult });
  }

  async #say(sayings: readonly SayingRecord[]): Promise<void> {
    const onEnd = (delivered: DeliveredCall): void => {
      this.#settler.report(delivered);
      this.#toSettle.push(delivered);
    };
    if (this.#urls === undefined) {
      for (const { record } of sayings) {
        onEnd({ records: [record], notification: undefined, deliveryResult: NO_SECRET });
      }
      return;
    }
    const delivery = createDelivery(this.#dependencies, {
      urls: this.#urls,
      states: this.#states,
      lastAnswerMs: this.#lastAnswerMs,
    });
    await notifySignals(sayings, {
      ...this.#dependencies,
      delivery,
      claimedUntilMs: claimedUntil(this.#deadlineMs),
      onEnd,
    });
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
    const { settings } = this.#dependencies;
    const lane =
      this.#lanes.get(webhookUrl) ??
      createLane({
        ...this.#dependencies,
        webhookUrl,
        delivery: this.#delivery,
        known: this.#known,
        signals: this.#signals,
        channelSettings: (channel) => settings.channels[channel] ?? {},
        claimedUntilMs: claimedUntil(this.#deadlineMs),
        drain: (how) => this.#drain(how),
        onEnd: (call, deliveryResult) => this.#end(call, deliveryResult),
      });
    this.#lanes.set(webhookUrl, lane);
    return lane;
  }

  #end(call: QueuedCall, deliveryResult: DeliveryResult): void {
    if (deliveryResult.kind === 'posted' || deliveryResult.kind === 'folded') this.#signals.reported(call.notification);
    const isHandedOver = deliveryResult.kind === 'waiting' && deliveryResult.isHandedOver === true;
    const isOurs = this.#ours.has(call.records[0]);
    const untilMs = this.#dependencies.now() + HANDED_OVER_FOR_MS;
    const delivered = {
      ...call,
      deliveryResult: isHandedOver && isOurs ? { ...deliveryResult, untilMs } : deliveryResult,
    };
    this.#settler.report(delivered);
    this.#toSettle.push(delivered);
  }

  /** What has ended leaves the queue, or goes back to it, while others are still being reported. */
  #settleBehind(): void {
    const delivered = this.#toSettle;
    this.#toSettle = [];
    this.#background.push(this.#settler.settle(delivered));
  }

  /** Runs the lanes that have something to do and are not running. */
  #runLanes(): void {
    for (const lane of this.#lanes.values()) {
      if (!this.#running.has(lane) && lane.hasWork()) this.#run(lane);
    }
  }

  #run(lane: Lane): void {
    const run = lane.run().finally(() => {
      this.#running.delete(lane);
      this.#settleBehind();
      this.#runLanes();
    });
    this.#running.set(lane, run);
  }

  /** Takes what waits in the queue, for all lanes that ask at once. */
  #drain(how: DrainKind): Promise<void> {
    this.#settleBehind();
    const drain =
      this.#drains.get(how) ??
      this.#receiveAll(how).finally(() => {
        this.#drains.delete(how);
        this.#runLanes();
      });
    this.#drains.set(how, drain);
    return drain;
  }

  async #receiveAll(how: DrainKind): Promise<void> {
    const startMs = this.#dependencies.now();
    const { receivers, looks, waitMs } = DRAINS[how];
    const limits = {
      looks,
      waitingUntilMs: startMs + waitMs,
      untilMs: Math.min(startMs + LONGEST_DRAIN_MS, this.#lastAnswerMs),
    };
    try {
      await Promise.all(Array.from({ length: receivers }, () => this.#receive(limits)));
    } catch (error) {
      this.#dependencies.telemetry.warn('the queue could not be emptied', { error });
    }
  }

  async #receive(limits: Readonly<Record<'looks' | 'waitingUntilMs' | 'untilMs', number>>): Promise<void> {
    const { queue, now } = this.#dependencies;
    let { looks } = limits;
    while (looks > 0 && this.#ours.size < LIMIT && now() < limits.untilMs) {
      const page = await queue.receive({
        waitSeconds: now() < limits.waitingUntilMs ? 1 : 0,
        hiddenForMs: hiddenForMs(this.#deadlineMs, now()),
      });
      if (page.length === 0) looks -= 1;
      for (const record of page) this.#ours.add(record);
      this.#read(page);
    }
  }
}

/**
 * Takes a batch of records, and what waits behind them while a burst runs, and brings every one of them to its end:
 * reported, alone or folded with others; reported before; dead-lettered with a reason; or back in the queue, and then, if it is
 * of the batch, it is in the response.
 */
export function createHandler(dependencies: NotifyingDependencies) {
  const states: WebhookStates = new Map();
  const failed: FailedJoins = new Map();
  return async (
    { Records }: SQSEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const deadlineMs = dependencies.now() + context.getRemainingTimeInMillis();
    const urls = await readWebhooks(dependencies);
    const failures = await new Invocation(dependencies, { urls, states, failed, deadlineMs }).notify(
      Records.map(queuedRecord),
    );
    return { batchItemFailures: Array.from(failures, (itemIdentifier) => ({ itemIdentifier })) };
  };
}
