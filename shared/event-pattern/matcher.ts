/**
 * How the values of a field are read. Numbers and addresses are brought to one spelling before they are compared,
 * and that then holds for every matcher of the field: the engine has one machine a field.
 */
export type Reading = 'text' | 'number' | 'address';

/** One value of an event as a matcher sees it. */
export interface Subject {
  /**
   * Strings with their quotes, as they stand in JSON, so that `"1"` and `1` differ; the rest as JSON writes it; an
   * address in hexadecimal digits where the field is read as addresses.
   */
  readonly text: string;
  /** Set where the field is read as numbers and this is one that can be compared; `text` is then empty. */
  readonly number: number | undefined;
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
