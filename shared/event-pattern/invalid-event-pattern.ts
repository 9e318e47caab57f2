/**
 * The event pattern is one that EventBridge refuses. The message has EventBridge's own wording and the
 * place in the pattern.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
 */
export class InvalidEventPatternException extends Error {
  override readonly name = 'InvalidEventPatternException';
  /** Dotted path of the field; empty for the pattern as a whole. */
  readonly path: string;
  readonly reason: string;

  constructor(reason: string, path: string, options: { readonly cause?: unknown } = {}) {
    super(`Event pattern is not valid. Reason: ${reason}${path === '' ? '' : ` at ${path}`}`, options);
    this.path = path;
    this.reason = reason;
  }
}

/** Stops the compilation of a pattern at `path`. */
export function refuse(reason: string, path: string): never {
  throw new InvalidEventPatternException(reason, path);
}
