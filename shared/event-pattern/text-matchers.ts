import { type Matcher, quoted } from './matcher.ts';

/** A matcher that holds for strings only. */
export const stringMatcher = (words: string, holds: (string: string) => boolean): Matcher => ({
  matches: ({ string }) => string !== undefined && holds(string),
  reading: 'text',
  words,
});

export const exactString = (wanted: string): Matcher => ({
  matches: ({ string }) => string === wanted,
  reading: 'text',
  words: quoted(wanted),
});

/** `true`, `false`, `null`, or a number that cannot be compared, by its JSON text. */
export const exactLiteral = (wanted: string): Matcher => ({
  matches: ({ literal }) => literal === wanted,
  reading: 'text',
  words: wanted,
});

/** The engine sees the closing quote of the JSON string, so `x"` is a prefix of `x`. */
export const prefix = (start: string): Matcher =>
  stringMatcher(
    `a text that starts with ${quoted(start)}`,
    (string) => string.startsWith(start) || start === `${string}"`,
  );

/** The engine sees the opening quote of the JSON string, so `"x` is a suffix of `x`. */
export const suffix = (end: string): Matcher =>
  stringMatcher(`a text that ends with ${quoted(end)}`, (string) => string.endsWith(end) || end === `"${string}`);

/** Any value. An object or an empty list is none. */
export const present: Matcher = { matches: () => true, reading: 'text', words: 'any value' };
