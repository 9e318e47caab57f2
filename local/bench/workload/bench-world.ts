import type { PostingDependencies, TellingDependencies } from '../../../functions/delivery/dependencies.ts';
import type { Ledger } from '../../../functions/ledger.ts';
import type { Telemetry } from '../../../functions/telemetry.ts';
import type { Decision } from '../../../shared/decision.ts';
import { nextSlot } from '../../../shared/post-slot.ts';
import type { SlackMessage } from '../../../shared/slack/slack-message.ts';
import type { WebhookUrls } from '../../../shared/webhook-urls.ts';

/** A ledger that knows of no call and remembers none, so that memory is the function's own; it keeps the pace. */
function freshLedger(): Ledger {
  const lastSlots = new Map<string, number>();
  return {
    claim: async (keys) => new Map(keys.map((key) => [key, 'claimed'])),
    lookup: async (keys) => new Map(keys.map((key) => [key, 'free'])),
    markTold: async () => undefined,
    release: async () => undefined,
    async reserveSlot(paceKey, { nowMs, latestMs }) {
      const slot = nextSlot(lastSlots.get(paceKey), nowMs);
      if (slot.startMs > latestMs) return undefined;
      lastSlots.set(paceKey, slot.startMs);
      return slot;
    },
    count: async () => undefined,
    readDay: async () => undefined,
  };
}

export interface BenchWorldOptions {
  /** How long Slack takes to answer, on the virtual clock. @default 0 */
  readonly answerMs?: number;
  readonly onPost?: (message: SlackMessage, atMs: number) => void;
  readonly onDecision?: (decision: Decision, atMs: number) => void;
}

/** What the real handlers need around them: services that answer at once, and a clock that only waiting moves. */
export function benchWorld({ answerMs = 0, onPost, onDecision }: BenchWorldOptions = {}) {
  let nowMs = Date.parse('2026-11-22T20:00:06Z');
  const now = (): number => nowMs;
  const telemetry: Telemetry = {
    decision: (decision) => onDecision?.(decision, nowMs),
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
      nowMs += answerMs;
      onPost?.(message, nowMs);
    },
    postTimeoutMs: 10_000,
    telemetry,
    now,
    wait: async (ms) => {
      nowMs += ms;
    },
  };
  const telling: TellingDependencies = {
    ...posting,
    settings: { accountNames: {}, channels: {}, showParameters: [] },
    random: () => 0.5,
  };
  return { now, telling };
}
