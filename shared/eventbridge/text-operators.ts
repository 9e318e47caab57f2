import { type Matcher, quoted, refuse } from './matcher.ts';

/** A matcher that holds for strings only. */
const stringMatcher = (words: string, holds: (string: string) => boolean): Matcher => ({
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

/** An escape, an asterisk, or a run of everything else. */
const TOKEN = /\\[\s\S]?|\*|[^\\*]+/g;

const ESCAPES: Readonly<Record<string, string>> = { '\\*': '*', '\\\\': '\\' };

/** What a token stands for, taken literally. */
function literal(token: string, position: number, path: string): string {
  if (!token.startsWith('\\')) return token;
  return ESCAPES[token] ?? refuse(`Invalid escape character at pos ${position}`, path);
}

/** The text between the asterisks, escapes undone. Only `*` is special, only `\*` and `\\` are escapes. */
function literalRuns(wildcard: string, path: string): readonly string[] {
  const runs = [''];
  let previous = '';
  for (const { 0: token, index } of wildcard.matchAll(TOKEN)) {
    // Positions count from the opening quote.
    const position = index + 1;
    if (token === '*' && previous === '*') refuse(`Consecutive wildcard characters at pos ${position - 1}`, path);
    if (token === '*') runs.push('');
    else runs.push(`${runs.pop() ?? ''}${literal(token, position, path)}`);
    previous = token;
  }
  return runs;
}

/** Matches the runs left to right: one pass, where a regular expression with several `.*` would try every split. */
function matchesRuns(text: string, first: string, middle: readonly string[], last: string): boolean {
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const run of middle) {
    const found = text.indexOf(run, from);
    if (found === -1 || found + run.length > end) return false;
    from = found + run.length;
  }
  return true;
}

export const wildcard = (pattern: string, path: string): Matcher => {
  const runs = literalRuns(pattern, path);
  const [first = '', ...middle] = runs;
  const last = middle.pop();
  const holds = (string: string): boolean =>
    last === undefined ? string === first : matchesRuns(string, first, middle, last);
  return { ...stringMatcher(`a text like ${quoted(pattern)}`, holds), wildcards: last === undefined ? [] : [runs] };
};
