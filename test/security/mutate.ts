import { type Random, seededRandom } from '../chaos/seeded-random.ts';
import { PLANTED } from './planted-secrets.ts';

type Path = readonly (string | number)[];

/** Where there are values in a JSON, those inside others too. */
function pathsIn(value: unknown, above: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [above];
  const inside = Array.isArray(value)
    ? value.flatMap((inner: unknown, index) => pathsIn(inner, [...above, index]))
    : Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...above, key]));
  return above.length === 0 ? inside : [above, ...inside];
}

/** A copy in which the value at a path is what `change` makes of it; `undefined` takes it away. */
function changedAt(value: unknown, [key, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((inner: unknown, index) => (index === key ? changedAt(inner, rest, change) : inner));
  const object = value as Record<string, unknown>;
  return { ...object, [key]: changedAt(object[key], rest, change) };
}

/** The whole envelope without the three fields by which it is one; a mutation of these is no call any more. */
const isOpen = (path: Path): boolean => {
  const name = path.join('.');
  return name !== 'source' && name !== 'detail-type' && name !== 'detail' && name !== 'detail.eventSource';
};

const pickOf = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;

const SEPARATORS = [' ', '_', '-', '/', ':', '.', '=', '\n', '"', "'", '(', '`'];
const ODD = [null, true, 0, -1, 1e21, Number.MAX_SAFE_INTEGER, '', [], {}, [[]], [null], { '': '' }, 'true', '0'];

/** Also where it is encoded. */
const holdsSecret = (text: string): boolean =>
  /MARKED/i.test(text) || PLANTED.some((planted) => text.includes(planted.text));

type Mutation = (old: unknown, text: string, random: Random) => unknown;

const MUTATIONS: readonly Mutation[] = [
  (_, text) => text,
  (_, text) => text,
  (old, text, random) => `${typeof old === 'string' ? old : ''}${pickOf(random, SEPARATORS)}${text}`,
  (old, text, random) => `${text}${pickOf(random, SEPARATORS)}${typeof old === 'string' ? old : ''}`,
  (old, text, random) => {
    // Half a secret that somebody cut in two is not told from any other text.
    if (typeof old !== 'string' || holdsSecret(old)) return text;
    const at = Math.floor(random() * (old.length + 1));
    return [old.slice(0, at), text, old.slice(at)].join(pickOf(random, SEPARATORS));
  },
  (old) => (typeof old === 'string' ? encodeURIComponent(old.toWellFormed()) : old),
  (old) => [old, old],
  (old, text) => ({ value: old, [text]: text, name: text }),
  (old, text, random) => Array.from({ length: Math.floor(random() * 150) }, () => (random() < 0.5 ? old : text)),
  (_old, _text, random) => pickOf(random, ODD),
  () => undefined,
  (_, text, random) => `${text} `.repeat(1 + Math.floor(random() * 400)),
];

/**
 * Events with one to four of their values made into something else, from texts such as attackers write: the same for the same
 * seed and number.
 */
export function mutated(events: readonly unknown[], texts: readonly string[], seed: number, number: number): unknown {
  const random = seededRandom(seed, `mutation ${number}`);
  let event = pickOf(random, events);
  const changes = 1 + Math.floor(random() * 4);
  for (let change = 0; change < changes; change += 1) {
    const path = pickOf(random, pathsIn(event).filter(isOpen));
    const mutate = pickOf(random, MUTATIONS);
    const text = pickOf(random, texts);
    event = changedAt(event, path, (old) => mutate(old, text, random));
  }
  return event;
}
