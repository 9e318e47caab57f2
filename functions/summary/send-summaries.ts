import type { Context } from 'aws-lambda';
import {
  type DayCounters,
  dayBefore,
  dayKey,
  type NamedCount,
  namedCounts,
  nameKeysOf,
  withKnownNames,
} from '../../shared/delivery/metrics.ts';
import { notifiedKey } from '../../shared/delivery/settle.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { type DailySummary, renderSummary, type WaitingCalls } from '../../shared/slack/summary.ts';
import { claimedUntil, createDelivery } from '../delivery/notify-calls.ts';
import { waitingKey } from '../delivery/records.ts';
import type { Claim, PostingDependencies, WaitingNote } from '../ports.ts';
import { type DeliveryOptions, deliverMessage } from '../slack/deliver-message.ts';

/** While calls wait they are tried at least every five minutes, or twelve after a kill, and noted each time. */
const IMMEDIATE_NOTE_HOLDS_MS = 20 * 60_000;
/** Digests are a day apart at most. */
const DIGEST_NOTE_HOLDS_MS = 25 * 60 * 60_000;
/** Records that are there now and still there then are not taken by anybody. */
const UNTAKEN_FOR_MS = 10_000;

const holds = (note: WaitingNote | undefined, forMs: number, nowMs: number): readonly WaitingNote[] =>
  note !== undefined && nowMs - note.notedAtMs < forMs ? [note] : [];

function fromNotes(notes: readonly WaitingNote[], nowMs: number): WaitingCalls {
  const [oldest] = notes.toSorted((one, other) => one.sinceMs - other.sinceMs);
  if (oldest === undefined) return { kind: 'none' };
  const records = notes.reduce((sum, one) => sum + one.records, 0);
  return { kind: 'waiting', records, oldestMs: nowMs - oldest.sinceMs, reason: oldest.reason };
}

/**
 * What waits for a channel, by age and not by count: the digest queue always holds what the next digest reports. Records
 * of the immediate queue that nobody takes are no channel's yet, so each channel hears of them.
 */
export async function readWaiting(
  channel: string,
  {
    ledger,
    telemetry,
    now,
    wait,
    countVisible,
  }: Pick<Dependencies, 'ledger' | 'telemetry' | 'now' | 'wait' | 'countVisible'>,
): Promise<WaitingCalls> {
  try {
    const [immediate, digest, visible] = await Promise.all([
      ledger.readWaiting(waitingKey('immediate', channel)),
      ledger.readWaiting(waitingKey('digest', channel)),
      countVisible(),
    ]);
    const notes = [...holds(immediate, IMMEDIATE_NOTE_HOLDS_MS, now()), ...holds(digest, DIGEST_NOTE_HOLDS_MS, now())];
    if (notes.length > 0 || visible === 0) return fromNotes(notes, now());
    await wait(UNTAKEN_FOR_MS);
    const still = await countVisible();
    return still < visible || still === 0 ? { kind: 'none' } : { kind: 'untaken', records: still };
  } catch (error) {
    telemetry.warn('what waits cannot be measured', { channel, error });
    return { kind: 'unknown' };
  }
}

/** The counters whose names start so, without that start. */
const within = (counts: DayCounters['counts'], start: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counts)
      .filter(([name]) => name.startsWith(start))
      .map(([name, count]) => [name.slice(start.length), count]),
  );

/** What the summary of a channel says. No counters: nothing happened. */
function summaryOfDay(
  channel: string,
  counters: DayCounters | undefined,
  {
    nowMs,
    waiting,
    named,
  }: { readonly nowMs: number; readonly waiting: WaitingCalls; readonly named: readonly NamedCount[] },
): DailySummary {
  const counts = counters?.counts ?? {};
  return {
    channel,
    ...dayBefore(nowMs),
    notified: counts.notified ?? 0,
    folded: counts.folded ?? 0,
    digested: counts.digested ?? 0,
    deadLettered: counts.deadLettered ?? 0,
    byEffect: within(counts, 'effect#'),
    named,
    byResource: within(counts, 'resource#'),
    byOutcome: within(counts, 'outcome#'),
    slowestDeliveryMs: counters?.slowestDeliveryMs,
    waiting,
  };
}

export interface Dependencies extends PostingDependencies {
  /** The channels that get a summary: those that the rules name. */
  readonly channels: readonly string[];
  /** How many records of the immediate queue nobody has taken. @throws */
  readonly countVisible: () => Promise<number>;
}

