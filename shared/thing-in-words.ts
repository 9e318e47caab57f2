import { displayOf, type Target } from './call-target.ts';
import type { Phrase } from './notification.ts';
import { enumeration, named, phrase } from './phrase.ts';
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

/** "flow AwardsShow", "a flow" if it has no name, "3 outputs" if there are several. */
export function theThing(targets: readonly Target[], kind: ResourceKind, short = false): Phrase {
  const [only] = targets;
  const [one, many] = wordsOf(only?.kind ?? kind, short);
  if (targets.length > 1) return phrase(`${targets.length} ${many}`);
  const name = displayOf(only);
  return name === null ? phrase(withArticle(one)) : phrase(`${one} `, named(name));
}

/** " (cdn-a, cdn-b and 3 more)" behind a number of things, nothing behind one. */
export function namesBehind(targets: readonly Target[]): Phrase {
  const said = names(targets);
  if (targets.length < 2 || said.length === 0) return [];
  return phrase(' (', enumeration(said, NAMES_SAID), ')');
}

/** " from AwardsShow", " from bridge Studio"; nothing if the record does not say. A flow needs no word of its own. */
export function inParent(parent: Target | undefined, preposition: string): Phrase {
  const name = displayOf(parent);
  if (parent === undefined || name === null) return [];
  const word = parent.kind === 'flow' ? '' : `${wordsOf(parent.kind, false)[0]} `;
  return phrase(` ${preposition} ${word}`, named(name));
}

export const plural = (kind: ResourceKind): string => RESOURCE_KIND_WORDS[kind][1];
