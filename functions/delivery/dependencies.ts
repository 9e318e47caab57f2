import type { DisplaySettings } from '../../shared/display-settings.ts';
import type { Ledger } from '../ledger.ts';
import type { Outside } from '../outside.ts';
import type { Queue } from '../queue.ts';
import type { PostToSlack } from '../slack/create-slack-client.ts';
import type { WebhookSource } from '../slack/webhook-source.ts';
import type { Telemetry } from '../telemetry.ts';

/** What every function that posts to Slack is given. */
export interface PostingDependencies extends Pick<Outside, 'now' | 'wait' | 'newId'> {
  readonly ledger: Ledger;
  readonly webhooks: WebhookSource;
  readonly post: PostToSlack;
  readonly telemetry: Telemetry;
}

/** What the functions that tell queued calls are given. */
export interface TellingDependencies extends PostingDependencies {
  readonly queue: Queue;
  readonly settings: DisplaySettings;
}