/** Channels are still without their summary; Lambda runs the function again. */
class SummaryError extends Error {
  override readonly name = 'SummaryError';
}

const SETTLING_MS = 5000;
/** Whoever else is posting the summary is given so long between two looks. */
const BETWEEN_LOOKS_MS = 5000;

interface Run {
  readonly delivery: DeliveryOptions;
  readonly owner: string;
  readonly lastAnswerMs: number;
  readonly deadlineMs: number;
}

interface NamingMessage {
  readonly render: (named: readonly NamedCount[]) => SlackMessage;
  readonly named: readonly NamedCount[];
  readonly delivery: DeliveryOptions;
}

/** What came with a call can be what Slack will not have: then the sign of life comes without names. */
async function deliver(channel: string, { render, named, delivery }: NamingMessage): ReturnType<typeof deliverMessage> {
  const delivered = await deliverMessage(channel, render(named), delivery);
  const isRefused = delivered.kind === 'dead-letter' && delivered.reason === 'message-refused';
  return isRefused && named.length > 0 ? deliverMessage(channel, render([]), delivery) : delivered;
}

/** Posts in each channel what yesterday brought, also when that was nothing: a silent channel is never ambiguous. */
export function createHandler(dependencies: Dependencies) {
  const { channels, ledger, telemetry, webhooks, now, wait, newId } = dependencies;

  /** EventBridge may start two of us, and Lambda runs a failed one again: a summary is claimed as a call is. */
  async function claim(key: string, { owner, lastAnswerMs, deadlineMs }: Run): Promise<Claim> {
    for (;;) {
      const claimed = (await ledger.claim([key], { owner, untilMs: claimedUntil(deadlineMs) })).get(key);
      if (claimed !== 'busy' || now() + BETWEEN_LOOKS_MS > lastAnswerMs) return claimed ?? 'unknown';
      await wait(BETWEEN_LOOKS_MS);
    }
  }

  /** Whom and what the day names; what has only an id, with the name that is remembered. */
  async function namedOn(counts: DayCounters['counts'] = {}): Promise<readonly NamedCount[]> {
    const named = namedCounts(counts);
    const keys = [...new Set(nameKeysOf(named))];
    if (keys.length === 0) return named;
    try {
      return withKnownNames(named, await ledger.recall(keys));
    } catch (error) {
      telemetry.warn('names cannot be read', { keys: keys.length, error });
      return named;
    }
  }

  /** The channel if it is still without its summary. */
  async function summarize(channel: string, run: Run): Promise<string | undefined> {
    const nowMs = now();
    const { fromMs } = dayBefore(nowMs);
    const key = notifiedKey(`summary-${dayKey(fromMs, channel)}`, channel);
    const claimed = await claim(key, run);
    if (claimed === 'notified') return undefined;
    if (claimed === 'busy') return channel;

    const [day, waiting] = await Promise.all([
      ledger.readDay(dayKey(fromMs, channel)),
      readWaiting(channel, dependencies),
    ]);
    const named = await namedOn(day?.counts);
    const render = (names: readonly NamedCount[]) =>
      renderSummary(summaryOfDay(channel, day, { nowMs, waiting, named: names }));
    const delivered = await deliver(channel, { render, named, delivery: run.delivery });
    try {
      if (delivered.kind === 'notified') await ledger.markNotified([key]);
      else await ledger.release([key], run.owner);
    } catch (error) {
      telemetry.warn('the summary was not marked', { channel, error });
    }
    return delivered.kind === 'notified' ? undefined : channel;
  }

  return async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const deadlineMs = now() + context.getRemainingTimeInMillis();
    const lastAnswerMs = deadlineMs - SETTLING_MS;
    const urls = await webhooks.urls();
    const delivery = createDelivery(dependencies, { urls, states: new Map(), lastAnswerMs });
    const run = { delivery, owner: newId(), lastAnswerMs, deadlineMs };
    const left = await Promise.all(
      channels.map(async (channel) => {
        try {
          return await summarize(channel, run);
        } catch (error) {
          telemetry.error('the summary of a channel broke off', { channel, error });
          return channel;
        }
      }),
    );
    const missed = left.filter((channel) => channel !== undefined);
    if (missed.length > 0) throw new SummaryError(`no summary for channel ${missed.join(', ')}`);
  };
}
