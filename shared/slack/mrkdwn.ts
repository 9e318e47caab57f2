import type { Impact } from '../call/operations.ts';
import { type Notification, type Phrase, type PhrasePart, phrase } from '../notification/notification.ts';

/**
 * The one place where text becomes part of a Slack message. What came with an event can hold anything; after this it
 * cannot mention, link, format, hide or break, and it is no longer than asked, counted as Slack counts: escaped.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */

/** Shown in place of what cannot be seen: control characters, bidi marks, zero-width characters, halves of characters. */
const REPLACEMENT = '\uFFFD';

const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/**
 * Cc and Cf are controls and format characters (bidi, zero-width, tags); the rest are letters that show nothing, and
 * selectors of variants, but for the one that makes an emoji of a sign.
 */
const UNSEEN =
  /(?:[\p{Cc}\p{Cf}\p{Cs}\u115F\u1160\u2065\u2800\u3164\uFFA0\u{E0000}-\u{E0FFF}]|\u034F|\u17B4|\u17B5|[\uFE00-\uFE0E]|\u180B|\u180C|\u180D|\u180F|(?<!\p{Extended_Pictographic}|[\d#*])\uFE0F)+/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Nothing but these: nearly every name and word. Looked for first, since it is quick to see. */
const NEVER_ORDINARY = /[^A-Za-z0-9 ,;()/'"!?#-]| {2}/;
const NEVER_ORDINARY_IN_CODE = /[^A-Za-z0-9_.@:=,+-]/;

/** Finds what could be live in running text. */
const SUSPECT =
  /[^A-Za-z0-9_ .,;+=()/@:'"!?%#-]| {2}|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|@(?:here|channel|everyone|group)|:[\w/+'-]|www\./i;
const SUSPECT_IN_CODE = /[^\x20-\x7e]| {2}|[`&<>]|:\/\/|^ | $/;

const isOrdinary = (text: string, never: RegExp, suspect: RegExp): boolean => !never.test(text) || !suspect.test(text);

/** What is live in running text but not in a code span, each with a sign that looks alike and does nothing. */
const LIVE =
  /[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|@(?=here|channel|everyone|group)|:(?=[\p{L}\p{N}_/+'-])|(?<=www)\./giu;
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '*': '\u2217',
  '~': '\u223C',
  '`': '\u02CB',
  _: '\uFF3F',
  '@': '\uFF20',
  ':': '\u2236',
  '.': '\u2024',
};

/** `&`, `<` and `>` are the only characters that Slack wants escaped, in mrkdwn and in plain text. */
const escapeSigns = (text: string): string => text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);

/** One line without anything unseen. The cut bounds the work on a text of megabytes. */
function seen(text: string, maxLength: number): string {
  const most = 4 * maxLength + 64;
  const bounded = text.length > most ? `${text.slice(0, most)}…` : text;
  return bounded.replace(LINE_BREAKS, ' ').replace(UNSEEN, REPLACEMENT).replace(/ {2,}/g, ' ');
}

/** Where to cut so that neither an entity nor a surrogate pair is cut in two. */
function cutBefore(escaped: string, end: number): number {
  const entity = escaped.lastIndexOf('&', end - 1);
  if (entity >= 0 && end - entity < 5 && escaped.indexOf(';', entity) >= end) return entity;
  const last = escaped.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

/** Shortens escaped text visibly, with `…`. */
export function shorten(escaped: string, maxLength: number): string {
  if (escaped.length <= maxLength) return escaped;
  return `${escaped.slice(0, cutBefore(escaped, maxLength - 1))}…`;
}

/**
 * Inert text outside a code span: for `text` (push notification, screen reader), plain-text objects and our own words.
 * Ordinary names stay as they are, byte for byte. Spaces at the ends stay, since pieces of a sentence have them.
 */
export function escapeText(text: string, maxLength: number): string {
  if (text.length <= maxLength && isOrdinary(text, NEVER_ORDINARY, SUSPECT)) return text;
  const inert = seen(text, maxLength).replace(LIVE, (sign) => LOOK_ALIKES[sign] ?? sign);
  // A cut can leave an underscore at a word's end, where it is a sign.
  return shorten(escapeSigns(inert), maxLength).replace(/_…$/, `${LOOK_ALIKES._}…`);
}

/**
 * Untrusted text in a code span, where Slack reads no markdown, no emoji codes and no mentions. `maxLength` counts the
 * two backticks too. Only for mrkdwn.
 */
export function codeSpan(text: string, maxLength: number): string {
  if (text !== '' && text.length <= maxLength - 2 && isOrdinary(text, NEVER_ORDINARY_IN_CODE, SUSPECT_IN_CODE))
    return `\`${text}\``;
  const inert = seen(text, maxLength).trim().replaceAll('`', '\u02CB').replaceAll('://', ':\u2215\u2215');
  return `\`${shorten(escapeSigns(inert), maxLength - 2) || '(empty)'}\``;
}

/**
 * Shortens a name in its middle, since names that belong together often differ only at their end. Not escaped yet:
 * for `codeSpan`, whose two backticks `maxLength` counts.
 */
export function elideMiddle(name: string, maxLength: number): string {
  const room = Math.max(2, maxLength - 3);
  if (name.length <= room + 1) return name;
  const end = Math.floor(room / 2);
  return `${name.slice(0, room - end)}…${name.slice(-end)}`;
}

/** One word, or a number with dots: a region, an account, a role, an IPv4 address, a version. */
const PLAIN_WORD = /^(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*|\d+(?:\.\d+)+)$/;

/**
 * Untrusted text beside a label of ours: easier on the eye without a code span where it is a single harmless word.
 * Prose stays in its span, so that it cannot pass for words of ours, and has the mark of a name. Only for mrkdwn.
 */
export const codeOrPlain = (text: string, maxLength: number): string =>
  text.length <= maxLength && PLAIN_WORD.test(text) ? text : markedSpan(text, maxLength);

/** Alphabets that have look-alikes of each other's letters: Cyrillic `а`, Greek `ο`. */
const ALPHABETS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /[\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u,
];
/** Cyrillic and Greek letters that nobody tells from Latin ones. */
const LIKE_LATIN = /^[аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧορνικυχ]+$/u;
/** Letters of formulas, and wide ones among narrow ones: 𝐉𝐚𝐧𝐞, Ｊane. */
const STYLED =
  /[\u{1D400}-\u{1D7FF}\u{1F130}-\u{1F189}]|[a-z][\uFF21-\uFF3A\uFF41-\uFF5A]|[\uFF21-\uFF3A\uFF41-\uFF5A][a-z]/iu;
/**
 * Latin letters that nobody tells from others: of phonetics, small capitals, Roman numerals in a word, the Kelvin sign; a
 * dotless ı where no other letter is Turkish.
 */
const LATIN_LOOK_ALIKES =
  /[\u0251\u0261\u0269\u026A\u0280\u0299\u029C\u029F\u1D00-\u1D2B\u212A]|[A-Za-z][\u2160-\u217F]|[\u2160-\u217F][A-Za-z]|(?<!\p{L})[A-Za-z]*\u0131[A-Za-z\u0131]*(?!\p{L})/u;
/** Strokes laid over a letter, and dashes and spaces that nobody tells from the plain ones. */
const OVERLAYS_AND_SIGNS = /[\u2010-\u2012\u2212]|\u0335|\u0336|\u0337|\u0338|(?! )\p{Zs}/u;
const WORDS = /[\p{L}\p{M}]+/gu;
/** What cannot be seen; the joiner of emoji is no deceit, nor is what makes an emoji of a sign. */
const INVISIBLE =
  /(?:(?!\u200D)\p{Cf}|[\u115F\u1160\u2065\u2800\u3164\uFFA0\u{E0000}-\u{E0FFF}]|\u034F|\u17B4|\u17B5|[\uFE00-\uFE0E]|\u180B|\u180C|\u180D|\u180F|(?<!\p{Extended_Pictographic}|[\d#*])\uFE0F)/u;
const ASCII = /^[\x20-\x7e]*$/;
/** More of a name is never shown: so much of its start, or of its start and its end. */
const LOOKED_AT = 2000;

/** Stands behind a name that may only look like another one. */
const DECEPTIVE_MARK = ' ⚠️';

/** Letters of scripts that people write Latin letters into: `NHK総合`. All the others stand in words of their own. */
const FOREIGN =
  /(?![\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}])\p{L}/u;

/** A word of two alphabets. */
const isMixed = (word: string): boolean =>
  ALPHABETS.filter((alphabet) => alphabet.test(word)).length > 1 ||
  (/\p{Script=Latin}/u.test(word) && FOREIGN.test(word));

const isLatin = (word: string): boolean => /^[\p{Script=Latin}\p{M}]+$/u.test(word);

/** Latin words, and beside them only words that nobody tells from Latin ones. A name in two languages has others too. */
function passesForLatin(words: readonly string[]): boolean {
  const others = words.filter((word) => !isLatin(word));
  return others.length > 0 && others.length < words.length && others.every((word) => LIKE_LATIN.test(word));
}

/**
 * Whether a name may only look like another one: a word of two alphabets, one of look-alikes among Latin words, letters that
 * are drawn for formulas or for phonetics, a sign that looks like a plain one, or something in it that cannot be seen. Names that are wholly of one alphabet are names like any
 * other.
 *
 * @see https://www.unicode.org/reports/tr39/#Mixed_Script_Detection
 */
export function isDeceptive(name: string): boolean {
  if (ASCII.test(name)) return false;
  const shown = name.length <= 2 * LOOKED_AT ? name : `${name.slice(0, LOOKED_AT)} ${name.slice(-LOOKED_AT)}`;
  if ([INVISIBLE, STYLED, LATIN_LOOK_ALIKES, OVERLAYS_AND_SIGNS].some((sign) => sign.test(shown))) return true;
  const words = shown.match(WORDS) ?? [];
  return words.some(isMixed) || passesForLatin(words);
}

const HEADED: ReadonlySet<Impact> = new Set(['unknown', 'deletion', 'purchase']);

/** First words that a list has to say, since its rows do not begin with them: the sentence alone would claim too much or too little. */
const isHeaded = ({ call: { outcome, impact, isDoubtful } }: Notification): boolean =>
  outcome !== 'succeeded' || isDoubtful === true || HEADED.has(impact);

/** "Failed, not found" → "failed, not found" */
const inARow = (effect: Phrase): Phrase =>
  effect.map((part, index) =>
    index === 0 && part.kind === 'plain'
      ? { ...part, text: part.text.charAt(0).toLowerCase() + part.text.slice(1) }
      : part,
  );

/** What one call says in a list of calls: "flow «AwardsShow» stopped", "denied: stop flow «AwardsShow»". */
export const clauseOf = (notification: Notification): Phrase =>
  isHeaded(notification) ? phrase(inARow(notification.effect), ': ', notification.sentence) : notification.sentence;

const LINK_LENGTH = 1000;
/** Nothing that could end Slack's `<url|text>`, or the line around it. */
const SAFE_URL = /^https:\/\/[\w.-]+\/[\w./?#&=:%@+,~-]*$/;

/** An address as it stands inside `<…>`; `undefined` where it is not one that is safe to link. */
export const linkTarget = (url: string | undefined): string | undefined =>
  url === undefined || url.length > LINK_LENGTH || !SAFE_URL.test(url) ? undefined : url.replaceAll('&', '&amp;');

/** A link with our own words; no link rather than a wrong one. */
export function linkText(url: string | undefined, words: string): string | undefined {
  const target = linkTarget(url);
  return target === undefined ? undefined : `<${target}|${escapeText(words, LINK_LENGTH)}>`;
}

/** How many pieces are left out is said in at most this many characters. */
const MORE_LENGTH = 24;

/** Writes items one after another as far as there is room, then says how many more there are. */
export function joinWithin<Item>(
  items: readonly Item[],
  write: (item: Item) => string,
  separator: string,
  maxLength: number,
): string {
  let list = '';
  let written = 0;
  for (const item of items) {
    const next = `${written === 0 ? '' : separator}${write(item)}`;
    const room = written === items.length - 1 ? maxLength : maxLength - MORE_LENGTH;
    if (list.length + next.length > room) break;
    list += next;
    written += 1;
  }
  if (written === items.length) return list;
  return `${list}${written === 0 ? '' : separator}… and ${items.length - written} more`;
}

/** The years that Slack's date token and ISO text agree on. */
const isFormattable = (ms: number): boolean => ms >= 0 && ms < 253_402_300_800_000;

const twoDigits = (number: number): string => (number < 10 ? `0${number}` : String(number));

const hourAndMinute = (ms: number, colon: string): string =>
  `${twoDigits(Math.floor(ms / 3_600_000) % 24)}${colon}${twoDigits(Math.floor(ms / 60_000) % 60)}`;

/** Put together by hand: every message has such a moment, and `toISOString` takes three times as long. */
const timeOfDay = (ms: number, colon: string): string =>
  `${hourAndMinute(ms, colon)}${colon}${twoDigits(Math.floor(ms / 1000) % 60)}`;

/** `2026-11-22 20:00:05 UTC` */
export function utcText(ms: number): string {
  if (!isFormattable(ms)) return 'at an unknown time';
  const date = new Date(ms);
  const day = `${date.getUTCFullYear()}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
  return `${day} ${timeOfDay(ms, ':')} UTC`;
}

/** `20:00 UTC`, beside the reader's own time. One colon makes no emoji code. */
export function utcMinute(ms: number): string {
  if (!isFormattable(ms)) return 'UTC unknown';
  return `${hourAndMinute(ms, ':')} UTC`;
}

/**
 * `20∶00∶05`, for lists that say once that they are in UTC. Its colons are ratio signs: `:00:` may be a workspace's emoji.
 */
export const utcTime = (ms: number): string => (isFormattable(ms) ? timeOfDay(ms, '\u2236') : 'time ?');

/** Slack's tokens for a day and a time, and for a time alone. */
export const DAY_AND_TIME = '{date_short_pretty} {time_secs}';
export const TIME = '{time_secs}';

/**
 * A moment in the time zone of whoever reads it, with UTC where Slack cannot; optionally a link.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function localText(ms: number, format: typeof DAY_AND_TIME | typeof TIME = DAY_AND_TIME, url?: string): string {
  if (!isFormattable(ms)) return utcText(ms);
  return `<!date^${Math.floor(ms / 1000)}^${format}${url === undefined ? '' : `^${url}`}|${utcText(ms)}>`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/** `41 s`, `7 min`, `2 h 5 min`: the two largest units say enough. */
export function durationText(ms: number): string {
  const first = UNITS.findIndex(([unit]) => ms >= unit);
  if (first < 0) return 'under 1 s';
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, name] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / unit);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * unit;
  }
  return parts.join(' ');
}

/** Longest name inside a sentence; what is longer is shortened so that the sentence still ends. */
const NAME_LENGTH = 200;
/** Less room than this shows nothing of a name worth reading. */
const LEAST_ROOM = 8;

/** Letters and digits of any script, and the span's own sign. A space, the usual neighbour, is seen at once. */
const isWordly = (char: string | undefined): boolean =>
  char !== undefined && char !== ' ' && /[\p{L}\p{N}`]/u.test(char);

/** How names look: each in a code span, or numbers (ports, versions, addresses) as they are. */
export type NameStyle = 'spans' | 'quiet numbers';

const markOf = (name: string): string => (isDeceptive(name) ? DECEPTIVE_MARK : '');

/** A text in a code span, shortened at its end, with a mark if it may only look like another one. */
function markedSpan(text: string, maxLength: number): string {
  const mark = markOf(text);
  return `${codeSpan(text, maxLength - mark.length)}${mark}`;
}

/** The same for a name, which is shortened in its middle. */
export function nameSpan(name: string, maxLength: number): string {
  const mark = markOf(name);
  const room = maxLength - mark.length;
  return `${codeSpan(elideMiddle(name, room), room)}${mark}`;
}

/** A name of which a part is left out, and whether the whole of it may only look like another one. */
interface ShortName extends PhrasePart {
  readonly isDeceptive: boolean;
}

/** A phrase whose long names are shortened in their middle. What gives a name away may stand in what is left out. */
export const withShortNames = (
  phrase: Phrase,
  lengthAt: (index: number) => number,
): readonly (PhrasePart | ShortName)[] =>
  phrase.map((part, index) =>
    part.kind === 'plain'
      ? part
      : { ...part, text: elideMiddle(part.text, lengthAt(index)), isDeceptive: isDeceptive(part.text) },
  );

const mayDeceive = (part: PhrasePart | ShortName): boolean =>
  'isDeceptive' in part ? part.isDeceptive : isDeceptive(part.text);

const DOTTED_NUMBER = /^\d+(?:\.\d+)+$/;
const NUMBER = /^\d+$/;

/** A number between two colons could be an emoji's code; one with dots cannot. */
const isQuiet = ({ kind, text }: PhrasePart, next: PhrasePart | undefined, style: NameStyle): boolean =>
  style === 'quiet numbers' &&
  kind === 'name' &&
  (DOTTED_NUMBER.test(text) || (NUMBER.test(text) && next?.text.startsWith(':') !== true));

function mrkdwnPart(
  part: PhrasePart | ShortName,
  next: PhrasePart | undefined,
  style: NameStyle,
  room: number,
): string {
  const { kind, text } = part;
  if (isQuiet(part, next, style) && text.length <= room) return text;
  if (kind === 'plain') return escapeText(text, room);
  const mark = mayDeceive(part) ? DECEPTIVE_MARK : '';
  if (room < LEAST_ROOM + mark.length) return '…';
  return `${codeSpan(text, Math.min(room - mark.length, NAME_LENGTH))}${mark}`;
}

/** Without looking into a span, since looking into text that was just put together copies it. */
const lastCharOf = ({ kind, text }: PhrasePart, mrkdwn: string): string | undefined =>
  kind === 'name' && mrkdwn !== text ? '`' : mrkdwn.at(-1);

/** Slack reads a backtick inside a word as a backtick, and then what it encloses as mrkdwn: spans stand alone. */
const needsSpace = (lastChar: string | undefined, part: PhrasePart): boolean =>
  part.kind === 'name' ? isWordly(lastChar) : lastChar === '`' && isWordly(part.text[0]);

/** A phrase as mrkdwn, its names in code spans, at most `maxLength` long; what is cut off is marked with `…`. */
export function mrkdwnPhrase(
  phrase: readonly (PhrasePart | ShortName)[],
  maxLength: number,
  style: NameStyle = 'spans',
): string {
  let mrkdwn = '';
  let lastChar: string | undefined;
  for (let index = 0; index < phrase.length; index += 1) {
    const part = phrase[index] as PhrasePart;
    const space = needsSpace(lastChar, part) ? ' ' : '';
    const room = maxLength - mrkdwn.length - space.length - 1;
    if (room < LEAST_ROOM) return `${mrkdwn}…`;
    const written = mrkdwnPart(part, phrase[index + 1], style, room);
    lastChar = lastCharOf(part, written) ?? lastChar;
    mrkdwn += space + written;
  }
  return mrkdwn;
}

/** A name's share of a text is no more than this; less says nothing. */
const SPOKEN_NAME_LENGTH = 80;
/** An ampersand is five characters for Slack. */
const LONGEST_ENTITY = 5;

/** How long each name of a phrase may be, so that our own words all have their place: the names share what those leave. */
function shareOfNames(phrase: Phrase, maxLength: number, most: number): number {
  let names = 0;
  let words = 0;
  for (const { kind, text } of phrase) {
    if (kind === 'name') names += 1;
    else words += text.length;
  }
  return Math.max(LEAST_ROOM, Math.min(most, Math.floor((maxLength - words) / Math.max(1, names))));
}

/** A name shortened in its middle, so that it is no longer than this when it is escaped. */
function shortName(name: string, maxLength: number): string {
  const short = elideMiddle(name, maxLength);
  return escapeSigns(short).length <= maxLength ? short : elideMiddle(name, Math.floor(maxLength / LONGEST_ENTITY) + 2);
}

/** A phrase of which every word of ours fits: where names are long, each is shortened by itself. For `mrkdwnPhrase`. */
export function fitted(phrase: Phrase, maxLength: number): readonly (PhrasePart | ShortName)[] {
  const length = phrase.reduce((sum, { text }) => sum + text.length, 0);
  if (length * LONGEST_ENTITY < maxLength) return phrase;
  const room = shareOfNames(phrase, maxLength, NAME_LENGTH) - DECEPTIVE_MARK.length - 1;
  return phrase.map((part) =>
    part.kind === 'plain' ? part : { ...part, text: shortName(part.text, room), isDeceptive: isDeceptive(part.text) },
  );
}

/** What nobody takes for words of ours: letters and digits of any script without a space or a comma. */
const ONE_WORD = /^[\p{L}\p{M}\p{N}._@:/…-]+$/u;
const QUOTES = /["\u201C-\u201F\u2033\u2036\u3003\u301D-\u301F\uFF02\u00AB\u00BB]/g;

/** Nearly every name: looked for first, since nothing is to be done for it. */
const ORDINARY_WORD = /^[A-Za-z0-9._@:/-]+$/;

/** A name where there are no code spans: in quotes, unless it is one word, with what could end them replaced. */
function fallbackName(name: string, room: number): string {
  if (name.length <= room - 4 && ORDINARY_WORD.test(name)) return name;
  const mark = markOf(name);
  const short = seen(shortName(name, room - mark.length - 2), room);
  return `${ONE_WORD.test(short) ? short : `\u201C${short.replace(QUOTES, "'")}\u201D`}${mark}`;
}

/**
 * A phrase for push notifications and screen readers: no markup at all. Names are whoever's choice and may be prose, so that
 * each is shortened by itself and stands in quotes where it is more than a word: our own words are said whatever is called
 * how, and nobody says them for us.
 */
export function phraseAsText(phrase: Phrase, maxLength: number): string {
  const room = shareOfNames(phrase, maxLength, SPOKEN_NAME_LENGTH);
  const whole = phrase.map(({ kind, text }) => (kind === 'name' ? fallbackName(text, room) : text)).join('');
  return escapeText(whole, maxLength);
}

/** `1,234` */
export const numberText = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 call`, `1,234 calls` */
export const countText = (count: number, [one, many]: readonly [string, string]): string =>
  `${numberText(count)} ${count === 1 ? one : many}`;

export const CALLS = ['call', 'calls'] as const;
