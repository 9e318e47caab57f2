import {
  asNotifiedAt,
  calledKey,
  correctedKey,
  laterOf,
  latestCalls,
  type Memory,
  nameKeys,
  namesGiven,
  saidOf,
} from '../../shared/delivery/memory.ts';
import type { MetricName } from '../../shared/delivery/metrics.ts';
import { type DeliveryResult, keyOf, type Waiting } from '../../shared/delivery/settle.ts';
import { type ChannelSettings, inOrderOfTime, type Notification } from '../../shared/notification/notification.ts';
import { mentionKey, mentionsOf, withMentions } from '../../shared/slack/message.ts';
import type { PlannedMessage } from '../../shared/slack/plan-messages.ts';
import type { SlackAnswer, WebhookUrls } from '../../shared/slack/webhook.ts';
import type { Claim, Claimer, Ledger, PostingDependencies, Telemetry } from '../ports.ts';
import {
  createWebhookSender,
  type DeliveryOptions,
  deliverMessage,
  type WebhookSender,
  type WebhookStates,
} from '../slack/deliver-message.ts';

export interface InvocationOptions {
  readonly urls: WebhookUrls;
  readonly states: WebhookStates;
  /** Posts that might not be answered by then are not begun. */
  readonly lastAnswerMs: number;
}

const METRICS_OF_ANSWER: Readonly<Record<SlackAnswer['kind'], readonly MetricName[]>> = {
  accepted: ['SlackAccepted'],
  transient: ['SlackTransient'],
  message: ['SlackPermanent'],
  channel: ['SlackPermanent', 'SlackMisconfigured'],
  'not-slack': ['SlackMisconfigured'],
};

/** Counts an answer of Slack by its class; what is not an acceptance is logged with its reason. */
function countAnswer(answer: SlackAnswer, telemetry: Telemetry): void {
  for (const name of METRICS_OF_ANSWER[answer.kind]) telemetry.metric(name, 1);
  if (answer.kind === 'accepted') return;
  const level = answer.kind === 'transient' ? 'warn' : 'error';
  telemetry[level]('slack did not take a message', { class: answer.kind, reason: answer.reason });
}

/** What one invocation delivers its messages with. */
export function createDelivery(
  { ledger, post, now, wait, telemetry, webhooks }: PostingDependencies,
  { urls, states, lastAnswerMs }: InvocationOptions,
): DeliveryOptions & { readonly sender: WebhookSender } {
  return {
    urls,
    reread: webhooks.reread,
    sender: createWebhookSender({
      ledger,
      states,
      post,
      now,
      wait,
      lastAnswerMs,
      telemetry,
      onAnswer: (answer) => countAnswer(answer, telemetry),
    }),
    onNoWebhook: (channel) => {
      telemetry.metric('SlackMisconfigured', 1);
      telemetry.error('no webhook URL for a channel', { channel });
    },
  };
}

/** The webhook URLs; `undefined`, with an error and a metric, when there is no usable secret. */
export async function readWebhooks({
  webhooks,
  telemetry,
}: Pick<PostingDependencies, 'webhooks' | 'telemetry'>): Promise<WebhookUrls | undefined> {
  try {
    return await webhooks.urls();
  } catch (error) {
    telemetry.metric('SlackMisconfigured', 1);
    telemetry.error('no usable slack secret', { error });
    return undefined;
  }
}

/** The clocks of two processes differ by less. */
const CLOCKS_DIFFER_MS = 10_000;

/** Until when a claim holds that lasts as long as the invocation: a little longer, since clocks differ. */
export const claimedUntil = (deadlineMs: number): number => deadlineMs + CLOCKS_DIFFER_MS;

/** Whoever else claimed a call reports it within seconds; or is gone, and then the claim ends within a minute. */
const BUSY_FOR_MS = 15_000;

