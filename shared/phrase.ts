import { boundedText } from './bounded-text.ts';
import type { Phrase, PhrasePart } from './notification.ts';

/** Words of our own. */
export const plain = (text: string): PhrasePart => ({ kind: 'plain', text });

/** Text that came with the event. */
export const named = (text: string): PhrasePart => ({ kind: 'name', text: boundedText(text) });

function append(parts: PhrasePart[], part: PhrasePart): void {
  const last = parts.at(-1);
  if (part.text === '') return;
  if (last?.kind === 'plain' && part.kind === 'plain') parts[parts.length - 1] = plain(last.text + part.text);
  else parts.push(part);
}

/** One phrase of several pieces; our own words that meet become one part. */
export function phrase(...pieces: readonly (string | PhrasePart | Phrase)[]): Phrase {
  const parts: PhrasePart[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'string') append(parts, plain(piece));
    else if ('kind' in piece) append(parts, piece);
    else for (const part of piece) append(parts, part);
  }
  return parts;
}

/** "a, b and c", of which at most `max` are said and the rest is counted: "a, b and 3 more". */
export function enumeration(items: readonly Phrase[], max: number): Phrase {
  const said = items.length > max ? items.slice(0, max) : items;
  const rest = items.length - said.length;
  const last: Phrase | undefined = rest > 0 ? [plain(`${rest} more`)] : said.length > 1 ? said.at(-1) : undefined;
  const first = last !== undefined && rest === 0 ? said.slice(0, -1) : said;
  const pieces = first.flatMap((item, index) => (index === 0 ? [item] : [', ', item]));
  return last === undefined ? phrase(...pieces) : phrase(...pieces, ' and ', last);
}

/** What a phrase says, for a log, a search or a test. */
export const phraseText = (parts: Phrase): string => parts.map(({ text }) => text).join('');
