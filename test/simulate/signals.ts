import { routeEnvelopeText } from '../../shared/call/api-call-event.ts';
import type { SignalSettings } from '../../shared/notification/notification.ts';
import { ACCOUNT, REGION } from '../builders.ts';
import type { Chance } from './chance.ts';
import { type Arrival, flowArn } from './workload.ts';

/** Something that MediaConnect says of a flow, or of its source. */
export interface Fact {
  readonly id: string;
  readonly flow: string;
  readonly what: 'flow' | 'source';
  readonly state: string;
  readonly previous: string;
  /** Whole seconds. */
  readonly atMs: number;
}

/** An event of MediaConnect's own on its way into the queue. */
export interface SignalArrival {
  readonly atMs: number;
  readonly fact: Fact;
  readonly body: string;
}

/** How much is said in the deployment of a seed; `undefined`: nothing. */
export const signalsOf = (chance: Chance): SignalSettings | undefined =>
  chance.pick([
    undefined,
    { outcomes: { say: 'trouble' }, health: { say: 'off' } },
    { outcomes: { say: 'trouble' }, health: { say: 'trouble' } },
    { outcomes: { say: 'all' }, health: { say: 'all', channel: 'ops' } },
  ] satisfies readonly [SignalSettings | undefined, ...(SignalSettings | undefined)[]]);

const LOST = 0.05;
const TWICE = 0.05;
const LATE = 0.03;
const FAILS = 0.06;

const SECOND_MS = 1000;

/** Flows that nobody calls for, each with a source. */
const UNTOUCHED_FLOWS = ['Idle-1', 'Idle-2', 'Idle-3'] as const;
const LOSSES_A_DAY = 6;

const bodyOf = ({ id, flow, what, state, previous, atMs }: Fact, ingestedMs: number): string => {
  const arn = flowArn(flow);
  const isFlow = what === 'flow';
  const source = arn.replace(':flow:', ':source:').replace(/[^:]+$/, 'cam');
  const event = {
    version: '0',
    id,
    'detail-type': `MediaConnect ${isFlow ? 'Flow Status Change' : 'Source Health'}`,
    source: 'aws.mediaconnect',
    account: ACCOUNT,
    time: new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: isFlow ? [arn] : [arn, source],
    detail: isFlow
      ? { currentStatus: state, previousStatus: previous }
      : { current: { state }, previous: { state: previous } },
  };
  return routeEnvelopeText({ rule: '_signal', channel: 'default', ingestedAtMs: ingestedMs }, event);
};

/** Makes up what MediaConnect says of the calls of a day, and of flows that nobody calls for. */
export function createSignalWorkload(chance: Chance) {
  let ids = 0;

  const fact = (flow: string, what: Fact['what'], state: string, previous: string, atMs: number): Fact => {
    ids += 1;
    return {
      id: `5e00${String(ids).padStart(4, '0')}-aaaa-4000-8000-000000000000`,
      flow,
      what,
      state,
      previous,
      atMs: Math.floor(atMs / SECOND_MS) * SECOND_MS,
    };
  };

  /** Lost at times, late at times, twice at times, and in any order. */
  function delivered(one: Fact): readonly SignalArrival[] {
    if (chance.is(LOST)) return [];
    const arrival = (): SignalArrival => {
      const atMs = one.atMs + (chance.is(LATE) ? chance.between(5000, 90_000) : chance.between(300, 2500));
      return { atMs, fact: one, body: bodyOf(one, atMs) };
    };
    return chance.is(TWICE) ? [arrival(), arrival()] : [arrival()];
  }

  function factsOfCall({ flow, operation, calledMs }: Arrival['call']): readonly Fact[] {
    const secondsLater = (least: number, most: number): number => calledMs + chance.between(least, most) * SECOND_MS;
    if (operation === 'StopFlow') {
      return [
        fact(flow, 'flow', 'STOPPING', 'ACTIVE', calledMs),
        fact(flow, 'flow', 'STANDBY', 'STOPPING', secondsLater(1, 40)),
      ];
    }
    const starting = fact(flow, 'flow', 'STARTING', 'STANDBY', calledMs);
    if (!chance.is(FAILS)) return [starting, fact(flow, 'flow', 'ACTIVE', 'STARTING', secondsLater(1, 60))];
    const failed = fact(flow, 'flow', 'ERROR', 'STARTING', secondsLater(2, 100));
    return [starting, failed, fact(flow, 'flow', 'ACTIVE', 'ERROR', failed.atMs + chance.between(5, 400) * SECOND_MS)];
  }

  function losses(dayMs: number, untilMs: number): readonly Fact[] {
    return Array.from({ length: LOSSES_A_DAY }, () => {
      const flow = chance.pick(UNTOUCHED_FLOWS);
      const lostMs = chance.between(dayMs, untilMs);
      const lost = fact(flow, 'source', 'DISCONNECTED', 'CONNECTED', lostMs);
      return [lost, fact(flow, 'source', 'CONNECTED', 'DISCONNECTED', lost.atMs + chance.between(2, 600) * SECOND_MS)];
    }).flat();
  }

  return {
    /** What is said of the calls of a day, by the records that arrive of them, and of what nobody called for. */
    arrivalsOfDay(dayMs: number, endMs: number, calls: readonly Arrival[]): readonly SignalArrival[] {
      const called = new Map(
        calls
          .filter(({ call }) => call.operation === 'StartFlow' || call.operation === 'StopFlow')
          .map(({ call }) => [call.number, call] as const),
      );
      const untilMs = Math.min(dayMs + 23 * 3_600_000, endMs - 1);
      const facts = [...[...called.values()].flatMap(factsOfCall), ...losses(dayMs, untilMs)];
      return facts.flatMap(delivered).filter(({ atMs }) => atMs < endMs);
    },
  };
}

export type SignalWorkload = ReturnType<typeof createSignalWorkload>;

/** A record that is no call: one of MediaConnect's own events, or what the functions put into their queue of these. */
export const isAside = (body: string): boolean =>
  /^\{"(?:check|late|saying)":/.test(body) || body.includes('"rule":"_signal"');

/** Keys of the ledger under which something is said that is no call. */
export const isKeyOfSaying = (key: string): boolean =>
  /^notified#(?:state|trouble|silence|untouched|correction|end|news)#/.test(key);
