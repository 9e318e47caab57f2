/**
 * The one place where text becomes part of a Slack message. What came with an event can hold anything; after this it
 * cannot mention, link, format, hide or break, and it is no longer than asked, counted as Slack counts: escaped.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */

/** Shown in place of what cannot be seen: control characters, bidi marks, zero-width characters, halves of characters. */
const REPLACEMENT = '\uFFFD';

const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Cc and Cf are controls and format characters (bidi, zero-width, tags); the rest are letters that show nothing. */
const UNSEEN = /(?:[\p{Cc}\p{Cf}\p{Cs}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5)+/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Nothing but these: nearly every name and word. Looked for first, since it is quick to see. */
const NEVER_ORDINARY = /[^A-Za-z0-9 ,;()/'"!?#-]/;
const NEVER_ORDINARY_IN_CODE = /[^A-Za-z0-9_.@:=,+-]/;
const DOUBLE_SPACE = '  ';

/** Finds what could be live in running text. */
const SUSPECT =
  /[^A-Za-z0-9_ .,;+=()/@:'"!?%#-]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|@(?:here|channel|everyone|group)|:[\w/+'-]|www\./i;
const SUSPECT_IN_CODE = /[^\x20-\x7e]|[`&<>]|:\/\/|^ | $/;

const isOrdinary = (text: string, never: RegExp, suspect: RegExp): boolean =>
  !text.includes(DOUBLE_SPACE) && (!never.test(text) || !suspect.test(text));

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
  const room = maxLength - 3;
  if (name.length <= room + 1) return name;
  const end = Math.floor(room / 2);
  return `${name.slice(0, room - end)}…${name.slice(-end)}`;
}

/** One word, or a number with dots: a region, an account, a role, an IPv4 address, a version. */
const PLAIN_WORD = /^(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*|\d+(?:\.\d+)+)$/;

/**
 * Untrusted text beside a label of ours: easier on the eye without a code span where it is a single harmless word.
 * Prose stays in its span, so that it cannot pass for words of ours. Only for mrkdwn.
 */
export const codeOrPlain = (text: string, maxLength: number): string =>
  text.length <= maxLength && PLAIN_WORD.test(text) ? text : codeSpan(text, maxLength);
