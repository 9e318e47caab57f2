import type { KnownBlock } from '@slack/types';

/**
 * The payload of one incoming webhook post. `text` is what a push notification shows and a screen
 * reader says; `attachments` exist only for the coloured bar.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export interface SlackMessage {
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  readonly attachments?: readonly {
    readonly color: string;
    readonly fallback?: string;
    readonly blocks: readonly KnownBlock[];
  }[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}
