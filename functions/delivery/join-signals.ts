import { type DeliveryResult, keyOf, notifiedKey } from '../../shared/delivery/settle.ts';
import {
  givenNameOf,
  type NameOf,
  type Notification,
  type SignalSettings,
} from '../../shared/notification/notification.ts';
import {
  type CardOutcome,
  isMoreThanShown,
  type Joined,
  joinCall,
  joinCheck,
  joinEvent,
  joinLateCall,
  joinUnshown,
  type OutcomeLevels,
  type UnshownCard,
} from '../../shared/outcome/join.ts';
import { notOnAirYet, withOutcome } from '../../shared/outcome/outcome-words.ts';
import {
  type ArrivingCall,
  arrivingCall,
  dueRecords,
  type KnownState,
  lateRecord,
  type OutcomeCheck,
  REMEMBERED_MS,
  rootArnOf,
  type SignalMemory,
  TROUBLE_REMEMBERED_MS,
} from '../../shared/outcome/signal-memory.ts';
import { downBefore, signOf } from '../../shared/outcome/trouble.ts';
import type { NotifyingDependencies, SignalItem, UnsentRecord } from '../ports.ts';
import type { SignalRecord } from './records.ts';

/**
 * Events of one flow come several at once, and each invocation that has one writes the same item. With each try one of
 * them gets through, so that this is more than there are invocations.
 */
const MOST_TRIES = 20;
/** A maker that is alive has sent its records by then; after that they are anybody's to send. */
const STILL_SENDING_MS = 15_000;
/**
 * So many things are seen to at once: a burst of calls shall not crowd out the claims and marks, which the same table
 * answers and which keep a call from being reported twice.
 */
const AT_ONCE = 10;
/** What could not be joined, or sent, is tried again when nobody is about to send it any more. */
const RETRIED_AFTER_MS = 20_000;
/** By then everything has been tried again that could not be joined when something else could not. */
const ALL_RETRIED_AFTER_MS = RETRIED_AFTER_MS + 5000;

/**
 * So long a call is held up for what came of it, from when it was received; then it is reported without that, and a line
 * says the rest. To know it takes one request to the ledger, which is some milliseconds, and some hundreds where the
 * connection is new. Longer than a post's slot lasts would cost the next one, too.
 */
const MOST_PATIENCE_MS = 1000;

/** One that something else was written before, again and again. */
class CrowdedError extends Error {
  override readonly name = 'CrowdedError';
}

/** What is to be said is still remembered, and sent by whoever joins something next. */
class UnsentError extends Error {
  override readonly name = 'UnsentError';
}

type Join = (memory: SignalMemory) => Joined;

/**
 * What arrives together is joined in this order, and each kind in order of time, whatever came first: a card says what is
 * known when it is made, and whoever looks whether something was said has heard all that there is.
 */
const ORDER = { event: 0, call: 1, check: 2 } as const;

/** A call that is being joined, and until when it is held up for that. */
interface Joining {
  /** Ends when it is known what came of it, which takes one request to the ledger, or cannot be. */
  readonly known: Promise<void>;
  /** Whether it is remembered, and the queue has what there is to say and to look at. */
  readonly done: Promise<boolean>;
  readonly untilMs: number;
}

/** What something is about, and when it happened. */
interface Place {
  readonly order: keyof typeof ORDER;
  readonly rootArn: string;
  readonly atMs: number;
}

interface Arrival {
  readonly place: Place;
  /** Of a call. */
  readonly key?: string;
  readonly join: Join;
  /** Called as soon as it is known, and again where somebody else wrote meanwhile. */
  readonly onKnown?: (joined: Joined) => void;
  /** Called as soon as it is remembered. */
  readonly onJoined?: (joined: Joined) => void;
  /** Resolved when the queue has what there is to say, too. */
  readonly done: PromiseWithResolvers<void>;
}

type Joinable = Exclude<SignalRecord['content'], { kind: 'saying' }>;

