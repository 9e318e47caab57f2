import type { Classification } from '../call/classify-call.ts';
import { asList, asText, type JsonObject, MAX_LIST_LENGTH, member, memberAt, textMember } from '../call/json.ts';
import { RESOURCE_KIND_WORDS, type ResourceKind, type Verb } from '../call/operations.ts';
import { ACCOUNTS_SAID, describeSettings, subscribersOf } from './changed-settings.ts';
import { describeAccount, enumeration, named, type Phrase, phrase, withCommas } from './notification.ts';
import { parentNamingOf } from './target-members.ts';
import { displayOf, type Target, type Targets } from './targets.ts';

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
function namesBehind(targets: readonly Target[]): Phrase {
  const said = targets.length < 2 ? [] : names(targets);
  if (said.length === 0) return [];
  const more = targets.length < MAX_LIST_LENGTH ? `${said.length - NAMES_SAID}` : `${said.length - NAMES_SAID}+`;
  return phrase(' (', withCommas(said.slice(0, NAMES_SAID)), said.length > NAMES_SAID ? ` and ${more} more` : '', ')');
}

/** "a, b and c" */
const enumerated = (targets: readonly Target[]): Phrase => enumeration(names(targets), NAMES_SAID);

/** " from flow AwardsShow", " from bridge Studio"; nothing if the record does not say. */
export function inParent(parent: Target | undefined, preposition: string): Phrase {
  const name = displayOf(parent);
  if (parent === undefined || name === null) return [];
  return phrase(` ${preposition} ${wordsOf(parent.kind, false)[0]} `, named(name));
}

/** The same, and " from a flow" where the record does not say which: that nobody knows which flow it was must not be missed. */
function inSomeParent({ call, targets: { main, parent } }: CallFacts, preposition: string): Phrase {
  if (displayOf(parent) !== null) return inParent(parent, preposition);
  const kind = parentNamingOf(call.operation, main[0]?.kind ?? call.resource)?.kind;
  return kind === undefined ? [] : phrase(` ${preposition} ${withArticle(RESOURCE_KIND_WORDS[kind][0])}`);
}

const plural = (kind: ResourceKind): string => RESOURCE_KIND_WORDS[kind][1];

/** What a sentence is made from. */
export interface CallFacts {
  readonly call: Classification;
  readonly targets: Targets;
  readonly request: JsonObject | undefined;
  readonly response: JsonObject | undefined;
  readonly accountNames: Readonly<Record<string, string>>;
  /** What CloudTrail has as the error, or the response of a call that it has as one that worked. */
  readonly errorCode: string | undefined;
}

/** What a call did and, in the base form, what it would have done; without who did it. */
export interface Clause {
  /** "flow AwardsShow stopped" */
  readonly done: Phrase;
  /** "stop flow AwardsShow", which only calls that did not work are said by. */
  readonly base: () => Phrase;
  /** Whether who did it comes behind a comma. */
  readonly isLong?: boolean;
}

export type CallSentence = (facts: CallFacts, verb: Verb) => Clause;

/** How a sentence differs from what its verb and its kind of resource say. */
interface Shape {
  /** "source metadata of " */
  readonly aspect?: string;
  /** "unused ", of what could not have been done otherwise. */
  readonly before?: string;
  /** " (was stopped)" */
  readonly behind?: string;
  /** Our own word for the verb where the effect's first words say it already. */
  readonly isSaidByEffect?: boolean;
}

const parentOf = ({ targets: { main }, call }: CallFacts): 'on' | 'of' =>
  (main[0]?.kind ?? call.resource) === 'entitlement' ? 'on' : 'of';

/** "output cdn-b of flow AwardsShow", "2 outputs of flow AwardsShow (a, b)" */
function wholeThing(facts: CallFacts): Phrase {
  const { main, parent } = facts.targets;
  return phrase(
    theThing(main, facts.call.resource, parent !== undefined),
    inSomeParent(facts, parentOf(facts)),
    namesBehind(main),
  );
}

