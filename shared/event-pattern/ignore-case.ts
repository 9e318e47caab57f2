import { type Matcher, quoted } from './matcher.ts';
import { stringMatcher } from './text-matchers.ts';

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

/** One unit for one unit everywhere, as in nearly all texts. */
const isEven = (wanted: readonly (readonly string[])[]): boolean =>
  wanted.every((spellings) => spellings.every(({ length }) => length === 1));

function holdsAt(text: string, wanted: readonly (readonly string[])[], start: number): boolean {
  for (const [index, spellings] of wanted.entries()) {
    if (!spellings.includes(text.charAt(start + index))) return false;
  }
  return start >= 0;
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

type Holds = (text: string) => boolean;

/** The straight way where there is one, else over all offsets. */
function compareIgnoringCase(wanted: readonly (readonly string[])[], straight: Holds, winding: Holds): Holds {
  return isEven(wanted) ? straight : winding;
}

export const equalsIgnoreCase = (text: string): Matcher => {
  const wanted = alternatives(text);
  const holds = compareIgnoringCase(
    wanted,
    (string) => string.length === wanted.length && holdsAt(string, wanted, 0),
    (string) => reach(string, wanted, 0, 1).includes(string.length),
  );
  return stringMatcher(`${quoted(text)} in any case`, holds);
};

export const prefixIgnoreCase = (start: string): Matcher => {
  const wanted = alternatives(start);
  const holds = compareIgnoringCase(
    wanted,
    (string) => holdsAt(string, wanted, 0),
    (string) => reach(string, wanted, 0, 1).length > 0,
  );
  // With the quotes of a JSON string, as `prefix`.
  return stringMatcher(`a text that starts with ${quoted(start)} in any case`, (string) => holds(`${string}"`));
};

export const suffixIgnoreCase = (end: string): Matcher => {
  const wanted = alternatives(end);
  const holds = compareIgnoringCase(
    wanted,
    (string) => holdsAt(string, wanted, string.length - wanted.length),
    (string) => reach(string, wanted, string.length, -1).length > 0,
  );
  return stringMatcher(`a text that ends with ${quoted(end)} in any case`, (string) => holds(`"${string}`));
};