/** Joins calls with MediaConnect's own events, in one invocation. */
export interface Signals {
  /** A call was received. It is remembered at once, whether or not it can be posted. Never throws. */
  take(notification: Notification): void;
  /** Until it is known what came of these calls, as far as it can be known, and not for long. Never throws. */
  ready(notifications: readonly Notification[]): Promise<void>;
  /**
   * The call with what came of it, to be rendered: what is known only later is said in a line of its own, unless the call
   * is taken again.
   */
  withOutcome(notification: Notification): Notification;
  /** The call's card is out: what is not remembered of it is tried again later. Never throws. */
  reported(notification: Notification): void;
  /** Under which what came of a call was said, now that it is reported, as far as it is not to be said again. */
  keysOfOutcome(notification: Notification): readonly string[];
  /**
   * Remembers an event, or looks at what was asked for; what there is to say goes into the queue. With how often the
   * record was handed out. Never throws.
   */
  join(content: Joinable, receiveCount: number): Promise<DeliveryResult>;
  /** Until nothing is under way any more. Never throws. */
  finish(): Promise<void>;
}

/** What the invocations of a process know one from the other: when something of an ARN could last not be joined. */
export type FailedJoins = Map<string, number>;

export interface SignalsOptions
  extends Pick<NotifyingDependencies, 'ledger' | 'queue' | 'telemetry' | 'now' | 'wait' | 'settings'> {
  readonly failed: FailedJoins;
}

function placeOf(content: Joinable): Place {
  switch (content.kind) {
    case 'event':
      return { order: 'event', rootArn: content.event.root.arn, atMs: content.event.atMs };
    case 'late':
      return { order: 'call', rootArn: content.late.rootArn, atMs: content.late.call.calledAtMs };
    case 'check':
      return { order: 'check', rootArn: content.check.rootArn, atMs: content.check.dueAtMs };
  }
}

const inOrder = (arrivals: readonly Arrival[]): readonly Arrival[] =>
  arrivals.toSorted(
    (one, other) => ORDER[one.place.order] - ORDER[other.place.order] || one.place.atMs - other.place.atMs,
  );

/**
 * When what could not be joined is tried again; `undefined`: when the clock says. After as long as a call is remembered
 * it could be said of none, but an end keeps the last word from being that something is lost.
 */
function triedAgainAt(content: Joinable, atMs: number, nowMs: number): number | undefined | 'never' {
  if (nowMs - atMs <= REMEMBERED_MS) return nowMs + RETRIED_AFTER_MS;
  const isEnd =
    content.kind === 'event'
      ? signOf(content.event)?.isOn === false
      : content.kind === 'check' && content.check.kind === 'end';
  return isEnd && nowMs - atMs <= TROUBLE_REMEMBERED_MS ? undefined : 'never';
}

/** What a card that is out has said. */
const shownOf = (card: CardOutcome | undefined): ArrivingCall['shown'] =>
  card && {
    state: card.state && { eventId: card.state.eventId },
    troubles: card.troubles.map(({ id }) => ({ id })),
  };

/** Joins what arrived, one after the other. */
function joinAll(memory: SignalMemory, arrivals: readonly Arrival[]): { memory: SignalMemory; all: readonly Joined[] } {
  let known = memory;
  const all = arrivals.map(({ join, onKnown }) => {
    const joined = join(known);
    known = joined.memory;
    onKnown?.(joined);
    return joined;
  });
  return { memory: known, all };
}

/** What was not touched is the same object still, and only the rest is compared as it would be written. */
const areSame = (some: readonly object[], others: readonly object[]): boolean =>
  some.length === others.length &&
  some.every((one, index) => one === others[index] || JSON.stringify(one) === JSON.stringify(others[index]));

const isSame = (one: SignalMemory, other: SignalMemory): boolean =>
  areSame(one.states, other.states) && areSame(one.calls, other.calls) && areSame(one.troubles, other.troubles);

