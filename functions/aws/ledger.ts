import { createHash } from 'node:crypto';
import { asList, asObject } from '../../shared/call/json.ts';
import { type GivenName, type Memory, PEOPLE_KEPT_DAYS } from '../../shared/delivery/memory.ts';
import { type DayCounters, namesIn, withinRoom } from '../../shared/delivery/metrics.ts';
import { inParallel } from '../../shared/delivery/parallel.ts';
import { NOTIFIED_FOR_SECONDS } from '../../shared/delivery/settle.ts';
import type { MadeMention, NotifiedCall } from '../../shared/notification/notification.ts';
import { type KnownState, lessened, memoryOf, type SignalMemory } from '../../shared/outcome/signal-memory.ts';
import {
  BETWEEN_POSTS_MS,
  blockedUntil,
  LONGEST_AHEAD_MS,
  LONGEST_WAIT_MS,
  nextSlot,
  type RateSlot,
  type WebhookBlock,
} from '../../shared/slack/webhook.ts';
import type { Claim, Claimer, Ledger, Reservation, SignalItem, SlotRequest, UnsentRecord } from '../ports.ts';
import { createLedgerTable, type Item, type LedgerTableOptions, RefusedConditionError } from './ledger-table.ts';

const DAY_SECONDS = 24 * 60 * 60;
const AT_ONCE = 25;
/** What a killed function had in hand comes back after twelve minutes, and is noted again. */
const NOTE_STANDS_MS = 20 * 60_000;

const number = (value: number): { readonly N: string } => ({ N: String(value) });

const numbers = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, number(value)]));

const numberIn = (item: Item | undefined, name: string): number | undefined => {
  const text = item?.[name]?.N;
  return text === undefined ? undefined : Number(text);
};

type Answer = 'claimed' | 'refused';

/** What stands under a key that could not be claimed. A refused call is reported or being reported, whether or not it is known which. */
function claimOf(answer: Answer | undefined, isNotified: boolean | undefined): Claim {
  if (answer === 'claimed') return 'claimed';
  if (isNotified) return 'notified';
  return answer === 'refused' ? 'busy' : 'unknown';
}

function blockIn(item: Item | undefined): WebhookBlock | undefined {
  const [sinceMs, untilMs] = [numberIn(item, 'troubleSinceMs'), numberIn(item, 'blockedUntilMs')];
  return sinceMs === undefined || untilMs === undefined ? undefined : { sinceMs, untilMs };
}

