import { nameKey } from '../../shared/delivery/memory.ts';
import { inParallel, inPieces } from '../../shared/delivery/parallel.ts';
import {
  type DeliveredCall,
  type DeliveryResult,
  notifiedKey,
  type QueuedRecord,
} from '../../shared/delivery/settle.ts';
import type { NameOf, Phrase } from '../../shared/notification/notification.ts';
import { accountNameOf, givenNameOf, namesIn } from '../../shared/notification/settings.ts';
import { namelessOf, saidOfArn, saidOfMs, withGivenNames } from '../../shared/outcome/outcome-words.ts';
import type { Saying } from '../../shared/outcome/own-record.ts';
import type { SignalMemory } from '../../shared/outcome/signal-memory.ts';
import { byTimeSaid, wordsNow } from '../../shared/outcome/words-now.ts';
import { MOST_LINES, renderSayings, type SayingLine } from '../../shared/slack/plan-messages.ts';
import type { NotifyingDependencies } from '../ports.ts';
import { type DeliveryOptions, deliverMessage } from '../slack/deliver-message.ts';
import { resultOf } from './notify-calls.ts';

/** Something to say in a channel, with every record that carries it. */
interface Told {
  readonly saying: Saying;
  readonly channel: string;
  /** Under which it is said once. */
  readonly key: string;
  readonly records: readonly [QueuedRecord, ...QueuedRecord[]];
}

interface Line extends Told {
  readonly words: Phrase;
}

/** A record that carries something to say. */
export interface SayingRecord {
  readonly record: QueuedRecord;
  readonly saying: Saying;
  readonly channel: string;
}

export interface TellOptions
  extends Pick<NotifyingDependencies, 'ledger' | 'telemetry' | 'now' | 'newId' | 'settings'> {
  /** Of its own: the lanes' turns are not touched, and the ledger keeps the pace of both, as between two functions. */
  readonly delivery: DeliveryOptions;
  readonly claimedUntilMs: number;
  readonly onEnd: (delivered: DeliveredCall) => void;
}

/** Nobody minds a minute, and what is looked at waits for one. */
const LATE_AFTER_MS = 2 * 60_000;
const READ_AT_ONCE = 10;

/** By the ARN under which it is remembered. What could not be read is missing. */
type Memories = ReadonlyMap<string, SignalMemory>;

