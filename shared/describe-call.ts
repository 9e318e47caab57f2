import { CALL_SENTENCES } from './call-sentences.ts';
import type { Classification } from './classify-call.ts';
import { errorInWords } from './error-in-words.ts';
import type { JsonObject } from './json-member.ts';
import type { Phrase } from './notification.ts';
import { isKnownOperation } from './operations.ts';
import { named, phrase } from './phrase.ts';
import type { Targets } from './resources-of-call.ts';
import type { CallSentence } from './sentence-shapes.ts';
import { inParent, theThing } from './thing-in-words.ts';

/** What a sentence is made from. */
export interface CallFacts {
  readonly call: Classification;
  readonly targets: Targets;
  readonly request: JsonObject | undefined;
  readonly accountNames: Readonly<Record<string, string>>;
  readonly errorCode: string | undefined;
}

/** An operation that is newer than this notifier: its raw name, and what it names. */
const newOperation = ({ call, targets }: CallFacts): CallSentence => ({
  done: 'called',
  base: 'call',
  object: () =>
    phrase(
      named(call.operation),
      ' (new to this notifier)',
      targets.main.length === 0 ? [] : phrase(' on ', theThing(targets.main, call.resource)),
      inParent(targets.parent, 'of'),
    ),
});

/**
 * Says in one plain clause what was done, or what was tried and why it did not work. Continues a sentence that starts
 * with the principal.
 */
export function describeCall(facts: CallFacts): Phrase {
  const { call } = facts;
  const sentence = isKnownOperation(call.operation) ? CALL_SENTENCES[call.operation] : newOperation(facts);
  const { done, base } = { ...sentence, ...sentence.verb?.(facts) };
  const object = sentence.object(facts);
  if (call.outcome === 'succeeded') return phrase(`${done} `, object);
  return phrase(`tried to ${base} `, object, ': ', errorInWords(call.outcome, facts.errorCode));
}
