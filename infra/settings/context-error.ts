import { withoutWebhooks } from './without-webhooks.ts';

/** The admin's context values hold mistakes, or come to more than can be deployed: one line for each, all at once. A
 * webhook's address that stands where a name belongs is in none of them. */
export class ContextError extends Error {
  override readonly name = 'ContextError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    const notified = lines.map(withoutWebhooks);
    super(notified.join('\n'));
    this.lines = notified;
  }
}
