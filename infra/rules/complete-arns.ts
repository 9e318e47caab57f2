import { isObject, type JsonObject } from '../../shared/call/json.ts';

/** What in an ARN is written otherwise when it is percent-encoded; a `*` and a `\` are the pattern's own. */
const encoded = (text: string): string => text.replaceAll(':', '%3A').replaceAll('/', '%2F');

const decoded = (text: string): string => text.replace(/%3A/gi, ':').replace(/%2F/gi, '/');

const ARN = /^arn(?::|%3A)/i;
/** A piece of an ARN, such as `:AwardsShow` at its end. */
const PIECE = /^\S*(?::|%3A)\S*$/i;

/** As some clients encode. Not where there is a `*`: each spelling of those costs one of few. */
const inLowerCase = (text: string): string => text.replace(/%(?:3A|2F)/g, (code) => code.toLowerCase());

/** The text in its spellings, its own first. */
function spellings(text: string, isOfArn: RegExp): readonly string[] {
  if (!isOfArn.test(text)) return [text];
  const percent = encoded(decoded(text));
  return [...new Set([text, percent, decoded(text), ...(text.includes('*') ? [] : [inLowerCase(percent)])])];
}

/** What `anything-but` refuses: a text, some texts, or an operator with either. Both spellings have to be refused. */
function refusedOf(refused: unknown, isOfArn: RegExp): unknown {
  if (isObject(refused)) {
    return Object.fromEntries(Object.entries(refused).map(([operator, texts]) => [operator, refusedOf(texts, PIECE)]));
  }
  const texts: readonly unknown[] = Array.isArray(refused) ? refused : [refused];
  const both = texts.flatMap<unknown>((text) => (typeof text === 'string' ? spellings(text, isOfArn) : [text]));
  return both.length === texts.length ? refused : both;
}

const TEXT_OPERATORS = ['prefix', 'suffix', 'wildcard', 'equals-ignore-case'] as const;

/** One entry of a list of values, as often as an ARN has spellings. */
function entriesOf(entry: unknown): readonly unknown[] {
  if (typeof entry === 'string') return spellings(entry, ARN);
  if (!isObject(entry)) return [entry];
  if (Object.hasOwn(entry, 'anything-but'))
    return [{ ...entry, 'anything-but': refusedOf(entry['anything-but'], ARN) }];
  const operator = TEXT_OPERATORS.find((name) => typeof entry[name] === 'string');
  if (operator === undefined) return [entry];
  return spellings(String(entry[operator]), PIECE).map((text) => ({ [operator]: text }));
}

const sameOnce = (entries: readonly unknown[]): readonly unknown[] => [
  ...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values(),
];

/**
 * A piece of a pattern on the request's parameters that takes ARNs in both spellings: CloudTrail records those that
 * stand in the path of a request percent-encoded, and those in its body plain.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/ug/understanding-service-name-entries.html
 */
function withBothSpellings(fragment: unknown): unknown {
  if (Array.isArray(fragment)) return sameOnce(fragment.flatMap(entriesOf));
  if (!isObject(fragment)) return fragment;
  return Object.fromEntries(
    Object.entries(fragment).map(([name, value]) => [
      name,
      name === '$or' && Array.isArray(value) ? value.map(withBothSpellings) : withBothSpellings(value),
    ]),
  );
}

/** `match` with both spellings of every ARN in the request's parameters. */
export function completeArns(match: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(match).map(([name, value]) => {
      if (name === 'requestParameters') return [name, withBothSpellings(value)];
      return name === '$or' && Array.isArray(value)
        ? [name, value.map((branch: unknown) => (isObject(branch) ? completeArns(branch) : branch))]
        : [name, value];
    }),
  );
}
