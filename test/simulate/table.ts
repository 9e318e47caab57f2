import { awsError, type Input, type Service } from './aws-client.ts';
import type { Chance } from './chance.ts';
import { ExpressionError, type Item, parseCondition, parseUpdate, refuseUnused, type Value } from './expression.ts';
import type { Outcome, Process } from './process.ts';

export interface TableOptions {
  readonly name: string;
  readonly nowMs: () => number;
  readonly chance: Chance;
  /** Whether one entry of a batch is left undone. */
  readonly isUnprocessed: () => boolean;
  /** Called with every write that took effect; no item: it was deleted. */
  readonly onWrite: (process: Process, key: string, item: Item | undefined) => void;
}

interface Version {
  readonly item: Item | undefined;
  readonly before: Item | undefined;
  readonly changedMs: number;
}

/** Eventually consistent reads lag behind by a second at most, as a rule. */
const STALE_MS = 1000;
/** "Within a few days": expired items are still there for a while. */
const LONGEST_EXPIRED_MS = 48 * 60 * 60 * 1000;
const WRITES = 25;
const READS = 100;

const refuse = (message: string): never => {
  throw new ExpressionError(message);
};

const textOf = (input: Input, name: string): string | undefined => {
  const value = input[name];
  return value === undefined ? undefined : String(value);
};

const keyOf = (key: unknown): string => {
  const pk = (key as Item | undefined)?.pk?.S;
  return typeof pk === 'string' && pk !== '' ? pk : refuse('the key is not as the table has it');
};

const placeholdersOf = (input: Input) => ({
  names: (input.ExpressionAttributeNames ?? {}) as Readonly<Record<string, string>>,
  values: (input.ExpressionAttributeValues ?? {}) as Readonly<Record<string, Value>>,
});

const attributesBy = (how: string | undefined, before: Item | undefined, after: Item | undefined): object => {
  const changed = (item: Item | undefined, other: Item | undefined): Item =>
    Object.fromEntries(
      Object.entries(item ?? {}).filter(([name, value]) => JSON.stringify(other?.[name]) !== JSON.stringify(value)),
    );
  switch (how) {
    case undefined:
    case 'NONE':
      return {};
    case 'ALL_OLD':
      return before === undefined ? {} : { Attributes: before };
    case 'ALL_NEW':
      return { Attributes: after };
    case 'UPDATED_OLD':
      return { Attributes: changed(before, after) };
    case 'UPDATED_NEW':
      return { Attributes: changed(after, before) };
    default:
      return refuse(`not imitated: ReturnValues ${how}`);
  }
};

/**
 * As much of DynamoDB as the ledger uses, and an error for the rest.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
 */
