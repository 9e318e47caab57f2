import { createHash } from 'node:crypto';
import { redirectMessage, renderFallback, type SlackMessage } from '../../shared/slack/message.ts';
import {
  BETWEEN_POSTS_MS,
  blockedUntil,
  type DeliveryAttempt,
  type DeliveryStep,
  isAfterQuiet,
  isInTrouble,
  MOST_PATIENCE_MS,
  nextBlock,
  nextDeliveryStep,
  nextSlot,
  patienceMs,
  type RateSlot,
  type SlackAnswer,
  SlackDeliveryError,
  type SlackRefusal,
  type WebhookBlock,
  type WebhookUrls,
  webhookUrlOf,
} from '../../shared/slack/webhook.ts';
import type { Ledger, PostToSlack, Reservation, Telemetry } from '../ports.ts';

/** A post that begins so long after its slot moves the slot: the next one is a second after it. */
const LATE_MS = 50;
/** So often a slot is asked for that has passed when the answer comes. */
const MOST_TRIES = 5;
/** Where somebody else had the turn so lately, they may have it still. */
const LATELY_MS = 60_000;
/** A turn is renewed with every slot. Of somebody who died in it others are free after this. */
const TURN_MS = 30_000;

/** What this process knows of webhooks by itself, for when the ledger is out of reach. By webhook URL. */
export type WebhookStates = Map<string, WebhookState>;

export interface WebhookState {
  lastSlotMs: number | undefined;
  block: WebhookBlock | undefined;
  /** When somebody else was last found to have the turn. */
  takenMs: number | undefined;
}

export interface WebhookSenderOptions {
  readonly ledger: Pick<Ledger, 'reserveSlot' | 'moveSlot' | 'isTurnTaken' | 'endTurn' | 'setBlock'>;
  readonly states: WebhookStates;
  readonly post: PostToSlack;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Posts that might not be answered by then are not begun. */
  readonly lastAnswerMs: number;
  readonly telemetry: Pick<Telemetry, 'metric' | 'warn'>;
  /** Called with each answer of Slack, or of what is in its place. */
  readonly onAnswer: (answer: SlackAnswer) => void;
}

/** What came of asking for a webhook's next slot. */
export type Turn =
  | {
      readonly kind: 'granted';
      readonly isAfterQuiet: boolean;
      readonly isInTrouble: boolean;
      readonly startMs: number;
    }
  | { readonly kind: 'taken'; readonly isInTrouble: boolean; readonly nextPostMs: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly untilMs: number };

/** What came of a post; `untilMs`: when the webhook may be tried again, where the answer asks to wait. */
export interface Posted {
  readonly answer: SlackAnswer;
  readonly untilMs: number | undefined;
}

/** Posts of one invocation: a second apart for each webhook, and none to a webhook that is to be left alone. */
export interface WebhookSender {
  /** Whether the next reservation may well be refused, by what this process knows: then nothing is to be prepared yet. */
  isContended(webhookUrl: string): boolean;
  /** Reserves the slot of the next post, and the turn to empty the queue for this webhook. Never throws. */
  reserve(webhookUrl: string, owner: string): Promise<Turn>;
  /** Whether somebody has the turn and goes on posting; also where that cannot be known. Never throws. */
  isTaken(webhookUrl: string): Promise<boolean>;
  /** Reserves the slot of the next post, if none is, and waits for it: what is read now is as new as can be. Never throws. */
  ready(webhookUrl: string): Promise<void>;
  /** Posts in the reserved slot, or in a new one. Never throws. */
  post(webhookUrl: string, message: SlackMessage): Promise<Posted>;
  /** Gives the turn and an unused slot back, if they are held. Never throws. */
  endTurn(webhookUrl: string): Promise<void>;
}

interface Webhook {
  readonly key: string;
  readonly state: WebhookState;
  /** Reserved, and not posted in yet. */
  slot: RateSlot | undefined;
  /** Under which name the turn is held. */
  owner: string | undefined;
  /** Ends with the last post that was asked for: posts to one webhook follow one another. */
  last: Promise<unknown>;
  /** Nothing gets through until a person acts, so nothing more is tried in this invocation. */
  refusedBy: SlackRefusal | undefined;
}

