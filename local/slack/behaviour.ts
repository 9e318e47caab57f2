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

/**
 * How Slack's stand-in can meet a post: take it, refuse it as Slack does on a bad day, refuse it for good (the channel is
 * gone, the webhook is revoked, the blocks are not to its liking), leave it unanswered, reset the connection, or never
 * finish the answer's body. After the last three the message is in the channel, although the
 * answer got lost, wholly or in part.
 */
const SLACK_BEHAVIOURS = [
  'ok',
  '429',
  '500',
  '503',
  'rollup_error',
  'channel_not_found',
  'no_service',
  'invalid_blocks',
  'nothing',
  'reset',
  'slow-refusal',
  'slow-body',
  'taken-nothing',
  'taken-reset',
] as const;
export type SlackBehaviour = (typeof SLACK_BEHAVIOURS)[number];

/** Chooses the behaviour for each post, in the order they arrive. */
export type BehaviourPlan = () => SlackBehaviour;

/** How Slack behaves, which a page, a test or a chaos run may change at any time. */
export interface SlackControl {
  /** What was last asked for without a plan. */
  readonly current: SlackBehaviour;
  /** Behaves so until told otherwise. */
  set(behaviour: SlackBehaviour): void;
  /** Behaves so for the next posts, then well again. */
  setForNext(posts: number, behaviour: SlackBehaviour): void;
  /** Asks the plan at each post until told otherwise. */
  follow(plan: BehaviourPlan): void;
  /** The behaviour for the post that has just arrived. */
  next(): SlackBehaviour;
}

/** Slack as it is on most days. */
export function createSlackControl(): SlackControl {
  let current: SlackBehaviour = 'ok';
  let plan: BehaviourPlan = () => current;
  return {
    get current() {
      return current;
    },
    set(behaviour) {
      current = behaviour;
      plan = () => current;
    },
    setForNext(posts, behaviour) {
      let left = posts;
      current = behaviour;
      plan = () => {
        left -= 1;
        if (left <= 0) {
          current = 'ok';
          plan = () => current;
        }
        return behaviour;
      };
    },
    follow(next) {
      current = 'ok';
      plan = next;
    },
    next: () => plan(),
  };
}
