import { routeEnvelopeText } from '../../shared/call/api-call-event.ts';
import { ACCOUNT, anEvent, assumedRole, REGION } from '../builders.ts';
import type { Chance } from './chance.ts';
import { type Climate, DAY_MS } from './trouble.ts';

export type QueueName = 'immediate' | 'digest';

/** Where a rule sends a call. */
export interface Route {
  readonly rule: string;
  readonly channel: string;
  readonly queue: QueueName;
}

/** A call, or an invalid record. */
export interface Call {
  /** Its mark: whatever names this number reports this call. */
  readonly number: number;
  readonly operation: string;
  readonly flow: string;
  readonly calledMs: number;
  /** Slack refuses whatever names it, or only its blocks. */
  readonly refusal: 'always' | 'its blocks' | undefined;
  readonly isMalformed: boolean;
  /** Whether its program makes many such calls: then its mark is in no message, and it may be only counted. */
  readonly isByRobot: boolean;
}

/** A record on its way into a queue. */
export interface Arrival {
  readonly atMs: number;
  readonly call: Call;
  readonly route: Route;
  readonly body: string;
}

/** What is deployed, and how busy it is. */
export interface Setup {
  /** Channel → place of its webhook in the secret; several may share one. */
  readonly webhookOf: Readonly<Record<string, number>>;
  /** Whether the secret is one URL for all channels. */
  readonly isOneUrl: boolean;
  readonly windowSeconds: number;
  readonly mostCallsADay: number;
}

export const CHANNELS = ['default', 'ops'] as const;

/** A rule says in its name where it sends to, so that a message that names the rule says so too. */
const route = (name: string, channel: string, queue: QueueName): Route => ({
  rule: `${name}-to-${channel}`,
  channel,
  queue,
});
const CHANGES = route('changes', 'default', 'immediate');
const DENIED = route('denied', 'ops', 'immediate');
const WATCH = route('watch', 'ops', 'immediate');
const READS = route('reads', 'default', 'digest');
/** Matches calls that `changes` sends out at once. */
const AUDIT = route('audit', 'default', 'digest');

const RULES = /\b[a-z]+-to-(default|ops)\b/g;

/** The channels that the rules which a text names send to. */
export const channelsIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(RULES)].map(([, channel = '']) => channel));

/** The deployment of a seed. */
export function setupOf(chance: Chance, mostCallsADay: number): Setup {
  return {
    ...chance.pick([
      { webhookOf: { default: 0, ops: 0 }, isOneUrl: true as boolean },
      { webhookOf: { default: 0, ops: 1 }, isOneUrl: false },
      { webhookOf: { default: 0, ops: 1 }, isOneUrl: false },
      { webhookOf: { default: 0, ops: 0 }, isOneUrl: false },
    ]),
    windowSeconds: chance.pick([0, 0, 0, 1, 1, 5]),
    mostCallsADay,
  };
}

/** Short enough to stand unshortened in the densest message, and found in it by `numbersIn`. */
const mark = (number: number): string => `k${String(number).padStart(5, '0')}k`;
const MARK = /k(\d{5,})k/g;

/** The calls that a text names. */
export const numbersIn = (text: string): ReadonlySet<number> =>
  new Set([...text.matchAll(MARK)].map(([, digits]) => Number(digits)));

const EVENT_ID = '00000000-0000-4000-8000-';
const eventIdOf = (number: number): string => `${EVENT_ID}${String(number).padStart(12, '0')}`;
const EVENT_IDS = new RegExp(`${EVENT_ID}(\\d{12})|malformed-(\\d+)`);

/** The call that a record, or a key of the ledger, is about. */
export function numberOf(text: string): number | undefined {
  const [, id, malformed] = EVENT_IDS.exec(text) ?? [];
  const digits = id ?? malformed;
  return digits === undefined ? undefined : Number(digits);
}

export const flowArn = (name: string): string =>
  `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:flow:1-AbCdEfGhIjKlMnOp-0123456789ab:${name}`;

const SHARED_FLOWS = ['Show-1', 'Show-2', 'Show-3', 'Show-4'] as const;
/** Programs that many calls have in common, so that there is something to count. */
const ROBOTS: readonly string[] = ['terraform', 'monitoring'];

