import { type CloudTrailRecord, isOmitted } from '../call/api-call-event.ts';
import { asList, asObject, boundedText, type JsonObject, member } from '../call/json.ts';
import { memoize, memoizeFor } from '../call/memoize.ts';
import { type Detail, enumeration, named } from './notification.ts';
import { NOT_SHOWN, withoutEncoded, withoutSecrets } from './secret-shapes.ts';

/** Not shown, whatever the admin's settings say: key material, where keys are kept, tokens. */
const NEVER_SHOWN: ReadonlySet<string> = new Set([
  'constantinitializationvector',
  'url',
  'deviceid',
  'resourceid',
  'accesskeyid',
  'credentialid',
  'authorization',
  'cookie',
]);

/** `tagKey` and `key` alone name a tag. */
const NEVER_SHOWN_ENDING =
  /(?:token|secret|passw(?:or)?d|passphrase|credentials?|secretarn|rolearn|streamid|(?<!^|^tag)key|psk|vector|signature|webhook)$/;

function namesASecret(key: string): boolean {
  const lower = key.toLowerCase().replace(/[^a-z\d]/g, '');
  return NEVER_SHOWN.has(lower) || NEVER_SHOWN_ENDING.test(lower);
}

/** Whether a member's value never leaves the event. The names of members come again in every record. */
export const isNeverShown = memoize(namesASecret, 500, 64);

/** Values shorter than this are words of the API, or say nothing. */
const LEAST_SECRET_LENGTH = 4;

interface Found {
  readonly value: unknown;
  readonly isSecret: boolean;
}

const inside = (value: object, isSecret: boolean): readonly Found[] =>
  Array.isArray(value)
    ? value.map((inner: unknown) => ({ value: inner, isSecret }))
    : Object.entries(value).map(([key, inner]) => ({ value: inner, isSecret: isSecret || isNeverShown(key) }));

/**
 * The values that never leave the event because of the members that they are in, of all members at any depth, the longest
 * first: for taking them out of what may quote them.
 */
export function neverShownTexts(...values: readonly unknown[]): readonly string[] {
  const texts = new Set<string>();
  const rest: Found[] = values.map((value) => ({ value, isSecret: false }));
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value, isSecret } = next;
    if (typeof value === 'object' && value !== null) for (const found of inside(value, isSecret)) rest.push(found);
    else if (isSecret && value !== null && value !== undefined && String(value).length >= LEAST_SECRET_LENGTH)
      texts.add(String(value));
  }
  return [...texts].toSorted((one, other) => other.length - one.length);
}

const ASCII = /^[\t\n\r -~]*$/;
const urlEncoded = (text: string): string => encodeURIComponent(text.toWellFormed());
/** As base64 begins it; with nothing of the end, where what follows has a part in it. */
const base64Encoded = (text: string): string => {
  if (ASCII.test(text)) return btoa(text).replace(/=+$/, '');
  const latin = Array.from(text, (char) => (char > '\xff' ? '?' : char)).join('');
  return btoa(latin).replace(/=+$/, '');
};
const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A value may have quotes and brackets in it. */
const BETWEEN_BLANKS = /\S{4,}/g;

/** CloudTrail cuts error codes and messages here. */
const ERROR_LENGTH = 1024;

/** Most texts hold none of the values: to look costs less than to make an expression of each. */
function withoutLiterals(text: string, values: readonly string[]): string {
  let rest = text;
  let upper = rest.toUpperCase();
  for (const value of values) {
    if (!upper.includes(value.toUpperCase())) continue;
    rest = rest.replace(new RegExp(literally(value), 'gi'), NOT_SHOWN);
    upper = rest.toUpperCase();
  }
  return rest;
}

/** The fifty outputs that a flow may have hold some two hundred. What may quote more of them is not shown at all. */
const MOST_VALUES = 500;

