import { nameKey } from '../../shared/delivery/memory.ts';
import { inParallel, inPieces } from '../../shared/delivery/parallel.ts';
import {
  type DeliveredCall,
  type DeliveryResult,
  notifiedKey,
  type QueuedRecord,
  type Waiting,
} from '../../shared/delivery/settle.ts';
import {
  accountNameOf,
  givenNameOf,
  type NameOf,
  namesIn,
  type Phrase,
} from '../../shared/notification/notification.ts';
import {
  byTimeSaid,
  namelessOf,
  saidOfArn,
  saidOfMs,
  withGivenNames,
  wordsNow,
} from '../../shared/outcome/outcome-words.ts';
import type { Saying, SignalMemory } from '../../shared/outcome/signal-memory.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { MOST_LINES, renderSayings, type SayingLine } from '../../shared/slack/plan-messages.ts';
import { webhookUrlOf } from '../../shared/slack/webhook.ts';
import type { NotifyingDependencies } from '../ports.ts';
import { type Delivery, type DeliveryOptions, deliverMessage, type WebhookSender } from '../slack/deliver-message.ts';
import { BROKEN_OFF, resultOf } from './notify-calls.ts';

/** Something to say in a channel, with every record that carries it. */
interface QueuedSaying {
  readonly saying: Saying;
  readonly channel: string;
  /** Under which it is said once. */
  readonly key: string;
  readonly records: readonly [QueuedRecord, ...QueuedRecord[]];
}

/** A record that carries something to say. */
export interface SayingRecord {
  readonly record: QueuedRecord;
  readonly saying: Saying;
  readonly channel: string;
}

export interface NotifySignalsOptions
  extends Pick<NotifyingDependencies, 'ledger' | 'telemetry' | 'now' | 'newId' | 'settings'> {
  /** Of its own: the lanes' turns are not touched, and the ledger keeps the pace of both, as between two functions. */
  readonly delivery: DeliveryOptions & { readonly sender: Pick<WebhookSender, 'post' | 'ready'> };
  readonly claimedUntilMs: number;
  readonly onEnd: (delivered: DeliveredCall) => void;
}

/** Nobody minds a minute, and what is looked at waits for one. */
const LATE_AFTER_MS = 2 * 60_000;
const READ_AT_ONCE = 10;

/** By the ARN under which it is remembered. What could not be read is missing. */
type Memories = ReadonlyMap<string, SignalMemory>;

/** What is known of that of which something is to be said; it was found a while ago, and may have changed since. */
async function readMemories(
  all: readonly QueuedSaying[],
  { ledger, telemetry }: NotifySignalsOptions,
): Promise<Memories> {
  const memories = new Map<string, SignalMemory>();
  const read = async (rootArn: string): Promise<void> => {
    try {
      memories.set(rootArn, (await ledger.readSignals(rootArn)).memory);
    } catch (error) {
      telemetry.warn('what is to be said cannot be looked at again', { error });
    }
  };
  await inParallel([...new Set(all.map(({ saying }) => saidOfArn(saying)))], READ_AT_ONCE, read);
  return memories;
}

/** The names of what MediaConnect's events have only ids of: the admin's, else those that calls gave. */
async function namesOf(
  all: readonly QueuedSaying[],
  { ledger, telemetry, settings }: NotifySignalsOptions,
): Promise<NameOf> {
  const given = givenNameOf(settings);
  const nameless = all.flatMap(({ saying }) => namelessOf(saying)).filter((one) => given(one) === undefined);
  if (nameless.length === 0) return given;
  try {
    const known = await ledger.recall([...new Set(nameless.map(({ arn }) => nameKey(arn)))]);
    return (one) => given(one) ?? known.get(nameKey(one.arn))?.name?.name;
  } catch (error) {
    telemetry.warn('names that calls gave cannot be read', { error });
    return given;
  }
}

function lineOf(saying: Saying, words: Phrase, { now, settings }: NotifySignalsOptions): SayingLine {
  const [, , , region, account] = saidOfArn(saying).split(':');
  const sinceMs = saidOfMs(saying);
  const lateByMs = sinceMs === undefined ? 0 : now() - sinceMs;
  return {
    words,
    lateByMs: lateByMs > LATE_AFTER_MS ? lateByMs : undefined,
    account: account
      ? { id: account, name: accountNameOf(account, (namesIn(settings)?.settings ?? settings).accountNames) }
      : undefined,
    region: region || undefined,
  };
}

/** As the rule is called that brings MediaConnect's own events. */
const RULE = '_signal';

const deliveredAs = ({ saying, channel, records }: QueuedSaying, deliveryResult: DeliveryResult): DeliveredCall => ({
  records,
  notification: undefined,
  about: { eventId: saying.key, rule: RULE, channel },
  deliveryResult,
});

/** The same thing queued twice is one. */
function together(records: readonly SayingRecord[]): readonly QueuedSaying[] {
  const byKey = new Map<string, QueuedSaying>();
  for (const { record, saying, channel } of records) {
    const key = notifiedKey(saying.key, channel);
    const known = byKey.get(key);
    byKey.set(key, { saying, channel, key, records: known ? [...known.records, record] : [record] });
  }
  return [...byKey.values()];
}

/** Those that may be said here; the others end. */
async function claimed(
  all: readonly QueuedSaying[],
  owner: string,
  { ledger, telemetry, now, claimedUntilMs }: NotifySignalsOptions,
  end: Talk['end'],
): Promise<readonly QueuedSaying[]> {
  const keys = all.map(({ key }) => key);
  const claims = await ledger.claim(keys, { owner, untilMs: claimedUntilMs });
  const unknown = keys.filter((key) => (claims.get(key) ?? 'unknown') === 'unknown').length;
  if (unknown > 0) telemetry.metric('LedgerUnavailable', unknown);
  return all.filter((one) => {
    const result = resultOf(claims.get(one.key) ?? 'unknown', now());
    if (result !== undefined) end([one], result);
    return result === undefined;
  });
}

