/**
 * What could be a webhook's address: anything of Slack's hosts, the path of an incoming webhook on whatever host, or a
 * Slack token. Whoever has it can write to the channel.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
const WEBHOOK =
  /(?:https?:\/\/)?[\w.-]*slack(?:-gov)?\.com[^\s"'`\\]*|(?:https?:\/\/[^\s"'`\\]*)?\/(?:services|workflows|triggers)\/[^\s"'`\\]*|\bT[A-Z0-9]{7,}\/B[A-Z0-9]{7,}[^\s"'`\\]*|\bxox[a-z]-[\w-]+/gi;

/** A line about somebody's settings without what must not reach a terminal or the log of a CI run. */
export const withoutWebhooks = (line: string): string => line.replace(WEBHOOK, '(a webhook, not shown)');
