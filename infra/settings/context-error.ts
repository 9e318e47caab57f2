import { withoutWebhooks } from './without-webhooks.ts';

/** The admin's context values hold mistakes, or come to more than can be deployed: one line for each, all at once. A
 * webhook's address that stands where a name belongs is in none of them. */
export class ContextError extends Error {
  override readonly name = 'ContextError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    const told = lines.map(withoutWebhooks);
    super(told.join('\n'));
    this.lines = told;
  }
}