/** "flow AwardsShow stopped", "output cdn-b removed from flow AwardsShow" */
export const acts =
  ({ aspect = '', before = '', behind = '', isSaidByEffect = false }: Shape = {}): CallSentence =>
  (facts, verb) => {
    const { main, parent } = facts.targets;
    if (verb.into === undefined) {
      const thing = phrase(aspect, wholeThing(facts));
      const done = isSaidByEffect ? '' : ` ${verb.done}`;
      return { done: phrase(before, thing, done, behind), base: () => phrase(`${verb.base} `, thing) };
    }
    const thing = theThing(main, facts.call.resource, parent !== undefined);
    const where = phrase(inSomeParent(facts, verb.into), namesBehind(main));
    return {
      done: phrase(before, thing, ` ${verb.done}`, where, behind),
      base: () => phrase(`${verb.base} `, thing, where),
    };
  };

export const actsPlainly: CallSentence = acts();

/** " (srt-caller to 198.51.100.12:5005)" of the only thing that is added */
const settingsOfAdded = ({ request, targets: { main }, call, accountNames }: CallFacts): Phrase => {
  if (main.length !== 1) return [];
  const lists = ['outputs', 'sources', 'mediaStreams'].flatMap((key) => asList(member(request, key)));
  const said = describeSettings(lists[0], call.resource, accountNames).words;
  return said.length === 0 ? [] : phrase(' (', said, ')');
};

/** "output cdn-b added to flow AwardsShow (srt-caller to 198.51.100.12:5005)" */
export const adds: CallSentence = (facts, verb) => {
  const { done, base } = actsPlainly(facts, verb);
  const settings = settingsOfAdded(facts);
  return { done: phrase(done, settings), base };
};

/** "bridge Studio-A created on gateway Studio" */
export const createsBridge: CallSentence = (facts, verb) => {
  const { done, base } = actsPlainly(facts, verb);
  const { words } = describeSettings(
    { placementArn: member(facts.request, 'placementArn') },
    'bridge',
    facts.accountNames,
  );
  return { done: words.length === 0 ? done : phrase(done, ' on ', words), base };
};

/** "bridges listed", "bridges on gateway Studio listed" */
export const lists: CallSentence = ({ targets: { parent }, call }, verb) => {
  const isInstance = call.resource === 'gatewayInstance' && parent !== undefined;
  const things = isInstance ? 'instances' : plural(call.resource);
  const where = inParent(parent, call.resource === 'bridge' ? 'on' : 'of');
  return { done: phrase(things, where, ` ${verb.done}`), base: () => phrase(`${verb.base} ${things}`, where) };
};

/** "444455556666 may receive flow AwardsShow (entitlement partner)" */
export const grants: CallSentence = (facts, verb) => {
  const { targets, call, request, accountNames } = facts;
  const { main, parent } = targets;
  const ids = asList(member(request, 'entitlements')).flatMap(subscribersOf);
  const accounts = [...new Set(ids)].map((account) => describeAccount(account, accountNames));
  const thing = theThing(main, call.resource);
  const names = namesBehind(main);
  const flow = displayOf(parent);
  const said = enumeration(accounts, ACCOUNTS_SAID);
  const base = () =>
    phrase(`${verb.base} `, thing, inSomeParent(facts, 'on'), accounts.length === 0 ? [] : phrase(' to ', said), names);
  if (accounts.length === 0) return { done: phrase(thing, inSomeParent(facts, 'on'), names, ' granted'), base };
  const what = flow === null ? phrase('a flow') : phrase('flow ', named(flow));
  const called = main.length > 1 && names.length > 0 ? phrase('entitlements ', enumerated(main)) : thing;
  return { done: phrase(said, ' may receive ', what, ' (', called, ')'), base, isLong: true };
};

/** "router output cdn switched to input studio" */
export const takes: CallSentence = ({ targets: { main, other }, call, request }, verb) => {
  const input = displayOf(other);
  const thing = theThing(main, call.resource);
  const noInput = request === undefined ? [] : phrase(' to no input');
  const to = input === null ? noInput : phrase(' to input ', named(input));
  return { done: phrase(thing, ` ${verb.done}`, to), base: () => phrase(`${verb.base} `, thing, to) };
};

const SHORT_ID = 8;

const offering = (id: string | undefined): Phrase => {
  if (id === undefined) return phrase('an offering');
  return phrase('offering ', named(id.length > 2 * SHORT_ID ? `${id.slice(0, SHORT_ID)}…` : id));
};

