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
