import type { Impact, OperationName, ResourceKind } from '../call/operations.ts';

/** What MediaConnect says by itself when a call has had its effect. */
export interface AwaitedOutcome {
  /** The kind of thing that it is said of: the call's own, or the flow of it. */
  readonly of: ResourceKind;
  readonly aspect: 'status' | 'health' | 'route';
  /** States on the way there. */
  readonly onTheWay: readonly string[];
  readonly settled: readonly string[];
  /**
   * States that it is reached from, where it could be another call's outcome too: a flow becomes ACTIVE by a start and
   * behind every update. A state before that is not said counts.
   */
  readonly from?: readonly string[];
  /** That nothing is said in two minutes is worth a word. */
  readonly isPromised?: true;
}

const status = (
  of: ResourceKind,
  onTheWay: readonly string[],
  settled: readonly string[],
  from?: readonly string[],
): AwaitedOutcome => ({ of, aspect: 'status', onTheWay, settled, ...(from && { from }) });

const promised = (outcome: AwaitedOutcome): AwaitedOutcome => ({ ...outcome, isPromised: true });

const starts = (of: ResourceKind): AwaitedOutcome =>
  status(of, ['STARTING'], ['ACTIVE'], ['STARTING', 'STANDBY', 'CREATING', '']);
const stops = (of: ResourceKind): AwaitedOutcome => status(of, ['STOPPING'], ['STANDBY']);
const restarts = (of: ResourceKind): AwaitedOutcome => status(of, ['STOPPING', 'STARTING', 'RECOVERING'], ['ACTIVE']);
const updates = (of: ResourceKind): AwaitedOutcome => status(of, ['UPDATING'], ['ACTIVE', 'STANDBY'], ['UPDATING']);
const deletes = (of: ResourceKind): AwaitedOutcome => status(of, [], ['DELETING']);

/**
 * Which outcome belongs to which operation. Bridges, gateways and network interfaces have no events of their own; the
 * one who grants an entitlement hears nothing of the subscriber's flow. Of router inputs no event about their state is
 * documented, so that nothing is promised of them. Add a line to add an operation.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events.html
 */
const AWAITED: Partial<Readonly<Record<OperationName, AwaitedOutcome>>> = {
  StartFlow: promised(starts('flow')),
  StopFlow: promised(stops('flow')),
  DeleteFlow: deletes('flow'),
  UpdateFlow: updates('flow'),
  UpdateFlowSource: updates('flow'),
  AddFlowSources: updates('flow'),
  RemoveFlowSource: updates('flow'),
  AddFlowMediaStreams: updates('flow'),
  UpdateFlowMediaStream: updates('flow'),
  RemoveFlowMediaStream: updates('flow'),
  AddFlowVpcInterfaces: updates('flow'),
  RemoveFlowVpcInterface: updates('flow'),
  UpdateFlowOutput: status('output', [], ['ENABLED', 'DISABLED']),
  AddFlowOutputs: { of: 'output', aspect: 'health', onTheWay: [], settled: ['CONNECTED', 'SENDING'] },
  TakeRouterInput: promised({ of: 'routerOutput', aspect: 'route', onTheWay: [], settled: ['ROUTED', 'UNROUTED'] }),
  StartRouterOutput: promised(starts('routerOutput')),
  StopRouterOutput: promised(stops('routerOutput')),
  RestartRouterOutput: restarts('routerOutput'),
  UpdateRouterOutput: updates('routerOutput'),
  DeleteRouterOutput: deletes('routerOutput'),
  StartRouterInput: starts('routerInput'),
  StopRouterInput: stops('routerInput'),
  RestartRouterInput: restarts('routerInput'),
  UpdateRouterInput: updates('routerInput'),
  DeleteRouterInput: deletes('routerInput'),
};

const BY_NAME: ReadonlyMap<string, AwaitedOutcome> = new Map(Object.entries(AWAITED));

/** The outcome of an operation; `undefined` where MediaConnect says none, or the operation is newer than the table. */
export const awaitedOutcome = (operation: string): AwaitedOutcome | undefined => BY_NAME.get(operation);

/** Whether a state can be the outcome. */
export const isReached = (
  { onTheWay, settled, from }: AwaitedOutcome,
  { state, previous }: { readonly state: string; readonly previous?: string | undefined },
): boolean =>
  onTheWay.includes(state) ||
  (settled.includes(state) && (from === undefined || previous === undefined || from.includes(previous)));

/** How long AWS's own waiters wait for a flow to start, stop or go: 40 looks, 3 seconds apart. */
export const OUTCOME_WINDOW_MS = 120_000;

/** How long a call is thought of when something happens to what it touched. */
export const REMEMBERED_MS = 15 * 60_000;

/** Whether it is no surprise when the signal goes after such a call. */
export const expectsLoss = ({ operation, impact }: { readonly operation: string; readonly impact: Impact }): boolean =>
  impact === 'off-air' || impact === 'deletion' || operation.startsWith('Restart');
