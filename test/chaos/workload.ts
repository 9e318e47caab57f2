import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE, EVENT_SOURCE } from '../../shared/call/api-call-event.ts';
import { type ChaosCall, chaosCall, queuedText } from './chaos-call.ts';
import { pick, type Random } from './seeded-random.ts';

const event = (detail: Readonly<Record<string, unknown>>) => ({
  source: EVENT_SOURCE,
  'detail-type': DETAIL_TYPE,
  detail: { eventSource: CLOUDTRAIL_EVENT_SOURCE, eventName: 'StopFlow', ...detail },
});

/** Texts that no function can make a call of. Each holds its mark, by which it is found again. */
const SHAPES: readonly [(mark: string) => string, ...((mark: string) => string)[]] = [
  (mark) => `not JSON at all: ${mark}`,
  (mark) => `{"rule":"changes","channel":"default","event":{"detail":{"eventID":"${mark}"`,
  (mark) => JSON.stringify([mark]),
  (mark) => JSON.stringify({ rule: 'changes', channel: 'default', event: null, mark }),
  (mark) => JSON.stringify({ rule: 'changes', event: event({ eventID: mark }) }),
  (mark) => JSON.stringify({ rule: 'changes', channel: 'default', event: event({ eventID: mark, eventName: '' }) }),
  (mark) => JSON.stringify({ rule: 'changes', channel: 'default', event: { ...event({ mark }), source: 'aws.s3' } }),
  (mark) => `\u2028☠ "${mark}" \\ </script>`,
];

/** A record's text that is no call. */
const malformedText = (number: number, random: Random): string => pick(random, SHAPES)(`malformed-${number}`);

/** One thing to put into the pipeline, whose `number` is expected to come to an end, however often it is put. */
export type Delivery =
  | { readonly kind: 'bus'; readonly call: ChaosCall }
  | { readonly kind: 'queue'; readonly number: number; readonly queue: 'immediate' | 'digest'; readonly body: string };

/** Deliveries that come at once, and the pause after them. */
export interface Burst {
  readonly deliveries: readonly Delivery[];
  readonly pauseMs: number;
}

/** What is put into the pipeline. */
export interface Workload {
  readonly bursts: Iterable<Burst>;
  /** Calls by number that are put in; filled as the bursts are taken. */
  readonly calls: Map<number, ChaosCall>;
  /** Texts of records that are no calls, with their numbers. */
  readonly malformed: Map<string, number>;
}

export interface WorkloadOptions {
  readonly events: number;
  readonly random: Random;
  readonly nowMs: () => number;
}

const DUPLICATES = 0.05;
const MALFORMED = 0.01;
/** Malformed records that gather for the digest, of all of them. */
const MALFORMED_IN_DIGEST = 0.1;
/** A lone call, somebody at work, a deployment, a script that went wild. */
const BURST_SIZES = [1, 1, 5, 20, 100, 400] as const;
/** A machine takes about so long for one event; the pauses leave it room for the rest. */
const PAUSE_PER_EVENT_MS = 6;

/** Makes up the events of a run as they are taken: the same for the same random numbers. */
export function createWorkload({ events, random, nowMs }: WorkloadOptions): Workload {
  const calls = new Map<number, ChaosCall>();
  const malformed = new Map<string, number>();

  function malformedRecord(number: number): Delivery {
    const body = malformedText(number, random);
    malformed.set(body, number);
    return { kind: 'queue', number, queue: random() < MALFORMED_IN_DIGEST ? 'digest' : 'immediate', body };
  }

  function deliveriesOf(number: number): readonly [Delivery, ...Delivery[]] {
    if (random() < MALFORMED) return [malformedRecord(number)];
    const call = chaosCall(number, nowMs(), random);
    calls.set(number, call);
    const once: Delivery = { kind: 'bus', call };
    const again: Delivery = { kind: 'queue', number, queue: call.route.queue, body: queuedText(call) };
    return [once, ...(random() < DUPLICATES ? [once] : []), ...(random() < DUPLICATES ? [again] : [])];
  }

  /** What comes twice comes at once or after a while, so that it meets the first one in every state. */
  function burstFrom(first: number, size: number, late: readonly Delivery[]): { now: Delivery[]; late: Delivery[] } {
    const burst: { now: Delivery[]; late: Delivery[] } = { now: [...late], late: [] };
    for (let number = first; number < first + size; number += 1) {
      const [once, ...again] = deliveriesOf(number);
      burst.now.push(once);
      for (const one of again) (random() < 0.5 ? burst.now : burst.late).push(one);
    }
    return burst;
  }

  function* bursts(): Generator<Burst> {
    let late: readonly Delivery[] = [];
    for (let number = 0; number < events; ) {
      const size = Math.min(pick(random, BURST_SIZES), events - number);
      const burst = burstFrom(number, size, late);
      yield { deliveries: burst.now, pauseMs: size * PAUSE_PER_EVENT_MS * 2 * random() };
      number += size;
      late = burst.late;
    }
    yield { deliveries: late, pauseMs: 0 };
  }

  return { bursts: bursts(), calls, malformed };
}
