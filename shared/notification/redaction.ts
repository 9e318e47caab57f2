import { type CloudTrailRecord, isOmitted } from '../call/api-call-event.ts';
import { asList, asObject, boundedText, type JsonObject, member, memoize, memoizeLast } from '../call/json.ts';
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

/** `tagKey`, `tagKeys` and `key` alone name tags. */
const NEVER_SHOWN_ENDING =
  /(?:(?:token|credential|secretarn|rolearn|streamid|(?<!^|^tag)key|vector|signature|webhook)s?|(?<!^tag)keys|psk|keymaterial|privatekeypem)$/;
/** However the name goes on: `secretString`, `passwordHash`. */
const NEVER_SHOWN_WITHIN = /secret|passw(?:or)?d|passphrase/;
/** Short words, where one stands alone in a name or ends it: `db-pass`, `basicAuth`. */
const SHORT_WORD = /(?:^|[^A-Za-z])(?:pass|pw|pwd|pin|auth|bearer|sig)$/i;
const SHORT_LAST_WORD = /[a-z](?:Pass|Pw|Pwd|Pin|Auth|Bearer|Sig)$/;

function namesASecret(key: string): boolean {
  const lower = key.toLowerCase().replace(/[^a-z\d]/g, '');
  return (
    NEVER_SHOWN.has(lower) ||
    NEVER_SHOWN_ENDING.test(lower) ||
    NEVER_SHOWN_WITHIN.test(lower) ||
    SHORT_WORD.test(key) ||
    SHORT_LAST_WORD.test(key)
  );
}

/** Whether a member's value never leaves the event. The names of members come again in every record. */
export const isNeverShown = memoize(namesASecret, 500, 64);

/** Whether a value is secret by the name beside it, as tags are listed: `{ key: 'password', value: … }`. */
export function isValueOfSecret(key: string, object: JsonObject): boolean {
  if (key.length !== 5 || key.toLowerCase() !== 'value') return false;
  const name = object.key ?? object.Key ?? object.name ?? object.Name;
  return typeof name === 'string' && isNeverShown(name);
}

/** Values shorter than this are words of the API, or say nothing. */
const LEAST_SECRET_LENGTH = 4;

type IsSecret = (key: string) => boolean;

/** Values that are still to be looked into, and whether all of each is secret: two lists, since most members are neither. */
class Rest {
  readonly #values: unknown[] = [];
  readonly #secrecy: boolean[] = [];

  constructor(values: readonly unknown[]) {
    for (const value of values) this.add(value, false);
  }

  add(value: unknown, isSecret: boolean): void {
    if (!isSecret && (typeof value !== 'object' || value === null)) return;
    this.#values.push(value);
    this.#secrecy.push(isSecret);
  }

  addInside(value: object, isSecret: boolean, isSecretMember: IsSecret): void {
    if (Array.isArray(value)) {
      for (const inner of value) this.add(inner, isSecret);
      return;
    }
    const object = value as JsonObject;
    for (const key in object) this.add(object[key], isSecret || isSecretMember(key) || isValueOfSecret(key, object));
  }