function setOrDelete<Value>(map: Map<string, Value>, key: string, value: Value | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** Begins work in its order, so much of it at once. */
function createTurns(atOnce: number): (work: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

/** Joins nothing, where nobody wants to know: events that wait in the queue since somebody did are dropped. */
const noSignals = ({ telemetry }: Pick<SignalsOptions, 'telemetry'>): Signals => ({
  take: () => undefined,
  ready: async () => undefined,
  withOutcome: (notification) => notification,
  reported: () => undefined,
  keysOfOutcome: () => [],
  join: async () => {
    telemetry.metric('SignalsDropped', 1);
    return { kind: 'dropped' };
  },
  finish: async () => undefined,
});

/**
 * What is remembered of one thing is one item, read, joined with what came, and written unless somebody else wrote it
 * meanwhile; then it is joined again with what is there. What is to be said stands in the item until the queue has it:
 * whatever dies in between, it is neither lost nor said of what turned out otherwise. It may be sent twice, and is said
 * once, since it is claimed like a call.
 */
export function createSignals({ settings, ...options }: SignalsOptions): Signals {
  const { signals } = settings;
  return signals === undefined ? noSignals(options) : createJoining(options, signals, givenNameOf(settings));
}

function createJoining(
  { ledger, queue, telemetry, now, wait, failed }: Omit<SignalsOptions, 'settings'>,
  signals: SignalSettings,
  nameOf: NameOf,
): Signals {
  const levels: OutcomeLevels = {
    outcomes: signals.outcomes.say,
    health: signals.health.say,
    outcomesChannel: signals.outcomes.channel,
  };
  /** By ARN, while somebody sees to it. */
  const arrived = new Map<string, Arrival[]>();
  const running = new Set<Promise<void>>();
  const inTurn = createTurns(AT_ONCE);
  const joining = new Map<string, Joining>();
  const cards = new Map<string, CardOutcome>();
  /** Of calls that add to a flow that is down, what was last said of that. */
  const downs = new Map<string, KnownState>();
  /** Calls whose card says what was known when it was made, and nothing that is found since. */
  const rendered = new Set<string>();
  /** By ARN, those whose card is still to be made. */
  const inHand = new Map<string, Map<string, Notification>>();
  /** Calls that are about to be joined, with all that arrives until then. */
  const waiting = new Set<string>();

  /** What the queue has is forgotten, unless somebody else wrote meanwhile: then it is sent once more, and said once. */
  async function send(rootArn: string, item: SignalItem, records: readonly UnsentRecord[]): Promise<void> {
    if (records.length === 0) return;
    const refused: readonly unknown[] = await queue.send(records);
    const unsent = item.unsent.filter((one) => refused.includes(one) || !records.includes(one));
    await ledger.writeSignals(rootArn, { ...item, unsent, version: item.version + 1 });
    if (refused.length > 0) throw new UnsentError(`the queue did not take ${refused.length} records`);
  }

  /** Remembers what arrived; the item as it is then, and the records to be sent. */
  async function remember(
    rootArn: string,
    arrivals: readonly Arrival[],
  ): Promise<{
    readonly item: SignalItem;
    readonly all: readonly Joined[];
    readonly records: readonly UnsentRecord[];
  }> {
    let found = await ledger.readSignals(rootArn);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const atMs = now();
      const { memory, all } = joinAll(found.memory, arrivals);
      const fresh = all.flatMap((joined) => dueRecords(joined, signals, atMs)).map((due) => ({ ...due, atMs }));
      const left = found.unsent.filter((one) => Math.abs(atMs - one.atMs) >= STILL_SENDING_MS);
      if (fresh.length === 0 && isSame(found.memory, memory)) return { item: found, all, records: left };
      const item = { memory, unsent: [...found.unsent, ...fresh], version: found.version + 1 };
      const other = await ledger.writeSignals(rootArn, item);
      if (other === undefined) return { item, all, records: [...left, ...fresh] };
      found = other;
    }
    throw new CrowdedError('others wrote what is remembered of it, again and again');
  }

  function noteFailure(rootArn: string): void {
    for (const [arn, atMs] of failed) if (now() - atMs >= ALL_RETRIED_AFTER_MS) failed.delete(arn);
    failed.set(rootArn, now());
  }

  async function joinTogether(rootArn: string, arrivals: readonly Arrival[]): Promise<void> {
    try {
      const { item, all, records } = await remember(rootArn, arrivals);
      for (const [index, joined] of all.entries()) arrivals[index]?.onJoined?.(joined);
      await send(rootArn, item, records);
      for (const { done } of arrivals) done.resolve();
    } catch (error) {
      noteFailure(rootArn);
      telemetry.metric('LedgerUnavailable', 1);
      telemetry.warn('what came of calls cannot be joined', { arrivals: arrivals.length, error });
      for (const { done } of arrivals) done.reject(error);
    }
  }

  /** Sees to one thing until nothing more arrives; what arrives together is one read and one write. */
  async function see(rootArn: string): Promise<void> {
    await Promise.resolve();
    for (;;) {
      const arrivals = arrived.get(rootArn) ?? [];
      arrived.set(rootArn, []);
      if (arrivals.length === 0) break;
      for (const { key = '' } of arrivals) waiting.delete(key);
      await joinTogether(rootArn, inOrder(arrivals));
    }
    arrived.delete(rootArn);
  }

  function arrive(arriving: Omit<Arrival, 'done'>): Promise<void> {
    const { rootArn } = arriving.place;
    const arrival: Arrival = { ...arriving, done: Promise.withResolvers() };
    const others = arrived.get(rootArn);
    if (others === undefined) {
      arrived.set(rootArn, [arrival]);
      const work = inTurn(() => see(rootArn)).finally(() => running.delete(work));
      running.add(work);
    } else others.push(arrival);
    return arrival.done.promise;
  }

  /** Where that fails, what was trouble is found by the look that was asked for with it. */
  function sayUnshown(unshown: UnshownCard): void {
    if (!isMoreThanShown(unshown)) return;
    const join: Join = (memory) => joinUnshown(memory, unshown, now(), levels);
    const place = { order: 'check', rootArn: unshown.rootArn, atMs: now() } as const;
    arrive({ place, join }).catch(() => undefined);
  }

  /**
   * The card says what is known before it is remembered: to write takes as long as to read. Where somebody else wrote in
   * between, what was found then is said in lines. Without the ledger the call is reported without what came of it.
   */
  function joinTaken(notification: Notification, { call, rootArn }: ArrivingCall): Joining {
    const { promise, resolve } = Promise.withResolvers<void>();
    const key = keyOf(notification);
    const { channel } = notification.route;
    const onKnown = ({ card, memory }: Joined): void => {
      if (!rendered.has(key)) {
        setOrDelete(cards, key, card);
        setOrDelete(downs, key, downBefore(memory, call, rootArn));
      }
      resolve();
    };
    const onJoined = ({ card }: Joined): void => {
      if (card !== undefined && rendered.has(key)) sayUnshown({ card, shown: cards.get(key), rootArn, channel });
    };
    const join: Join = (memory) => joinCall(memory, notification, now(), levels);
    const place = { order: 'call', rootArn, atMs: call.calledAtMs } as const;
    waiting.add(key);
    const done = arrive({ place, key, join, onKnown, onJoined }).then(
      () => true,
      () => false,
    );
    const known = Promise.race([promise, done.then(() => undefined)]);
    return { known, done, untilMs: now() + MOST_PATIENCE_MS };
  }

  /** An event that comes while a call is in hand is on its card, too. That does not hold the call up for longer. */
  function joinAgain(rootArn: string): void {
    for (const [key, notification] of inHand.get(rootArn) ?? []) {
      const arriving = arrivingCall(notification);
      const { untilMs } = joining.get(key) ?? {};
      if (arriving === undefined || untilMs === undefined || waiting.has(key)) continue;
      joining.set(key, { ...joinTaken(notification, arriving), untilMs });
    }
  }

  /** Later, since it is not remembered, or not all that was found with it is in the queue; then as often as an event. */
  async function joinLater(late: ArrivingCall): Promise<void> {
    const refused = await queue.send([lateRecord(late, now() + RETRIED_AFTER_MS)]);
    if (refused.length === 0) return;
    telemetry.metric('SignalsDropped', 1);
    telemetry.warn('a call is not remembered', { eventId: late.call.eventId });
  }

  /**
   * After an outage of ours what a look would find may wait in the queue to be joined: before anything is said, it is
   * looked at again when that has been tried.
   */
  function look(memory: SignalMemory, check: OutcomeCheck, receiveCount: number): Joined {
    const joined = joinCheck(memory, check, now(), levels);
    const isAfterOutage = receiveCount > 1 || now() - (failed.get(check.rootArn) ?? 0) < ALL_RETRIED_AFTER_MS;
    if (joined.say.length === 0 || !isAfterOutage) return joined;
    const later = { ...check, dueAtMs: now() + ALL_RETRIED_AFTER_MS };
    return { memory, card: undefined, say: [], checks: [later] };
  }

  function joined(memory: SignalMemory, content: Joinable, receiveCount: number): Joined {
    switch (content.kind) {
      case 'event':
        return joinEvent(memory, content.event, now(), levels);
      case 'late':
        return joinLateCall(memory, content.late, now(), levels);
      case 'check':
        return look(memory, content.check, receiveCount);
    }
  }

  return {
    take(notification) {
      const arriving = arrivingCall(notification);
      if (arriving === undefined) return;
      const key = keyOf(notification);
      // What comes again is rendered anew, by what is known then.
      rendered.delete(key);
      cards.delete(key);
      downs.delete(key);
      joining.set(key, joinTaken(notification, arriving));
      const { rootArn } = arriving;
      inHand.set(rootArn, (inHand.get(rootArn) ?? new Map<string, Notification>()).set(key, notification));
    },
    async ready(notifications) {
      const joins = notifications.flatMap((one) => joining.get(keyOf(one)) ?? []);
      // Since it was received, and not anew with each look at what is in hand.
      const patienceMs = Math.max(...joins.map(({ untilMs }) => untilMs)) - now();
      if (patienceMs > 0) await Promise.race([Promise.all(joins.map(({ known }) => known)), wait(patienceMs)]);
    },
    withOutcome(notification) {
      const key = keyOf(notification);
      rendered.add(key);
      inHand.get(rootArnOf(notification) ?? '')?.delete(key);
      const card = cards.get(key);
      const down = downs.get(key);
      const known = down === undefined ? notification : notOnAirYet(notification, down);
      return card === undefined ? known : withOutcome(known, card, nameOf);
    },
    reported(notification) {
      const key = keyOf(notification);
      const arriving = arrivingCall(notification);
      const taken = joining.get(key);
      if (arriving === undefined || taken === undefined) return;
      const work = taken.done
        .then((isDone) => (isDone ? undefined : joinLater({ ...arriving, shown: shownOf(cards.get(key)) })))
        .finally(() => running.delete(work));
      running.add(work);
    },
    keysOfOutcome: ({ outcome, route }) => (outcome?.keys ?? []).map((key) => notifiedKey(key, route.channel)),
    async join(content, receiveCount) {
      const place = placeOf(content);
      try {
        const done = arrive({ place, join: (memory) => joined(memory, content, receiveCount) });
        if (content.kind === 'event') joinAgain(place.rootArn);
        await done;
        return { kind: 'dropped' };
      } catch {
        const untilMs = triedAgainAt(content, place.atMs, now());
        if (untilMs !== 'never') return { kind: 'waiting', reason: 'what came of calls cannot be joined', untilMs };
        telemetry.metric('SignalsDropped', 1);
        return { kind: 'dropped' };
      }
    },
    async finish() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
