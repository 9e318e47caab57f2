import type { CompiledPattern } from './compile-pattern.ts';
import { refuse } from './matcher.ts';

/** How many places of its wildcards EventBridge follows at once before it refuses a rule as too complex; found by trying. */
const MAX_PLACES = 10;
/** More than any pattern that fits into a rule needs; past it we stop looking and let the pattern pass. */
const MAX_SETS = 10_000;

/** One wildcard with the quotes of a JSON string, an asterisk as `undefined`. */
type Tokens = readonly (string | undefined)[];

function tokensOf(runs: readonly string[]): Tokens {
  const [first = '', ...rest] = runs;
  return ['"', ...first, ...rest.flatMap((run) => [undefined, ...run]), '"'];
}

/** Where the engine may be in one wildcard: how many tokens are behind it. Before an asterisk it is also after it. */
type Places = ReadonlySet<number>;

function reached(tokens: Tokens, place: number): readonly number[] {
  return tokens[place] === undefined && place < tokens.length ? [place, place + 1] : [place];
}

function advance(tokens: Tokens, places: Places, unit: string): Places {
  const next = new Set<number>();
  for (const place of places) {
    // After an asterisk: it takes this unit too.
    if (place > 0 && tokens[place - 1] === undefined) next.add(place);
    if (tokens[place] === unit) for (const after of reached(tokens, place + 1)) next.add(after);
  }
  return next;
}

/**
 * Whether EventBridge calls these wildcards of one field too complex: some text could be in more than ten places of
 * them at once.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity
 */
function isTooComplex(wildcards: readonly (readonly string[])[]): boolean {
  const all = wildcards.map(tokensOf);
  // Any unit that none of them names behaves like this one.
  const units = [...new Set(['', ...all.flat().filter((token) => token !== undefined)])];
  const seen = new Set<string>();
  const waiting: (readonly Places[])[] = [all.map(() => new Set([0]))];
  for (let active = waiting.pop(); active !== undefined && seen.size < MAX_SETS; active = waiting.pop()) {
    for (const unit of units) {
      const next = active.map((places, wildcard) => advance(all[wildcard] ?? [], places, unit));
      if (next.reduce((sum, { size }) => sum + size, 0) > MAX_PLACES) return true;
      const key = next.map((places) => [...places].sort((left, right) => left - right).join()).join(';');
      if (!seen.has(key)) waiting.push(next);
      seen.add(key);
    }
  }
  return false;
}

/** What `TestEventPattern` takes. The quota of a rule is 2,048 by default. */
const MAX_LENGTH = 4096;

const TOO_COMPLEX =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/**
 * The limits that EventBridge adds to what its matching engine takes.
 *
 * @throws InvalidEventPatternException for a valid pattern that the service refuses all the same.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export function checkServiceLimits({ wildcards }: CompiledPattern, text: string): void {
  if (text.length > MAX_LENGTH) refuse(`the pattern has ${text.length} characters, ${MAX_LENGTH} are allowed`, '');
  for (const { path, runs } of wildcards) if (isTooComplex(runs)) refuse(TOO_COMPLEX, path);
}