/**
 * Key of a webhook in the ledger: the same for all channels that share it. The URL is a secret and cannot be had back
 * from this; it is hashed without its query, which at Slack names nothing.
 */
export function webhookKey(webhookUrl: string): string {
  const [webhook = ''] = webhookUrl.split('?', 1);
  return `webhook#${createHash('sha256').update(webhook).digest('hex').slice(0, 32)}`;
}

/** The sender of one invocation. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { ledger, states, post, now, wait, lastAnswerMs, telemetry, onAnswer } = options;
  const webhooks = new Map<string, Webhook>();

  function webhookAt(url: string): Webhook {
    const known = webhooks.get(url);
    if (known !== undefined) return known;
    const state = states.get(url) ?? { lastSlotMs: undefined, block: undefined, takenMs: undefined };
    states.set(url, state);
    const webhook: Webhook = {
      key: webhookKey(url),
      state,
      slot: undefined,
      owner: undefined,
      last: Promise.resolve(),
      refusedBy: undefined,
    };
    webhooks.set(url, webhook);
    return webhook;
  }

  /** Asks the ledger; while it is out of reach this process keeps the pace by itself. */
  async function shared<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await ask();
    } catch (error) {
      telemetry.metric('LedgerUnavailable', 1);
      telemetry.warn('the pace of the webhooks is not shared', { error });
      return undefined;
    }
  }

  function reserveHere({ state }: Webhook, latestMs: number): Reservation {
    const nowMs = now();
    const { block } = state;
    if (block !== undefined && blockedUntil(block, nowMs) !== undefined) return { kind: 'blocked', block };
    const slot = nextSlot(state.lastSlotMs, nowMs);
    return slot.startMs > latestMs ? { kind: 'too-late' } : { kind: 'granted', slot, block };
  }

  async function reserveSlot(webhook: Webhook): Promise<Reservation> {
    const latestMs = lastAnswerMs - MOST_PATIENCE_MS;
    const { owner } = webhook;
    const turn = owner === undefined ? undefined : { owner, untilMs: now() + TURN_MS };
    // The ledger may not know of the last one, if it was out of reach then.
    const { startMs } = nextSlot(webhook.state.lastSlotMs, now());
    const request = { nowMs: startMs, latestMs, turn };
    const reservation =
      (await shared(() => ledger.reserveSlot(webhook.key, request))) ?? reserveHere(webhook, latestMs);
    if (reservation.kind === 'granted') {
      webhook.slot = reservation.slot;
      webhook.state.lastSlotMs = reservation.slot.startMs;
    }
    if (reservation.kind === 'granted' || reservation.kind === 'blocked') webhook.state.block = reservation.block;
    webhook.state.takenMs = reservation.kind === 'taken' ? now() : undefined;
    return reservation;
  }

  function turnOf(reservation: Reservation): Turn {
    const nowMs = now();
    switch (reservation.kind) {
      case 'granted': {
        const { slot, block } = reservation;
        return {
          kind: 'granted',
          startMs: slot.startMs,
          isAfterQuiet: isAfterQuiet(slot),
          isInTrouble: isInTrouble(block, nowMs),
        };
      }
      case 'blocked':
        return { kind: 'refused', reason: 'slack is left alone for a while', untilMs: reservation.block.untilMs };
      case 'taken': {
        const { nextPostMs, block } = reservation;
        return { kind: 'taken', nextPostMs, isInTrouble: isInTrouble(block, nowMs) };
      }
      case 'too-late':
        // The next slot is later than this invocation can wait.
        return { kind: 'refused', reason: 'no time left in this invocation', untilMs: nowMs + BETWEEN_POSTS_MS };
    }
  }

  async function answerTo(url: string, message: SlackMessage, timeoutMs: number): Promise<SlackAnswer> {
    try {
      await post(url, message, { timeoutMs });
      return { kind: 'accepted' };
    } catch (error) {
      if (error instanceof SlackDeliveryError) return error.refusal;
      // The URL might be in what was thrown, so nothing of it is kept but its class.
      const reason = error instanceof Error ? error.name : 'unknown error';
      return { kind: 'transient', reason, retryAfterMs: undefined, rateLimited: false };
    }
  }

  /** What the next one to post must know. */
  async function remember(webhook: Webhook, answer: SlackAnswer): Promise<number | undefined> {
    const { state, key } = webhook;
    if (answer.kind === 'channel') webhook.refusedBy = answer;
    if (answer.kind === 'transient' || answer.kind === 'not-slack') {
      const retryAfterMs = answer.kind === 'transient' ? answer.retryAfterMs : undefined;
      const block = nextBlock(state.block, { nowMs: now(), retryAfterMs });
      state.block = block;
      await shared(() => ledger.setBlock(key, block));
      return block.untilMs;
    }
    if (state.block !== undefined) {
      state.block = undefined;
      await shared(() => ledger.setBlock(key, undefined));
    }
    return undefined;
  }

  /** Whether a slot that began a while ago is still ours: it is moved to now, if nobody is behind it. */
  async function isStillOurs({ key, state }: Webhook, slot: RateSlot): Promise<boolean> {
    const nowMs = now();
    if (slot.startMs + LATE_MS >= nowMs) return true;
    if (slot.startMs + BETWEEN_POSTS_MS <= nowMs) return false;
    const isMoved = (await shared(() => ledger.moveSlot(key, slot, nowMs))) ?? true;
    if (isMoved) state.lastSlotMs = nowMs;
    return isMoved;
  }

  /** The slot that is held, if it is ours still; `undefined`: it passed while it was asked for, or nobody had asked. */
  async function heldSlot(webhook: Webhook): Promise<Turn | undefined> {
    const { slot, state } = webhook;
    if (slot !== undefined && (await isStillOurs(webhook, slot))) {
      return turnOf({ kind: 'granted', slot, block: state.block });
    }
    webhook.slot = undefined;
    return undefined;
  }

  /** The reserved slot, or a new one. */
  async function takeSlot(webhook: Webhook): Promise<Turn> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const held = await heldSlot(webhook);
      if (held !== undefined) return held;
      const reservation = await reserveSlot(webhook);
      if (reservation.kind !== 'granted') return turnOf(reservation);
    }
    return (await heldSlot(webhook)) ?? turnOf({ kind: 'too-late' });
  }

  /** Why there is no slot, as an answer. */
  function withoutSlot(turn: Exclude<Turn, { kind: 'granted' }>): Posted {
    const [reason, untilMs] =
      turn.kind === 'refused'
        ? [turn.reason, turn.untilMs]
        : ['another function posts to this webhook', turn.nextPostMs];
    return { answer: { kind: 'transient', reason, retryAfterMs: undefined, rateLimited: false }, untilMs };
  }

  async function postInTurn(webhook: Webhook, url: string, message: SlackMessage): Promise<Posted> {
    if (webhook.refusedBy !== undefined) return { answer: webhook.refusedBy, untilMs: undefined };
    const turn = await takeSlot(webhook);
    if (turn.kind !== 'granted') return withoutSlot(turn);
    webhook.slot = undefined;
    const pauseMs = turn.startMs - now();
    if (pauseMs > 0) await wait(pauseMs);
    const answer = await answerTo(url, message, patienceMs(webhook.state.block, now()));
    onAnswer(answer);
    return { answer, untilMs: await remember(webhook, answer) };
  }

  return {
    isContended(url) {
      const { block, takenMs } = webhookAt(url).state;
      return block !== undefined || (takenMs !== undefined && now() - takenMs < LATELY_MS);
    },
    async reserve(url, owner) {
      const webhook = webhookAt(url);
      webhook.owner = owner;
      const turn = turnOf(await reserveSlot(webhook));
      if (turn.kind !== 'granted') webhook.owner = undefined;
      return turn;
    },
    isTaken: async (url) => (await shared(() => ledger.isTurnTaken(webhookAt(url).key, now()))) ?? true,
    async ready(url) {
      const turn = await takeSlot(webhookAt(url));
      if (turn.kind === 'granted' && turn.startMs > now()) await wait(turn.startMs - now());
    },
    post(url, message) {
      const webhook = webhookAt(url);
      const posted = webhook.last.then(() => postInTurn(webhook, url, message));
      webhook.last = posted;
      return posted;
    },
    async endTurn(url) {
      const webhook = webhookAt(url);
      const { key, owner, slot, state } = webhook;
      if (owner === undefined) return;
      webhook.owner = undefined;
      webhook.slot = undefined;
      if (slot !== undefined) state.lastSlotMs = slot.previousMs;
      await shared(() => ledger.endTurn(key, owner, slot));
    },
  };
}

