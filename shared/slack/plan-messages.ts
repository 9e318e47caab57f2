import { type ChannelSettings, inOrderOfTime, type Notification, type Phrase } from '../notification/notification.ts';
import { renderNotification } from './card.ts';
import { foldMentions, openFold, renderFoldPage } from './fold.ts';
import { context, message, type SlackMessage, section } from './message.ts';
import { codeOrPlain, durationText, escapeText, mrkdwnPhrase, phraseAsText } from './mrkdwn.ts';

/** A message to post, and the calls that it reports. */
export interface PlannedMessage {
  readonly channel: string;
  readonly kind: 'single' | 'fold';
  readonly notifications: readonly Notification[];
  /**
   * Those of them that may call somebody, if their channel wants that: what sets up something new does not.
   * @default all
   */
  readonly calling?: readonly Notification[];
  readonly message: SlackMessage;
}

export interface PlanOptions {
  /**
   * Whether the earliest call of each channel gets a message of its own. Not in the middle of a burst, where it would
   * only keep a second from those behind it.
   * @default true
   */
  readonly firstAlone?: boolean;
}

/** A burst of 1,000 calls becomes the first call and at most nine folds, in however many batches it comes. */
const FOLDS_PER_THOUSAND = 9;
/** A small batch may have a second fold rather than shorter names, unless others come right behind it. */
const leastFolds = (firstAlone: boolean): number => (firstAlone ? 2 : 1);

/** How many folds so many calls may take; most take fewer, since they look alike. */
export const mostFolds = (calls: number, firstAlone: boolean): number =>
  Math.max(leastFolds(firstAlone), Math.floor((FOLDS_PER_THOUSAND * calls) / 1000));

const single = (channel: string, settings: ChannelSettings, notification: Notification): PlannedMessage => ({
  channel,
  kind: 'single',
  notifications: [notification],
  message: renderNotification(notification, settings),
});

function folds(
  channel: string,
  settings: ChannelSettings,
  { rest, before }: Readonly<Record<'rest' | 'before', readonly Notification[]>>,
  maxFolds: number,
): readonly PlannedMessage[] {
  const [only, ...others] = rest;
  if (only === undefined) return [];
  if (others.length === 0) return [single(channel, settings, only)];

  const { pages, fresh, standing, atHead, role } = openFold(rest, maxFolds, before);
  const mentioned = new Set<string>();
  return pages.map((page, index) => {
    const place = {
      part: index + 1,
      parts: pages.length,
      total: rest.length,
      mentioned,
      fresh,
      standing,
      atHead,
      role,
    };
    const message = renderFoldPage(page, settings, place);
    for (const mention of foldMentions(page.notifications, settings, fresh)) mentioned.add(mention);
    const calling = page.notifications.filter((one) => !fresh.calls.has(one));
    return { channel, kind: 'fold', notifications: page.notifications, calling, message };
  });
}

/**
 * Decides what is posted for a batch of calls: for each channel the earliest call alone, as if it had come alone, and
 * what followed folded into as few messages as Slack's limits allow; or all of them folded. Each call is in exactly one message. The first
 * calls of all channels come before any fold, so that none waits for another channel's burst.
 */
export function planMessages(
  notifications: readonly Notification[],
  channelSettings: (name: string) => ChannelSettings,
  { firstAlone = true }: PlanOptions = {},
): readonly PlannedMessage[] {
  const firsts: PlannedMessage[] = [];
  const followers: PlannedMessage[] = [];
  for (const [channel, ofChannel] of Map.groupBy(notifications, ({ route }) => route.channel)) {
    const settings = channelSettings(channel);
    const inOrder = inOrderOfTime(ofChannel);
    const alone = firstAlone ? 1 : 0;
    const before = inOrder.slice(0, alone);
    firsts.push(...before.map((first) => single(channel, settings, first)));
    const calls = { rest: inOrder.slice(alone), before };
    followers.push(...folds(channel, settings, calls, mostFolds(inOrder.length, firstAlone)));
  }
  return [...firsts, ...followers];
}

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
