import { type DeliveryResult, keyOf, type QueuedCall, type Waiting } from '../../shared/delivery/settle.ts';
import { type ChannelSettings, inOrderOfTime, type Notification } from '../../shared/notification/notification.ts';
import { planMessages } from '../../shared/slack/plan-messages.ts';
import type { Signals } from '../delivery/join-signals.ts';
import { BROKEN_OFF, createClaims, type Known, notifyCalls, readKnown } from '../delivery/notify-calls.ts';
import { joined } from '../delivery/records.ts';
import type { PostingDependencies } from '../ports.ts';
import type { DeliveryOptions, Turn, WebhookSender } from '../slack/deliver-message.ts';

/** Before its slot begins an invocation takes what waits, so that it can post when the slot begins. */
const DRAIN_AHEAD_MS = 100;
/**
 * A claim holds for as long as it may take to post what is in hand, and no longer: one that nobody remembers, because
 * the request came late or the process died, keeps others from reporting the call until then.
 */
const CLAIMED_FOR_MS = 45_000;
const CLAIMED_FOR_EACH_CALL_MS = 100;
/** How long somebody else's post may take, from its slot on, before one's own calls are handed over. */
const PATIENCE_MS = 700;
const BETWEEN_LOOKS_MS = 150;
const BETWEEN_GLANCES_MS = 250;

export interface LaneOptions extends Pick<PostingDependencies, 'ledger' | 'telemetry' | 'now' | 'wait' | 'newId'> {
  readonly webhookUrl: string;
  readonly delivery: DeliveryOptions & { readonly sender: WebhookSender };
  readonly channelSettings: (channel: string) => ChannelSettings;
  readonly known: Known;
  /** No claim holds longer: a little after the end of the invocation, since clocks differ. */
  readonly claimedUntilMs: number;
  /**
   * Takes what else waits in the queue, and gives each call to its lane. `thorough`: until nothing more comes; `glance`:
   * little is expected.
   */
  readonly drain: (how: 'thorough' | 'quick' | 'glance') => Promise<void>;
  /** What came of the calls. */
  readonly signals: Pick<Signals, 'ready' | 'withOutcome' | 'keysOfOutcome'>;
  /** Called with each call as soon as it has ended. */
  readonly onEnd: (call: QueuedCall, deliveryResult: DeliveryResult) => void;
}

/** The calls for one webhook in one invocation. */
export interface Lane {
  /** Takes a call in, also while the lane is being emptied. */
  add(call: QueuedCall): void;
  /** Whether there are calls that `run` has not begun with. */
  hasWork(): boolean;
  /** Reports what is there, until nothing more comes. Every call ends. Never throws. */
  run(): Promise<void>;
  /** Until when the invocation stays although it has handed its calls over, as long as somebody else has the turn. */
  standsByUntilMs(): number;
  /** Whether somebody has the turn, to take what was handed over. Never throws. */
  isInGoodHands(): Promise<boolean>;
}

/**
 * What is handed over is taken by the invocation that has the turn, before its next post. This one stays meanwhile, so
 * that its place in the function's concurrency does not take it again: what is in hand when that one looks, it misses.
 */
const STAY_IN_BURST_MS = 45_000;
const STAY_IN_TROUBLE_MS = 1000;

/** Whether somebody is called is decided when a message is posted, not when it is planned. */
const NO_MENTIONS: ChannelSettings = {};

/**
 * Empties a lane. After a quiet time the first call is posted at once, before anything else is looked at. While a burst
 * runs, one invocation at a time has the turn: before each of its posts it takes what waits in the queue by then, and
 * folds it; the others hand their calls over through the queue. After trouble it takes all there is first, so that the
 * first message reports the oldest.
 */
