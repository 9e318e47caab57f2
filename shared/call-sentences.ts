import { accountInWords } from './account-in-words.ts';
import type { CallFacts } from './describe-call.ts';
import { asList, asText, member } from './json-member.ts';
import type { Phrase } from './notification.ts';
import type { OperationName } from './operations.ts';
import { enumeration, named, phrase } from './phrase.ts';
import { displayOf } from './resources-of-call.ts';
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
const acts = (done: string, base: string, aspect = '', verb?: Verb): CallSentence => ({
  done,
  base,
  object: ({ targets: { main, parent }, call }) =>
    phrase(aspect, theThing(main, call.resource, parent !== undefined), inParent(parent, 'of'), namesBehind(main)),
  ...(verb === undefined ? {} : { verb }),
});

/** "removed output cdn-b from AwardsShow" */
const within = (done: string, base: string, preposition: string, verb?: Verb): CallSentence => ({
  done,
  base,
  object: ({ targets: { main, parent }, call }) =>
    phrase(theThing(main, call.resource, parent !== undefined), inParent(parent, preposition), namesBehind(main)),
  ...(verb === undefined ? {} : { verb }),
});

/** "listed bridges", "listed bridges of gateway Studio" */
const lists: CallSentence = {
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
const grants: CallSentence = {
  done: 'granted',
  base: 'grant',
  object: ({ targets: { main, parent }, call, request, accountNames }) => {
    const accounts = subscribers(request).map((account) => accountInWords(account, accountNames));
    const to = accounts.length === 0 ? [] : phrase(' to ', enumeration(accounts, ACCOUNTS_SAID));
    return phrase(theThing(main, call.resource), inParent(parent, 'on'), to, namesBehind(main));
  },
};

/** "switched router output X to input Y" */
const takes: CallSentence = {
  done: 'switched',
  base: 'switch',
  object: ({ targets: { main, other }, call, request }) => {
    const input = displayOf(other);
    if (input !== null) return phrase(theThing(main, call.resource), ' to input ', named(input));
    return phrase(theThing(main, call.resource), request === undefined ? '' : ' to no input');
  },
};

/** "purchased offering <id> as Season" */
const purchases: CallSentence = {
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
const setsState: CallSentence = {
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
const switchedBy =
  (status: string, identifiers: number): Verb =>
  ({ request }) => {
    const words = SWITCH_WORDS.get(member(request, status));
    if (words === undefined) return undefined;
    const [done, base] = words;
    const alone = Object.keys(request ?? {}).length <= identifiers + 1;
    return alone ? { done, base } : { done: `updated and ${done}`, base: `update and ${base}` };
  };

const views = (aspect = ''): CallSentence => acts('viewed', 'view', aspect);

const PLACEMENT_WORDS: ReadonlyMap<unknown, { readonly done: string; readonly base: string }> = new Map([
  ['LOCKED', { done: 'locked', base: 'lock' }],
  ['AVAILABLE', { done: 'unlocked', base: 'unlock' }],
]);

/** A plain sentence for every operation that we know. Add a line with each operation. */
export const CALL_SENTENCES: Readonly<Record<OperationName, CallSentence>> = {
  AddBridgeOutputs: within('added', 'add', 'to'),
  AddBridgeSources: within('added', 'add', 'to'),
  AddFlowMediaStreams: within('added', 'add', 'to'),
  AddFlowOutputs: within('added', 'add', 'to'),
  AddFlowSources: within('added', 'add', 'to'),
  AddFlowVpcInterfaces: within('added', 'add', 'to'),
  BatchGetRouterInput: views(),
  BatchGetRouterNetworkInterface: views(),
  BatchGetRouterOutput: views(),
  CreateBridge: acts('created', 'create'),
  CreateFlow: acts('created', 'create'),
  CreateGateway: acts('created', 'create'),
  CreateRouterInput: acts('created', 'create'),
  CreateRouterNetworkInterface: acts('created', 'create'),
  CreateRouterOutput: acts('created', 'create'),
  DeleteBridge: acts('deleted', 'delete'),
  DeleteFlow: acts('deleted', 'delete'),
  DeleteGateway: acts('deleted', 'delete'),
  DeleteRouterInput: acts('deleted', 'delete'),
  DeleteRouterNetworkInterface: acts('deleted', 'delete'),
  DeleteRouterOutput: acts('deleted', 'delete'),
  DeregisterGatewayInstance: acts('deregistered', 'deregister'),
  DescribeBridge: views(),
  DescribeFlow: views(),
  DescribeFlowSourceMetadata: views('the source metadata of '),
  DescribeFlowSourceThumbnail: views('the source thumbnail of '),
  DescribeGateway: views(),
  DescribeGatewayInstance: views(),
  DescribeOffering: views(),
  DescribeReservation: views(),
  GetRouterInput: views(),
  GetRouterInputSourceMetadata: views('the source metadata of '),
  GetRouterInputThumbnail: views('the thumbnail of '),
  GetRouterNetworkInterface: views(),
  GetRouterOutput: views(),
  GrantFlowEntitlements: grants,
  ListBridges: lists,
  ListEntitlements: lists,
  ListFlows: lists,
  ListGatewayInstances: lists,
  ListGateways: lists,
  ListOfferings: lists,
  ListReservations: lists,
  ListRouterInputs: lists,
  ListRouterNetworkInterfaces: lists,
  ListRouterOutputs: lists,
  ListTagsForGlobalResource: acts('listed', 'list', 'the tags of '),
  ListTagsForResource: acts('listed', 'list', 'the tags of '),
  PurchaseOffering: purchases,
  RemoveBridgeOutput: within('removed', 'remove', 'from'),
  RemoveBridgeSource: within('removed', 'remove', 'from'),
  RemoveFlowMediaStream: within('removed', 'remove', 'from'),
  RemoveFlowOutput: within('removed', 'remove', 'from'),
  RemoveFlowSource: within('removed', 'remove', 'from'),
  RemoveFlowVpcInterface: within('removed', 'remove', 'from'),
  RestartRouterInput: acts('restarted', 'restart'),
  RestartRouterOutput: acts('restarted', 'restart'),
  RevokeFlowEntitlement: within('revoked', 'revoke', 'on'),
  StartFlow: acts('started', 'start'),
  StartRouterInput: acts('started', 'start'),
  StartRouterOutput: acts('started', 'start'),
  StopFlow: acts('stopped', 'stop'),
  StopRouterInput: acts('stopped', 'stop'),
  StopRouterOutput: acts('stopped', 'stop'),
  TagGlobalResource: acts('tagged', 'tag'),
  TagResource: acts('tagged', 'tag'),
  TakeRouterInput: takes,
  UntagGlobalResource: acts('untagged', 'untag'),
  UntagResource: acts('untagged', 'untag'),
  UpdateBridge: acts('updated', 'update'),
  UpdateBridgeOutput: within('updated', 'update', 'of'),
  UpdateBridgeSource: within('updated', 'update', 'of'),
  UpdateBridgeState: setsState,
  UpdateFlow: acts('updated', 'update'),
  UpdateFlowEntitlement: within('updated', 'update', 'on', switchedBy('entitlementStatus', 2)),
  UpdateFlowMediaStream: within('updated', 'update', 'of'),
  UpdateFlowOutput: within('updated', 'update', 'of', switchedBy('outputStatus', 2)),
  UpdateFlowSource: within('updated', 'update', 'of'),
  UpdateGatewayInstance: acts('updated', 'update', '', ({ request }) =>
    PLACEMENT_WORDS.get(member(request, 'bridgePlacement')),
  ),
  UpdateRouterInput: acts('updated', 'update'),
  UpdateRouterNetworkInterface: acts('updated', 'update'),
  UpdateRouterOutput: acts('updated', 'update'),
  ManagedDescribeFlow: views(),
  PrivateDescribeFlowMeta: views('the metadata of '),
  ManagedAddOutput: within('added', 'add', 'to'),
  ManagedRemoveOutput: within('removed', 'remove', 'from'),
  DiscoverGatewayPollEndpoint: acts('looked up', 'look up', 'the poll endpoint of '),
  PollGateway: acts('polled', 'poll'),
  SubmitGatewayStateChange: acts('submitted', 'submit', 'a state change of '),
  AssociateRouterNetworkInterface: acts('associated', 'associate'),
};