/** A text without any of these values, in any case, plain or encoded. */
function withoutValues(text: string, values: readonly string[]): string {
  if (values.length === 0) return text;
  if (values.length > MOST_VALUES) return NOT_SHOWN;
  const quotable = values.map((value) => value.slice(0, ERROR_LENGTH));
  const spelled = quotable.flatMap((value) => [
    value,
    JSON.stringify(value).slice(1, -1),
    urlEncoded(value),
    base64Encoded(value),
  ]);
  const lower = quotable.map((value) => value.toLowerCase());
  return withoutEncoded(
    withoutLiterals(text, spelled),
    (reading) => {
      const read = reading.toLowerCase();
      return lower.some((value) => read.includes(value));
    },
    BETWEEN_BLANKS,
  );
}

/** The first characters of a key that a cut text ends in. */
const LEAST_BEGINNING = 4;

/** A text that was cut may end in the beginning of a value. */
function withoutBeginnings(text: string, values: readonly string[]): string {
  const end = text.slice(-ERROR_LENGTH);
  const lower = end.toLowerCase();
  for (const value of values) {
    const wanted = value.toLowerCase();
    const beginning = wanted.slice(0, LEAST_BEGINNING);
    for (let at = lower.indexOf(beginning); at >= 0; at = lower.indexOf(beginning, at + 1)) {
      if (wanted.startsWith(lower.slice(at))) return `${text.slice(0, text.length - lower.length + at)}${NOT_SHOWN}`;
    }
  }
  return text;
}

