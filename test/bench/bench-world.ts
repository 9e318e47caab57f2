import type { Ledger, NotifyingDependencies, PostingDependencies, Queue, Telemetry } from '../../functions/ports.ts';
import type { Decision, QueuedRecord } from '../../shared/delivery/settle.ts';
import { NOTHING_REMEMBERED } from '../../shared/outcome/signal-memory.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { nextSlot, type WebhookUrls } from '../../shared/slack/webhook.ts';
import { virtualTime } from '../functions/virtual-time.ts';

/** A ledger that knows of no call and remembers none, so that memory is the function's own; it keeps the pace. */
function freshLedger(): Ledger {
  const lastSlots = new Map<string, number>();
  return {
    claim: async (keys) => new Map(keys.map((key) => [key, 'claimed'])),
    markNotified: async () => undefined,
    release: async () => undefined,
    async reserveSlot(webhookKey, { nowMs, latestMs }) {
      const slot = nextSlot(lastSlots.get(webhookKey), nowMs);
      if (slot.startMs > latestMs) return { kind: 'too-late' };
      lastSlots.set(webhookKey, slot.startMs);
      return { kind: 'granted', slot, block: undefined };
    },
    async moveSlot(webhookKey, _slot, startMs) {
      lastSlots.set(webhookKey, startMs);
      return true;
    },
    isTurnTaken: async () => false,
    async endTurn(webhookKey, _owner, unused) {
      if (unused !== undefined) lastSlots.set(webhookKey, unused.previousMs ?? 0);
    },
    setBlock: async () => undefined,
    recall: async () => new Map(),
    remember: async () => undefined,
    readSignals: async () => ({ memory: NOTHING_REMEMBERED, unsent: [], version: 0 }),
    writeSignals: async () => undefined,
    count: async () => undefined,
    readDay: async () => undefined,
    noteWaiting: async () => undefined,
    readWaiting: async () => undefined,
  };
}

/** A queue from which `take` gives the bodies of the next records; what comes back to it is not handed out again. */
function endlessQueue(take: (most: number) => readonly string[]): Queue {
  let received = 0;
  const recordOf = (body: string): QueuedRecord => {
    received += 1;
    return { messageId: `q${received}`, receiptHandle: `q${received}`, body, receiveCount: 1 };
  };
  return {
    sendDeadLetter: async () => undefined,
    // SQS hands out ten at most.
    receive: async () => take(10).map(recordOf),
    remove: async () => [],
    changeVisibility: async () => [],
    resend: async () => [],
    send: async () => [],
  };
}

export interface BenchWorldOptions {
  /** The bodies of the next records in the queue, at most so many. @default none */
  readonly take?: (most: number) => readonly string[];
  /** How long Slack takes to answer, on the virtual clock. @default 0 */
  readonly answerMs?: number;
  readonly onPost?: (message: SlackMessage, atMs: number) => void;
  readonly onDecision?: (decision: Decision, atMs: number) => void;
}

/**
 * What the real handlers need around them: services that answer at once, and time that passes only while everybody
 * waits. `run` lets it pass until a handler has done.
 */
export function benchWorld({ take = () => [], answerMs = 0, onPost, onDecision }: BenchWorldOptions = {}) {
  const time = virtualTime(Date.parse('2026-11-22T20:00:06Z'));
  const { now } = time;
  let ids = 0;
  const telemetry: Telemetry = {
    decision: (decision) => onDecision?.(decision, now()),
    warn: () => undefined,
    error: (message) => {
      throw new Error(`the bench ran into trouble: ${message}`);
    },
    metric: () => undefined,
    span: (_name, _annotations, run) => run(),
  };
  const urls = async (): Promise<WebhookUrls> => ({ kind: 'one', url: 'https://hooks.slack.test/x' });
  const posting: PostingDependencies = {
    ledger: freshLedger(),
    webhooks: { urls, reread: urls },
    async post(_url, message) {
      if (answerMs > 0) await time.wait(answerMs);
      onPost?.(message, now());
    },
    telemetry,
    now,
    wait: time.wait,
    newId: () => {
      ids += 1;
      return `bench-${ids}`;
    },
  };
  const notifying: NotifyingDependencies = {
    ...posting,
    queue: endlessQueue(take),
    settings: {
      accountNames: {},
      channels: {},
      showParameters: [],
      // As a stack without context values has it.
      signals: { outcomes: { say: 'trouble' }, health: { say: 'off' } },
    },
  };
  /** The clock of an invocation that begins now. */
  const invocation = (timeoutMs: number) => {
    const deadlineMs = now() + timeoutMs;
    return { getRemainingTimeInMillis: () => deadlineMs - now() };
  };
  return { now, run: time.run, notifying, invocation };
}
