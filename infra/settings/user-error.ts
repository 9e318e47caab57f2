import { withoutWebhooks } from './without-webhooks.ts';

/**
 * What the person who started something has to be told, in lines that say everything: it is shown without a stack. Any
 * other error is a mistake of ours. A webhook's address that stands where a name belongs is in none of the lines.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly lines: readonly string[];

  constructor(said: string | readonly string[], options?: ErrorOptions) {
    const lines = (typeof said === 'string' ? said.split('\n') : said).map(withoutWebhooks);
    super(lines.join('\n'), options);
    this.lines = lines;
  }
}

/** The admin's context values hold mistakes, or come to more than can be deployed: one line for each, all at once. */
export class ContextError extends UserError {
  override readonly name = 'ContextError';
}