export const viewsOffering: CallSentence = ({ targets: { main } }, verb) => {
  const what = offering(main[0]?.id ?? undefined);
  return { done: phrase(what, ` ${verb.done}`), base: () => phrase(`${verb.base} `, what) };
};

const CURRENCY = /^[A-Z]{3}$/;
const MONEY = /^\d{1,9}(?:\.\d{1,6})?$/;
const UNIT_WORDS: ReadonlyMap<unknown, string> = new Map([
  ['HOURLY', 'h'],
  ['MONTHS', 'months'],
]);

/** " for 12 months at 0.31 USD/h" */
function terms(reservation: unknown): Phrase {
  const [duration, price] = [member(reservation, 'duration'), textMember(reservation, 'pricePerUnit')];
  const months = UNIT_WORDS.get(member(reservation, 'durationUnits'));
  const per = UNIT_WORDS.get(member(reservation, 'priceUnits'));
  const currency = textMember(reservation, 'currencyCode');
  return phrase(
    typeof duration === 'number' && months !== undefined ? phrase(', ', named(String(duration)), ` ${months}`) : [],
    price !== undefined && MONEY.test(price) && currency !== undefined && CURRENCY.test(currency)
      ? phrase(' at ', named(price), ` ${currency}`, per === undefined ? '' : `/${per}`)
      : [],
  );
}

/** "50 Mbps of outbound bandwidth, 12 months at 0.31 USD/h, as reservation Season" */
export const purchases: CallSentence = ({ targets: { main }, response }, verb) => {
  const [target] = main;
  const reservation = member(response, 'reservation');
  const description = textMember(reservation, 'offeringDescription');
  const what = offering(target?.id);
  const as = target?.name ? phrase('as reservation ', named(target.name)) : [];
  const bought = phrase(description === undefined ? what : named(description), terms(reservation));
  return {
    done: phrase(bought, as.length === 0 ? [] : phrase(', ', as)),
    base: () => phrase(`${verb.base} `, what, as.length === 0 ? [] : phrase(' ', as)),
    isLong: true,
  };
};

const STATE_WORDS: ReadonlyMap<unknown, string> = new Map([
  ['ACTIVE', 'active'],
  ['STANDBY', 'standby'],
  ['DELETED', 'deleted'],
]);

/** "bridge Studio set to standby" */
export const setsState: CallSentence = ({ targets: { main }, call, request }) => {
  const desired = member(request, 'desiredState');
  const other = asText(desired);
  const state = STATE_WORDS.get(desired) ?? (other && named(other)) ?? 'another state';
  const thing = theThing(main, call.resource);
  return { done: phrase(thing, ' set to ', state), base: () => phrase('set ', thing, ' to ', state) };
};

const PLACEMENT_WORDS: ReadonlyMap<unknown, readonly [base: string, done: string]> = new Map([
  ['LOCKED', ['lock', 'locked']],
  ['AVAILABLE', ['unlock', 'unlocked']],
]);

/** "instance i-0abc of gateway Lobby locked for new bridges" */
export const places: CallSentence = (facts, verb) => {
  const words = PLACEMENT_WORDS.get(member(facts.request, 'bridgePlacement'));
  if (words === undefined) return actsPlainly(facts, verb);
  const thing = wholeThing(facts);
  return {
    done: phrase(thing, ` ${words[1]} for new bridges`),
    base: () => phrase(`${words[0]} `, thing, ' for new bridges'),
  };
};

/** "instance i-0abc deregistered from gateway Lobby, forced" */
export const deregisters: CallSentence = (facts, verb) => {
  const { done, base } = actsPlainly(facts, verb);
  const force = member(facts.request, 'force');
  if (force !== true && force !== 'true') return { done, base };
  return { done: phrase(done, ', forced'), base: () => phrase(base(), ', forced'), isLong: true };
};

const counted = (count: number): string => `${count} ${count === 1 ? 'tag' : 'tags'}`;

/** "flow AwardsShow tagged (2 tags)" */
export const tags =
  (key: 'tags' | 'tagKeys'): CallSentence =>
  (facts, verb) => {
    const { done, base } = actsPlainly(facts, verb);
    const set = member(facts.request, key);
    if (typeof set !== 'object' || set === null) return { done, base };
    const count = Array.isArray(set) ? set.length : Object.keys(set).length;
    return { done: phrase(done, ` (${counted(count)})`), base };
  };