interface Shape {
  readonly operation: string;
  readonly flow: string;
  readonly who: string;
  readonly routes: readonly Route[];
  readonly readOnly?: boolean;
  readonly detail?: Readonly<Record<string, unknown>>;
}

type MakeShape = (chance: Chance, ownName: string, twoRules: number) => Shape;

const DENIAL = { errorCode: 'AccessDeniedException', errorMessage: 'User is not authorized to perform this' };
const FAILURE = { errorCode: 'BadRequestException', errorMessage: 'The flow is not in a state that allows this.' };

const startOrStop = (chance: Chance): string => chance.pick(['StartFlow', 'StopFlow']);
/** Some calls are matched by a second rule: to another channel, or to the digest of the same. */
const routesOf = (chance: Chance, twoRules: number): readonly Route[] =>
  chance.is(twoRules) ? [CHANGES, chance.pick([WATCH, AUDIT])] : [CHANGES];

const SHAPES: readonly (readonly [weight: number, make: MakeShape])[] = [
  [
    30,
    (chance, own, twoRules) => ({
      operation: startOrStop(chance),
      flow: own,
      who: own,
      routes: routesOf(chance, twoRules),
    }),
  ],
  [
    25,
    (chance, own, twoRules) => ({
      operation: startOrStop(chance),
      flow: chance.pick(SHARED_FLOWS),
      who: own,
      routes: routesOf(chance, twoRules),
    }),
  ],
  [
    10,
    (chance, own, twoRules) => ({
      operation: 'UpdateFlow',
      flow: own,
      who: own,
      routes: routesOf(chance, twoRules),
    }),
  ],
  [4, (chance) => ({ operation: 'UpdateFlow', flow: chance.pick(SHARED_FLOWS), who: 'terraform', routes: [CHANGES] })],
  [5, (_, own) => ({ operation: 'DeleteFlow', flow: own, who: own, routes: [DENIED], detail: DENIAL })],
  [3, (_, own) => ({ operation: 'UpdateFlow', flow: own, who: own, routes: [CHANGES], detail: FAILURE })],
  [18, (_, own) => ({ operation: 'DescribeFlow', flow: own, who: own, routes: [READS], readOnly: true })],
  [
    4,
    (chance) => ({
      operation: 'DescribeFlow',
      flow: chance.pick(SHARED_FLOWS),
      who: 'monitoring',
      routes: [READS],
      readOnly: true,
    }),
  ],
];

const second = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

function eventOf(number: number, { operation, flow, who, readOnly = false, detail = {} }: Shape, calledMs: number) {
  const arn = flowArn(flow);
  return anEvent({
    id: eventIdOf(number).replace(/^0/, '5'),
    time: second(calledMs),
    detail: {
      eventID: eventIdOf(number),
      eventTime: second(calledMs),
      eventName: operation,
      userIdentity: assumedRole('Operators', who),
      requestParameters: { flowArn: encodeURIComponent(arn) },
      responseElements: readOnly || 'errorCode' in detail ? null : { flowArn: arn },
      readOnly,
      ...detail,
    },
  });
}

const bodyOf = (event: object, { rule, channel }: Route, ingestedMs: number): string =>
  routeEnvelopeText({ rule, channel, ingestedAtMs: ingestedMs }, event);

const MALFORMED: readonly [(number: number) => string, ...((number: number) => string)[]] = [
  (number) => `not JSON at all: malformed-${number}`,
  (number) => JSON.stringify([`malformed-${number}`]),
  (number) => JSON.stringify({ rule: 'changes', channel: 'default', event: null, note: `malformed-${number}` }),
  (number) => `{"rule":"changes","channel":"default","event":{"detail":{"eventID":"malformed-${number}"`,
  (number) => `☠ "malformed-${number}" \\ </script>`,
];

export interface DayOfCalls {
  readonly dayMs: number;
  /** Moments around which much is called. */
  readonly busyMs: readonly number[];
  /** Moments of a storm: one call at each, none of which Slack refuses. */
  readonly stormMs: readonly number[];
  /** Nothing comes later. */
  readonly endMs: number;
}

/** Makes up the calls of a run, one day after another. */
export interface Workload {
  /** The records of a day, each on its way to its queue. */
  readonly arrivalsOfDay: (day: DayOfCalls) => readonly Arrival[];
}

const LATE = 0.02;

interface Moment {
  readonly atMs: number;
  readonly isInStorm: boolean;
}

