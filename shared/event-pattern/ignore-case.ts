import { type Matcher, quoted } from './matcher.ts';

/** The engine's encoder writes half of a surrogate pair as a question mark. */
const encoded = (unit: string): string => (/[\uD800-\uDFFF]/.test(unit) ? '?' : unit);

/** The two forms the engine takes at one place; `ß` gives `SS`, and `S` never gives `ß`. */
function forms(unit: string): readonly string[] {
  const lower = encoded(unit.toLowerCase());
  const upper = encoded(unit.toUpperCase());
  return lower === upper ? [lower] : [lower, upper];
}

/** Case folding is per UTF-16 unit, not per character. */
const alternatives = (text: string): readonly (readonly string[])[] =>
  Array.from({ length: text.length }, (_, index) => forms(text.charAt(index)));

/** Where `spelling` leads from `offset`: forwards, or backwards from the end. */
function advance(text: string, spelling: string, offset: number, step: 1 | -1): number | undefined {
  const from = step === 1 ? offset : offset - spelling.length;
  return from >= 0 && text.startsWith(spelling, from) ? offset + step * spelling.length : undefined;
}

/** Every offset that `wanted` can reach from `start`; forms differ in length, so there may be more than one. */
function reach(text: string, wanted: readonly (readonly string[])[], start: number, step: 1 | -1): readonly number[] {
  const ordered = step === 1 ? wanted : wanted.toReversed();
  return ordered.reduce<readonly number[]>(
    (offsets, spellings) => {
      const next = offsets.flatMap((offset) => spellings.map((spelling) => advance(text, spelling, offset, step)));
      return [...new Set(next)].filter((offset) => offset !== undefined);
    },
    [start],
  );
}

export const equalsIgnoreCase = (text: string): Matcher => {
  const wanted = alternatives(quoted(text));
  return {
    matches: (subject) => reach(subject.text, wanted, 0, 1).includes(subject.text.length),
    reading: 'text',
    words: `${quoted(text)} in any case`,
  };
};

export const prefixIgnoreCase = (start: string): Matcher => {
  const wanted = alternatives(`"${start}`);
  return {
    matches: (subject) => reach(subject.text, wanted, 0, 1).length > 0,
    reading: 'text',
    words: `a text that starts with ${quoted(start)} in any case`,
  };
};

export const suffixIgnoreCase = (end: string): Matcher => {
  const wanted = alternatives(`${end}"`);
  return {
    matches: (subject) => reach(subject.text, wanted, subject.text.length, -1).length > 0,
    reading: 'text',
    words: `a text that ends with ${quoted(end)} in any case`,
  };
};
