/** Says for a webhook whether a post may pass: 0, or the seconds to wait. */
export type RateLimit = (webhook: string, nowMs: number) => number;

/** Slack says "short bursts" and publishes no number. */
const BURST = 5;
const PER_SECOND = 1;

/**
 * One message a second for each webhook, with short bursts above it.
 *
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export function createRateLimit({ burst = BURST, perSecond = PER_SECOND } = {}): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (webhook, nowMs) => {
    const { tokens, atMs } = buckets.get(webhook) ?? { tokens: burst, atMs: nowMs };
    const now = Math.min(burst, tokens + ((nowMs - atMs) / 1000) * perSecond);
    const passes = now >= 1;
    buckets.set(webhook, { tokens: passes ? now - 1 : now, atMs: nowMs });
    return passes ? 0 : Math.ceil((1 - now) / perSecond);
  };
}
