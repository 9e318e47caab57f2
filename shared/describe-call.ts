import { sentenceOf } from './call-sentences.ts';
import type { Classification } from './classify-call.ts';
import { errorInWords } from './error-in-words.ts';
import type { JsonObject } from './json-member.ts';
import type { Notification, Phrase } from './notification.ts';
import { type Impact, isKnownOperation, type Verb, verbOf } from './operations.ts';
import { named, phrase, phraseText } from './phrase.ts';
import type { Targets } from './resources-of-call.ts';
import type { Clause } from './sentence-shapes.ts';
import { inParent, theThing } from './thing-in-words.ts';

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

/** An operation that is newer than this notifier: its raw name, and what it names. */
function newOperation({ call, targets }: CallFacts): Clause {
  const on = phrase(
    targets.main.length === 0 ? [] : phrase(' on ', theThing(targets.main, call.resource)),
    inParent(targets.parent, 'of'),
  );
  const operation = phrase(named(call.operation), ' (new to this notifier)');
  return { done: phrase(operation, ' called', on), base: phrase('call ', operation, on) };
}

/** A verb that no name begins with stands in only where the table has a name without one. */
const CALLED: Verb = { access: 'mutating', impact: 'unknown', base: 'call', done: 'called' };

function clauseOf(facts: CallFacts): Clause {
  const { operation } = facts.call;
  return isKnownOperation(operation) ? sentenceOf(operation)(facts, verbOf(operation) ?? CALLED) : newOperation(facts);
}

/** The first words of a message about a call that worked. */
const EFFECT_WORDS: Readonly<Record<Impact, string>> = {
  'off-air': 'Off air',
  unknown: 'New operation',
  'signal-changed': 'Signal changed',
  'put-on-air': 'On air',
  access: 'Access change',
  purchase: 'Purchase',
  deletion: 'Deleted',
  change: 'Change',
  none: 'Read',
};

/** First words that say more than those of the effect. */
const FIRST_WORDS: ReadonlyMap<string, string> = new Map([
  ['off-air entitlement', 'Off air for subscribers'],
  ['access GrantFlowEntitlements', 'Access given'],
  ['signal-changed RestartRouterInput', 'Signal interrupted'],
  ['signal-changed RestartRouterOutput', 'Signal interrupted'],
]);

function effectWords({ call }: CallFacts): string {
  const { impact, operation, resource } = call;
  return FIRST_WORDS.get(`${impact} ${resource}`) ?? FIRST_WORDS.get(`${impact} ${operation}`) ?? EFFECT_WORDS[impact];
}

/** How a call that did not work is said. */
interface Failure {
  readonly effect: Phrase;
  readonly behind: Phrase;
}

/** A reason that is longer stands behind the sentence, so that the object is still among the first words. */
const SHORT_REASON = 20;

/** What a call that did not work came to: its first words, and a reason that is too long for these. */
function failure(failed: string, reason: Phrase): Failure {
  const isShort = phraseText(reason).length <= SHORT_REASON;
  return isShort
    ? { effect: phrase(`${failed}, `, reason), behind: [] }
    : { effect: phrase(failed), behind: phrase(' (', reason, ')') };
}

/** "Denied", "Failed, not found", "Probably failed"; `undefined` for a call that worked. */
function failureOf({ call: { outcome, isDoubtful }, errorCode }: CallFacts): Failure | undefined {
  if (outcome === 'denied') return { effect: phrase('Denied'), behind: [] };
  if (outcome === 'failed') return failure('Failed', errorInWords(errorCode));
  return isDoubtful ? failure('Probably failed', errorInWords(errorCode)) : undefined;
}

/**
 * Says in one plain clause what was done, or what was tried and why it did not work: the effect, the object, the verb.
 * Who did it is said behind, so that none of these depends on the length of a name.
 */
export function describeCall(facts: CallFacts): Pick<Notification, 'effect' | 'sentence' | 'by'> {
  const { done, base, isLong = false } = clauseOf(facts);
  const failed = failureOf(facts);
  if (failed === undefined)
    return { effect: phrase(effectWords(facts)), sentence: done, by: isLong ? ', by ' : ' by ' };
  return { effect: failed.effect, sentence: phrase(base, failed.behind), by: ', by ' };
}