/** How a claim ends the call for this invocation; not at all where it may be reported: rather twice than swallowed. */
export function resultOf(claim: Claim, nowMs: number): DeliveryResult | undefined {
  if (claim === 'notified') return { kind: 'repeated' };
  if (claim !== 'busy') return undefined;
  return {
    kind: 'waiting',
    reason: 'another invocation is reporting it',
    untilMs: nowMs + BUSY_FOR_MS,
    isAnothers: true,
  };
}

export interface ClaimsOptions extends Pick<PostingDependencies, 'ledger' | 'telemetry' | 'now'> {
  readonly owner: string;
  /** Called with each call that is somebody else's, or was reported before. */
  readonly end: (notification: Notification, deliveryResult: DeliveryResult) => void;
}

/** The claims that one owner holds on calls while it reports them. */
export interface Claims {
  /**
   * Claims calls, and returns those that may be reported here; the others end. Also where the ledger did not answer, a
   * call may be reported, and the claim may stand. Never throws.
   */
  claim(notifications: readonly Notification[], untilMs: number): Promise<readonly Notification[]>;
  /** The call was reported, which the ledger remembers by itself: its claim is not given back. */
  settle(notification: Notification): void;
  /** Gives claims back that led to nothing, so that the next try need not wait for their end. Never throws. */
  release(): Promise<void>;
}

export function createClaims({ owner, ledger, telemetry, now, end }: ClaimsOptions): Claims {
  const held = new Set<string>();

  async function ask(notifications: readonly Notification[], claimer: Claimer): Promise<ReadonlyMap<string, Claim>> {
    const claims = await ledger.claim(notifications.map(keyOf), claimer);
    const unknown = notifications.filter((one) => (claims.get(keyOf(one)) ?? 'unknown') === 'unknown').length;
    if (unknown > 0) {
      telemetry.metric('LedgerUnavailable', unknown);
      telemetry.warn('the ledger cannot be asked, so calls may be reported twice', { calls: unknown });
    }
    return claims;
  }

  return {
    async claim(notifications, untilMs) {
      if (notifications.length === 0) return [];
      const claims = await ask(notifications, { owner, untilMs });
      const claimed: Notification[] = [];
      for (const one of notifications) {
        const deliveryResult = resultOf(claims.get(keyOf(one)) ?? 'unknown', now());
        if (deliveryResult !== undefined) end(one, deliveryResult);
        else claimed.push(one);
      }
      for (const one of claimed) held.add(keyOf(one));
      return claimed;
    },
    settle: (notification) => {
      held.delete(keyOf(notification));
    },
    async release() {
      if (held.size === 0) return;
      const keys = [...held];
      held.clear();
      try {
        await ledger.release(keys, owner);
      } catch (error) {
        telemetry.warn('claims were not given back', { calls: keys.length, error });
      }
    },
  };
}

/** Why calls wait that no webhook can be found for. */
export const NO_SECRET: Waiting = { kind: 'waiting', reason: 'no usable slack secret', untilMs: undefined };

/** Why calls wait whose reporting ended before they did: the mistake is ours, and the next try may have more luck. */
export const BROKEN_OFF: Waiting = { kind: 'waiting', reason: 'reporting broke off', untilMs: undefined };

/** What is remembered, from the ledger and from this invocation. */
export type Known = Map<string, Memory>;

/** Everything that must be known to report a call is remembered under these keys. */
const keysOf = (notification: Notification, channelSettings: NotifyOptions['channelSettings']): readonly string[] =>
  [
    calledKey(notification),
    correctedKey(notification),
    mentionKey(notification, channelSettings(notification.route.channel)),
    ...nameKeys(notification),
  ].filter((key) => key !== undefined);

/** Adds to what is known. */
function learn(known: Known, memories: ReadonlyMap<string, Memory>): void {
  for (const [key, memory] of memories) known.set(key, laterOf(known.get(key), memory));
}

/** Reads what is remembered of calls: what the channel was notified of last, for what somebody was called, and
 * the names of what has only ids. */
