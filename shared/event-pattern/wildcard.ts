import { refuse } from './invalid-event-pattern.ts';
import { type Matcher, quoted } from './matcher.ts';
import { stringMatcher } from './text-matchers.ts';

/** An escape, an asterisk, or a run of everything else. */
const TOKEN = /\\[\s\S]?|\*|[^\\*]+/g;

const ESCAPES: Readonly<Record<string, string>> = { '\\*': '*', '\\\\': '\\' };

/** What a token stands for, taken literally. */
function literal(token: string, position: number, path: string): string {
  if (!token.startsWith('\\')) return token;
  return ESCAPES[token] ?? refuse(`Invalid escape character at pos ${position}`, path);
}

/** The text between the asterisks, escapes undone. Only `*` is special, only `\*` and `\\` are escapes. */
export function literalRuns(wildcard: string, path: string): readonly string[] {
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
