import { accountInWords } from './account-in-words.ts';
import { displayOf } from './call-target.ts';
import type { CallFacts } from './describe-call.ts';
import { asList, asText, member, memberAt } from './json-member.ts';
import type { Phrase } from './notification.ts';
import { enumeration, named, phrase } from './phrase.ts';
import { inParent, namesBehind, plural, theThing } from './thing-in-words.ts';

/** A verb in the past tense for what was done and in the base form for what was tried, and what it was done to. */
export interface CallSentence {
  readonly done: string;
  readonly base: string;
  readonly object: (facts: CallFacts) => Phrase;
  /** A verb that says more, where the parameters allow it. */
  readonly verb?: (facts: CallFacts) => { readonly done: string; readonly base: string } | undefined;
}

type Verb = CallSentence['verb'];

/** "stopped flow AwardsShow", "viewed the thumbnail of flow AwardsShow" */
export const acts = (done: string, base: string, aspect = '', verb?: Verb): CallSentence => ({
  done,
  base,
  object: ({ targets: { main, parent }, call }) =>
    phrase(aspect, theThing(main, call.resource, parent !== undefined), inParent(parent, 'of'), namesBehind(main)),
  ...(verb === undefined ? {} : { verb }),
});

const PRIMARY_SOURCE = ['sourceFailoverConfig', 'sourcePriority', 'primarySource'] as const;

/** "updated flow AwardsShow, primary source backup": the primary source is what viewers see. */
export const updatesFailover: CallSentence = {
  done: 'updated',
  base: 'update',
  object: ({ targets: { main }, call, request }) => {
    const source = asText(memberAt(request, PRIMARY_SOURCE));
    return phrase(
      theThing(main, call.resource),
      source === undefined ? [] : phrase(', primary source ', named(source)),
    );
  },
};

/** "removed output cdn-b from AwardsShow" */
export const within = (done: string, base: string, preposition: string, verb?: Verb): CallSentence => ({
  done,
  base,
  object: ({ targets: { main, parent }, call }) =>
    phrase(theThing(main, call.resource, parent !== undefined), inParent(parent, preposition), namesBehind(main)),
  ...(verb === undefined ? {} : { verb }),
});

/** "listed bridges", "listed bridges of gateway Studio" */
export const lists: CallSentence = {
  done: 'listed',
  base: 'list',
  object: ({ targets, call }) => phrase(plural(call.resource), inParent(targets.parent, 'of')),
};

const ACCOUNTS_SAID = 2;

function subscribers(request: CallFacts['request']): readonly string[] {
  const entitlements = asList(member(request, 'entitlements'));
  const accounts = entitlements.flatMap((entitlement) => asList(member(entitlement, 'subscribers')));
  return [...new Set(accounts.map(asText).filter((account) => account !== undefined))];
}

/** "granted 2 entitlements on AwardsShow to 444455556666" */
export const grants: CallSentence = {
  done: 'granted',
  base: 'grant',
  object: ({ targets: { main, parent }, call, request, accountNames }) => {
    const accounts = subscribers(request).map((account) => accountInWords(account, accountNames));
    const to = accounts.length === 0 ? [] : phrase(' to ', enumeration(accounts, ACCOUNTS_SAID));
    return phrase(theThing(main, call.resource), inParent(parent, 'on'), to, namesBehind(main));
  },
};

/** "switched router output X to input Y" */
export const takes: CallSentence = {
  done: 'switched',
  base: 'switch',
  object: ({ targets: { main, other }, call, request }) => {
    const input = displayOf(other);
    if (input !== null) return phrase(theThing(main, call.resource), ' to input ', named(input));
    return phrase(theThing(main, call.resource), request === undefined ? '' : ' to no input');
  },
};

/** "purchased offering <id> as Season" */
export const purchases: CallSentence = {
  done: 'purchased',
  base: 'purchase',
  object: ({ targets: { main } }) => {
    const [offering] = main;
    const id = offering?.id === undefined ? phrase('an offering') : phrase('offering ', named(offering.id));
    return phrase(id, offering?.name ? phrase(' as reservation ', named(offering.name)) : []);
  },
};

const STATE_WORDS: ReadonlyMap<unknown, string> = new Map([
  ['ACTIVE', 'active'],
  ['STANDBY', 'standby'],
  ['DELETED', 'deleted'],
]);

/** "set bridge Studio to standby" */
export const setsState: CallSentence = {
  done: 'set',
  base: 'set',
  object: ({ targets: { main }, call, request }) => {
    const desired = member(request, 'desiredState');
    const state = STATE_WORDS.get(desired) ?? asText(desired);
    const words = STATE_WORDS.has(desired) ? state : state && named(state);
    return phrase(theThing(main, call.resource), words === undefined ? ' to another state' : phrase(' to ', words));
  },
};

const SWITCH_WORDS: ReadonlyMap<unknown, readonly [done: string, base: string]> = new Map([
  ['ENABLED', ['enabled', 'enable']],
  ['DISABLED', ['disabled', 'disable']],
]);

/** Switching an output or an entitlement off is an update to the API; to an operator it is not. */
export const switchedBy =
  (status: string, identifiers: number): Verb =>
  ({ request }) => {
    const words = SWITCH_WORDS.get(member(request, status));
    if (words === undefined) return undefined;
    const [done, base] = words;
    const alone = Object.keys(request ?? {}).length <= identifiers + 1;
    return alone ? { done, base } : { done: `updated and ${done}`, base: `update and ${base}` };
  };

export const views = (aspect = ''): CallSentence => acts('viewed', 'view', aspect);

const PLACEMENT_WORDS: ReadonlyMap<unknown, { readonly done: string; readonly base: string }> = new Map([
  ['LOCKED', { done: 'locked', base: 'lock' }],
  ['AVAILABLE', { done: 'unlocked', base: 'unlock' }],
]);

/** A locked instance takes no new bridges. */
export const placedBy: Verb = ({ request }) => PLACEMENT_WORDS.get(member(request, 'bridgePlacement'));
