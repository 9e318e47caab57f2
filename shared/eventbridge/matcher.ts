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

/** A JSON object, which a list and `null` are not. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * How the values of a field are read. Numbers and addresses are brought to one spelling before they are compared,
 * and that then holds for every matcher of the field: the engine has one machine a field.
 */
export type Reading = 'text' | 'number' | 'address';

/**
 * One value of an event as a matcher sees it: one of the three. Strings are apart from the rest, so that `"1"` and `1`
 * differ.
 */
export interface Subject {
  readonly string: string | undefined;
  /** Where the field is read as numbers, one that can be compared. */
  readonly number: number | undefined;
  /** Everything else as JSON writes it; an address in hexadecimal digits where the field is read as addresses. */
  readonly literal: string | undefined;
}

/** One entry of the list that a field may match. */
export interface Matcher {
  readonly matches: (subject: Subject) => boolean;
  readonly reading: Reading;
  /** What it wants, to be read after "the pattern wants". */
  readonly words: string;
  /** The literal runs of each wildcard in it, for the limit on their complexity. */
  readonly wildcards?: readonly (readonly string[])[];
}

export const quoted = (text: string): string => `"${text}"`;