interface SlotForm {
  readonly slot: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Queues up behind the last slot, if that is not over yet and the next one is not too late. */
const behindTheLast = ({ nowMs, latestMs }: SlotRequest): SlotForm => ({
  slot: 'slotMs + :between',
  condition: 'slotMs BETWEEN :from AND :to',
  values: { ':between': BETWEEN_POSTS_MS, ':from': nowMs - BETWEEN_POSTS_MS, ':to': latestMs - BETWEEN_POSTS_MS },
});

/** Takes the present, if the last slot is over. */
const atOnce = ({ nowMs }: SlotRequest): SlotForm => ({
  slot: ':now',
  condition: '(attribute_not_exists(slotMs) OR slotMs < :from OR slotMs > :credible)',
  values: { ':from': nowMs - BETWEEN_POSTS_MS, ':credible': nowMs + LONGEST_AHEAD_MS },
});

const FORMS = [atOnce, behindTheLast] as const;

const NOT_BLOCKED =
  '(attribute_not_exists(blockedUntilMs) OR blockedUntilMs <= :now OR blockedUntilMs > :longestBlock)';
const MY_TURN =
  '(attribute_not_exists(turnOwner) OR turnOwner = :owner OR turnUntilMs <= :now OR turnUntilMs > :longestTurn)';
/** Whoever has the turn reserves its next slot as soon as the last post was answered, which takes ten seconds at most. */
const LONGEST_ROUND_MS = 12_000;
/** No turn lasts longer than an invocation; a later end was written by a clock that was wrong. */
const LONGEST_TURN_MS = 15 * 60_000;

/** Whose turn it is. */
function holderIn(item: Item | undefined, nowMs: number): string | undefined {
  const untilMs = numberIn(item, 'turnUntilMs') ?? 0;
  return untilMs > nowMs && untilMs <= nowMs + LONGEST_TURN_MS ? item?.turnOwner?.S : undefined;
}

/** Why an item did not give its slot; `undefined` where another form of asking might have fitted. */
function refusalIn(item: Item | undefined, { nowMs, turn }: SlotRequest): Reservation | undefined {
  const block = blockIn(item);
  if (block !== undefined && blockedUntil(block, nowMs) !== undefined) return { kind: 'blocked', block };
  const holder = turn && holderIn(item, nowMs);
  if (holder === undefined || holder === turn?.owner) return undefined;
  return { kind: 'taken', nextPostMs: numberIn(item, 'slotMs') ?? nowMs, block };
}

type Side = 'signal' | 'other';

function memoryIn(item: Item): Memory {
  const call = (side: Side): Memory => {
    const calledAtMs = numberIn(item, `${side}AtMs`);
    return calledAtMs === undefined ? {} : { [side]: { calledAtMs, operation: item[`${side}Operation`]?.S ?? '' } };
  };
  const madeAtMs = numberIn(item, 'madeAtMs');
  const namedAtMs = numberIn(item, 'namedAtMs');
  return {
    ...call('signal'),
    ...call('other'),
    ...(madeAtMs !== undefined && { mention: { madeAtMs, heldBack: numberIn(item, 'heldBack') ?? 0 } }),
    ...(namedAtMs !== undefined && { name: { namedAtMs, name: item.name?.S ?? '' } }),
    ...(item.said?.S !== undefined && { said: item.said.S }),
  };
}

/** One part of what is remembered, as an update that leaves a later one alone. */
interface PartOfMemory {
  readonly update: string;
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Item;
  /** For how many days it is kept. */
  readonly days: number;
}

const callPart = (side: Side, { calledAtMs, operation }: NotifiedCall): PartOfMemory => ({
  update: '#at = :at, #what = :what',
  condition: 'attribute_not_exists(#at) OR #at < :at',
  names: { '#at': `${side}AtMs`, '#what': `${side}Operation` },
  values: { ':at': number(calledAtMs), ':what': { S: operation } },
  days: 45,
});

/** A time in the future was written by a clock that was wrong. */
const mentionPart = ({ madeAtMs, heldBack }: MadeMention, nowMs: number): PartOfMemory => ({
  update: 'madeAtMs = :at, heldBack = :held',
  condition:
    'attribute_not_exists(madeAtMs) OR madeAtMs < :at OR madeAtMs > :credible OR (madeAtMs = :at AND heldBack < :held)',
  values: numbers({ ':at': madeAtMs, ':held': heldBack, ':credible': nowMs + LONGEST_AHEAD_MS }),
  days: 2,
});

const namePart = ({ name, namedAtMs }: GivenName): PartOfMemory => ({
  update: '#name = :name, namedAtMs = :at',
  condition: 'attribute_not_exists(namedAtMs) OR namedAtMs < :at',
  names: { '#name': 'name' },
  values: { ':name': { S: name }, ':at': number(namedAtMs) },
  days: 366,
});

const partsOf = ({ signal, other, mention, name }: Memory, nowMs: number): readonly PartOfMemory[] => [
  ...(signal ? [callPart('signal', signal)] : []),
  ...(other ? [callPart('other', other)] : []),
  ...(mention ? [mentionPart(mention, nowMs)] : []),
  ...(name ? [namePart(name)] : []),
];

/**
 * Key of what is remembered of a flow, or of a router input or output. An ARN that a table's key has no room for is named
 * by its hash; a cut one might be another's.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
function signalKey(rootArn: string): string {
  const fits = Buffer.byteLength(rootArn) <= 2000;
  return `signal#${fits ? rootArn : createHash('sha256').update(rootArn).digest('hex')}`;
}

/** Of DynamoDB's 400 KB for an item. */
const SIGNAL_BYTES = 350_000;

/** As much of a memory as an item has room for, as text: what was remembered last stays longest. */
function textWithin(memory: SignalMemory, bytes: number): string {
  const text = JSON.stringify(memory);
  const { states, calls, troubles } = memory;
  if (Buffer.byteLength(text) <= bytes || states.length + calls.length + troubles.length === 0) return text;
  return textWithin(lessened(memory), bytes);
}

/** More than a hundred records: so many wait only while the queue takes none. */
const UNSENT_BYTES = 150_000;

/** As many records as an item has room for, the last ones: who found the others is about to send them all the same. */
function unsentWithin(unsent: readonly UnsentRecord[], bytes: number): readonly UnsentRecord[] {
  let room = bytes;
  const first = unsent.findLastIndex((one) => {
    room -= Buffer.byteLength(JSON.stringify(one)) + 1;
    return room < 0;
  });
  return unsent.slice(first + 1);
}

/** How a thing stands may still be so tomorrow: that it is standby, or that AWS maintains it. */
const isLasting = ({ aspect, state }: KnownState): boolean =>
  aspect === 'maintenance' || (aspect === 'status' && state === 'STANDBY');

/** Calls are remembered for a quarter of an hour; trouble, and what lasts, until their end or a day. */
const secondsOf = ({ states, troubles }: SignalMemory): number =>
  troubles.length > 0 || states.some(isLasting) ? DAY_SECONDS : HOUR_SECONDS;
const HOUR_SECONDS = 60 * 60;

function jsonIn(item: Item, name: string): unknown {
  try {
    return JSON.parse(item[name]?.S ?? '');
  } catch {
    return undefined;
  }
}

/** What another version wrote and this one does not understand is forgotten. */
function unsentIn(item: Item): readonly UnsentRecord[] {
  return (asList(jsonIn(item, 'unsent')) ?? []).flatMap((one) => {
    const { body, dueAtMs, atMs } = asObject(one) ?? {};
    const isUnsent = typeof body === 'string' && typeof dueAtMs === 'number' && typeof atMs === 'number';
    return isUnsent ? [{ body, dueAtMs, atMs }] : [];
  });
}

const signalItemIn = (item: Item | undefined): SignalItem =>
  item === undefined
    ? NO_SIGNALS
    : { memory: memoryOf(jsonIn(item, 'memory')), unsent: unsentIn(item), version: numberIn(item, 'version') ?? 0 };

function writtenOf({ memory, unsent, version }: SignalItem): Item {
  const unsentText = JSON.stringify(unsentWithin(unsent, UNSENT_BYTES));
  return {
    memory: { S: textWithin(memory, SIGNAL_BYTES - Buffer.byteLength(unsentText)) },
    unsent: { S: unsentText },
    version: number(version),
  };
}

/** What is in the way of a write, if it is not the same: the SDK's own retry after a lost answer finds what the first try wrote. */
function otherThan(written: Item, other: Item | undefined): SignalItem | undefined {
  const isSame = Object.entries(written).every(
    ([name, value]) => JSON.stringify(other?.[name]) === JSON.stringify(value),
  );
  return isSame ? undefined : signalItemIn(other);
}

const NO_SIGNALS: SignalItem = { memory: memoryOf(undefined), unsent: [], version: 0 };

/**
 * The ledger on a DynamoDB table with the partition key `pk` and the time to live `expiresAt`.
 *
 * Times are compared here, in conditions, because DynamoDB deletes expired items late.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export function createLedger(options: LedgerTableOptions): Ledger {
  const table = createLedgerTable(options);
  const { now } = options.outside;
  const expiresAfter = (seconds: number) => number(Math.floor(now() / 1000) + seconds);
  /** An expression knows no maximum, so there are two writes to choose from; the one that fitted last fits mostly. */
  let fitting: 0 | 1 = 0;
  /** The slowest delivery of a day, as far as this process knows it to be noted: mostly there is no slower one. */
  const slowestNoted = new Map<string, number>();
  /** Whom a day names, as far as this process has seen: there is not room for everybody. */
  const namedOn = new Map<string, readonly string[]>();

