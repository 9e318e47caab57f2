import { awsError, type Input, type Service } from './aws-client.ts';
import type { Chance } from './chance.ts';
import type { Outcome, Process } from './process.ts';
import type { Appointment, Scheduler } from './scheduler.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** A record in a queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentMs: number;
  firstReceivedMs: number;
  receiveCount: number;
  /** Handed out, and hidden, or delayed, until then. */
  visibleAtMs: number;
  isInFlight: boolean;
  /** The latest; an earlier one deletes nothing any more. */
  receiptHandle: string;
}

/** Why a record left its queue. */
export type Removal = 'deleted' | 'expired' | 'received too often';

export interface QueueSettings {
  readonly name: string;
  readonly visibilityTimeoutMs: number;
  readonly maxReceiveCount: number;
}

export interface QueueOptions extends QueueSettings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly onAdded: (queue: Queue, message: QueueMessage) => void;
  readonly onRemoved: (queue: Queue, message: QueueMessage, why: Removal) => void;
  /** Whoever received it; Lambda's poller is no process. */
  readonly onReceived: (queue: Queue, messages: readonly QueueMessage[], process: Process | undefined) => void;
  readonly deadLetterQueue: Queue | undefined;
}

/** A standard queue. */
export interface Queue {
  readonly settings: QueueSettings;
  readonly url: string;
  readonly size: () => number;
  readonly messages: () => Iterable<QueueMessage>;
  readonly counts: () => { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  readonly send: (body: string, options?: { delayMs?: number; attributes?: MessageAttributes }) => QueueMessage;
  /** Up to so many of those that are visible, in no order. A short receive may overlook some of them, or all. */
  readonly receive: (options: {
    readonly most: number;
    readonly isShort: boolean;
    readonly visibilityMs?: number | undefined;
    readonly process: Process | undefined;
  }) => readonly QueueMessage[];
  readonly remove: (receiptHandle: string) => void;
  /** Deletes a record whoever has it. */
  readonly drop: (message: QueueMessage) => void;
  /** Whether the record was in flight under that handle. */
  readonly changeVisibility: (receiptHandle: string, ms: number) => boolean;
  /** The record that is known by that handle. */
  readonly withHandle: (receiptHandle: string) => QueueMessage | undefined;
  /** Calls once, as soon as a record may be visible; at once if one is. */
  readonly whenVisible: (call: () => void) => Appointment;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const RETENTION_MS = 14 * DAY_MS;
const LONGEST_VISIBILITY_MS = 12 * 60 * 60 * 1000;
/** "Approximately 120,000" on standard queues. */
const MOST_IN_FLIGHT = 120_000;
const DUPLICATED = 0.0005;

/**
 * A standard queue of SQS: at least once, in no order, hidden while somebody works on a record.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
 */
export function createQueue(options: QueueOptions): Queue {
  const { name, visibilityTimeoutMs, maxReceiveCount, scheduler, chance, deadLetterQueue } = options;
  const { onAdded, onRemoved, onReceived } = options;
  const stored = new Map<string, QueueMessage>();
  let waiting: (() => void)[] = [];
  let ids = 0;
  let inFlight = 0;

  const setInFlight = (message: QueueMessage, isInFlight: boolean): void => {
    inFlight += Number(isInFlight) - Number(message.isInFlight);
    message.isInFlight = isInFlight;
  };

  const isVisible = ({ visibleAtMs }: QueueMessage): boolean => visibleAtMs <= scheduler.nowMs();

  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const call of woken) call();
  };

  function hideUntil(message: QueueMessage, visibleAtMs: number): void {
    message.visibleAtMs = visibleAtMs;
    scheduler.at(visibleAtMs, () => {
      if (message.visibleAtMs !== visibleAtMs || !stored.has(message.messageId)) return;
      setInFlight(message, false);
      wake();
    });
  }

  function drop(message: QueueMessage, why: Removal): void {
    if (!stored.delete(message.messageId)) return;
    setInFlight(message, false);
    onRemoved(queue, message, why);
  }

