import { type Matcher, quoted } from './matcher.ts';

const textMatcher = (words: string, holds: (text: string) => boolean): Matcher => ({
  matches: ({ text }) => holds(text),
  reading: 'text',
  words,
});

/** A string, `true`, `false` or `null`, by its JSON text. */
export const exactText = (json: string): Matcher => textMatcher(json, (text) => text === json);

/** The engine compares with the opening quote, so `""` is any string and a number has no prefix. */
export const prefix = (start: string): Matcher => {
  const wanted = `"${start}`;
  return textMatcher(`a text that starts with ${quoted(start)}`, (text) => text.startsWith(wanted));
};

/** The engine compares with the closing quote, so `""` is any string and a number has no suffix. */
export const suffix = (end: string): Matcher => {
  const wanted = `${end}"`;
  return textMatcher(`a text that ends with ${quoted(end)}`, (text) => text.endsWith(wanted));
};

/** Any value. An object or an empty list is none. */
export const present: Matcher = { matches: () => true, reading: 'text', words: 'any value' };