export function createLane(options: LaneOptions): Lane {
  const { webhookUrl, delivery, telemetry, known, now, wait, drain, onEnd, ledger, signals } = options;
  const { sender } = delivery;
  const owner = options.newId();
  /** In hand and not ended, by the key under which each is reported once. */
  const open = new Map<string, QueuedCall>();
  const delivered = new Map<string, DeliveryResult>();
  let unclaimed: string[] = [];
  let mine: Notification[] = [];
  /** Calls that came in while the next post was being prepared. */
  let arrived = 0;
  /** Whether calls came in behind the last post: then this invocation goes on, and nobody else needs to begin. */
  let isBurst = false;
  let standsByUntilMs = 0;
  /** Must be written before somebody else has the turn, who reads them. */
  const notes: Promise<unknown>[] = [];

  function end(notification: Notification, deliveryResult: DeliveryResult): void {
    const key = keyOf(notification);
    const call = open.get(key);
    if (call === undefined) return;
    open.delete(key);
    if (deliveryResult.kind === 'posted' || deliveryResult.kind === 'folded' || deliveryResult.kind === 'repeated') {
      claims.settle(notification);
      delivered.set(key, deliveryResult);
    }
    onEnd(call, deliveryResult);
  }

  function endAll(notifications: readonly Notification[], deliveryResult: DeliveryResult): void {
    for (const notification of notifications) end(notification, deliveryResult);
  }

  const claims = createClaims({ owner, ledger, telemetry, now, end });

  const claimedUntilMs = (): number =>
    Math.min(now() + CLAIMED_FOR_MS + open.size * CLAIMED_FOR_EACH_CALL_MS, options.claimedUntilMs);

  const unclaimedCalls = (): readonly Notification[] => unclaimed.flatMap((key) => open.get(key)?.notification ?? []);

  async function claimNew(): Promise<void> {
    const fresh = unclaimedCalls();
    unclaimed = [];
    mine.push(...(await claims.claim(fresh, claimedUntilMs())));
  }

  /** Ends what is in hand as waiting, once nobody is kept from it by our claims. */
  async function putBack(deliveryResult: Waiting): Promise<void> {
    const back = [...mine, ...unclaimedCalls()];
    mine = [];
    unclaimed = [];
    await claims.release();
    endAll(back, deliveryResult);
  }

  const notify = (notifications: readonly Notification[], firstAlone: boolean): Promise<Waiting | undefined> =>
    notifyCalls(notifications, {
      ledger,
      telemetry,
      now,
      delivery,
      known,
      refresh: (some) => readKnown(some, options),
      end,
      behind: (work) => notes.push(work),
      channelSettings: options.channelSettings,
      keysOfOutcome: signals.keysOfOutcome,
      plan: (some) => planMessages(some.map(signals.withOutcome), () => NO_MENTIONS, { firstAlone }),
    });

  /** The turn; somebody who only finishes a post is waited for. */
  async function takeTurn(): Promise<Turn> {
    const isFinishing = (one: Turn): boolean =>
      one.kind === 'taken' && !one.isInTrouble && one.nextPostMs <= now() && now() < one.nextPostMs + PATIENCE_MS;
    let turn = await sender.reserve(webhookUrl, owner);
    while (isFinishing(turn)) {
      await wait(BETWEEN_LOOKS_MS);
      turn = await sender.reserve(webhookUrl, owner);
    }
    return turn;
  }

  /** The first call, alone; the others are left for the burst that they begin. */
  async function postFirst(): Promise<Waiting | undefined> {
    const [first, ...others] = inOrderOfTime(mine);
    mine = others;
    return first === undefined ? undefined : lookingAround(notify([first], true));
  }

  /** Those that hand their calls over stay away from the queue, so what comes for other webhooks is looked for here. */
  async function lookingAround<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = work.finally(() => {
      isOver = true;
    });
    for (;;) {
      await Promise.race([over, wait(BETWEEN_GLANCES_MS)]);
      if (isOver) return work;
      await Promise.race([over, drain('glance')]);
    }
  }

  /** Reads what must be known of calls to report them. Never throws. */
  const know = async (notifications: readonly Notification[]): Promise<void> => {
    await Promise.all([readKnown(notifications, options), signals.ready(notifications)]);
  };

  /** All that there is when the slot begins. */
  async function postBurst({ startMs, isInTrouble }: Extract<Turn, { kind: 'granted' }>): Promise<Waiting | undefined> {
    arrived = 0;
    const pauseMs = startMs - DRAIN_AHEAD_MS - now();
    if (pauseMs > 0) await lookingAround(wait(pauseMs));
    await drain(isInTrouble ? 'thorough' : 'quick');
    if (isInTrouble) {
      await signals.ready([...mine, ...unclaimedCalls()]);
      // To look at all there is takes longer than a slot lasts, and the next one may be behind other messages. What comes
      // back until then has perhaps waited longest.
      await lookingAround(sender.ready(webhookUrl));
    }
    isBurst = arrived > 0;
    if (unclaimed.length > 0) await claimNew();
    const all = mine;
    mine = [];
    if (all.length === 0) return undefined;
    // Whoever had the turn before has noted what it reported by now.
    await know(all);
    return lookingAround(notify(all, false));
  }

  async function handOver({ isInTrouble }: Extract<Turn, { kind: 'taken' }>): Promise<void> {
    standsByUntilMs = now() + (isInTrouble ? STAY_IN_TROUBLE_MS : STAY_IN_BURST_MS);
    await putBack({
      kind: 'waiting',
      reason: 'handed over to the invocation that posts to this webhook',
      untilMs: now(),
      isHandedOver: true,
    });
  }

  /** The turn is ours: the first call, or all there is. Whether there is more to do. */
  async function postInTurn(turn: Extract<Turn, { kind: 'granted' }>): Promise<boolean> {
    if (mine.length === 0 && unclaimed.length === 0 && !isBurst) return false;
    standsByUntilMs = 0;
    const isFirst = turn.isAfterQuiet && !turn.isInTrouble;
    const waiting = await (isFirst ? postFirst() : postBurst(turn));
    if (waiting === undefined) return isBurst || mine.length > 0 || unclaimed.length > 0;
    await putBack(waiting);
    return false;
  }

  /** One round; whether there is more to do. */
  async function runOnce(): Promise<boolean> {
    const reserved = takeTurn();
    // All at once, unless the turn is probably somebody else's: then claims would only be given back.
    const isOurs = !sender.isContended(webhookUrl) || (await reserved).kind === 'granted';
    const [turn] = await Promise.all([reserved, isOurs && know(unclaimedCalls()), isOurs && claimNew()]);
    if (turn.kind === 'granted') return postInTurn(turn);
    if (turn.kind === 'taken') await handOver(turn);
    else await putBack({ kind: 'waiting', reason: turn.reason, untilMs: turn.untilMs });
    return false;
  }

  return {
    add(call) {
      const key = keyOf(call.notification);
      const deliveryResult = delivered.get(key);
      const known = open.get(key);
      if (deliveryResult !== undefined) onEnd(call, { kind: 'repeated' });
      else if (known !== undefined) open.set(key, joined(known, call));
      else {
        open.set(key, call);
        unclaimed.push(key);
        arrived += 1;
      }
    },
    hasWork: () => unclaimed.length > 0,
    standsByUntilMs: () => standsByUntilMs,
    isInGoodHands: () => sender.isTaken(webhookUrl),
    async run() {
      try {
        while (await runOnce());
      } catch (error) {
        telemetry.error('notifying a channel broke off', { error });
        mine = [];
      }
      await Promise.all([claims.release(), ...notes.splice(0)]);
      await sender.endTurn(webhookUrl);
      // What came in meanwhile is for the next run.
      const next = new Set(unclaimed);
      for (const [key, { notification }] of [...open]) if (!next.has(key)) end(notification, BROKEN_OFF);
    },
  };
}