/** What is known of that of which something is to be said; it was found a while ago, and may have changed since. */
async function readMemories(all: readonly Told[], { ledger, telemetry }: TellOptions): Promise<Memories> {
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

/** What is said in one channel, as it is now and in the order in which it happened. */
function inOrder(all: readonly Told[], memories: Memories, nameOf: NameOf): readonly Line[] {
  const together = all.map(({ saying }) => saying);
  return all
    .toSorted((one, other) => byTimeSaid(one.saying, other.saying))
    .map((one) => {
      const words = wordsNow(one.saying, { memory: memories.get(saidOfArn(one.saying)), together });
      return { ...one, words: withGivenNames(words, one.saying, nameOf) };
    });
}

/** The names of what MediaConnect's events have only ids of: the admin's, else those that calls gave. */
async function namesOf(all: readonly Told[], { ledger, telemetry, settings }: TellOptions): Promise<NameOf> {
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

function lineOf({ saying, words }: Line, { now, settings }: TellOptions): SayingLine {
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

const deliveredAs = ({ saying, channel, records }: Told, deliveryResult: DeliveryResult): DeliveredCall => ({
  records,
  notification: undefined,
  about: { eventId: saying.key, rule: RULE, channel },
  deliveryResult,
});

/** The same thing queued twice is one. */
function together(records: readonly SayingRecord[]): readonly Told[] {
  const told = new Map<string, Told>();
  for (const { record, saying, channel } of records) {
    const key = notifiedKey(saying.key, channel);
    const known = told.get(key);
    told.set(key, { saying, channel, key, records: known ? [...known.records, record] : [record] });
  }
  return [...told.values()];
}

/** Those that may be said here; the others end. */
async function claimed(all: readonly Told[], owner: string, options: TellOptions): Promise<readonly Told[]> {
  const { ledger, telemetry, now, claimedUntilMs, onEnd } = options;
  const keys = all.map(({ key }) => key);
  const claims = await ledger.claim(keys, { owner, untilMs: claimedUntilMs });
  const unknown = keys.filter((key) => (claims.get(key) ?? 'unknown') === 'unknown').length;
  if (unknown > 0) telemetry.metric('LedgerUnavailable', unknown);
  return all.filter((one) => {
    const result = resultOf(claims.get(one.key) ?? 'unknown', now());
    if (result !== undefined) onEnd(deliveredAs(one, result));
    return result === undefined;
  });
}

/** Said is said, whatever the ledger has of it: what it does not remember may be said once more. */
async function mark(all: readonly Told[], { ledger, telemetry }: TellOptions): Promise<void> {
  try {
    await ledger.markNotified(all.map(({ key }) => key));
  } catch (error) {
    telemetry.metric('LedgerUnavailable', all.length);
    telemetry.error('the ledger cannot be written', { sayings: all.length, error });
  }
}

async function release(all: readonly Told[], owner: string, { ledger, telemetry }: TellOptions): Promise<void> {
  try {
    await ledger.release(
      all.map(({ key }) => key),
      owner,
    );
  } catch (error) {
    telemetry.warn('claims were not given back', { sayings: all.length, error });
  }
}

/** Posts one message; one that Slack refuses is tried line by line, so that only what it refuses is given up. */
async function post(all: readonly Line[], owner: string, options: TellOptions): Promise<void> {
  const [first, ...others] = all;
  if (first === undefined) return;
  const endAll = (result: DeliveryResult): void => {
    for (const one of all) options.onEnd(deliveredAs(one, result));
  };
  const message = renderSayings(all.map((one) => lineOf(one, options)));
  const result = await options.telemetry.span('### post', { channel: first.channel, kind: 'saying' }, () =>
    deliverMessage(first.channel, message, options.delivery),
  );
  switch (result.kind) {
    case 'notified':
      await mark(all, options);
      endAll({ kind: 'told' });
      return;
    case 'wait':
      await release(all, owner, options);
      endAll({ kind: 'waiting', reason: result.reason, untilMs: result.untilMs });
      return;
    case 'dead-letter': {
      const { reason, detail } = result;
      if (others.length > 0 && reason !== 'channel-refused') {
        for (const one of all) await post([one], owner, options);
        return;
      }
      await release(all, owner, options);
      endAll({ kind: 'dead-lettered', reason, detail });
    }
  }
}

/**
 * Says what MediaConnect said by itself, each thing once in each channel: those that are there at once in one message.
 * Everything ends. Never throws.
 */
export async function tell(records: readonly SayingRecord[], options: TellOptions): Promise<void> {
  const all = together(records);
  const open = new Set(all);
  const onEnd = (delivered: DeliveredCall): void => {
    for (const one of open) if (one.records === delivered.records) open.delete(one);
    options.onEnd(delivered);
  };
  const owner = options.newId();
  try {
    const mine = await claimed(all, owner, { ...options, onEnd });
    const [memories, nameOf] = await Promise.all([readMemories(mine, options), namesOf(mine, options)]);
    for (const ofChannel of Map.groupBy(mine, ({ channel }) => channel).values()) {
      for (const lines of inPieces(inOrder(ofChannel, memories, nameOf), MOST_LINES)) {
        await post(lines, owner, { ...options, onEnd });
      }
    }
  } catch (error) {
    options.telemetry.error('saying something broke off', { error });
  }
  for (const one of open) {
    options.onEnd(deliveredAs(one, { kind: 'waiting', reason: 'reporting broke off', untilMs: undefined }));
  }
}
