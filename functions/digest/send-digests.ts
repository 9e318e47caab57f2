import type { Context } from 'aws-lambda';
import {
  type DeliveredCall,
  type DeliveryResult,
  keyOf,
  type QueuedCall,
  type QueuedRecord,
} from '../../shared/delivery/settle.ts';
import type { ChannelSettings, Notification } from '../../shared/notification/notification.ts';
import { renderDigest } from '../../shared/slack/digest.ts';
import type { PlannedMessage } from '../../shared/slack/plan-messages.ts';
import { webhookUrlOf } from '../../shared/slack/webhook.ts';
import {
  BROKEN_OFF,
  claimedUntil,
  createClaims,
  createDelivery,
  type Known,
  NO_SECRET,
  notifyCalls,
  readKnown,
  readWebhooks,
} from '../delivery/notify-calls.ts';
import { addCall, createSettler, droppedRecord, hiddenForMs, readRecords } from '../delivery/records.ts';
import type { NotifyingDependencies } from '../ports.ts';
import type { WebhookStates } from '../slack/deliver-message.ts';

export interface Dependencies extends NotifyingDependencies {
  /** Minutes from one digest to the next: so long a call may wait before it waits too long. */
  readonly digestMinutes: number;
  /** Records held in memory at once: 10,000 calls fit in a heap of 200 MB. @default 10000 */
  readonly limit?: number;
}

/** Of an invocation's time: the first half is for receiving, the last quarter for marking and deleting. */
const RECEIVING = 0.5;
const POSTING = 0.75;
/** What was not reported stays out of this run. */
const LEAST_HIDDEN_MS = 60_000;
const RECEIVERS = 10;
/** A receive answers with up to ten records. */
const PAGE = 10;

/** A digest calls nobody. */
const channelSettings = (): ChannelSettings => ({});