export async function readKnown(
  notifications: readonly Notification[],
  {
    ledger,
    telemetry,
    known,
    channelSettings,
  }: Pick<NotifyOptions, 'telemetry' | 'known' | 'channelSettings'> & { readonly ledger: Pick<Ledger, 'recall'> },
): Promise<void> {
  const keys = [...new Set(notifications.flatMap((one) => keysOf(one, channelSettings)))];
  if (keys.length === 0) return;
  try {
    learn(known, await ledger.recall(keys));
  } catch (error) {
    telemetry.warn('what was reported before cannot be read', { keys: keys.length, error });
  }
}

/** The messages of some calls, and the calls that could not be rendered. */
export interface Plan {
  readonly messages: readonly PlannedMessage[];
  readonly failed: readonly { readonly notification: Notification; readonly error: unknown }[];
}

/**
 * Plans the messages of calls. Rendering never throws; if it does for all that, the calls are planned one by one, so
 * that the one that it throws for costs only itself.
 */
export function planEach(
  notifications: readonly Notification[],
  plan: (notifications: readonly Notification[]) => readonly PlannedMessage[],
): Plan {
  try {
    return { messages: plan(notifications), failed: [] };
  } catch (error) {
    const [only, ...others] = notifications;
    if (only !== undefined && others.length === 0) return { messages: [], failed: [{ notification: only, error }] };
  }
  const plans = notifications.map((notification) => planEach([notification], plan));
  return { messages: plans.flatMap(({ messages }) => messages), failed: plans.flatMap(({ failed }) => failed) };
}

export interface NotifyOptions {
  readonly ledger: Pick<Ledger, 'markNotified' | 'remember'>;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly delivery: DeliveryOptions;
  readonly plan: (notifications: readonly Notification[]) => readonly PlannedMessage[];
  readonly known: Known;
  /** Whom a channel wants called. */
  readonly channelSettings: (channel: string) => ChannelSettings;
  /** Under which, beside its own key, a call's message has said what came of it. @default none */
  readonly keysOfOutcome?: (notification: Notification) => readonly string[];
  /** Brings what is known of calls up to date. Never throws. */
  readonly refresh: (notifications: readonly Notification[]) => Promise<void>;
  /** Called with each call as soon as it has ended. */
  readonly end: (notification: Notification, deliveryResult: DeliveryResult) => void;
  /** Work that nothing waits for before the end of the invocation. */
  readonly behind: (work: Promise<unknown>) => void;
  /** Whether these calls were refused together, in blocks and in plain text. @default false */
  readonly isPart?: boolean;
}

const annotationsOf = ({ channel, kind, notifications }: PlannedMessage) => ({
  channel,
  kind,
  calls: notifications.length,
  eventId: notifications[0]?.eventId ?? '',
  operation: notifications[0]?.call.operation ?? '',
  rule: notifications[0]?.route.rule ?? '',
});

/** Remembers what Slack took. The calls are reported whatever the ledger says, so nothing is thrown. */
async function markNotified(
  notified: readonly Notification[],
  mentioned: ReadonlyMap<string, Memory>,
  options: NotifyOptions,
): Promise<void> {
  const { ledger, telemetry, known, behind, keysOfOutcome = () => [] } = options;
  const memories = new Map<string, Memory>([...latestCalls(notified), ...mentioned, ...namesGiven(notified)]);
  const said = saidOf(notified);
  learn(known, memories);
  const note = async (): Promise<void> => {
    try {
      if (memories.size > 0) await ledger.remember(memories);
    } catch (error) {
      telemetry.metric('LedgerUnavailable', 1);
      telemetry.warn('what was reported was not remembered', { keys: memories.size, error });
    }
  };
  behind(note());
  const mark = () => ledger.markNotified([...notified.map(keyOf), ...notified.flatMap(keysOfOutcome)], said);
  try {
    await mark();
  } catch {
    // Once more, behind the next post: not every message waits for a table that is out of reach.
    behind(
      mark().catch((error: unknown) => {
        telemetry.metric('LedgerUnavailable', notified.length);
        telemetry.error('the ledger cannot be written', { calls: notified.length, error });
      }),
    );
  }
}