  /** Claims one key; `refused` when it was reported already or somebody else is reporting it. */
  async function claimOne(pk: string, { owner, untilMs }: Claimer, notified: Set<string>): Promise<Answer> {
    try {
      await table.put({
        Item: {
          pk: { S: pk },
          owner: { S: owner },
          busyUntilMs: number(untilMs),
          expiresAt: expiresAfter(DAY_SECONDS),
        },
        // A reported item has neither `busyUntilMs` nor `owner`, so it is never overwritten. The owner is there for the
        // SDK's own retry after an answer that was lost: the claim that it then finds is its own.
        ConditionExpression: 'attribute_not_exists(pk) OR busyUntilMs < :now OR #owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':now': number(now()), ':owner': { S: owner } },
      });
      return 'claimed';
    } catch (error) {
      if (!(error instanceof RefusedConditionError)) throw error;
      if (error.item?.notifiedAtMs !== undefined) notified.add(pk);
      return 'refused';
    }
  }

  /** Does something for each key; after a failure nothing more is tried, so as not to wait for every key. What is left. */
  async function forEach(
    keys: readonly string[],
    work: (key: string) => Promise<void>,
  ): Promise<{ readonly left: readonly string[]; readonly error: unknown }> {
    const left = new Set(keys);
    let failure: { readonly error: unknown } | undefined;
    await inParallel(keys, AT_ONCE, async (key) => {
      if (failure !== undefined) return;
      try {
        await work(key);
        left.delete(key);
      } catch (error) {
        failure ??= { error };
      }
    });
    return { left: [...left], error: failure?.error };
  }

