/** What is worth remembering of a webhook from one invocation to the next. */
export interface WebhookMemory {
  /** The last slot that this process reserved. */
  lastSlotMs: number | undefined;
  /** Slack asked to be left alone until then. */
  closedUntilMs: number;
}

/** By webhook URL. */
export type WebhookMemories = Map<string, WebhookMemory>;

/** What is remembered of a webhook, to be changed in place. */
export function memoryOf(memories: WebhookMemories, webhookUrl: string): WebhookMemory {
  const known = memories.get(webhookUrl);
  if (known !== undefined) return known;
  const memory: WebhookMemory = { lastSlotMs: undefined, closedUntilMs: 0 };
  memories.set(webhookUrl, memory);
  return memory;
}