  function giveUp(message: QueueMessage): void {
    // In the dead-letter queue first: it is never in neither.
    deadLetterQueue?.send(message.body, { attributes: message.attributes });
    drop(message, 'received too often');
  }

  function handOut(message: QueueMessage, visibilityMs: number): void {
    message.receiveCount += 1;
    message.firstReceivedMs ||= scheduler.nowMs();
    message.receiptHandle = `${message.messageId}/${message.receiveCount}`;
    // Rarely, a server that was away hands out a record again.
    if (chance.is(DUPLICATED)) return;
    setInFlight(message, true);
    hideUntil(message, scheduler.nowMs() + visibilityMs);
  }

  function visible(): QueueMessage[] {
    const found: QueueMessage[] = [];
    for (const message of stored.values()) {
      if (scheduler.nowMs() - message.sentMs > RETENTION_MS) drop(message, 'expired');
      else if (isVisible(message)) found.push(message);
    }
    return found;
  }

  /** Some of them, from a server here and a server there. */
  function sample(messages: readonly QueueMessage[], most: number, isShort: boolean): readonly QueueMessage[] {
    const seen = isShort ? messages.filter(() => chance.is(0.8)) : messages;
    return seen
      .map((message) => ({ message, place: message.sentMs + chance.draw() * 2000 }))
      .sort((one, other) => one.place - other.place)
      .slice(0, most)
      .map(({ message }) => message);
  }

  const withHandle = (receiptHandle: string): QueueMessage | undefined => {
    const message = stored.get(receiptHandle.split('/')[0] ?? '');
    return message?.receiptHandle === receiptHandle ? message : undefined;
  };

  const queue: Queue = {
    settings: options,
    url: `https://sqs.eu-west-1.amazonaws.com/111122223333/${name}`,
    size: () => stored.size,
    messages: () => stored.values(),
    counts() {
      const hidden = [...stored.values()].filter((message) => !isVisible(message));
      const flying = hidden.filter((message) => message.isInFlight).length;
      return { visible: stored.size - hidden.length, inFlight: flying, delayed: hidden.length - flying };
    },
    send(body, { delayMs = 0, attributes = {} } = {}) {
      ids += 1;
      const message: QueueMessage = {
        messageId: `${name}-${ids}`,
        body,
        attributes,
        sentMs: scheduler.nowMs(),
        firstReceivedMs: 0,
        receiveCount: 0,
        visibleAtMs: 0,
        isInFlight: false,
        receiptHandle: '',
      };
      stored.set(message.messageId, message);
      onAdded(queue, message);
      hideUntil(message, scheduler.nowMs() + delayMs);
      return message;
    },
    receive({ most, isShort, visibilityMs = visibilityTimeoutMs, process }) {
      if (inFlight >= MOST_IN_FLIGHT) throw awsError('OverLimit');
      const taken = sample(visible(), most, isShort);
      for (const message of taken) {
        if (message.receiveCount >= maxReceiveCount) giveUp(message);
        else handOut(message, visibilityMs);
      }
      const received = taken.filter(({ messageId }) => stored.has(messageId));
      if (received.length > 0) onReceived(queue, received, process);
      return received;
    },
    remove(receiptHandle) {
      const message = withHandle(receiptHandle);
      if (message !== undefined) drop(message, 'deleted');
    },
    drop: (message) => drop(message, 'deleted'),
    changeVisibility(receiptHandle, ms) {
      const message = withHandle(receiptHandle);
      if (message === undefined || !message.isInFlight) return false;
      hideUntil(message, scheduler.nowMs() + Math.min(ms, LONGEST_VISIBILITY_MS));
      return true;
    },
    withHandle,
    whenVisible(call) {
      let isCancelled = false;
      const once = (): void => {
        if (!isCancelled) call();
      };
      if (visible().length > 0) scheduler.after(0, once);
      else waiting.push(once);
      return {
        cancel: () => {
          isCancelled = true;
        },
      };
    },
  };
  return queue;
}

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: MessageAttributes;
}

