import { type Nameless, type Notification, namelessIn, type Phrase, renamed } from '../notification/notification.ts';
import { type Memory, nameKey } from './memory.ts';
import { readPhrase, type WrittenPhrase, writtenParts, writtenPhrase } from './written-phrase.ts';

/** Who did what of one kind to which thing on one day, and how often. */
export interface NamedCount {
  readonly effect: string;
  /** The flow, bridge or router output; of what was refused nothing, since whoever is refused makes up what they like. */
  readonly on: Phrase;
  readonly by: Phrase;
  readonly count: number;
  /** Where only an id was known. */
  readonly nameless: readonly Nameless[];
}

const NAMED = 'named#';
/** The longest name in a counter's. */
const NAME_LENGTH = 80;

const shortened = (text: string): string => (text.length <= NAME_LENGTH ? text : `${text.slice(0, NAME_LENGTH)}…`);

/** A phrase, of what has only an id with its ARN. */
const written = (phrase: Phrase, nameless: readonly Nameless[] = []): WrittenPhrase =>
  writtenPhrase(phrase, (text) => {
    const arn = nameless.find(({ id }) => id === text)?.arn;
    return arn === undefined ? [shortened(text)] : [text, arn];
  });

const namelessAmong = (value: unknown): readonly Nameless[] =>
  writtenParts(value).flatMap(({ part, beside }) =>
    typeof beside === 'string' ? [{ id: part.text, arn: beside }] : [],
  );

const effectIn = (name: string): string => name.slice(NAMED.length, name.indexOf('#', NAMED.length));

/** What a counter's name says. */
function readNamed(name: string, count: number): NamedCount {
  const effect = effectIn(name);
  const [on, by]: readonly unknown[] = JSON.parse(name.slice(NAMED.length + effect.length + 1));
  return { effect, on: readPhrase(on), by: readPhrase(by), count, nameless: namelessAmong(on) };
}

/** Who did what to what on a day, the most frequent first. */
export const namedCounts = (counts: Readonly<Record<string, number>>): readonly NamedCount[] =>
  namesIn(counts)
    .map((name) => readNamed(name, counts[name] ?? 0))
    .toSorted((one, other) => other.count - one.count);

/** Keys in the ledger of the names of what a day knows by id only. */
export const nameKeysOf = (named: readonly NamedCount[]): readonly string[] =>
  named.flatMap(({ nameless }) => nameless.map(({ arn }) => nameKey(arn)));

/** The same with the names that are remembered, beside the ids. */
export const withKnownNames = (
  named: readonly NamedCount[],
  known: ReadonlyMap<string, Memory>,
): readonly NamedCount[] =>
  named.map((one) => {
    const names = one.nameless.flatMap(({ id, arn }) => {
      const name = known.get(nameKey(arn))?.name?.name;
      return name === undefined ? [] : [[id, name] as const];
    });
    return { ...one, on: renamed(one.on, new Map(names)) };
  });

/** The counter of what touched the signal: by whom, and of which flow. */
export const nameOfDone = (notification: Notification): string =>
  `${NAMED}${notification.call.impact}#${JSON.stringify([
    written(notification.subject.label, namelessIn(notification)),
    written(notification.principal.said),
  ])}`;

/** The counter of what was refused: by whom. */
export const nameOfDenied = ({ principal }: Notification): string =>
  `${NAMED}denied#${JSON.stringify([[], written(principal.said)])}`;

/** How many of each kind a day has room for: each makes every count of that day a little dearer. */
const ROOM: Readonly<Record<string, number>> = { 'off-air': 8 };
const ROOM_OTHERWISE = 4;

/** The counters that name somebody. */
export const namesIn = (counters: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(counters).filter((name) => name.startsWith(NAMED));

/** Leaves out those names, the least frequent first, that a day has no room for beside those that it has already. */
export function withinRoom(
  counts: Readonly<Record<string, number>>,
  there: readonly string[],
): Readonly<Record<string, number>> {
  const [known, taken] = [new Set(there), new Map<string, number>()];
  for (const name of there) taken.set(effectIn(name), (taken.get(effectIn(name)) ?? 0) + 1);
  const left = new Set<string>();
  const names = namesIn(counts).filter((name) => !known.has(name));
  for (const name of names.toSorted((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0))) {
    const effect = effectIn(name);
    const before = taken.get(effect) ?? 0;
    if (before >= (ROOM[effect] ?? ROOM_OTHERWISE)) left.add(name);
    else taken.set(effect, before + 1);
  }
  return left.size === 0 ? counts : Object.fromEntries(Object.entries(counts).filter(([name]) => !left.has(name)));
}
