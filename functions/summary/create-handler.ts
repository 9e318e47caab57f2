import type { Context } from 'aws-lambda';
import { dayBefore, dayKey } from '../../shared/day-counters.ts';
import { toldKey } from '../../shared/queued-call.ts';
import { renderSummary } from '../../shared/slack/render-summary.ts';
import { type DeliveryOptions, deliverMessage } from '../delivery/deliver-message.ts';
import type { PostingDependencies } from '../delivery/dependencies.ts';
import { createDelivery } from '../delivery/tell-calls.ts';
import type { Claim } from '../ledger.ts';
import { readWaiting } from './read-waiting.ts';
import { summaryOfDay } from './summary-of-day.ts';

export interface Dependencies extends PostingDependencies {
  /** The channels that get a summary: those that the rules name. */
  readonly channels: readonly string[];
  /** How many records of the immediate queue nobody has taken. @throws */
  readonly countVisible: () => Promise<number>;
}

/** Channels are still without their summary; Lambda runs the function again. */
export class SummaryError extends Error {
  override readonly name = 'SummaryError';
}

const SETTLING_MS = 5000;
const CLOCKS_DIFFER_MS = 10_000;
/** Whoever else is posting the summary is given so long between two looks. */
const BETWEEN_LOOKS_MS = 5000;

interface Run {
  readonly delivery: DeliveryOptions;
  readonly owner: string;
  readonly lastAnswerMs: number;
  readonly deadlineMs: number;
}

/** Tells each channel what yesterday brought, also when that was nothing: a silent channel is never ambiguous. */
export function createHandler(dependencies: Dependencies) {
  const { channels, ledger, telemetry, webhooks, now, wait, newId } = dependencies;

  /** EventBridge may start two of us, and Lambda runs a failed one again: a summary is claimed as a call is. */
  async function claim(key: string, { owner, lastAnswerMs, deadlineMs }: Run): Promise<Claim> {
    for (;;) {
      const claimed = (await ledger.claim([key], { owner, untilMs: deadlineMs + CLOCKS_DIFFER_MS })).get(key);
      if (claimed !== 'busy' || now() + BETWEEN_LOOKS_MS > lastAnswerMs) return claimed ?? 'unknown';
      await wait(BETWEEN_LOOKS_MS);
    }
  }

  /** The channel if it is still without its summary. */
  async function summarize(channel: string, run: Run): Promise<string | undefined> {
    const nowMs = now();
    const { fromMs } = dayBefore(nowMs);
    const key = toldKey(`summary-${dayKey(fromMs, channel)}`, channel);
    const claimed = await claim(key, run);
    if (claimed === 'told') return undefined;
    if (claimed === 'busy') return channel;

    const [day, waiting] = await Promise.all([
      ledger.readDay(dayKey(fromMs, channel)),
      readWaiting(channel, dependencies),
    ]);
    const message = renderSummary(summaryOfDay(channel, day, { nowMs, waiting }));
    const delivered = await deliverMessage(channel, message, run.delivery);
    try {
      if (delivered.kind === 'told') await ledger.markTold([key]);
      else await ledger.release([key], run.owner);
    } catch (error) {
      telemetry.warn('the summary was not marked', { channel, error });
    }
    return delivered.kind === 'told' ? undefined : channel;
  }

  return async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const deadlineMs = now() + context.getRemainingTimeInMillis();
    const lastAnswerMs = deadlineMs - SETTLING_MS;
    const urls = await webhooks.urls();
    const delivery = createDelivery(dependencies, { urls, states: new Map(), lastAnswerMs });
    const run = { delivery, owner: newId(), lastAnswerMs, deadlineMs };
    const left = await Promise.all(
      channels.map(async (channel) => {
        try {
          return await summarize(channel, run);
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