const ENTRIES = 10;
const LONGEST_DELAY_SECONDS = 900;

const invalid = (message: string): never => {
  throw awsError('InvalidParameterValue', message);
};

const bounded = (value: unknown, least: number, most: number, name: string): number => {
  const number = Number(value);
  return Number.isInteger(number) && number >= least && number <= most ? number : invalid(`${name}: ${value}`);
};

function attributesOf({ attributes }: QueueMessage, wanted: unknown): object {
  const names = (wanted ?? []) as readonly string[];
  const shown = Object.entries(attributes).filter(([name]) => names.includes('All') || names.includes(name));
  return shown.length === 0 ? {} : { MessageAttributes: Object.fromEntries(shown) };
}

/** What SQS says of a record that it hands out. */
export const systemAttributes = (message: QueueMessage): Readonly<Record<string, string>> => ({
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
  SentTimestamp: String(message.sentMs),
  SenderId: 'AIDAEXAMPLE',
});

function systemAttributesOf(message: QueueMessage, wanted: readonly string[]): object {
  const shown = Object.entries(systemAttributes(message)).filter(
    ([name]) => wanted.includes('All') || wanted.includes(name),
  );
  return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) };
}

function checkAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > ENTRIES) invalid('more than ten message attributes');
  for (const [name, { StringValue }] of entries) if (StringValue === '') invalid(`${name} is empty`);
}

export interface QueueServiceOptions {
  readonly scheduler: Scheduler;
  /** Whether one entry of a batch fails. */
  readonly isEntryRefused: () => boolean;
  /** Records were handed out, and nobody heard of it. */
  readonly onUnheard: (messages: readonly QueueMessage[]) => void;
  /** A record was hidden as it was asked for, or not. */
  readonly onHidden: (message: QueueMessage, isHidden: boolean) => void;
}

