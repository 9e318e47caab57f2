import { type Notification, type Phrase, type PhrasePart, phrase } from '../notification/notification.ts';
import { DECEPTIVE_MARK, isDeceptive } from './deceptive-name.ts';
import { codeSpan, elideMiddle, escapeText } from './escape-text.ts';

/** First words that a list has to say, since its rows do not begin with them: the sentence alone would claim too much or too little. */
const isHeaded = ({ call: { outcome, impact, isDoubtful } }: Notification): boolean =>
  outcome !== 'succeeded' || isDoubtful === true || impact === 'deletion' || impact === 'purchase';

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

/** Put together by hand: every message has such a moment, and `toISOString` takes three times as long. */
const timeOfDay = (date: Date, colon: string): string =>
  `${twoDigits(date.getUTCHours())}${colon}${twoDigits(date.getUTCMinutes())}${colon}${twoDigits(date.getUTCSeconds())}`;

/** `2026-11-22 20:00:05 UTC` */
export function utcText(ms: number): string {
  if (!isFormattable(ms)) return 'at an unknown time';
  const date = new Date(ms);
  const day = `${date.getUTCFullYear()}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
  return `${day} ${timeOfDay(date, ':')} UTC`;
}

/** `20:00 UTC`, beside the reader's own time. One colon makes no emoji code. */
export function utcMinute(ms: number): string {
  if (!isFormattable(ms)) return 'UTC unknown';
  const date = new Date(ms);
  return `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())} UTC`;
}

/**
 * `20∶00∶05`, for lists that say once that they are in UTC. Its colons are ratio signs: `:00:` may be a workspace's emoji.
 */
export const utcTime = (ms: number): string => (isFormattable(ms) ? timeOfDay(new Date(ms), '\u2236') : 'time ?');

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

/** A name in a code span, shortened in its middle, with a mark if it may only look like another one. */
export function nameSpan(name: string, maxLength: number): string {
  const mark = isDeceptive(name) ? DECEPTIVE_MARK : '';
  const room = maxLength - mark.length;
  return `${codeSpan(elideMiddle(name, room), room)}${mark}`;
}

const DOTTED_NUMBER = /^\d+(?:\.\d+)+$/;
const NUMBER = /^\d+$/;

/** A number between two colons could be an emoji's code; one with dots cannot. */
const isQuiet = ({ kind, text }: PhrasePart, next: PhrasePart | undefined, style: NameStyle): boolean =>
  style === 'quiet numbers' &&
  kind === 'name' &&
  (DOTTED_NUMBER.test(text) || (NUMBER.test(text) && next?.text.startsWith(':') !== true));

function mrkdwnPart(part: PhrasePart, next: PhrasePart | undefined, style: NameStyle, room: number): string {
  const { kind, text } = part;
  if (isQuiet(part, next, style) && text.length <= room) return text;
  if (kind === 'plain') return escapeText(text, room);
  const mark = room > LEAST_ROOM + DECEPTIVE_MARK.length && isDeceptive(text) ? DECEPTIVE_MARK : '';
  return `${codeSpan(text, Math.min(room - mark.length, NAME_LENGTH))}${mark}`;
}

/** Without looking into a span, since looking into text that was just put together copies it. */
const lastCharOf = ({ kind, text }: PhrasePart, mrkdwn: string): string | undefined =>
  kind === 'name' && mrkdwn !== text ? '`' : mrkdwn.at(-1);

/** Slack reads a backtick inside a word as a backtick, and then what it encloses as mrkdwn: spans stand alone. */
const needsSpace = (lastChar: string | undefined, part: PhrasePart): boolean =>
  part.kind === 'name' ? isWordly(lastChar) : lastChar === '`' && isWordly(part.text[0]);

/** A phrase as mrkdwn, its names in code spans, at most `maxLength` long; what is cut off is marked with `…`. */
export function mrkdwnPhrase(phrase: Phrase, maxLength: number, style: NameStyle = 'spans'): string {
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

/** A phrase for push notifications and screen readers: no markup at all. */
export const phraseAsText = (phrase: Phrase, maxLength: number): string =>
  escapeText(
    phrase.map(({ kind, text }) => (kind === 'name' && isDeceptive(text) ? `${text}${DECEPTIVE_MARK}` : text)).join(''),
    maxLength,
  );
