import type { Classification } from '../call/classify-call.ts';
import { memoizeFor } from '../call/json.ts';
import type { Notification, Principal } from '../notification/notification.ts';
import {
  codeOrPlain,
  escapeText,
  localText,
  mrkdwnPhrase,
  phraseAsText,
  TIME,
  utcTime,
  withShortNames,
} from './mrkdwn.ts';

/** How a kind of call is told apart at a glance: by sign and by colour, beside the first words of what is said of it. */
export interface CardStyle {
  readonly emoji: string;
  readonly color: string;
  /** For counts: "3 off air", "2 reads". */
  readonly counted: readonly [one: string, many: string];
}

/**
 * In the order of how much an operator must know of them. Colours that people with colour blindness tell apart; deletion
 * and purchase share theirs with other changes, since they are no emergency.
 */
export const CARD_STYLES = {
  'off-air': { emoji: '🔴', color: '#e01e5a', counted: ['off air', 'off air'] },
  unknown: { emoji: '❓', color: '#e01e5a', counted: ['new operation', 'new operations'] },
  'signal-changed': {
    emoji: '🔀',
    color: '#d4569b',

    counted: ['signal change', 'signal changes'],
  },
  'put-on-air': { emoji: '🟢', color: '#2eb67d', counted: ['on air', 'on air'] },
  denied: { emoji: '⛔', color: '#e8710a', counted: ['denied', 'denied'] },
  access: { emoji: '🔑', color: '#7b3fe4', counted: ['access change', 'access changes'] },
  failed: { emoji: '⚠️', color: '#ecb22e', counted: ['failed', 'failed'] },
  purchase: { emoji: '💳', color: '#1264a3', counted: ['purchase', 'purchases'] },
  deletion: { emoji: '🗑️', color: '#1264a3', counted: ['deletion', 'deletions'] },
  change: { emoji: '🛠️', color: '#1264a3', counted: ['other change', 'other changes'] },
  none: { emoji: '👁️', color: '#868686', counted: ['read', 'reads'] },
} as const satisfies Record<string, CardStyle>;

export type StyleName = keyof typeof CARD_STYLES;

export const STYLE_NAMES = Object.keys(CARD_STYLES) as readonly StyleName[];

/** A call that did not work changed nothing: that it did not work is what is reported first. */
export function styleNameOf({ outcome, impact, isDoubtful }: Classification): StyleName {
  if (outcome !== 'succeeded') return outcome;
  return isDoubtful ? 'failed' : impact;
}

export const styleOfCall = (call: Classification): CardStyle => CARD_STYLES[styleNameOf(call)];

/** How many there are of each key, the most frequent first. */
export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

const NAME_LENGTH = 60;

/**
 * What a call that comes after a later one must say, so that the last message is never taken for how things stand;
 * empty for the latest. `none`: for lists that have no room for times.
 */
export function newerText({ newerCall }: Notification, time: 'local' | 'none' = 'local'): string {
  if (newerCall === undefined) return '';
  const { calledAtMs, operation } = newerCall;
  const when = time === 'local' ? ` *at* ${localText(calledAtMs, TIME)}` : '';
  return ` ⏪ *before* ${codeOrPlain(operation, NAME_LENGTH)}${when}`;
}

/** The same for a push notification and a screen reader. */
export const newerAsText = ({ newerCall }: Notification): string =>
  newerCall === undefined
    ? ''
    : `⏪ before ${escapeText(newerCall.operation, NAME_LENGTH)} at ${utcTime(newerCall.calledAtMs)} UTC`;

/** How many of some calls that are only counted came before later ones. */
export function olderCount(notifications: readonly Notification[]): string {
  const older = notifications.filter(({ newerCall }) => newerCall !== undefined).length;
  return older === 0 ? '' : ` (⏪ ${older} *before* later calls)`;
}

/** Who called where the record names nobody. */
export const NOBODY = 'somebody unknown';

/** Names of a person, a role and a source identity, and the words between them. */
const NAMES = 3;
const WORDS_LENGTH = 60;

/** What was written of a principal, by the length of its names: one person makes many calls. */
const textsOf = memoizeFor((_: Principal) => ({ mrkdwn: new Map<number, string>(), plain: new Map<number, string>() }));

function writtenOnce(texts: Map<number, string>, nameLength: number, write: () => string): string {
  const known = texts.get(nameLength);
  if (known !== undefined) return known;
  const text = write();
  texts.set(nameLength, text);
  return text;
}

/** Who called, for mrkdwn; `nameLength` for each name. */
export const principalText = (principal: Principal, nameLength: number): string =>
  writtenOnce(textsOf(principal).mrkdwn, nameLength, () =>
    mrkdwnPhrase(
      withShortNames(principal.said, () => nameLength),
      NAMES * nameLength + WORDS_LENGTH,
    ),
  );

/** Who called, for push notifications and screen readers. */
export const principalAsText = (principal: Principal, nameLength: number): string =>
  writtenOnce(textsOf(principal).plain, nameLength, () =>
    phraseAsText(principal.said, NAMES * nameLength + WORDS_LENGTH),
  );

/** What must be said before anything else of a principal: root, or somebody of another account. */
export function sensitiveWords({ sensitive, kind }: Principal): string {
  if (!sensitive) return '';
  return kind === 'Root' ? 'by the ROOT user' : 'from ANOTHER ACCOUNT';
}
