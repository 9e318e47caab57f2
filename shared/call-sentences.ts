import type { OperationName } from './operations.ts';
import {
  acts,
  adds,
  associates,
  type CallSentence,
  createsBridge,
  deregisters,
  entitles,
  grants,
  lists,
  places,
  purchases,
  setsState,
  submits,
  switches,
  tags,
  takes,
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
  UpdateFlowEntitlement: switches('entitlementStatus', entitles),
  UpdateFlowOutput: switches('outputStatus', updates),
  UpdateGatewayInstance: places,
};

const PLAIN = acts();

/** The sentence of an operation: its own, else what its verb says. */
export function sentenceOf(name: OperationName): CallSentence {
  const own = OWN[name];
  if (own !== undefined) return own;
  if (name.startsWith('List')) return lists;
  return name.startsWith('Update') ? updates : PLAIN;
}
