import type { Phrase } from '../notification/notification.ts';
import { context, message, type SlackMessage, section } from './message.ts';
import { codeOrPlain, durationText, escapeText, mrkdwnPhrase, phraseAsText } from './mrkdwn.ts';

/** One thing that MediaConnect said by itself. */
export interface SayingLine {
  readonly words: Phrase;
  /** Set where it comes so late that it may not hold any more. */
  readonly lateByMs: number | undefined;
  readonly account: { readonly id: string; readonly name: string | undefined } | undefined;
  readonly region: string | undefined;
}

const LINE_LENGTH = 700;
const NAME_LENGTH = 100;
const PLACES = 5;

/** Slack takes 3,000 characters in a section and 12,000 in a message: so many lines have room, however long they are. */
export const MOST_LINES = 10;

const lateWords = ({ lateByMs }: SayingLine): string =>
  lateByMs === undefined ? '' : `⏰ ${durationText(lateByMs)} late`;

const lineText = (line: SayingLine): string => {
  const late = lateWords(line);
  return `${mrkdwnPhrase(line.words, LINE_LENGTH, 'quiet numbers')}${late === '' ? '' : ` · *${late}*`}`;
};

const placeText = ({ account, region }: SayingLine): string => {
  const id = account === undefined ? 'account unknown' : codeOrPlain(account.id, NAME_LENGTH);
  const named = account?.name === undefined ? id : `${escapeText(account.name, NAME_LENGTH)} (${id})`;
  return `${named}${region === undefined ? '' : `, ${codeOrPlain(region, NAME_LENGTH)}`}`;
};

const SECTION_LENGTH = 2900;

/** As few sections as hold the lines: what has no blocks repeats all but the first, and `text` has every line. */
function sectionsOf(lines: readonly SayingLine[]): readonly string[] {
  const sections: string[] = [];
  for (const line of lines.map(lineText)) {
    const last = sections.at(-1);
    if (last === undefined || last.length + line.length >= SECTION_LENGTH) sections.push(line);
    else sections[sections.length - 1] = `${last}\n${line}`;
  }
  return sections;
}

/** The message of what MediaConnect said by itself: a line for each, of those that there are at once. It calls nobody. */
export function renderSayings(lines: readonly SayingLine[]): SlackMessage {
  const places = [...new Set(lines.map(placeText))];
  const text = lines.map((line) =>
    [phraseAsText(line.words, LINE_LENGTH), lateWords(line)].filter((part) => part !== '').join(' '),
  );
  return message({
    text: text.join('\n'),
    blocks: [
      ...sectionsOf(lines).map(section),
      context(places.length > PLACES ? `${places.length} accounts or regions` : places.join('; ')),
    ],
  });
}