export function createWorkload(chance: Chance, setup: Setup, climate: () => Climate): Workload {
  let numbers = 0;
  /** The latest call on each shared flow: they follow one another by a second at least, so their order is known. */
  const latestMs = new Map<string, number>();

  function calledAt(flow: string, ms: number): number {
    const afterMs = (latestMs.get(flow) ?? 0) + 1000;
    const calledMs = Math.max(Math.floor(ms / 1000) * 1000, afterMs);
    latestMs.set(flow, calledMs);
    return calledMs;
  }

  function malformed(atMs: number): readonly Arrival[] {
    numbers += 1;
    const call: Call = {
      number: numbers,
      operation: '',
      flow: '',
      calledMs: atMs,
      refusal: undefined,
      isMalformed: true,
      isByRobot: false,
    };
    return [{ atMs, call, route: chance.pick([CHANGES, READS]), body: chance.pick(MALFORMED)(call.number) }];
  }

  /** One record, and at times the same once more. */
  function delivered(call: Call, shape: Shape, route: Route): readonly Arrival[] {
    const ingestedMs = call.calledMs + (chance.is(LATE) ? chance.between(10, 900) * 1000 : chance.between(800, 6000));
    const event = eventOf(call.number, shape, call.calledMs);
    const first = { atMs: ingestedMs + chance.between(50, 900), call, route, body: bodyOf(event, route, ingestedMs) };
    const arrivals: Arrival[] = [first];
    const { twice } = climate();
    // EventBridge runs the rule again.
    if (chance.is(twice / 2)) arrivals.push({ ...first, atMs: first.atMs + chance.around(2000) });
    // CloudTrail delivers again.
    if (chance.is(twice / 2)) {
      const againMs = ingestedMs + chance.around(60_000);
      arrivals.push({ ...first, atMs: againMs, body: bodyOf(event, route, againMs) });
    }
    // Somebody replays the archive.
    if (chance.is(twice / 4)) arrivals.push({ ...first, atMs: first.atMs + chance.between(1, 20) * 3_600_000 });
    return arrivals;
  }

  function refusal(): Call['refusal'] {
    return chance.pickWeighted([
      [990, undefined],
      [5, 'always'],
      [5, 'its blocks'],
    ]);
  }

  function called({ atMs, isInStorm }: Moment): readonly Arrival[] {
    if (!isInStorm && chance.is(0.004)) return malformed(atMs);
    numbers += 1;
    const shape = chance.pickWeighted(SHAPES)(chance, mark(numbers), climate().twoRules);
    const call: Call = {
      number: numbers,
      operation: shape.operation,
      flow: shape.flow,
      calledMs: calledAt(shape.flow, atMs),
      refusal: isInStorm ? undefined : refusal(),
      isMalformed: false,
      isByRobot: ROBOTS.includes(shape.who),
    };
    return shape.routes.flatMap((route) => delivered(call, shape, route));
  }

  /** One moment, or those of a burst of at most so many calls. */
  function someMoments(aroundMs: number, most: number): readonly number[] {
    if (chance.is(0.75)) return [aroundMs];
    const spreadMs = chance.pick([2000, 20_000, 600_000]);
    return Array.from({ length: Math.min(chance.between(3, 60), most) }, () => aroundMs + chance.between(0, spreadMs));
  }

  /** When something is called: by ones and twos, in bursts, and around moments of trouble. */
  function momentsOfDay({ dayMs, busyMs, stormMs }: DayOfCalls): readonly Moment[] {
    const moments: number[] = [];
    const calls = chance.between(Math.ceil(setup.mostCallsADay / 4), setup.mostCallsADay);
    while (moments.length < calls) {
      const isBusy = busyMs.length > 0 && chance.is(climate().inTrouble);
      const aroundMs = isBusy ? chance.pick(busyMs as readonly [number]) : dayMs + chance.between(0, DAY_MS - 1);
      moments.push(...someMoments(aroundMs, calls - moments.length));
    }
    return [
      ...moments.map((atMs) => ({ atMs, isInStorm: false })),
      ...stormMs.map((atMs) => ({ atMs, isInStorm: true })),
    ].sort((one, other) => one.atMs - other.atMs);
  }

  return {
    arrivalsOfDay: (day) =>
      momentsOfDay(day)
        .flatMap(called)
        .filter(({ atMs }) => atMs < day.endMs),
  };
}
