import { nextSlot, type PostSlot } from '../../shared/post-slot.ts';
import type { Ledger } from '../ledger.ts';
import type { Telemetry } from '../telemetry.ts';
import { memoryOf, type WebhookMemories } from './webhook-memory.ts';

/** Gives away the moments at which a webhook may be posted to, at least a second apart. */
export interface Pace {
  /** The next such moment, which is then nobody else's; `undefined` if it is later than `latestMs`. Never throws. */
  reserve(webhookUrl: string, latestMs: number): Promise<PostSlot | undefined>;
}

export interface PaceOptions {
  readonly ledger: Pick<Ledger, 'reserveSlot'>;
  readonly memories: WebhookMemories;
  readonly now: () => number;
  readonly telemetry: Pick<Telemetry, 'metric' | 'warn'>;
}

/**
 * Key of a webhook in the ledger: the same for all channels that share it. The URL is a secret and cannot be had back
 * from this; it is hashed without its query, which at Slack names nothing.
 */
export async function paceKey(webhookUrl: string): Promise<string> {
  const [webhook] = webhookUrl.split('?', 1);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(webhook));
  return `pace#${Buffer.from(digest).toString('hex').slice(0, 32)}`;
}

/**
 * The pace of one invocation. Whoever posts reserves in the ledger, so that functions and invocations that run at the
 * same time keep Slack's pace together; while the ledger is out of reach, each process keeps it by itself.
 */
export function createPace({ ledger, memories, now, telemetry }: PaceOptions): Pace {
  let isShared = true;

  function reserveHere(webhookUrl: string, latestMs: number): PostSlot | undefined {
    const memory = memoryOf(memories, webhookUrl);
    const slot = nextSlot(memory.lastSlotMs, now());
    if (slot.startMs > latestMs) return undefined;
    memory.lastSlotMs = slot.startMs;
    return slot;
  }

  async function reserveInLedger(webhookUrl: string, latestMs: number): Promise<PostSlot | undefined> {
    const slot = await ledger.reserveSlot(await paceKey(webhookUrl), { nowMs: now(), latestMs });
    if (slot !== undefined) memoryOf(memories, webhookUrl).lastSlotMs = slot.startMs;
    return slot;
  }

  return {
    async reserve(webhookUrl, latestMs) {
      if (!isShared) return reserveHere(webhookUrl, latestMs);
      try {
        return await reserveInLedger(webhookUrl, latestMs);
      } catch (error) {
        // For the rest of the invocation, so that not every message waits for a table out of reach.
        isShared = false;
        telemetry.metric('LedgerUnavailable', 1);
        telemetry.warn('the pace of the webhooks is not shared', { error });
        return reserveHere(webhookUrl, latestMs);
      }
    },
  };
}
