import { MAX_LIST_LENGTH } from './bounded-text.ts';
import { displayOf, type Target } from './call-target.ts';
import type { Phrase } from './notification.ts';
import { named, phrase } from './phrase.ts';
import { RESOURCE_KIND_WORDS, type ResourceKind } from './resource-kind.ts';

/** How many names a sentence says before it counts the rest. */
const NAMES_SAID = 3;

/** In a sentence that names the bridge, its outputs and sources need not be called after it. */
const SHORT_WORDS: Partial<Readonly<Record<ResourceKind, readonly [string, string]>>> = {
  bridgeOutput: ['output', 'outputs'],
  bridgeSource: ['source', 'sources'],
  gatewayInstance: ['instance', 'instances'],
  tag: ['resource', 'resources'],
};

const wordsOf = (kind: ResourceKind, short: boolean): readonly [one: string, many: string] =>
  (short || kind === 'tag' ? SHORT_WORDS[kind] : undefined) ?? RESOURCE_KIND_WORDS[kind];

const withArticle = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);

/** Names as they are said, without those that the record does not give. */
const names = (targets: readonly Target[]): readonly Phrase[] =>
  targets
    .map(displayOf)
    .filter((name) => name !== null)
    .map((name) => [named(name)]);

/** A list as long as lists are read may have been longer. */
const countOf = ({ length }: readonly Target[]): string => (length < MAX_LIST_LENGTH ? `${length}` : `${length}+`);

/** "flow AwardsShow", "a flow" if it has no name, "3 outputs" if there are several. */
export function theThing(targets: readonly Target[], kind: ResourceKind, short = false): Phrase {
  const [only] = targets;
  const [one, many] = wordsOf(only?.kind ?? kind, short);
  if (targets.length > 1) return phrase(`${countOf(targets)} ${many}`);
  const name = displayOf(only);
  return name === null ? phrase(withArticle(one)) : phrase(`${one} `, named(name));
}

/** " (cdn-a, cdn-b, cdn-c and 3 more)" behind a number of things, nothing behind one. */
export function namesBehind(targets: readonly Target[]): Phrase {
  const said = names(targets);
  if (targets.length < 2 || said.length === 0) return [];
  const first = said.slice(0, NAMES_SAID).flatMap((name, index) => (index === 0 ? [name] : [', ', name]));
  const more = targets.length < MAX_LIST_LENGTH ? `${said.length - NAMES_SAID}` : `${said.length - NAMES_SAID}+`;
  return phrase(' (', ...first, said.length > NAMES_SAID ? ` and ${more} more` : '', ')');
}

/** " from flow AwardsShow", " from bridge Studio"; nothing if the record does not say. */
export function inParent(parent: Target | undefined, preposition: string): Phrase {
  const name = displayOf(parent);
  if (parent === undefined || name === null) return [];
  return phrase(` ${preposition} ${wordsOf(parent.kind, false)[0]} `, named(name));
}

export const plural = (kind: ResourceKind): string => RESOURCE_KIND_WORDS[kind][1];
