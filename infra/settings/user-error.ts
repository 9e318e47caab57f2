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

/**
 * What the person who started something has to be told, in lines that say everything: it is shown without a stack. Any
 * other error is a mistake of ours. A webhook's address that stands where a name belongs is in none of the lines.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** No property: Node shows those of an error that nobody catches, and the message has them. */
  readonly #lines: readonly string[];

  constructor(said: string | readonly string[], options?: ErrorOptions) {
    const lines = (typeof said === 'string' ? said.split('\n') : said).map(withoutWebhooks);
    super(lines.join('\n'), options);
    this.#lines = lines;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}

/** The admin's context values hold mistakes, or come to more than can be deployed: one line for each, all at once. */
export class ContextError extends UserError {
  override readonly name = 'ContextError';
}
