import type { Context } from 'aws-lambda';
import { dayBefore, dayKey } from '../../shared/day-counters.ts';
import { toldKey } from '../../shared/queued-call.ts';
import { renderSummary } from '../../shared/slack/render-summary.ts';
import { createDelivery } from '../delivery/create-delivery.ts';
import { type DeliveryOptions, deliverMessage } from '../delivery/deliver-message.ts';
import type { PostingDependencies } from '../delivery/dependencies.ts';
import { summaryOfDay } from './summary-of-day.ts';

export interface Dependencies extends PostingDependencies {
  /** The channels that get a summary: those that the rules name. */
  readonly channels: readonly string[];
  /** How many records wait in the queues. */
  readonly countWaiting: () => Promise<number>;
}

/** Channels are still without their summary; Lambda runs the function again. */
export class SummaryError extends Error {
  override readonly name = 'SummaryError';
}

const SETTLING_MS = 5000;

/** Tells each channel what yesterday brought, also when that was nothing: a silent channel is never ambiguous. */
export function createHandler(dependencies: Dependencies) {
  const { channels, countWaiting, ledger, telemetry, webhooks, now } = dependencies;

  async function waitingRecords(): Promise<number | undefined> {
    try {
      return await countWaiting();
    } catch (error) {
      telemetry.warn('the queues could not be measured', { error });
      return undefined;
    }
  }

  async function summarize(
    channel: string,
    delivery: DeliveryOptions,
    waiting: number | undefined,
  ): Promise<string | undefined> {
    const nowMs = now();
    const { fromMs } = dayBefore(nowMs);
    // Lambda tries a failed run again; the channels that had their summary are not told twice.
    const key = toldKey(`summary-${dayKey(fromMs, channel)}`, channel);
    if ((await ledger.lookup([key])).get(key) === 'told') return undefined;

    const summary = summaryOfDay(channel, await ledger.readDay(dayKey(fromMs, channel)), { nowMs, waiting });
    const delivered = await deliverMessage(channel, renderSummary(summary), delivery);
    if (delivered.kind !== 'told') return channel;
    try {
      await ledger.markTold([key]);
    } catch (error) {
      telemetry.warn('the summary was not marked as told', { channel, error });
    }
    return undefined;
  }

  return async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const lastAnswerMs = now() + context.getRemainingTimeInMillis() - SETTLING_MS;
    const [urls, waiting] = await Promise.all([webhooks.urls(), waitingRecords()]);
    const delivery = createDelivery(dependencies, { urls, memories: new Map(), lastAnswerMs });
    const left = await Promise.all(
      channels.map(async (channel) => {
        try {
          return await summarize(channel, delivery, waiting);
        } catch (error) {
          telemetry.error('the summary of a channel broke off', { channel, error });
          return channel;
        }
      }),
    );
    const untold = left.filter((channel) => channel !== undefined);
    if (untold.length > 0) throw new SummaryError(`no summary for channel ${untold.join(', ')}`);
  };
}
