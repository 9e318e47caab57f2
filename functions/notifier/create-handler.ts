import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EndedCall, Ending } from '../../shared/call-ending.ts';
import type { QueuedCall } from '../../shared/queued-call.ts';
import type { QueuedRecord } from '../../shared/queued-record.ts';
import { settle } from '../../shared/settle.ts';
import { countDay } from '../delivery/count-day.ts';
import { createDelivery } from '../delivery/create-delivery.ts';
import { sendDeadLetters } from '../delivery/dead-letter.ts';
import type { DeliveryOptions } from '../delivery/deliver-message.ts';
import type { TellingDependencies } from '../delivery/dependencies.ts';
import { readRecords } from '../delivery/read-records.ts';
import { NO_SECRET, readWebhooks } from '../delivery/read-webhooks.ts';
import { reportEnding } from '../delivery/report-ending.ts';
import { tellChannel } from '../delivery/tell-channel.ts';
import type { Queue } from '../queue.ts';
import type { WebhookMemories } from '../slack/webhook-memory.ts';

export interface Dependencies extends TellingDependencies {
  readonly queue: Queue;
}

/** Kept back of an invocation's time to mark, dead-letter, hide and count after the last post. */
const SETTLING_MS = 40_000;

const BROKEN_OFF: Ending = { kind: 'waiting', reason: 'telling broke off', retryAfterMs: undefined };
const NOT_TAKEN: Ending = {
  kind: 'waiting',
  reason: 'the dead-letter queue did not take it',
  retryAfterMs: undefined,
};

/** Whether settling cannot change it any more. */
const isFinal = ({ kind }: Ending): boolean => kind !== 'waiting' && kind !== 'dead-lettered';

const queuedRecord = ({ messageId, receiptHandle, body, attributes }: SQSRecord): QueuedRecord => ({
  messageId,
  receiptHandle,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount) || 1,
});

/** Tells the calls of every channel at once, since each webhook is paced by itself. Every call ends. */
async function tellCalls(
  calls: readonly QueuedCall[],
  { ledger, telemetry, settings, now }: Dependencies,
  { delivery, deadlineMs }: { readonly delivery: DeliveryOptions; readonly deadlineMs: number },
): Promise<readonly EndedCall[]> {
  const ended = new Map<QueuedCall, EndedCall>();
  const end = (call: QueuedCall, ending: Ending): void => {
    if (ended.has(call)) return;
    const endedCall = { ...call, ending };
    ended.set(call, endedCall);
    // At once, so that a crash later in the batch leaves the line of what was told.
    if (isFinal(ending)) reportEnding(endedCall, { nowMs: now(), telemetry });
  };
  const channelSettings = (channel: string) => settings.channels[channel] ?? {};

  const tell = async (channel: string, ofChannel: readonly QueuedCall[]): Promise<void> => {
    try {
      await tellChannel(ofChannel, { ledger, telemetry, delivery, channelSettings, deadlineMs, end });
    } catch (error) {
      telemetry.error('telling a channel broke off', { channel, error });
    }
    for (const call of ofChannel) end(call, BROKEN_OFF);
  };

  const byChannel = Map.groupBy(calls, ({ notification }) => notification.route.channel);
  await Promise.all([...byChannel].map(([channel, ofChannel]) => tell(channel, ofChannel)));
  return [...ended.values()];
}

/** Dead-letters and hides; gives back how the calls ended now that the dead-letter queue has answered. */
async function settleAll(
  ended: readonly EndedCall[],
  { queue, telemetry, now, random }: Dependencies,
): Promise<readonly EndedCall[]> {
  const at = { nowMs: now(), random: random() };
  const refused = await sendDeadLetters(settle(ended, at).deadLetters, { queue, telemetry, nowMs: at.nowMs });
  const settled = ended.map((call) => (refused.has(call) ? { ...call, ending: NOT_TAKEN } : call));
  const { waits } = settle(settled, at);
  try {
    if (waits.length > 0) await queue.hide(waits);
  } catch (error) {
    // They come back when the queue's visibility timeout is over: late, not lost.
    telemetry.error('records could not be hidden', { error });
  }
  return settled;
}

/**
 * Takes a batch of records and brings every one of them to its end: told, alone or folded with others; told before;
 * dead-lettered with a reason; or back in the queue, and then it is in the response.
 */
export function createHandler(dependencies: Dependencies) {
  const { settings, telemetry, now } = dependencies;
  const memories: WebhookMemories = new Map();

  async function tell(calls: readonly QueuedCall[], deadlineMs: number): Promise<readonly EndedCall[]> {
    if (calls.length === 0) return [];
    const urls = await readWebhooks(dependencies);
    if (urls === undefined) return calls.map((call) => ({ ...call, ending: NO_SECRET }));
    const delivery = createDelivery(dependencies, { urls, memories, lastAnswerMs: deadlineMs - SETTLING_MS });
    return tellCalls(calls, dependencies, { delivery, deadlineMs });
  }

  return async (
    { Records }: SQSEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const deadlineMs = now() + context.getRemainingTimeInMillis();
    const { calls, unreadable } = await telemetry.span('### parse to enrich', { records: Records.length }, async () =>
      readRecords(Records.map(queuedRecord), settings),
    );
    const settled = await settleAll([...unreadable, ...(await tell(calls, deadlineMs))], dependencies);
    for (const call of settled) if (!isFinal(call.ending)) reportEnding(call, { nowMs: now(), telemetry });
    await countDay(settled, dependencies);

    const waiting = settled.filter(({ ending }) => ending.kind === 'waiting').flatMap(({ records }) => records);
    return { batchItemFailures: waiting.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