/** Said is said, whatever the ledger has of it: what it does not remember may be said once more. */
async function mark(all: readonly QueuedSaying[], { ledger, telemetry }: NotifySignalsOptions): Promise<void> {
  const keys = all.map(({ key }) => key);
  try {
    await ledger.markNotified(keys).catch(() => ledger.markNotified(keys));
  } catch (error) {
    telemetry.metric('LedgerUnavailable', all.length);
    telemetry.error('the ledger cannot be written', { sayings: all.length, error });
  }
}

async function release(
  all: readonly QueuedSaying[],
  owner: string,
  { ledger, telemetry }: NotifySignalsOptions,
): Promise<void> {
  if (all.length === 0) return;
  try {
    await ledger.release(
      all.map(({ key }) => key),
      owner,
    );
  } catch (error) {
    telemetry.warn('claims were not given back', { sayings: all.length, error });
  }
}

type Refused = { readonly kind: 'dead-letter' } & Pick<
  Extract<DeliveryResult, { kind: 'dead-lettered' }>,
  'reason' | 'detail'
>;

/** What is to be said in one channel, in order. */
interface Talk {
  readonly channel: string;
  readonly all: readonly Saying[];
  readonly owner: string;
  readonly options: NotifySignalsOptions;
  /** Called with what has ended. */
  readonly end: (lines: readonly QueuedSaying[], result: DeliveryResult) => void;
}

/** The message of some lines, as it is now; why there is none, where the mistake is ours. */
async function render(lines: readonly QueuedSaying[], { all, options }: Talk): Promise<SlackMessage | Refused> {
  const [memories, nameOf] = await Promise.all([readMemories(lines, options), namesOf(lines, options)]);
  try {
    return renderSayings(
      lines.map(({ saying }) => {
        const words = wordsNow(saying, { memory: memories.get(saidOfArn(saying)), together: all });
        return lineOf(saying, withGivenNames(words, saying, nameOf), options);
      }),
    );
  } catch (error) {
    options.telemetry.error('a line cannot be rendered', { sayings: lines.length, error });
    const detail = error instanceof Error ? error.message : 'unknown error';
    return { kind: 'dead-letter', reason: 'not-renderable', detail };
  }
}

async function bring(lines: readonly QueuedSaying[], talk: Talk): Promise<Delivery | Refused> {
  const message = await render(lines, talk);
  if ('kind' in message) return message;
  const { channel, options } = talk;
  return options.telemetry.span('### post', { channel, kind: 'saying' }, () =>
    deliverMessage(channel, message, options.delivery),
  );
}

/** One by one, until one waits. */
async function postEach(pieces: readonly (readonly QueuedSaying[])[], talk: Talk): Promise<Waiting | undefined> {
  for (const lines of pieces) {
    const waiting = await post(lines, talk);
    if (waiting !== undefined) return waiting;
  }
  return undefined;
}

/**
 * Posts one message; one that Slack refuses is tried line by line, so that only what it refuses is given up. Why the rest
 * waits, where Slack does not take any more for now: what is said later does not stand above what was said before.
 */
async function post(some: readonly QueuedSaying[], talk: Talk): Promise<Waiting | undefined> {
  const url = webhookUrlOf(talk.options.delivery.urls, talk.channel);
  // A card that goes out meanwhile may say the same, and what is remembered may change.
  if (url !== undefined) await talk.options.delivery.sender.ready(url);
  const lines = await claimed(some, talk.owner, talk.options, talk.end);
  if (lines.length === 0) return undefined;
  const result = await bring(lines, talk);
  switch (result.kind) {
    case 'notified':
      await mark(lines, talk.options);
      talk.end(lines, { kind: 'notified' });
      return undefined;
    case 'wait':
      return { kind: 'waiting', reason: result.reason, untilMs: result.untilMs };
    case 'dead-letter': {
      const { reason, detail } = result;
      if (lines.length > 1 && reason !== 'channel-refused') return postEach(inPieces(lines, 1), talk);
      await release(lines, talk.owner, talk.options);
      talk.end(lines, { kind: 'dead-lettered', reason, detail });
      return undefined;
    }
  }
}

/**
 * Says what MediaConnect said by itself, each thing once in each channel: those that are there at once in one message, in
 * the order in which it happened. Everything ends. Never throws.
 */
export async function notifySignals(records: readonly SayingRecord[], options: NotifySignalsOptions): Promise<void> {
  const owner = options.newId();
  const open = new Set(together(records));
  const end = (lines: readonly QueuedSaying[], result: DeliveryResult): void => {
    for (const one of lines) {
      if (open.delete(one)) options.onEnd(deliveredAs(one, result));
    }
  };
  try {
    for (const [channel, lines] of Map.groupBy([...open], (one) => one.channel)) {
      const inOrder = lines.toSorted((one, other) => byTimeSaid(one.saying, other.saying));
      const all = inOrder.map(({ saying }) => saying);
      const waiting = await postEach(inPieces(inOrder, MOST_LINES), { channel, all, owner, options, end });
      if (waiting === undefined) continue;
      const left = lines.filter((one) => open.has(one));
      await release(left, owner, options);
      end(left, waiting);
    }
  } catch (error) {
    options.telemetry.error('saying something broke off', { error });
    await release([...open], owner, options);
  }
  end([...open], BROKEN_OFF);
}