export function createTable({ name, nowMs, chance, isUnprocessed, onWrite }: TableOptions) {
  const versions = new Map<string, Version>();

  const isGone = ({ item }: Version): boolean => {
    const expiresAt = item?.expiresAt?.N;
    if (expiresAt === undefined || Number(expiresAt) * 1000 > nowMs()) return false;
    return nowMs() - Number(expiresAt) * 1000 > LONGEST_EXPIRED_MS || chance.is(0.1);
  };

  /** The item as it is; one that has expired is deleted at some time or other. */
  function read(key: string): Item | undefined {
    const version = versions.get(key);
    if (version === undefined) return undefined;
    if (!isGone(version)) return version.item;
    versions.delete(key);
    return undefined;
  }

  function readMaybeStale(key: string, isConsistent: boolean): Item | undefined {
    const item = read(key);
    const version = versions.get(key);
    const isRecent = version !== undefined && nowMs() - version.changedMs < STALE_MS;
    return !isConsistent && isRecent && chance.is(0.5) ? version.before : item;
  }

  function write(process: Process, key: string, item: Item | undefined): void {
    versions.set(key, { item, before: read(key), changedMs: nowMs() });
    onWrite(process, key, item);
  }

  function check(input: Input, item: Item | undefined): void {
    const placeholders = placeholdersOf(input);
    const condition = textOf(input, 'ConditionExpression');
    refuseUnused([condition, textOf(input, 'UpdateExpression')], placeholders);
    if (condition === undefined || parseCondition(condition)(item ?? {}, placeholders)) return;
    const error = awsError('ConditionalCheckFailedException', 'The conditional request failed');
    const shows = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && item !== undefined;
    throw shows ? Object.assign(error, { Item: item }) : error;
  }

  const piecesOf = <Entry>(input: Input, limit: number, entriesOf: (of: unknown) => readonly Entry[]) => {
    const requests = Object.entries((input.RequestItems ?? {}) as Readonly<Record<string, unknown>>);
    const [only, ...others] = requests;
    if (only === undefined || others.length > 0 || only[0] !== name) return refuse('not imitated: several tables');
    const entries = entriesOf(only[1]);
    if (entries.length === 0 || entries.length > limit) return refuse(`${entries.length} entries in one batch`);
    return entries;
  };

  const refuseTwice = (keys: readonly string[]): void => {
    if (new Set(keys).size < keys.length) refuse('Provided list of item keys contains duplicates');
  };

  const OPERATIONS: Readonly<Record<string, (input: Input, process: Process) => object>> = {
    GetItem(input) {
      const item = readMaybeStale(keyOf(input.Key), input.ConsistentRead === true);
      return item === undefined ? {} : { Item: item };
    },
    PutItem(input, process) {
      const item = input.Item as Item;
      const key = keyOf(item);
      const before = read(key);
      check(input, before);
      write(process, key, item);
      return attributesBy(textOf(input, 'ReturnValues'), before, item);
    },
    DeleteItem(input, process) {
      const key = keyOf(input.Key);
      const before = read(key);
      check(input, before);
      write(process, key, undefined);
      return attributesBy(textOf(input, 'ReturnValues'), before, undefined);
    },
    UpdateItem(input, process) {
      const key = keyOf(input.Key);
      const before = read(key);
      check(input, before);
      const draft: Record<string, Value> = { ...(before ?? (input.Key as Item)) };
      const update = textOf(input, 'UpdateExpression');
      if (update !== undefined) parseUpdate(update)(before ?? {}, draft, placeholdersOf(input));
      write(process, key, draft);
      return attributesBy(textOf(input, 'ReturnValues'), before, draft);
    },
    BatchGetItem(input) {
      const asked = Object.values(input.RequestItems as Readonly<Record<string, Input>>)[0];
      const keys = piecesOf(input, READS, () => (asked?.Keys ?? []) as readonly Item[]);
      refuseTwice(keys.map(keyOf));
      const left = keys.filter(isUnprocessed);
      const items = keys
        .filter((key) => !left.includes(key))
        .flatMap((key) => readMaybeStale(keyOf(key), asked?.ConsistentRead === true) ?? []);
      return {
        // In no order that the keys were asked for in.
        Responses: { [name]: items.toReversed() },
        UnprocessedKeys: left.length === 0 ? {} : { [name]: { ...asked, Keys: left } },
      };
    },
    BatchWriteItem(input, process) {
      type Write = { readonly PutRequest?: { Item: Item }; readonly DeleteRequest?: { Key: Item } };
      const writes = piecesOf(input, WRITES, (of) => of as readonly Write[]);
      const keyOfWrite = ({ PutRequest, DeleteRequest }: Write): string =>
        keyOf(PutRequest?.Item ?? DeleteRequest?.Key);
      refuseTwice(writes.map(keyOfWrite));
      const left = writes.filter(isUnprocessed);
      for (const one of writes.filter((each) => !left.includes(each))) {
        write(process, keyOfWrite(one), one.PutRequest?.Item);
      }
      return { UnprocessedItems: left.length === 0 ? {} : { [name]: left } };
    },
  };

  const answerTo = (operation: string, input: Input, process: Process): Outcome<object> => {
    try {
      const run = OPERATIONS[operation] ?? refuse(`not imitated: ${operation}`);
      if (input.RequestItems === undefined && input.TableName !== name) refuse('no such table');
      return { kind: 'value', value: run(input, process) };
    } catch (error) {
      return { kind: 'error', error };
    }
  };

  const service: Service = {
    name: 'table',
    throttling: 'ProvisionedThroughputExceededException',
    execute: ({ operation, input }, process, answer) => answer(answerTo(operation, input, process)),
  };
  return { service, read };
}
