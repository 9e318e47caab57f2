/** The admin's context values hold mistakes, or come to more than can be deployed: one line for each, all at once. */
export class ContextError extends Error {
  override readonly name = 'ContextError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