/**
 * SQS's API over some queues, as far as the functions use it.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
export function createQueueService(
  queues: readonly Queue[],
  { scheduler, isEntryRefused, onUnheard, onHidden }: QueueServiceOptions,
): Service {
  const queueAt = (input: Input): Queue => {
    const queue = queues.find(({ url }) => url === input.QueueUrl);
    if (queue === undefined) throw awsError('QueueDoesNotExist', String(input.QueueUrl));
    return queue;
  };

  function sendOne(queue: Queue, { MessageBody, DelaySeconds = 0, MessageAttributes = {} }: Omit<Entry, 'Id'>): object {
    if (MessageBody === undefined || MessageBody === '') invalid('a message without a body');
    checkAttributes(MessageAttributes);
    const delayMs = bounded(DelaySeconds, 0, LONGEST_DELAY_SECONDS, 'DelaySeconds') * 1000;
    return { MessageId: queue.send(MessageBody ?? '', { delayMs, attributes: MessageAttributes }).messageId };
  }

  function noteHidden(queue: Queue, receiptHandle: string, isHidden: boolean): void {
    const message = queue.withHandle(receiptHandle);
    if (message !== undefined) onHidden(message, isHidden);
  }

  function hideOne(queue: Queue, { ReceiptHandle = '', VisibilityTimeout }: Omit<Entry, 'Id'>): object {
    const ms = bounded(VisibilityTimeout, 0, LONGEST_VISIBILITY_MS / 1000, 'VisibilityTimeout') * 1000;
    if (!queue.changeVisibility(ReceiptHandle, ms)) throw awsError('MessageNotInflight');
    noteHidden(queue, ReceiptHandle, true);
    return {};
  }

  function removeOne(queue: Queue, { ReceiptHandle = '' }: Omit<Entry, 'Id'>): object {
    queue.remove(ReceiptHandle);
    return {};
  }

  function inBatch(input: Input, one: (queue: Queue, entry: Entry) => object): object {
    const queue = queueAt(input);
    const entries = input.Entries as readonly Entry[];
    if (entries.length === 0 || entries.length > ENTRIES) throw awsError('TooManyEntriesInBatchRequest');
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw awsError('BatchEntryIdsNotDistinct');
    const results = entries.map((entry) => entryOf(queue, entry, one));
    const Failed = results.filter((result) => 'SenderFault' in result);
    const Successful = results.filter((result) => !('SenderFault' in result));
    return { Successful, ...(Failed.length > 0 && { Failed }) };
  }

  /** A visibility that is not changed keeps a record hidden for longer than anybody wants. */
  function refuse(queue: Queue, { ReceiptHandle = '', VisibilityTimeout }: Entry): never {
    if (VisibilityTimeout !== undefined) noteHidden(queue, ReceiptHandle, false);
    throw awsError('InternalError');
  }

  function entryOf(queue: Queue, entry: Entry, one: (queue: Queue, entry: Entry) => object): object {
    const { Id } = entry;
    try {
      return { Id, ...(isEntryRefused() ? refuse(queue, entry) : one(queue, entry)) };
    } catch (error) {
      return { Id, Code: error instanceof Error ? error.name : 'unknown', SenderFault: false };
    }
  }

  function received(input: Input, messages: readonly QueueMessage[]): object {
    const wanted = [
      ...((input.MessageSystemAttributeNames ?? []) as readonly string[]),
      ...((input.AttributeNames ?? []) as readonly string[]),
    ];
    const Messages = messages.map((message) => ({
      MessageId: message.messageId,
      ReceiptHandle: message.receiptHandle,
      Body: message.body,
      ...systemAttributesOf(message, wanted),
      ...attributesOf(message, input.MessageAttributeNames),
    }));
    return Messages.length === 0 ? {} : { Messages };
  }

  /** A wait of more than none asks all servers, until one of them has something. */
  function receive(input: Input, process: Process, answer: (outcome: Outcome<object>) => void): void {
    const queue = queueAt(input);
    const most = bounded(input.MaxNumberOfMessages ?? 1, 1, ENTRIES, 'MaxNumberOfMessages');
    const waitMs = bounded(input.WaitTimeSeconds ?? 0, 0, 20, 'WaitTimeSeconds') * 1000;
    const visibilityMs = input.VisibilityTimeout === undefined ? undefined : Number(input.VisibilityTimeout) * 1000;
    const untilMs = scheduler.nowMs() + waitMs;
    const take = (): void => {
      const messages = queue.receive({ most, isShort: waitMs === 0, visibilityMs, process });
      if (messages.length > 0 || scheduler.nowMs() >= untilMs) {
        const onLost = (): void => onUnheard(messages);
        answer({ kind: 'value', value: received(input, messages), onLost });
        return;
      }
      const arrival = queue.whenVisible(() => {
        end.cancel();
        take();
      });
      const end = scheduler.at(untilMs, () => {
        arrival.cancel();
        take();
      });
    };
    take();
  }

  const OPERATIONS: Readonly<Record<string, (input: Input) => object>> = {
    SendMessage: (input) => sendOne(queueAt(input), input),
    SendMessageBatch: (input) => inBatch(input, sendOne),
    DeleteMessage: (input) => removeOne(queueAt(input), input),
    DeleteMessageBatch: (input) => inBatch(input, removeOne),
    ChangeMessageVisibility: (input) => hideOne(queueAt(input), input),
    ChangeMessageVisibilityBatch: (input) => inBatch(input, hideOne),
    GetQueueAttributes(input) {
      const { visible, inFlight, delayed } = queueAt(input).counts();
      return {
        Attributes: {
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(inFlight),
          ApproximateNumberOfMessagesDelayed: String(delayed),
        },
      };
    },
  };

  return {
    name: 'queues',
    throttling: 'RequestThrottled',
    execute({ operation, input }, process, answer) {
      try {
        if (operation === 'ReceiveMessage') {
          receive(input, process, answer);
          return;
        }
        const run = OPERATIONS[operation];
        if (run === undefined) throw awsError('ValidationException', `not imitated: ${operation}`);
        answer({ kind: 'value', value: run(input) });
      } catch (error) {
        answer({ kind: 'error', error });
      }
    },
  };
}
