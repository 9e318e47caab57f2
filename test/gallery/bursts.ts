import type { JsonObject } from '../../shared/call/json.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import { ACCOUNT, assumedRole } from '../builders.ts';
import { arnOf, KICK_OFF_MS, notificationOf } from './gallery-event.ts';

/** One call of a burst: how many seconds after kick-off, by whom, what. */
interface BurstCall {
  readonly at: number;
  readonly by: JsonObject;
  readonly operation: string;
  readonly request: JsonObject;
  readonly more?: JsonObject;
}

const flowArn = (name: string): string => arnOf(`flow:1-${name.replace('-', '')}AA-0a1b2c3d4e5f:${name}`);
const onFlow = (name: string): JsonObject => ({ flowArn: encodeURIComponent(flowArn(name)) });
const output = (flow: string, name: string): JsonObject => ({
  ...onFlow(flow),
  outputArn: encodeURIComponent(arnOf(`output:1-${flow.replace('-', '')}${name}-0a1b2c3d4e5f:${name}`)),
});
const tags = (flow: string): JsonObject => ({
  resourceArn: encodeURIComponent(flowArn(flow)),
  tags: { show: 'league' },
});
const league = (number: number): string => `League-${String(number).padStart(2, '0')}`;

const JANE = assumedRole('Operators', 'jane@example.org');
const SAM = assumedRole('Operators', 'sam@example.org');
const POLLER = assumedRole('HealthPoller', 'health-poller');
const TERRAFORM = assumedRole('TerraformDeploy', 'aws-go-sdk-1764187200000000000');
const sessionOf = (number: number): JsonObject =>
  assumedRole('HealthPoller', `botocore-session-${1764187200 + number * 30}`);

const DENIED: JsonObject = { errorCode: 'AccessDenied', errorMessage: 'User is not authorized' };
const CONFLICT: JsonObject = {
  errorCode: 'ConflictException',
  errorMessage: 'The flow is not in a state that allows this.',
};
const THROTTLED: JsonObject = { errorCode: 'TooManyRequestsException', errorMessage: 'Rate exceeded' };
const QUOTA: JsonObject = { errorCode: 'CreateFlow420Exception', errorMessage: 'Flow limit exceeded' };

const many = (count: number, call: (index: number) => BurstCall): readonly BurstCall[] =>
  Array.from({ length: count }, (_, index) => call(index));

const create = (at: number, name: string): BurstCall => ({
  at,
  by: TERRAFORM,
  operation: 'CreateFlow',
  request: { name, availabilityZone: 'eu-west-1a' },
  more: { responseElements: { flow: { flowArn: flowArn(name), name, status: 'STANDBY' } } },
});

const addOutput = (at: number, flow: string, name: string): BurstCall => ({
  at,
  by: TERRAFORM,
  operation: 'AddFlowOutputs',
  request: { ...onFlow(flow), outputs: [{ name, protocol: 'rtp', destination: '198.51.100.9', port: 5000 }] },
});

const tag = (at: number, flow: string, by: JsonObject = TERRAFORM): BurstCall => ({
  at,
  by,
  operation: 'TagResource',
  request: tags(flow),
});
const stop = (at: number, flow: string, by: JsonObject, more: JsonObject = {}): BurstCall => ({
  at,
  by,
  operation: 'StopFlow',
  request: onFlow(flow),
  more,
});
const start = (at: number, flow: string, by: JsonObject, more: JsonObject = {}): BurstCall => ({
  ...stop(at, flow, by, more),
  operation: 'StartFlow',
});
const update = (at: number, flow: string, name: string, by: JsonObject, more: JsonObject = {}): BurstCall => ({
  at,
  by,
  operation: 'UpdateFlowOutput',
  request: { ...output(flow, name), destination: '198.51.100.9', port: 5000 },
  more,
});
const remove = (at: number, flow: string, name: string, by: JsonObject): BurstCall => ({
  at,
  by,
  operation: 'RemoveFlowOutput',
  request: output(flow, name),
});
const view = (at: number, flow: string, by: JsonObject, more: JsonObject = {}): BurstCall => ({
  at,
  by,
  operation: 'DescribeFlow',
  request: onFlow(flow),
  more,
});