  async function releaseOne(pk: string, owner: string): Promise<void> {
    try {
      await table.delete(pk, {
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: owner } },
      });
    } catch (error) {
      // Reported by somebody else since, or claimed by somebody else after its end: not ours to give back.
      if (!(error instanceof RefusedConditionError)) throw error;
    }
  }

  /** Whether calls were reported; what could not be read is missing. */
  async function lookUp(keys: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const found = new Map<string, boolean>();
    try {
      await table.read(keys, (piece, items) => {
        const notified = new Set(items.filter(({ notifiedAtMs }) => notifiedAtMs !== undefined).map(({ pk }) => pk?.S));
        for (const key of piece) found.set(key, notified.has(key));
      });
    } catch {
      // What was not read stays unknown, and the caller says so.
    }
    return found;
  }

  function slotUpdate(request: SlotRequest, form: 0 | 1): Parameters<typeof table.update>[1] {
    const { nowMs, turn } = request;
    const { slot, condition, values } = FORMS[form](request);
    const common = { ...values, ':now': nowMs, ':longestBlock': nowMs + LONGEST_WAIT_MS + 60_000 };
    const update = `SET slotMs = ${slot}, expiresAt = :expiresAt`;
    const free = `${condition} AND ${NOT_BLOCKED}`;
    const expiresAt = { ':expiresAt': expiresAfter(DAY_SECONDS) };
    if (turn === undefined) {
      return {
        UpdateExpression: update,
        ConditionExpression: free,
        ExpressionAttributeValues: { ...expiresAt, ...numbers(common) },
      };
    }
    const times = { ':turnUntil': turn.untilMs, ':longestTurn': nowMs + LONGEST_TURN_MS };
    return {
      UpdateExpression: `${update}, turnOwner = :owner, turnUntilMs = :turnUntil`,
      ConditionExpression: `${free} AND ${MY_TURN}`,
      ExpressionAttributeValues: { ...expiresAt, ...numbers({ ...common, ...times }), ':owner': { S: turn.owner } },
    };
  }

  async function askForSlot(key: string, request: SlotRequest, form: 0 | 1): Promise<Reservation | undefined> {
    try {
      const { Attributes: old } = await table.update(key, { ...slotUpdate(request, form), ReturnValues: 'ALL_OLD' });
      fitting = form;
      return { kind: 'granted', slot: nextSlot(numberIn(old, 'slotMs'), request.nowMs), block: blockIn(old) };
    } catch (error) {
      if (!(error instanceof RefusedConditionError)) throw error;
      return refusalIn(error.item ?? (await table.get(key)), request);
    }
  }

  /** Whether the turn was still ours, and the slot the last one. */
  async function giveTurnBack(webhookKey: string, owner: string, slot: RateSlot | undefined): Promise<boolean> {
    const mine = { ':owner': { S: owner } };
    const turnOnly = {
      UpdateExpression: 'REMOVE turnOwner, turnUntilMs',
      ConditionExpression: 'turnOwner = :owner',
      ExpressionAttributeValues: mine,
    };
    const withSlot = {
      UpdateExpression: 'SET slotMs = :previous REMOVE turnOwner, turnUntilMs',
      ConditionExpression: 'turnOwner = :owner AND slotMs = :slot',
      ExpressionAttributeValues: {
        ...mine,
        ...numbers({ ':previous': slot?.previousMs ?? 0, ':slot': slot?.startMs ?? 0 }),
      },
    };
    try {
      await table.update(webhookKey, slot === undefined ? turnOnly : withSlot);
      return true;
    } catch (error) {
      if (error instanceof RefusedConditionError) return false;
      throw error;
    }
  }

  /** Writes one part of what is remembered, unless a later one is there. */
  async function rememberPart(pk: string, { update, condition, names, values, days }: PartOfMemory): Promise<void> {
    try {
      await table.update(pk, {
        UpdateExpression: `SET ${update}, expiresAt = :expiresAt`,
        ConditionExpression: condition,
        ...(names && { ExpressionAttributeNames: names }),
        ExpressionAttributeValues: { ...values, ':expiresAt': expiresAfter(days * DAY_SECONDS) },
      });
    } catch (error) {
      if (!(error instanceof RefusedConditionError)) throw error;
    }
  }

  async function writeSignals(rootArn: string, item: SignalItem): Promise<SignalItem | undefined> {
    const pk = signalKey(rootArn);
    const written = writtenOf(item);
    const expiresAt = expiresAfter(secondsOf(item.memory));
    try {
      await table.put({
        Item: { pk: { S: pk }, ...written, expiresAt },
        ConditionExpression: 'attribute_not_exists(pk) OR #version = :before',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':before': number(item.version - 1) },
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof RefusedConditionError)) throw error;
      const other = error.item ?? (await table.get(pk));
      return otherThan(written, other);
    }
  }

  /** The slowest delivery, if it is slower than what is known to be noted. */
  function newsOf(key: string, { slowestDeliveryMs }: DayCounters): number | undefined {
    const notedMs = slowestNoted.get(key) ?? -1;
    return slowestDeliveryMs !== undefined && slowestDeliveryMs > notedMs ? slowestDeliveryMs : undefined;
  }

  /** Adds to a day, and notes its slowest delivery. @throws RefusedConditionError, with nothing added, if there was a slower one. */
  async function addToDay(key: string, { counts }: DayCounters, slowestMs: number | undefined): Promise<void> {
    const entries = Object.entries(withinRoom(counts, namedOn.get(key) ?? []));
    const isSlowest = slowestMs !== undefined;
    const isNaming = namesIn(counts).length > 0;
    const { Attributes: day = {} } = await table.update(key, {
      ...(isNaming && { ReturnValues: 'ALL_NEW' }),
      UpdateExpression: `SET expiresAt = :expiresAt${isSlowest ? ', slowestDeliveryMs = :ms' : ''} ADD ${entries.map((_, i) => `#n${i} :n${i}`).join(', ')}`,
      ...(isSlowest && {
        ConditionExpression: 'attribute_not_exists(slowestDeliveryMs) OR slowestDeliveryMs < :ms',
      }),
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name], i) => [`#n${i}`, name])),
      ExpressionAttributeValues: {
        ':expiresAt': expiresAfter(PEOPLE_KEPT_DAYS * DAY_SECONDS),
        ...numbers(Object.fromEntries(entries.map(([, count], i) => [`:n${i}`, count]))),
        ...(isSlowest && numbers({ ':ms': slowestMs })),
      },
    });
    if (isNaming) namedOn.set(key, namesIn(day));
  }

  return {
    async claim(keys, claimer) {
      const [answers, notified] = [new Map<string, Answer>(), new Set<string>()];
      const claimEach = (some: readonly string[]) =>
        forEach(some, async (key) => {
          answers.set(key, await claimOne(key, claimer, notified));
        });
      await claimEach(keys);
      const open = keys.filter((key) => answers.get(key) !== 'claimed' && !notified.has(key));
      const found = await lookUp(open);
      // One request that broke is not a table out of reach: what it kept from being asked is asked once more.
      const missed = open.filter((key) => !answers.has(key) && found.get(key) === false);
      await claimEach(missed);
      return new Map(keys.map((key) => [key, claimOf(answers.get(key), notified.has(key) || found.get(key))]));
    },

    markNotified: (keys, said = new Map()) =>
      table.write(
        [
          ...keys.map((key) => ({
            pk: { S: key },
            notifiedAtMs: number(now()),
            expiresAt: expiresAfter(NOTIFIED_FOR_SECONDS),
          })),
          // Items of their own, since these go within days and those after a year.
          ...Array.from(said, ([key, memory]) => ({
            pk: { S: key },
            said: { S: memory.said ?? '' },
            expiresAt: expiresAfter(PEOPLE_KEPT_DAYS * DAY_SECONDS),
          })),
        ].map((Item) => ({ PutRequest: { Item } })),
      ),

    async release(keys, owner) {
      const releaseEach = (some: readonly string[]) => forEach(some, (key) => releaseOne(key, owner));
      const { left } = await releaseEach(keys);
      // One request that broke is not a table out of reach: what it kept from being asked is asked once more.
      const again = await releaseEach(left);
      if (again.left.length > 0) throw again.error;
    },

    async reserveSlot(webhookKey, request) {
      // DynamoDB refuses a range that ends before it begins, and a slot at once would be too late as well.
      if (request.nowMs > request.latestMs) return { kind: 'too-late' };
      const first = fitting;
      const other = first === 0 ? 1 : 0;
      // For one moment one of the two fits, unless somebody came in between: then the first does, or the slot is too late.
      for (const form of [first, other, first] as const) {
        const answer = await askForSlot(webhookKey, request, form);
        if (answer !== undefined) return answer;
      }
      return { kind: 'too-late' };
    },

    async moveSlot(webhookKey, slot, startMs) {
      try {
        await table.update(webhookKey, {
          UpdateExpression: 'SET slotMs = :moved',
          ConditionExpression: 'slotMs = :slot',
          ExpressionAttributeValues: numbers({ ':moved': startMs, ':slot': slot.startMs }),
        });
        return true;
      } catch (error) {
        if (error instanceof RefusedConditionError) return false;
        throw error;
      }
    },

    async isTurnTaken(webhookKey, nowMs) {
      const item = await table.get(webhookKey);
      return holderIn(item, nowMs) !== undefined && (numberIn(item, 'slotMs') ?? 0) > nowMs - LONGEST_ROUND_MS;
    },

    async endTurn(webhookKey, owner, unused) {
      const isGivenBack = unused !== undefined && (await giveTurnBack(webhookKey, owner, unused));
      // Somebody queued up behind the slot, or there is none.
      if (!isGivenBack) await giveTurnBack(webhookKey, owner, undefined);
    },

    async setBlock(webhookKey, block) {
      await table.update(
        webhookKey,
        block === undefined
          ? { UpdateExpression: 'REMOVE blockedUntilMs, troubleSinceMs' }
          : {
              UpdateExpression: 'SET blockedUntilMs = :until, troubleSinceMs = :since, expiresAt = :expiresAt',
              ExpressionAttributeValues: {
                ':until': number(block.untilMs),
                ':since': number(block.sinceMs),
                ':expiresAt': expiresAfter(DAY_SECONDS),
              },
            },
      );
    },

    async recall(keys) {
      const known = new Map<string, Memory>();
      await table.read(keys, (_, items) => {
        for (const item of items) known.set(item.pk?.S ?? '', memoryIn(item));
      });
      return known;
    },

    remember: (memories) =>
      inParallel(
        [...memories].flatMap(([pk, memory]) => partsOf(memory, now()).map((part) => ({ pk, part }))),
        AT_ONCE,
        ({ pk, part }) => rememberPart(pk, part),
      ),

    readSignals: async (rootArn) => signalItemIn(await table.get(signalKey(rootArn))),

    writeSignals,

    async count(key, counters) {
      const slowestMs = newsOf(key, counters);
      try {
        await addToDay(key, counters, slowestMs);
        if (slowestMs !== undefined) slowestNoted.set(key, slowestMs);
      } catch (error) {
        if (!(error instanceof RefusedConditionError)) throw error;
        slowestNoted.set(key, numberIn(error.item, 'slowestDeliveryMs') ?? slowestMs ?? 0);
        await addToDay(key, counters, undefined);
      }
    },

    async readDay(key) {
      const item = await table.get(key);
      if (item === undefined) return undefined;
      const { pk: _pk, expiresAt: _expiresAt, slowestDeliveryMs: _slowest, ...counters } = item;
      return {
        counts: Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, Number(value.N)])),
        slowestDeliveryMs: numberIn(item, 'slowestDeliveryMs'),
      };
    },

    async noteWaiting(key, note, endedSinceMs = Number.MAX_SAFE_INTEGER) {
      const pk = `waiting#${key}`;
      const sinceMs = Math.min(note?.sinceMs ?? endedSinceMs, endedSinceMs);
      const ifNotOlder = {
        ConditionExpression: 'attribute_not_exists(pk) OR sinceMs >= :since OR notedAtMs < :stale',
        ExpressionAttributeValues: numbers({ ':since': sinceMs, ':stale': now() - NOTE_STANDS_MS }),
      };
      try {
        if (note === undefined) {
          await table.delete(pk, ifNotOlder);
          return;
        }
        const Item = {
          pk: { S: pk },
          ...numbers({ records: note.records, sinceMs: note.sinceMs, notedAtMs: note.notedAtMs }),
          reason: { S: note.reason },
          expiresAt: expiresAfter(DAY_SECONDS),
        };
        await table.put({ Item, ...ifNotOlder });
      } catch (error) {
        if (!(error instanceof RefusedConditionError)) throw error;
      }
    },

    async readWaiting(key) {
      const item = await table.get(`waiting#${key}`);
      if (item === undefined) return undefined;
      return {
        records: numberIn(item, 'records') ?? 0,
        sinceMs: numberIn(item, 'sinceMs') ?? 0,
        notedAtMs: numberIn(item, 'notedAtMs') ?? 0,
        reason: item.reason?.S ?? '',
      };
    },
  };
}