  next(): { readonly value: unknown; readonly isSecret: boolean } | undefined {
    const isSecret = this.#secrecy.pop();
    return isSecret === undefined ? undefined : { value: this.#values.pop(), isSecret };
  }
}

const NO_TEXTS: readonly string[] = [];

function textsOf(values: readonly unknown[], isSecretMember: IsSecret): readonly string[] {
  let texts: Set<string> | undefined;
  const rest = new Rest(values);
  for (let next = rest.next(); next !== undefined; next = rest.next()) {
    const { value, isSecret } = next;
    if (typeof value === 'object' && value !== null) rest.addInside(value, isSecret, isSecretMember);
    else if (value !== null && value !== undefined && String(value).length >= LEAST_SECRET_LENGTH)
      texts = (texts ?? new Set()).add(String(value));
  }
  return texts === undefined ? NO_TEXTS : [...texts].toSorted((one, other) => other.length - one.length);
}

/**
 * The values that never leave the event because of the members that they are in, of all members at any depth, the longest
 * first: for taking them out of what may quote them.
 */
const neverShownTexts = (...values: readonly unknown[]): readonly string[] => textsOf(values, isNeverShown);

/** Never shown, but no secret: what is of the same name elsewhere stays. */
const NAMES_SOMETHING = /^(?:url|deviceid|resourceid)$|streamid$|arns?$|clienttoken$/i;
const isTyped = (key: string): boolean => isNeverShown(key) && !NAMES_SOMETHING.test(key);
/** Shorter ones are words that a name may have too. */
const LEAST_TYPED_LENGTH = 6;
/** So many are looked for in all that is said; a call that works has fewer. */
const MOST_TYPED = 100;

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
  /(\b(at|for|in|of|member|field|parameter|header)\s{1,4})?(?<!\w)(\\?["'`\u2018\u201C])((?:(?!\3(?!\w)|[\u2019\u201D]).){4,}?)(\3|[\u2019\u201D])/gis;
const IN_BRACKETS = /<[^<>]{4,}>|\u00AB[^\u00AB\u00BB]{4,}\u00BB|\[[^[\]]{4,}\](?=\s)/g;
const BARE_VALUE = /(\bvalue\s{1,4})(?!['"`(])\S{4,}(?=\s+at\s)/gi;
/** `source.decryption.passphrase`: letters alone, as the names of members are. */
const MEMBER = /^[A-Za-z][\w.[\]]*$/;
const WORD = /[A-Za-z][\w-]*/g;
/** Letters and digits together: no word of a language. */
const CODE_LIKE = /(?<![\w:./+-])[\w+/=.-]{8,}/g;
const isCode = (word: string): boolean => /\d/.test(word) && /[A-Za-z]/.test(word) && !word.startsWith('arn:');

/** What every name of such a member has in it, without its signs, or as its last word. To look costs less than to ask of each word. */
const MAY_NAME_SECRETS =
  /token|credential|secret|rolearn|streamid|key|vector|signature|webhook|psk|passw|passphrase|url|deviceid|resourceid|authorization|cookie/i;
const MAY_END_IN_ONE = /(?:pass|pw|pwd|pin|auth|bearer|sig)(?![A-Za-z\d])/i;
const SIGNS = /[_-]+/g;

/** Whether a message speaks of a member whose value never leaves the event. */
const speaksOfSecrets = (message: string): boolean =>
  (MAY_END_IN_ONE.test(message) || MAY_NAME_SECRETS.test(message.replace(SIGNS, ''))) &&
  (message.match(WORD)?.some((word) => /^keys?$/i.test(word) || isNeverShown(word)) ?? false);

/** After "at" stands a member; after "for" or "in" a value may, unless it is one that is known or has a path. */
function isMemberQuoted(word: string | undefined, quoted: string): boolean {
  if (word === undefined || !MEMBER.test(quoted)) return false;
  return !/^(?:for|in|of)$/i.test(word) || quoted.includes('.') || isNeverShown(quoted);
}

/**
 * What a message quotes is taken for the value of the member that it speaks of, unless it stands where such messages have
 * the member's name: "Value 'hunter2hunter2' at 'passphrase' failed to satisfy constraint".
 */
const withoutQuotes = (message: string): string =>
  message
    .replace(QUOTED, (all, before: string | undefined, word: string, open: string, quoted: string, close: string) =>
      isMemberQuoted(word, quoted) ? all : `${before ?? ''}${open}${NOT_SHOWN}${close}`,
    )
    .replace(IN_BRACKETS, NOT_SHOWN)
    .replace(BARE_VALUE, `$1${NOT_SHOWN}`)
    .replace(CODE_LIKE, (word) => (isCode(word) ? NOT_SHOWN : word));

/** Ranges of addresses reveal the layout of a network; as parameters they are shown only where the admin allows it. */
const ADDRESS_RANGES = /(?:\b\d{1,3}(?:\.\d{1,3}){3}|(?<![\w:])[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})\/\d{1,3}\b/gi;

/** Text beyond this is never shown, so that it is not looked at. */
const LOOKED_AT = 4 * ERROR_LENGTH;

/** The parts of a record that a message may quote. */
export type Quotable = Pick<CloudTrailRecord, 'requestParameters' | 'responseElements' | 'userIdentity'>;

/** What a record keeps to itself: for a message that may quote it. */
const keptToItself = memoizeLast(({ requestParameters, responseElements, userIdentity }: Quotable): readonly string[] =>
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
  let changed: [string, unknown][] | undefined;
  for (const key in object) {
    const inner = withoutSecretsIn(object[key]);
    if (inner === object[key]) continue;
    changed ??= [];
    changed.push([key, inner]);
  }
  return changed === undefined ? object : { ...object, ...Object.fromEntries(changed) };
}

/** Answers that are remembered, and were filtered before they were. */
const FILTERED = new WeakSet<object>();

/** Filters what many notifications share, which nobody changes: `membersWithoutSecrets` then does not look into it again. */
export function filteredOnce<Said extends object>(said: Said): Said {
  const filtered = withoutSecretsIn(said);
  FILTERED.add(filtered);
  return filtered;
}

/** An object of which these members are as `withoutSecretsIn` leaves them; some are shared and were filtered already. */
export function membersWithoutSecrets<Said extends object>(said: Said, members: readonly (keyof Said)[]): Said {
  let filtered = said;
  for (const key of members) {
    const inner = said[key];
    if (typeof inner === 'object' && inner !== null && FILTERED.has(inner)) continue;
    const clean = withoutSecretsIn(inner);
    if (clean !== inner) filtered = { ...filtered, [key]: clean };
  }
  return filtered;
}

/**
 * What is said of a call without the passwords and keys of its request, which somebody may have typed as a name as well. A
 * name that a resource has already is none of them: whoever calls could hide by it what he does.
 */
export function withoutTypedSecrets<Said>(said: Said, request: unknown, namesIn: () => readonly string[]): Said {
  const inSecretMembers = textsOf([request], isTyped);
  if (inSecretMembers.length === 0) return said;
  const given = namesIn().map((name) => name.toUpperCase());
  const typed = inSecretMembers
    .filter((text) => text.length >= LEAST_TYPED_LENGTH && !given.some((name) => name.includes(text.toUpperCase())))
    .slice(0, MOST_TYPED);
  return typed.length === 0 ? said : (withoutValuesIn(said, typed) as Said);
}

/** Words of our own stay as they are: kinds, labels, the plain parts of a phrase. */
function withoutValuesIn(said: unknown, values: readonly string[]): unknown {
  if (typeof said === 'string') return withoutValues(said, values);
  if (typeof said !== 'object' || said === null) return said;
  if (Array.isArray(said)) return said.map((inner) => withoutValuesIn(inner, values));
  if ('kind' in said && said.kind === 'plain') return said;
  const isOwn = (key: string, inner: unknown): boolean =>
    key === 'kind' || (key === 'label' && typeof inner === 'string');
  return Object.fromEntries(
    Object.entries(said).map(([key, inner]) => [key, isOwn(key, inner) ? inner : withoutValuesIn(inner, values)]),
  );
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
    .filter(([key]) => !(isNeverShown(key) || isValueOfSecret(key, value as JsonObject)))
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