/** "state change for gateway Studio submitted" */
export const submits: CallSentence = ({ targets: { main }, call }, verb) => {
  const what = phrase('state change for ', theThing(main, call.resource));
  return { done: phrase(what, ` ${verb.done}`), base: () => phrase(`${verb.base} `, what) };
};

/** What an update sets, as an operator says it: "now srt-caller to 198.51.100.99:5005", "updated (description)". */
export const updates: CallSentence = (facts, verb) => {
  const { request, call, accountNames } = facts;
  const thing = wholeThing(facts);
  const base = () => phrase(`${verb.base} `, thing);
  const { words, fields } = describeSettings(request, call.resource, accountNames);
  if (words.length > 0 && call.impact === 'signal-changed') {
    return { done: phrase(thing, ' now ', words), base, isLong: true };
  }
  const said = words.length > 0 ? words : fields();
  return { done: phrase(thing, ` ${verb.done}`, said.length === 0 ? [] : phrase(' (', said, ')')), base };
};

const PRIMARY_SOURCE = ['sourceFailoverConfig', 'sourcePriority', 'primarySource'] as const;
const FAILOVER_STATE = ['sourceFailoverConfig', 'state'] as const;

const FAILOVER_WORDS: ReadonlyMap<unknown, string> = new Map([
  ['ENABLED', 'with failover'],
  ['DISABLED', 'without failover'],
]);

/** "flow AwardsShow now prefers source backup": the primary source is what viewers see. */
export const updatesFailover: CallSentence = (facts, verb) => {
  const { request, targets, call } = facts;
  const source = asText(memberAt(request, PRIMARY_SOURCE));
  const state = FAILOVER_WORDS.get(memberAt(request, FAILOVER_STATE));
  if (source === undefined && state === undefined) return updates(facts, verb);
  const thing = theThing(targets.main, call.resource);
  const prefers = source === undefined ? [] : phrase('prefers source ', named(source));
  const how = state === undefined ? ' (failover)' : `${source === undefined ? '' : ', '}${state}`;
  return { done: phrase(thing, ' now ', prefers, how), base: () => phrase(`${verb.base} `, thing), isLong: true };
};

const SWITCH_WORDS: ReadonlyMap<unknown, readonly [base: string, done: string]> = new Map([
  ['ENABLED', ['enable', 'enabled']],
  ['DISABLED', ['disable', 'disabled']],
]);

/** Switching an output or an entitlement off is an update to the API; to an operator it is not. */
export const switches =
  (status: string, otherwise: CallSentence): CallSentence =>
  (facts, verb) => {
    const words = SWITCH_WORDS.get(member(facts.request, status));
    if (words === undefined) return otherwise(facts, verb);
    const thing = wholeThing(facts);
    const others = describeSettings(facts.request, facts.call.resource, facts.accountNames, [status]);
    const also = others.words.length > 0 || others.fields().length > 0;
    const [base, done] = words;
    return {
      done: phrase(thing, also ? ` updated and ${done}` : ` ${done}`),
      base: () => phrase(also ? `update and ${base} ` : `${base} `, thing),
    };
  };

const switchesStatus = switches('entitlementStatus', updates);

/** "entitlement partner on flow AwardsShow now only for 444455556666", also where it is enabled along with that. */
export const entitles: CallSentence = (facts, verb) => {
  const { request, accountNames } = facts;
  const status = member(request, 'entitlementStatus');
  if (member(request, 'subscribers') === undefined || status === 'DISABLED') return switchesStatus(facts, verb);
  const accounts = subscribersOf(request).map((id) => describeAccount(id, accountNames));
  const only = accounts.length === 0 ? phrase('for nobody') : phrase('only for ', enumeration(accounts, ACCOUNTS_SAID));
  const thing = wholeThing(facts);
  const isEnabled = status === 'ENABLED';
  return {
    done: phrase(thing, isEnabled ? ' enabled, now ' : ' now ', only),
    base: () => phrase(`${verb.base} ${isEnabled ? 'and enable ' : ''}`, thing),
    isLong: true,
  };
};

/** "router network interface studio associated with another resource": the record does not say with which. */
export const associates: CallSentence = acts({ behind: ' with another resource' });
