import type { BusEvent } from '../../local/aws/event-bus.ts';
import { type SampleCall, sampleArn, sampleEvent } from '../../local/sample-day/sample-call.ts';
import { routeEnvelopeText } from '../../shared/call/api-call-event.ts';
import { markedEventId, markedName } from './marked-name.ts';
import { pick, type Random } from './seeded-random.ts';

/** Where the rules of `CHAOS_CONTEXT` send a call. */
export interface ChaosRoute {
  readonly rule: 'changes' | 'denied' | 'reads';
  readonly channel: 'default' | 'watch';
  readonly queue: 'immediate' | 'digest';
}

/** A call of a run, and how it must travel. */
export interface ChaosCall {
  readonly number: number;
  readonly route: ChaosRoute;
  readonly event: BusEvent;
}

/** Two channels, so that the trouble of one can be seen not to be the other's, and a digest every minute. */
export const CHAOS_CONTEXT: Readonly<Record<string, unknown>> = {
  'notifier:channels': { watch: {} },
  // So often that a digest has room for the names of most who called.
  'notifier:digestMinutes': 1,
  'notifier:rules': {
    changes: { access: 'mutating', outcome: ['succeeded', 'failed'] },
    denied: { outcome: ['denied'], channel: 'watch' },
    reads: { access: 'read-only', outcome: ['succeeded', 'failed'], delivery: 'digest' },
  },
};

const CHANGES: ChaosRoute = { rule: 'changes', channel: 'default', queue: 'immediate' };
const DENIED: ChaosRoute = { rule: 'denied', channel: 'watch', queue: 'immediate' };
const READS: ChaosRoute = { rule: 'reads', channel: 'default', queue: 'digest' };

const PEOPLE = ['jane', 'omar', 'terraform', 'medialive', 'root'] as const;
/** Flows that many calls have in common, so that there is something to group. */
const SHARED_FLOWS = 30;

/** The calls of a digest are named by who made them: it says who called how often, and not what. */
const userOf = (number: number) => ({
  type: 'IAMUser',
  principalId: `AIDAEXAMPLE${number}`,
  arn: `arn:aws:iam::111122223333:user/${markedName(number)}`,
  accountId: '111122223333',
  userName: markedName(number),
});

const idOf = (number: number): string => `1-${String(number).padStart(16, '0')}-${String(number).padStart(12, '0')}`;
const flowArn = (number: number): string => sampleArn('flow', idOf(number), markedName(number));

type Shape = Omit<SampleCall, 'by'>;
type MakeShape = (number: number, random: Random) => Shape;

const ownFlow =
  (operation: string, more: Partial<Shape> = {}): MakeShape =>
  (number) => ({
    operation,
    parameters: { flowArn: encodeURIComponent(flowArn(number)) },
    response: { flowArn: flowArn(number) },
    ...more,
  });

/** A call on a part of a flow that other calls are about too; the part has the name. */
const onSharedFlow =
  (operation: string, part: (number: number) => Readonly<Record<string, unknown>>): MakeShape =>
  (number, random) => {
    const shared = Math.floor(random() * SHARED_FLOWS);
    const arn = sampleArn('flow', idOf(shared), `Shared-${shared}`);
    return { operation, parameters: { flowArn: encodeURIComponent(arn), ...part(number) }, response: { flowArn: arn } };
  };

const DENIAL = { error: { code: 'AccessDeniedException', message: 'User is not authorized to perform this' } };
const FAILURE = { error: { code: 'BadRequestException', message: 'The flow is not in a state that allows this.' } };

interface Kind {
  readonly weight: number;
  readonly route: ChaosRoute;
  readonly shape: MakeShape;
}

/** What is called how often: calls that must be listed by name, calls that may be counted, reads for the digest. */
const KINDS: readonly [Kind, ...Kind[]] = [
  { weight: 20, route: CHANGES, shape: ownFlow('StopFlow') },
  { weight: 20, route: CHANGES, shape: ownFlow('StartFlow') },
  {
    weight: 15,
    route: CHANGES,
    shape: onSharedFlow('RemoveFlowOutput', (number) => ({
      outputArn: encodeURIComponent(sampleArn('output', idOf(number), markedName(number))),
    })),
  },
  { weight: 12, route: CHANGES, shape: ownFlow('UpdateFlow') },
  {
    weight: 12,
    route: CHANGES,
    shape: onSharedFlow('GrantFlowEntitlements', (number) => ({ entitlements: [{ name: markedName(number) }] })),
  },
  { weight: 5, route: CHANGES, shape: ownFlow('UpdateFlow', FAILURE) },
  { weight: 6, route: DENIED, shape: ownFlow('DeleteFlow', DENIAL) },
  { weight: 10, route: READS, shape: ownFlow('DescribeFlow') },
];

const WEIGHTS = KINDS.reduce((sum, { weight }) => sum + weight, 0);

function pickKind(random: Random): Kind {
  let left = random() * WEIGHTS;
  return (
    KINDS.find(({ weight }) => {
      left -= weight;
      return left < 0;
    }) ?? KINDS[0]
  );
}

/** Makes up call number so-and-so. */
export function chaosCall(number: number, nowMs: number, random: Random): ChaosCall {
  const { route, shape } = pickKind(random);
  const call: SampleCall = { by: pick(random, PEOPLE), ...shape(number, random) };
  const event = sampleEvent(call, nowMs, () => markedEventId(number));
  if (route.queue === 'immediate') return { number, route, event };
  const detail = { ...(event.detail as Readonly<Record<string, unknown>>), userIdentity: userOf(number) };
  return { number, route, event: { ...event, detail } };
}

/** The text that the rule's target puts into the queue for a call. */
export const queuedText = ({ route: { rule, channel }, event }: ChaosCall): string =>
  routeEnvelopeText({ rule, channel, ingestedAtMs: Date.parse(String(event.time)) }, event);

/** Whether MediaConnect says what comes of such a call: of starts and stops that are done. */
export const isPromised = ({ route, event: { detail } }: ChaosCall): boolean =>
  route.rule === 'changes' && /"eventName":"St(?:art|op)Flow"/.test(JSON.stringify(detail));