/** Where messages go whose own channel refuses them. */
const DEFAULT_CHANNEL = 'default';

export interface DeliveryOptions {
  readonly sender: Pick<WebhookSender, 'post'>;
  readonly urls: WebhookUrls;
  /** @throws when the secret cannot be read; then the known URLs stay in use. */
  readonly reread: () => Promise<WebhookUrls>;
  /** Called with a channel that has no webhook. */
  readonly onNoWebhook: (channel: string) => void;
}

/** How the delivery of one message ended; `untilMs`: when it may be tried again, where that is known. */
export type Delivery =
  /** Slack has it; if it was redirected, without its mentions. */
  | (Extract<DeliveryStep, { kind: 'notified' }> & { readonly isRedirected?: true })
  | Extract<DeliveryStep, { kind: 'dead-letter' }>
  | (Extract<DeliveryStep, { kind: 'wait' }> & { readonly untilMs: number | undefined });

interface State extends DeliveryAttempt {
  readonly channel: string;
  readonly message: SlackMessage;
  readonly urls: WebhookUrls;
}

function canRedirect(urls: WebhookUrls, channel: string): boolean {
  const url = webhookUrlOf(urls, DEFAULT_CHANNEL);
  return url !== undefined && url !== webhookUrlOf(urls, channel);
}

