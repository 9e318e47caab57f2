import type { DisplaySettings } from '../../shared/display-settings.ts';
import type { Ledger } from '../ledger.ts';
import type { PostToSlack } from '../slack/create-slack-client.ts';
import type { WebhookSource } from '../slack/webhook-source.ts';
import type { Telemetry } from '../telemetry.ts';

/** What every function that posts to Slack is given. */
export interface PostingDependencies {
  readonly ledger: Ledger;
  readonly webhooks: WebhookSource;
  readonly post: PostToSlack;
  /** The longest that an answer to `post` can take. */
  readonly postTimeoutMs: number;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** What the functions that tell queued calls are given. */
export interface TellingDependencies extends PostingDependencies {
  readonly settings: DisplaySettings;
  /** In [0, 1). */
  readonly random: () => number;
}