const QUOTED =
  /(\b(?:at|for|in|of|member|field|parameter|header)\s+)?(\\?["'`\u2018\u201C])((?:(?!\2|[\u2019\u201D]).){4,}?)(\2|[\u2019\u201D])/gis;
const WORD = /[A-Za-z][\w-]*/g;
/** Letters and digits together: no word of a language. */
const CODE_LIKE = /(?<![\w:./+-])[\w+/=.-]{8,}/g;
const isCode = (word: string): boolean => /\d/.test(word) && /[A-Za-z]/.test(word) && !word.startsWith('arn:');

/** Whether a message speaks of a member whose value never leaves the event. */
const speaksOfSecrets = (message: string): boolean =>
  message.match(WORD)?.some((word) => /^keys?$/i.test(word) || isNeverShown(word)) ?? false;

/**
 * What a message quotes is taken for the value of the member that it speaks of, unless it stands where such messages have
 * the member's name: "Value 'hunter2hunter2' at 'passphrase' failed to satisfy constraint".
 */
const withoutQuotes = (message: string): string =>
  message
    .replace(QUOTED, (all, before: string | undefined, open: string, quoted: string, close: string) =>
      before !== undefined && /^[A-Za-z][\w.[\]]*$/.test(quoted) ? all : `${before ?? ''}${open}${NOT_SHOWN}${close}`,
    )
    .replace(CODE_LIKE, (word) => (isCode(word) ? NOT_SHOWN : word));

/** Ranges of addresses reveal the layout of a network; as parameters they are shown only where the admin allows it. */
const ADDRESS_RANGES = /(?:\b\d{1,3}(?:\.\d{1,3}){3}|(?<![\w:])[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})\/\d{1,3}\b/gi;

/** Text beyond this is never shown, so that it is not looked at. */
const LOOKED_AT = 4 * ERROR_LENGTH;

/** The parts of a record that a message may quote. */
export type Quotable = Pick<CloudTrailRecord, 'requestParameters' | 'responseElements' | 'userIdentity'>;

/** What a record keeps to itself: for a message that may quote it. */
const keptToItself = memoizeFor(({ requestParameters, responseElements, userIdentity }: Quotable): readonly string[] =>
  neverShownTexts(requestParameters, responseElements, userIdentity),
);

/**
 * What an error message says, without what never leaves the event: such messages quote what was sent, also where the record
 * leaves the parameters out. Filtered before it is cut, since half a key is no longer known as one.
 */
export function messageWithoutSecrets(message: string, record: Quotable): string {
  const values = keptToItself(record);
  const plain = withoutSecrets(withoutValues(message.slice(0, LOOKED_AT), values));
  const ended = message.length >= ERROR_LENGTH - 1 ? withoutBeginnings(plain, values) : plain;
  const mayQuote = isOmitted(record.requestParameters) || speaksOfSecrets(ended);
  const unquoted = mayQuote ? withoutQuotes(ended) : ended;
  return boundedText(unquoted.replace(ADDRESS_RANGES, NOT_SHOWN), ERROR_LENGTH);
}

/** An error code; one that only the response holds is any text. */
export const codeWithoutSecrets = (code: string, record: CloudTrailRecord): string =>
  boundedText(withoutSecrets(record.errorCode ? code : withoutValues(code, keptToItself(record))), ERROR_LENGTH);

/**
 * Anything that was read from a record, each of its texts without the secrets that are known by how they look. This is the
 * last step from a record to what is said of it: messages, logs, traces and the command line's answers all begin behind it.
 */
export function withoutSecretsIn<Said>(said: Said): Said;
export function withoutSecretsIn(said: unknown): unknown {
  if (typeof said === 'string') return withoutSecrets(said);
  if (typeof said !== 'object' || said === null) return said;
  return Array.isArray(said) ? listWithoutSecrets(said) : objectWithoutSecrets(said as JsonObject);
}

/** Nearly always there is no secret, and then nothing is copied. */
function listWithoutSecrets(list: readonly unknown[]): readonly unknown[] {
  let filtered: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const inner = withoutSecretsIn(list[index]);
    if (inner === list[index]) continue;
    filtered ??= [...list];
    filtered[index] = inner;
  }
  return filtered ?? list;
}

function objectWithoutSecrets(object: JsonObject): JsonObject {
  let filtered = object;
  for (const key in object) {
    if (!Object.hasOwn(object, key)) continue;
    const inner = withoutSecretsIn(object[key]);
    if (inner !== object[key]) filtered = { ...filtered, [key]: inner };
  }
  return filtered;
}

/** Answers that are remembered, and were filtered before they were. */
const FILTERED = new WeakSet<object>();

/** Filters what many notifications share, which nobody changes: `sharedWithoutSecrets` then does not look into it again. */
export function filteredOnce<Said extends object>(said: Said): Said {
  const filtered = withoutSecretsIn(said);
  FILTERED.add(filtered);
  return filtered;
}

/** As `withoutSecretsIn`, for an object of which some members are shared and were filtered already. */
export function sharedWithoutSecrets<Said extends object>(said: Said): Said {
  let filtered = said;
  for (const key of Object.keys(said) as (keyof Said)[]) {
    const inner = said[key];
    if (typeof inner === 'object' && inner !== null && FILTERED.has(inner)) continue;
    const clean = withoutSecretsIn(inner);
    if (clean !== inner) filtered = { ...filtered, [key]: clean };
  }
  return filtered;
}

const MAX_DEPTH = 8;
const MAX_VALUES = 20;

/** Every value below a member that may be shown, up to a limit. */
function leavesOf(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return asList(value).flatMap((element) => leavesOf(element, depth + 1));
  return Object.entries(asObject(value) ?? {})
    .slice(0, MAX_VALUES)
    .filter(([key]) => !isNeverShown(key))
    .flatMap(([key, inner]) => leavesOf(inner, depth + 1).map((leaf) => `${key}: ${leaf}`));
}

/** The values at the end of a path, in which `[]` goes through the elements of a list. */
function valuesAt(source: JsonObject, keys: readonly string[]): readonly unknown[] {
  let values: readonly unknown[] = [source];
  for (const key of keys) {
    const inside = values.map((value) => member(value, key.endsWith('[]') ? key.slice(0, -2) : key));
    values = key.endsWith('[]') ? inside.flatMap(asList) : inside;
  }
  return values;
}

/** The parameters that the admin allows beside those that always are, by paths such as `outputs[].cidrAllowList`. */
export function shownParameters(request: JsonObject, paths: readonly string[]): readonly Detail[] {
  // Short ones are words that a description may have too.
  const kept = neverShownTexts(request).filter((text) => text.length >= 2 * LEAST_SECRET_LENGTH);
  return paths.flatMap((path) => {
    const keys = path.split('.');
    if (keys.some((key) => isNeverShown(key.replace('[]', '')))) return [];
    const leaves = valuesAt(request, keys).flatMap((value) => leavesOf(value));
    if (leaves.length === 0) return [];
    const value = enumeration(
      leaves.map((leaf) => [named(withoutValues(leaf, kept))]),
      MAX_VALUES,
    );
    return [{ label: path, value }];
  });
}