/** Drains the digest queue and reports the calls of each channel in one message. */
export function createHandler(dependencies: Dependencies) {
  const { settings, queue, ledger, telemetry, now, newId, digestMinutes, limit = 10_000 } = dependencies;
  const states: WebhookStates = new Map();

  /** What the queue holds, each call once; several pages at a time. What was received before an error is reported all the same. */
  async function drain({ untilMs, deadlineMs }: Readonly<Record<'untilMs' | 'deadlineMs', number>>) {
    const calls = new Map<string, QueuedCall>();
    const rejected: DeliveredCall[] = [];
    let [received, isEmpty, error]: [number, boolean, unknown] = [0, false, undefined];
    const goesOn = (): boolean =>
      !isEmpty && error === undefined && received + RECEIVERS * PAGE <= limit && now() < untilMs;

    const keep = (page: readonly QueuedRecord[]): void => {
      if (page.length === 0) isEmpty = true;
      received += page.length;
      const read = readRecords(page, settings);
      // Digests hold calls only: what comes of a call is said at once or not at all.
      rejected.push(...read.rejected, ...read.dropped, ...read.signals.map(({ record }) => droppedRecord(record)));
      for (const call of read.calls) addCall(calls, call);
    };
    const receive = async (): Promise<void> => {
      while (goesOn()) {
        // A wait makes SQS ask all its servers; without one an answer without records does not mean an empty queue.
        keep(await queue.receive({ waitSeconds: 1, hiddenForMs: hiddenForMs(deadlineMs, now()) }));
      }
    };
    const receiveSafely = (): Promise<void> =>
      receive().catch((thrown: unknown) => {
        error ??= thrown;
      });
    await Promise.all(Array.from({ length: RECEIVERS }, receiveSafely));
    return { calls: [...calls.values()], rejected, isEmpty, error };
  }

  /** Reports one channel's calls in a digest, without those that were reported before or are being reported. */
  async function notifyChannel(
    channel: string,
    calls: readonly QueuedCall[],
    {
      delivery,
      deadlineMs,
      end,
    }: {
      readonly delivery: ReturnType<typeof createDelivery>;
      readonly deadlineMs: number;
      readonly end: (notification: Notification, deliveryResult: DeliveryResult) => void;
    },
  ): Promise<void> {
    const claims = createClaims({ owner: newId(), ledger, telemetry, now, end });
    const known: Known = new Map();
    const behind: Promise<unknown>[] = [];
    const repeatsOf = new Map(calls.map(({ notification, records }) => [keyOf(notification), records.length - 1]));
    const repeatsIn = (notifications: readonly Notification[]): number =>
      notifications.reduce((sum, one) => sum + (repeatsOf.get(keyOf(one)) ?? 0), 0);
    const claimed = await claims.claim(
      calls.map(({ notification }) => notification),
      claimedUntil(deadlineMs),
    );
    const url = webhookUrlOf(delivery.urls, channel);
    const refresh = async (notifications: readonly Notification[]): Promise<void> => {
      // The functions that report at once post meanwhile: what they reported last is read when they cannot post before us.
      if (url !== undefined) await delivery.sender.ready(url);
      await readKnown(notifications, { ledger, telemetry, known, channelSettings });
    };
    try {
      if (claimed.length > 0) await refresh(claimed);
      await notifyCalls(claimed, {
        ledger,
        telemetry,
        now,
        delivery,
        known,
        channelSettings,
        refresh,
        end: (notification, deliveryResult) => {
          if (deliveryResult.kind === 'folded' || deliveryResult.kind === 'posted') claims.settle(notification);
          end(notification, deliveryResult);
        },
        behind: (work) => behind.push(work),
        plan: (notifications): readonly PlannedMessage[] =>
          renderDigest(notifications, repeatsIn(notifications)).map((message) => ({
            channel,
            kind: 'fold',
            notifications,
            message,
          })),
      });
    } finally {
      await Promise.all([...behind, claims.release()]);
    }
  }

  async function notifyChannels(
    calls: readonly QueuedCall[],
    { lastAnswerMs, deadlineMs }: { readonly lastAnswerMs: number; readonly deadlineMs: number },
  ): Promise<readonly DeliveredCall[]> {
    if (calls.length === 0) return [];
    const urls = await readWebhooks(dependencies);
    if (urls === undefined) return calls.map((call) => ({ ...call, deliveryResult: NO_SECRET }));
    const delivery = createDelivery(dependencies, { urls, states, lastAnswerMs });
    const results = new Map<string, DeliveryResult>();
    const end = (notification: Notification, deliveryResult: DeliveryResult): void => {
      if (!results.has(keyOf(notification))) results.set(keyOf(notification), deliveryResult);
    };

    const byChannel = Map.groupBy(calls, ({ notification }) => notification.route.channel);
    await Promise.all(
      Array.from(byChannel, async ([channel, ofChannel]) => {
        try {
          await notifyChannel(channel, ofChannel, { delivery, deadlineMs, end });
        } catch (error) {
          telemetry.error('notifying a channel broke off', { channel, error });
        }
      }),
    );
    return calls.map((call) => ({ ...call, deliveryResult: results.get(keyOf(call.notification)) ?? BROKEN_OFF }));
  }

  return async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const startMs = now();
    const timeMs = context.getRemainingTimeInMillis();
    const untilMs = startMs + timeMs * RECEIVING;
    const deadlineMs = startMs + timeMs;
    const limits = { lastAnswerMs: startMs + timeMs * POSTING, deadlineMs };
    const settler = createSettler({
      queue,
      ledger,
      telemetry,
      now,
      delivery: 'digest',
      isOurs: () => true,
      leastWaitMs: LEAST_HIDDEN_MS,
      dueAfterMs: digestMinutes * 60_000,
    });
    let isDone = false;
    let failure: unknown;
    while (!isDone && failure === undefined && now() < untilMs) {
      const { calls, rejected, isEmpty, error } = await drain({ untilMs, deadlineMs });
      const delivered = [...rejected, ...(await notifyChannels(calls, limits))];
      for (const call of delivered) settler.report(call);
      await settler.settle(delivered);
      isDone = isEmpty;
      failure = error;
    }
    await settler.finish();
    // After what was received is reported: the function's errors are alarmed.
    if (failure !== undefined) throw failure;
  };
}
