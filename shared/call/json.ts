/** No text of an event is carried further than this, so that the cost of a call is bounded whatever its record holds. */
const MAX_TEXT_LENGTH = 2000;

/** No list of an event is read further than this. MediaConnect allows 50 outputs and 50 entitlements a flow. */
export const MAX_LIST_LENGTH = 100;

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** Shortens visibly, and never inside a surrogate pair. */
export function boundedText(text: string, maxLength: number = MAX_TEXT_LENGTH): string {
  if (text.length <= maxLength) return text;
  const end = isHighSurrogate(text.charCodeAt(maxLength - 2)) ? maxLength - 2 : maxLength - 1;
  return `${text.slice(0, end)}…`;
}

/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asObject = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);

/** Looks first, since most members are not there, and asks whose it is only then. */
function own(object: JsonObject, key: string): unknown {
  const value = object[key];
  return value !== undefined && Object.hasOwn(object, key) ? value : undefined;
}

/** A member of CloudTrail's own structures, which are spelled in one way only. */
export function exactMember(object: unknown, key: string): unknown {
  const known = asObject(object);
  return known === undefined ? undefined : own(known, key);
}

/** Upper camel spellings of the members that our tables name, each made once: most lookups find nothing. */
const UPPER_CAMEL = new Map<string, string>();

function upperCamel(key: string): string {
  const known = UPPER_CAMEL.get(key);
  if (known !== undefined) return known;
  const spelled = key.charAt(0).toUpperCase() + key.slice(1);
  UPPER_CAMEL.set(key, spelled);
  return spelled;
}

/**
 * A member by its lower camel name, in either case: older models of the API have `flowArn` where newer ones have
 * `FlowArn`. Own members only, so `constructor` is nobody's.
 */
export function member(object: unknown, key: string): unknown {
  const known = asObject(object);
  if (known === undefined) return undefined;
  return own(known, key) ?? own(known, upperCamel(key)) ?? undefined;
}

/** A member at the end of a path of members. */
export function memberAt(object: unknown, path: readonly string[]): unknown {
  let value = object;
  for (const key of path) value = member(value, key);
  return value;
}

/** Text as it is shown: not empty, bounded; anything else is as good as missing. */
export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? boundedText(value) : undefined;

export const exactText = (object: unknown, key: string): string | undefined => asText(exactMember(object, key));

export const textMember = (object: unknown, key: string): string | undefined => asText(member(object, key));

/** Whether a list is longer than `asList` gives it. */
export const isCut = (value: unknown): boolean => Array.isArray(value) && value.length > MAX_LIST_LENGTH;

/** A list, bounded; one thing that is not in a list is a list of one. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.length > MAX_LIST_LENGTH ? value.slice(0, MAX_LIST_LENGTH) : value;
  return value === undefined || value === null ? [] : [value];
}

/**
 * JSON text without the characters that a queue may refuse: SQS those that XML has no room for, and queues on one machine
 * those beyond the basic plane too, such as emoji. In JSON they only stand in strings, where the escape means the same.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const plainJson = (json: string): string =>
  json.replace(/[\uD800-\uDFFF\uFFFE\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * A function of something that many calls share and nobody changes, such as who made them, that remembers its answer as
 * long as that is there.
 */
export function memoizeFor<Shared extends object, Answer>(
  answer: (shared: Shared) => Answer,
): (shared: Shared) => Answer {
  const known = new WeakMap<Shared, Answer>();
  return (shared) => {
    const remembered = known.get(shared);
    if (remembered !== undefined) return remembered;
    const fresh = answer(shared);
    known.set(shared, fresh);
    return fresh;
  };
}

/** Names, addresses and programs are shorter; whoever is refused may write a hundred thousand characters. */
const LONGEST_REMEMBERED = 300;

/**
 * A function that remembers its last answer only, for two steps of one call that ask for the same: of the same values,
 * which nobody changes.
 */
export function memoizeLast<Asked extends readonly unknown[], Answer>(
  answer: (...asked: Asked) => Answer,
): (...asked: Asked) => Answer {
  let last: { readonly asked: Asked; readonly answer: Answer } | undefined;
  return (...asked) => {
    if (last === undefined || asked.some((value, index) => value !== last?.asked[index]))
      last = { asked, answer: answer(...asked) };
    return last.answer;
  };
}

/**
 * A function of a text that remembers its latest answers: programs, people and resources come again and again, in a burst
 * hundreds of times. Only for functions that depend on nothing but the text, and whose answers nobody changes.
 *
 * @param most answers to remember; when there are more, all are forgotten, so that nothing grows with what comes in
 * @param longest text to remember the answer of; what is longer is answered anew each time, so that memory is bounded in
 * bytes too
 */
export function memoize<Answer>(
  answer: (text: string) => Answer,
  most = 200,
  longest = LONGEST_REMEMBERED,
): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    if (text.length > longest) return answer(text);
    const remembered = known.get(text);
    if (remembered !== undefined || known.has(text)) return remembered as Answer;
    const fresh = answer(text);
    if (known.size >= most) known.clear();
    known.set(text, fresh);
    return fresh;
  };
}

/** Whether two answers to the same questions are the same. */
function isSame<Asked extends object>(one: Asked, other: Asked): boolean {
  for (const key in one) if (one[key] !== other[key]) return false;
  return true;
}

/**
 * A function of several values that are read from a record, always of the same members, which remembers its answer to the latest of each key and gives
 * it again where all of them are the same: to compare them costs less than to make one text of them. What has a long key is
 * answered anew each time.
 *
 * @param most keys to remember; when there are more, all are forgotten
 */
export function memoizeLatest<Asked extends object, Answer>(
  keyOf: (asked: Asked) => string,
  answer: (asked: Asked) => Answer,
  most = 200,
): (asked: Asked) => Answer {
  const known = new Map<string, { readonly asked: Asked; readonly answer: Answer }>();
  return (asked) => {
    const key = keyOf(asked);
    if (key.length > LONGEST_REMEMBERED) return answer(asked);
    const latest = known.get(key);
    if (latest !== undefined && isSame(latest.asked, asked)) return latest.answer;
    const fresh = { asked, answer: answer(asked) };
    if (latest === undefined && known.size >= most) known.clear();
    known.set(key, fresh);
    return fresh.answer;
  };
}