/** Brings one message to its channel, by the fallbacks there are. Never throws. */
export async function deliverMessage(
  channel: string,
  message: SlackMessage,
  { sender, urls, reread, onNoWebhook }: DeliveryOptions,
  { hasFallback = true }: { readonly hasFallback?: boolean } = {},
): Promise<Delivery> {
  let state: State = {
    channel,
    message,
    urls,
    form: 'full',
    redirected: false,
    secretReread: false,
    hasFallback,
    canRedirect: canRedirect(urls, channel),
  };

  const attempt = async (): Promise<Posted | undefined> => {
    const url = webhookUrlOf(state.urls, state.channel);
    if (url === undefined) return undefined;
    return sender.post(url, state.form === 'fallback' ? renderFallback(state.message) : state.message);
  };

  const afterReread = async (): Promise<State> => {
    const fresh = await reread().catch(() => state.urls);
    return { ...state, secretReread: true, urls: fresh, canRedirect: canRedirect(fresh, channel) };
  };

  for (;;) {
    const posted = await attempt();
    if (posted === undefined) {
      onNoWebhook(state.channel);
      return { kind: 'wait', reason: `no webhook URL for channel ${state.channel}`, untilMs: undefined };
    }
    const step = nextDeliveryStep(posted.answer, state);
    switch (step.kind) {
      case 'notified':
        return state.redirected ? { ...step, isRedirected: true } : step;
      case 'wait':
        return { ...step, untilMs: posted.untilMs };
      case 'post-fallback':
        state = { ...state, form: 'fallback' };
        break;
      case 'reread-secret':
        state = await afterReread();
        break;
      case 'redirect':
        state = {
          ...state,
          redirected: true,
          form: 'full',
          channel: DEFAULT_CHANNEL,
          message: redirectMessage(message, channel, step.why),
        };
        break;
      default:
        return step;
    }
  }
}
