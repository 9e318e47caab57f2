import type { Phrase, PhrasePart } from '../notification.ts';
import { DECEPTIVE_MARK, isDeceptive } from './deceptive-name.ts';
import { codeSpan, inertText } from './escape-text.ts';

/** Longest name inside a sentence; what is longer is shortened so that the sentence still ends. */
const NAME_LENGTH = 200;
/** Less room than this shows nothing of a name worth reading. */
const LEAST_ROOM = 8;

/** Letters and digits of any script, and the span's own sign. A space, the usual neighbour, is seen at once. */
const isWordly = (char: string | undefined): boolean =>
  char !== undefined && char !== ' ' && /[\p{L}\p{N}`]/u.test(char);

/** How names look: each in a code span, or numbers (ports, versions, addresses) as they are. */
export type NameStyle = 'spans' | 'quiet numbers';

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
  if (kind === 'plain') return inertText(text, room);
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
export const spokenPhrase = (phrase: Phrase, maxLength: number): string =>
  inertText(
    phrase.map(({ kind, text }) => (kind === 'name' && isDeceptive(text) ? `${text}${DECEPTIVE_MARK}` : text)).join(''),
    maxLength,
  );