/** Eight flows made by Terraform, and a live one stopped on the way. */
const terraform = (): readonly BurstCall[] => [
  ...many(32, (index) => {
    const flow = league(1 + Math.floor(index / 4));
    if (index % 4 === 0) return create(index, flow);
    return index % 4 === 3 ? tag(index, flow) : addOutput(index, flow, index % 4 === 1 ? 'cdn-a' : 'cdn-b');
  }),
  stop(32, 'CupFinal-Main', TERRAFORM),
  ...many(7, (index) => tag(33 + index, league(index + 1))),
];

const twoOperators = (): readonly BurstCall[] => [
  stop(0, 'CupFinal-Main', JANE),
  update(3, 'CupFinal-Backup', 'cdn-b', SAM),
  start(6, 'CupFinal-Main', JANE),
  remove(8, 'CupFinal-Main', 'cdn-a', SAM),
  update(11, 'CupFinal-Main', 'cdn-b', JANE),
  stop(14, 'CupFinal-Backup', SAM, DENIED),
  start(17, 'CupFinal-Backup', JANE, CONFLICT),
  view(18, 'CupFinal-Main', SAM, DENIED),
  tag(20, 'CupFinal-Main', JANE),
  stop(22, 'CupFinal-Main', SAM),
];

/** Six operators on forty flows, and among all that the main flow. */
const fiveHundred = (): readonly BurstCall[] =>
  many(500, (index) => {
    const [flow, by] = [league((index * 7) % 40), assumedRole('Operators', `operator-${index % 6}@example.org`)];
    const at = index / 10;
    if (index === 250) return stop(at, 'CupFinal-Main', JANE);
    if (index % 5 === 0) return start(at, flow, by);
    if (index % 5 === 1) return update(at, flow, `cdn-${index % 3}`, by);
    if (index % 5 === 2) return tag(at, flow, by);
    return index % 5 === 3 ? view(at, flow, by) : view(at, flow, by, DENIED);
  });

const needle = (): readonly BurstCall[] =>
  many(60, (index) => {
    if (index === 20) return stop(index, 'CupFinal-Main', SAM, DENIED);
    return index === 40 ? stop(index, 'CupFinal-Main', JANE) : tag(index, league((index % 18) + 1));
  });

const failing = (): readonly BurstCall[] => [
  ...many(10, (index) => start(index, league((index % 6) + 1), JANE, CONFLICT)),
  ...many(15, () => update(11, 'CupFinal-Main', 'cdn-a', JANE, THROTTLED)),
  { ...create(30, 'League-30'), more: QUOTA },
];

/** Reads with two refusals among them. */
const reads = (): readonly BurstCall[] =>
  many(400, (index) =>
    view(index, league((index % 9) + 1), index % 3 === 0 ? JANE : POLLER, index % 200 === 50 ? DENIED : {}),
  );

const digestOnAir = (): readonly BurstCall[] => [
  ...many(12, (index) => view(index, league(1), POLLER, DENIED)),
  stop(50, 'CupFinal-Main', JANE),
  ...many(40, (index) => view(60 + index, league(2), JANE)),
];

/** Bursts that operators have to read, by what makes each of them hard. */
const CALLS = {
  'terraform and one live stop': terraform,
  'two operators on one flow': twoOperators,
  'five hundred calls': fiveHundred,
  'one stop among sixty calls': needle,
  'failing calls': failing,
  'a session for each read': () => many(60, (index) => view(index * 30, 'CupFinal-Main', sessionOf(index))),
  'reads and two refusals': reads,
  'three hundred refusals': () => many(300, (index) => view(index, 'CupFinal-Main', POLLER, DENIED)),
  'a digest with a stop': digestOnAir,
} as const satisfies Record<string, () => readonly BurstCall[]>;

export type BurstName = keyof typeof CALLS;

export const BURST_NAMES = Object.keys(CALLS) as readonly BurstName[];

/** The calls of a burst, each through the whole chain from its record. */
export const burstOf = (name: BurstName): readonly Notification[] =>
  CALLS[name]().map(({ at, by, operation, request, more }, index) =>
    notificationOf({
      eventName: operation,
      eventTime: new Date(KICK_OFF_MS + Math.floor(at) * 1000).toISOString(),
      eventID: `987abc65-1a2b-4c4d-9d6e-${String(index).padStart(12, '0')}`,
      userIdentity: by,
      requestParameters: request,
      recipientAccountId: ACCOUNT,
      ...more,
    }),
  );
