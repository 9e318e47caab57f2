import { type Impact, isKnownOperation, type OperationName, type Verb, verbOf } from '../call/operations.ts';
import { type Notification, named, type Phrase, phrase, phraseText } from './notification.ts';
import {
  acts,
  actsPlainly,
  adds,
  associates,
  type CallFacts,
  type CallSentence,
  type Clause,
  createsBridge,
  deregisters,
  entitles,
  grants,
  inParent,
  lists,
  places,
  purchases,
  setsState,
  submits,
  switches,
  tags,
  takes,
  theThing,
  updates,
  updatesFailover,
  viewsOffering,
} from './sentence-shapes.ts';

/** Sentences that say more than verb and resource do. */
const OWN: Partial<Readonly<Record<OperationName, CallSentence>>> = {
  AddBridgeOutputs: adds,
  AddBridgeSources: adds,
  AddFlowMediaStreams: adds,
  AddFlowOutputs: adds,
  AddFlowSources: adds,
  AssociateRouterNetworkInterface: associates,
  CreateBridge: createsBridge,
  DeleteBridge: acts({ behind: ' (was stopped)', isSaidByEffect: true }),
  DeleteFlow: acts({ behind: ' (was stopped)', isSaidByEffect: true }),
  DeleteGateway: acts({ behind: ' (had no bridges)', isSaidByEffect: true }),
  DeregisterGatewayInstance: deregisters,
  DescribeFlowSourceMetadata: acts({ aspect: 'source metadata of ' }),
  DescribeFlowSourceThumbnail: acts({ aspect: 'source thumbnail of ' }),
  DescribeOffering: viewsOffering,
  DiscoverGatewayPollEndpoint: acts({ aspect: 'poll endpoint of ' }),
  GetRouterInputSourceMetadata: acts({ aspect: 'source metadata of ' }),
  GetRouterInputThumbnail: acts({ aspect: 'thumbnail of ' }),
  GrantFlowEntitlements: grants,
  ListTagsForGlobalResource: acts({ aspect: 'tags of ' }),
  ListTagsForResource: acts({ aspect: 'tags of ' }),
  PrivateDescribeFlowMeta: acts({ aspect: 'metadata of ' }),
  PurchaseOffering: purchases,
  RemoveFlowMediaStream: acts({ before: 'unused ' }),
  RemoveFlowVpcInterface: acts({ before: 'unused ' }),
  SubmitGatewayStateChange: submits,
  TagGlobalResource: tags('tags'),
  TagResource: tags('tags'),
  TakeRouterInput: takes,
  UntagGlobalResource: tags('tagKeys'),
  UntagResource: tags('tagKeys'),
  UpdateBridge: updatesFailover,
  UpdateBridgeState: setsState,
  UpdateFlow: updatesFailover,
  UpdateFlowEntitlement: entitles,
  UpdateFlowOutput: switches('outputStatus', updates),
  UpdateGatewayInstance: places,
};

/** The sentence of an operation: its own, else what its verb says. */
function sentenceOf(name: OperationName): CallSentence {
  const own = OWN[name];
  if (own !== undefined) return own;
  if (name.startsWith('List')) return lists;
  return name.startsWith('Update') ? updates : actsPlainly;
}

/** Error codes by what they contain, first match first, in an operator's words. */
const WORDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/NotFound/i, 'not found'],
  [/TooManyRequests|Throttl|RequestLimit|SlowDown/i, 'too many requests'],
  [/420|Quota|LimitExceeded/i, 'quota exceeded'],
  [
    /InvalidClientToken|SignatureDoesNotMatch|UnrecognizedClient|OptInRequired|IncompleteSignature/i,
    'credentials not accepted',
  ],
  [/Expired/i, 'expired credentials'],
  [/Conflict|AlreadyExists|InUse/i, 'not possible in its current state'],
  [/BadRequest|Validation|Invalid|Malformed|Missing/i, 'invalid request'],
  [/InternalServer|InternalFailure|InternalError/i, 'internal error of MediaConnect'],
  [/Unavailable/i, 'MediaConnect unavailable'],
  [/Timeout|TimedOut/i, 'timed out'],
];

/** Why a call did not succeed, in words that stand behind "Failed, " or in brackets; a code that we do not know is said as it is. */
function describeError(code: string | undefined): Phrase {
  if (code === undefined) return phrase('no reason given');
  const words = WORDS.find(([pattern]) => pattern.test(code))?.[1];
  return words === undefined ? [named(code)] : phrase(words);
}

/** An operation that is newer than this notifier: its raw name, and what it names. */
function newOperation({ call, targets }: CallFacts): Clause {
  const on = phrase(
    targets.main.length === 0 ? [] : phrase(' on ', theThing(targets.main, call.resource)),
    inParent(targets.parent, 'of'),
  );
  const isNew = ' (new to this notifier)';
  const isSaidByEffect = call.impact === 'unknown';
  return {
    done: phrase(named(call.operation), isSaidByEffect ? '' : isNew, ' called', on),
    base: () => phrase('call ', named(call.operation), isNew, on),
  };
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

/** First words that say more than those of the effect, by resource or operation. */
const FIRST_WORDS: Partial<Readonly<Record<Impact, ReadonlyMap<string, string>>>> = {
  'off-air': new Map([['entitlement', 'Off air for subscribers']]),
  access: new Map([['GrantFlowEntitlements', 'Access given']]),
  'signal-changed': new Map([
    ['RestartRouterInput', 'Signal interrupted'],
    ['RestartRouterOutput', 'Signal interrupted'],
  ]),
};

function effectWords({ call }: CallFacts): string {
  const { impact, operation, resource } = call;
  const words = FIRST_WORDS[impact];
  return words?.get(resource) ?? words?.get(operation) ?? EFFECT_WORDS[impact];
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
  if (outcome === 'failed') return failure('Failed', describeError(errorCode));
  return isDoubtful ? failure('Probably failed', describeError(errorCode)) : undefined;
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
  return { effect: failed.effect, sentence: phrase(base(), failed.behind), by: ', by ' };
}
