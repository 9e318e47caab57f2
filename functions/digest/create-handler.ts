import type { Context } from 'aws-lambda';
import type { EndedCall, Ending } from '../../shared/call-ending.ts';
import type { QueuedCall } from '../../shared/queued-call.ts';
import { settle } from '../../shared/settle.ts';
import { countDay } from '../delivery/count-day.ts';
import { createDelivery } from '../delivery/create-delivery.ts';
import { sendDeadLetters } from '../delivery/dead-letter.ts';
import type { TellingDependencies } from '../delivery/dependencies.ts';
import { NO_SECRET, readWebhooks } from '../delivery/read-webhooks.ts';
import { reportEnding } from '../delivery/report-ending.ts';
import type { DrainableQueue } from '../queue.ts';
import type { WebhookMemories } from '../slack/webhook-memory.ts';
import { type Drained, drainQueue } from './drain-queue.ts';
import { tellDigest } from './tell-digest.ts';

export interface Dependencies extends TellingDependencies {
  readonly queue: DrainableQueue;
  /** Records held in memory at once: 10,000 calls fit in a heap of 160 MB. @default 10000 */
  readonly limit?: number;
}

/** Of an invocation's time: the first half is for receiving, the last quarter for marking and deleting. */
const RECEIVING = 0.5;
const POSTING = 0.75;
/** What was not told stays out of this run at least so long; with every receive it waits longer, as everywhere. */
const LEAST_HIDDEN_MS = 60_000;

const BROKEN_OFF: Ending = { kind: 'waiting', reason: 'telling broke off', retryAfterMs: undefined };

/** Drains the digest queue and tells each channel its calls in one message. */
export function createHandler(dependencies: Dependencies) {
  const { settings, queue, ledger, telemetry, now, limit = 10_000 } = dependencies;
  const memories: WebhookMemories = new Map();

  async function tellChannels(calls: readonly QueuedCall[], lastAnswerMs: number): Promise<readonly EndedCall[]> {
    if (calls.length === 0) return [];
    const urls = await readWebhooks(dependencies);
    if (urls === undefined) return calls.map((call) => ({ ...call, ending: NO_SECRET }));
    const delivery = createDelivery(dependencies, { urls, memories, lastAnswerMs });

    const tell = async ([channel, ofChannel]: readonly [string, readonly QueuedCall[]]): Promise<EndedCall[]> => {
      try {
        const endings = await tellDigest(channel, ofChannel, { ledger, telemetry, delivery });
        return ofChannel.map((call) => ({ ...call, ending: endings.get(call) ?? BROKEN_OFF }));
      } catch (error) {
        telemetry.error('telling a channel broke off', { channel, error });
        return ofChannel.map((call) => ({ ...call, ending: BROKEN_OFF }));
      }
    };
    const byChannel = Map.groupBy(calls, ({ notification }) => notification.route.channel);
    return (await Promise.all([...byChannel].map(tell))).flat();
  }

  /** Deletes what is told, or safe in the dead-letter queue; the rest stays. */
  async function settleAll(ended: readonly EndedCall[]): Promise<void> {
    const at = { nowMs: now(), random: dependencies.random() };
    const { acknowledged, deadLetters, waits } = settle(ended, at);
    const refused = await sendDeadLetters(deadLetters, { queue, telemetry, nowMs: at.nowMs });
    const deadLettered = deadLetters.map(({ ended: call }) => call).filter((call) => !refused.has(call));
    try {
      await queue.remove([...acknowledged, ...deadLettered.flatMap(({ records }) => records)]);
      await queue.hide(waits.map(({ record, waitMs }) => ({ record, waitMs: Math.max(LEAST_HIDDEN_MS, waitMs) })));
    } catch (error) {
      // What was told comes back once more and is recognised by the ledger.
      telemetry.error('records could not be deleted or hidden', { error });
    }
    const settled = ended.filter((call) => !refused.has(call));
    for (const call of settled) reportEnding(call, { nowMs: now(), telemetry }, 'digested');
    await countDay(settled, dependencies, 'digested');
  }

  async function runOnce(untilMs: number, lastAnswerMs: number): Promise<Drained> {
    const drained = await drainQueue({ queue, settings, now, untilMs, limit });
    await settleAll([...drained.unreadable, ...(await tellChannels(drained.calls, lastAnswerMs))]);
    return drained;
  }

  return async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const startMs = now();
    const timeMs = context.getRemainingTimeInMillis();
    const untilMs = startMs + timeMs * RECEIVING;
    let isDone = false;
    while (!isDone && now() < untilMs) {
      const { isEmpty, error } = await runOnce(untilMs, startMs + timeMs * POSTING);
      // After what was received is told: the function's errors are alarmed.
      if (error !== undefined) throw error;
      isDone = isEmpty;
    }
  };
}
