import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EndedCall, Ending } from '../../shared/call-ending.ts';
import { dayKey, tally } from '../../shared/day-counters.ts';
import type { DisplaySettings } from '../../shared/display-settings.ts';
import type { QueuedCall } from '../../shared/queued-call.ts';
import type { QueuedRecord } from '../../shared/queued-record.ts';
import { settle } from '../../shared/settle.ts';
import type { WebhookUrls } from '../../shared/webhook-urls.ts';
import { sendDeadLetters } from '../delivery/dead-letter.ts';
import { readRecords } from '../delivery/read-records.ts';
import { reportEnding } from '../delivery/report-ending.ts';
import { tellChannel } from '../delivery/tell-channel.ts';
import type { Ledger } from '../ledger.ts';
import type { Queue } from '../queue.ts';
import { countAnswer } from '../slack/count-answer.ts';
import type { PostToSlack } from '../slack/create-slack-client.ts';
import { createWebhookGate, type WebhookMemories } from '../slack/create-webhook-gate.ts';
import type { WebhookSource } from '../slack/webhook-source.ts';
import type { Telemetry } from '../telemetry.ts';

export interface Dependencies {
  readonly settings: DisplaySettings;
  readonly ledger: Ledger;
  readonly queue: Queue;
  readonly webhooks: WebhookSource;
  readonly post: PostToSlack;
  /** The longest that an answer to `post` can take. */
  readonly postTimeoutMs: number;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Kept back of an invocation's time to mark, dead-letter, hide and count after the last post. */
const SETTLING_MS = 10_000;

const queuedRecord = ({ messageId, receiptHandle, body, attributes }: SQSRecord): QueuedRecord => ({
  messageId,
  receiptHandle,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount) || 1,
});

/** Whether settling cannot change it any more. */
const isFinal = ({ kind }: Ending): boolean => kind !== 'waiting' && kind !== 'dead-lettered';

const waiting = (reason: string): Ending => ({ kind: 'waiting', reason, retryAfterMs: undefined });

/**
 * Takes a batch of records and brings every one of them to its end: told, alone or folded with others; told before;
 * dead-lettered with a reason; or back in the queue, and then it is in the response.
 */
export function createHandler(dependencies: Dependencies) {
  const { settings, ledger, queue, webhooks, post, postTimeoutMs, telemetry, now, wait, random } = dependencies;
  const memories: WebhookMemories = new Map();

  /** Tells the calls of every channel at once; each webhook is paced by itself. */
  async function tellCalls(calls: readonly QueuedCall[], urls: WebhookUrls, deadlineMs: number): Promise<EndedCall[]> {
    const ended = new Map<QueuedCall, EndedCall>();
    const end = (call: QueuedCall, ending: Ending): void => {
      if (ended.has(call)) return;
      const endedCall = { ...call, ending };
      ended.set(call, endedCall);
      // At once, so that a crash later in the batch leaves the line of what was told.
      if (isFinal(ending)) reportEnding(endedCall, { nowMs: now(), telemetry });
    };
    const gate = createWebhookGate({
      post,
      now,
      wait,
      memories,
      timeoutMs: postTimeoutMs,
      lastAnswerMs: deadlineMs - SETTLING_MS,
      onAnswer: (answer) => countAnswer(answer, telemetry),
    });
    const delivery = {
      post: gate,
      urls,
      reread: webhooks.reread,
      onNoWebhook: (channel: string) => {
        telemetry.metric('SlackMisconfigured', 1);
        telemetry.error('no webhook URL for a channel', { channel });
      },
    };
    const channelSettings = (channel: string) => settings.channels[channel] ?? {};
    const byChannel = Map.groupBy(calls, ({ notification }) => notification.route.channel);

    await Promise.all(
      [...byChannel].map(async ([channel, callsOfChannel]) => {
        try {
          await tellChannel(callsOfChannel, { ledger, telemetry, delivery, channelSettings, deadlineMs, end });
        } catch (error) {
          telemetry.error('telling a channel broke off', { channel, error });
        }
        for (const call of callsOfChannel) end(call, waiting('telling broke off'));
      }),
    );
    return [...ended.values()];
  }

  async function tell(calls: readonly QueuedCall[], deadlineMs: number): Promise<readonly EndedCall[]> {
    if (calls.length === 0) return [];
    try {
      return await tellCalls(calls, await webhooks.urls(), deadlineMs);
    } catch (error) {
      telemetry.metric('SlackMisconfigured', 1);
      telemetry.error('no usable slack secret', { error });
      return calls.map((call) => ({ ...call, ending: waiting('no usable slack secret') }));
    }
  }

  /** Sends, hides and counts; gives back how the calls ended now that the dead-letter queue has answered. */
  async function settleAll(ended: readonly EndedCall[]): Promise<readonly EndedCall[]> {
    const at = { nowMs: now(), random: random() };
    const refused = await sendDeadLetters(settle(ended, at).deadLetters, { queue, telemetry, nowMs: at.nowMs });
    const settled = ended.map((call) =>
      refused.has(call) ? { ...call, ending: waiting('the dead-letter queue did not take it') } : call,
    );
    try {
      await queue.hide(settle(settled, at).waits);
    } catch (error) {
      // They come back when the queue's visibility timeout is over: late, not lost.
      telemetry.error('records could not be hidden', { error });
    }
    return settled;
  }

  async function count(ended: readonly EndedCall[]): Promise<void> {
    const byChannel = Map.groupBy(ended, ({ notification }) => notification?.route.channel ?? 'default');
    for (const [channel, endedThere] of byChannel) {
      const counters = tally(endedThere, now());
      if (counters === undefined) continue;
      try {
        await ledger.count(dayKey(now(), channel), counters);
      } catch (error) {
        telemetry.warn('the day was not counted', { channel, error });
      }
    }
  }

  return async (
    { Records }: SQSEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const deadlineMs = now() + context.getRemainingTimeInMillis();
    const { calls, unreadable } = await telemetry.span('### parse to render', { records: Records.length }, async () =>
      readRecords(Records.map(queuedRecord), settings),
    );
    const settled = await settleAll([...unreadable, ...(await tell(calls, deadlineMs))]);
    for (const call of settled) if (!isFinal(call.ending)) reportEnding(call, { nowMs: now(), telemetry });
    await count(settled);

    const waits = settled.filter(({ ending }) => ending.kind === 'waiting').flatMap(({ records }) => records);
    return { batchItemFailures: waits.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