/** Halves of a message that Slack will not have, one after the other: what was called first is reported first. */
async function postInHalves(notified: readonly Notification[], options: NotifyOptions): Promise<Waiting | undefined> {
  const inOrder = inOrderOfTime(notified);
  const middle = Math.ceil(inOrder.length / 2);
  const [first, second] = [inOrder.slice(0, middle), inOrder.slice(middle)];
  const parts = { ...options, isPart: true };
  // To find one refused call takes a post a second, between which others are reported.
  await options.refresh(first);
  const waiting = await notifyCalls(first, parts);
  if (waiting === undefined) {
    await options.refresh(second);
    return notifyCalls(second, parts);
  }
  for (const notification of second) options.end(notification, waiting);
  return waiting;
}

/** Brings one message to its channel; why it waits, if it does. */
async function postMessage(planned: PlannedMessage, options: NotifyOptions): Promise<Waiting | undefined> {
  const { telemetry, delivery, end } = options;
  const { channel, kind, notifications: notified } = planned;
  const { known, now } = options;
  const settings = options.channelSettings(channel);
  // As late as can be: the message before may have called somebody, or failed to.
  const mentions = mentionsOf(planned.calling ?? notified, settings, { known, nowMs: now() });
  const message = withMentions(planned.message, mentions);
  const endAll = (deliveryResult: DeliveryResult): undefined => {
    for (const notification of notified) end(notification, deliveryResult);
  };
  const result = await telemetry.span('### post', annotationsOf(planned), () =>
    deliverMessage(channel, message, delivery, { hasFallback: notified.length === 1 || options.isPart !== true }),
  );
  switch (result.kind) {
    case 'notified':
      // From when Slack has it. Whatever failed before has used up no mention, and what is redirected makes none.
      await markNotified(notified, result.isRedirected ? new Map() : mentions.memoryAt(now()), options);
      return endAll({ kind: kind === 'single' ? 'posted' : 'folded' });
    case 'wait': {
      const waiting: Waiting = { kind: 'waiting', reason: result.reason, untilMs: result.untilMs };
      endAll(waiting);
      return waiting;
    }
    case 'dead-letter': {
      const { reason, detail } = result;
      if (notified.length === 1 || reason === 'channel-refused')
        return endAll({ kind: 'dead-lettered', reason, detail });
      telemetry.warn('slack refused a message of several calls', { calls: notified.length, detail });
      return postInHalves(notified, options);
    }
  }
}

/**
 * Reports calls, as they are reported now, in the messages that `plan` makes of them. Each message is marked as reported after Slack's ok and before the next
 * post, so that a crash can repeat one message at most. A message that Slack will not have is split until the call that
 * is refused stands alone, and only that one is given up.
 *
 * Returns why the rest waits, where Slack does not take any more for now.
 */
export async function notifyCalls(
  notifications: readonly Notification[],
  options: NotifyOptions,
): Promise<Waiting | undefined> {
  const { telemetry, now, known, plan, end } = options;
  const nowMs = now();
  learn(known, namesGiven(notifications));
  const { messages, failed } = await telemetry.span('### render', { calls: notifications.length }, async () =>
    planEach(notifications, (some) => plan(some.map((one) => asNotifiedAt(one, nowMs, known)))),
  );
  for (const { notification, error } of failed) {
    telemetry.error('a call cannot be rendered', { eventId: notification.eventId, error });
    const detail = error instanceof Error ? error.message : 'unknown error';
    end(notification, { kind: 'dead-lettered', reason: 'not-renderable', detail });
  }
  let waiting: Waiting | undefined;
  for (const planned of messages) {
    if (waiting === undefined) waiting = await postMessage(planned, options);
    else for (const notification of planned.notifications) end(notification, waiting);
  }
  return waiting;
}
