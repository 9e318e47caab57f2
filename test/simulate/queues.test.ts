import { expect, it } from 'vitest';
import { aWorld } from './a-world.ts';
import type { Input } from './aws-client.ts';
import type { Outcome } from './process.ts';
import { createQueue, createQueueService, type Queue, type QueueMessage } from './queues.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function answerOf(outcome: Outcome<object>): unknown {
  if (outcome.kind === 'value') return outcome.value;
  return outcome.kind === 'error' && outcome.error instanceof Error ? outcome.error.name : 'nothing';
}

function someQueues({
  refused = [],
  maxReceiveCount = 3,
}: {
  refused?: readonly boolean[];
  maxReceiveCount?: number;
} = {}) {
  const world = aWorld();
  const events: string[] = [];
  const left = [...refused];
  const queueOf = (name: string, deadLetterQueue: Queue | undefined): Queue =>
    createQueue({
      name,
      visibilityTimeoutMs: 30_000,
      maxReceiveCount,
      scheduler: world.scheduler,
      // Hands out nothing twice, unless it is asked to.
      chance: { ...world.chance, is: (share) => share > 0.5 },
      deadLetterQueue,
      onAdded: (_queue, { body }) => events.push(`${name}: ${body} added`),
      onRemoved: (_queue, { body }, why) => events.push(`${name}: ${body} ${why}`),
      onReceived: () => undefined,
    });
  const deadLetters = queueOf('dead-letters', undefined);
  const queue = queueOf('immediate', deadLetters);
  const unheard: string[] = [];
  const hidden: string[] = [];
  const service = createQueueService([queue, deadLetters], {
    scheduler: world.scheduler,
    isEntryRefused: () => left.shift() ?? false,
    onUnheard: (messages) => unheard.push(...messages.map(({ body }) => body)),
    onHidden: ({ body }, isHidden) => hidden.push(`${body} ${isHidden}`),
  });
  const receive = (): readonly QueueMessage[] => queue.receive({ most: 10, isShort: false, process: undefined });
  const bodies = (): readonly string[] => receive().map(({ body }) => body);

  /** What SQS answers, or the name of its error, and when. */
  const call = (operation: string, input: Input) => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const request = { operation, input: { QueueUrl: queue.url, ...input } };
    service.execute(request, world.process, (outcome) => resolve(answerOf(outcome)));
    return world.outcomeOf(promise);
  };
  const later = (ms: number): Promise<void> => world.scheduler.runUntil(world.scheduler.nowMs() + ms);
  return { ...world, queue, deadLetters, events, unheard, hidden, receive, bodies, call, later };
}

it('hides what it hands out, until the visibility timeout is over', async () => {
  const { queue, bodies, later } = someQueues();
  queue.send('a');
  expect(bodies()).toEqual(['a']);
  await later(29_999);
  expect(bodies()).toEqual([]);
  await later(1);
  expect(bodies()).toEqual(['a']);
});

it('hands out at most ten, and what is delayed not before its time', async () => {
  const { queue, bodies, later } = someQueues();
  for (let count = 0; count < 12; count += 1) queue.send(`m${count}`);
  queue.send('delayed', { delayMs: 5000 });
  expect([bodies().length, bodies().length, queue.counts()]).toEqual([10, 2, { visible: 0, inFlight: 12, delayed: 1 }]);
  await later(5000);
  expect(bodies()).toEqual(['delayed']);
});

it('hides for as long as it is asked to, counted from then', async () => {
  const { queue, receive, bodies, later } = someQueues();
  queue.send('a');
  const [message] = receive();
  await later(10_000);
  expect(queue.changeVisibility(message?.receiptHandle ?? '', 60_000)).toBe(true);
  await later(59_999);
  expect(bodies()).toEqual([]);
  await later(1);
  expect(bodies()).toEqual(['a']);
});

it('knows only the latest handle, and hides only what is in flight', async () => {
  const { queue, receive, later } = someQueues();
  queue.send('a');
  const [first] = receive().map(({ receiptHandle }) => receiptHandle);
  await later(30_000);
  expect(queue.changeVisibility(first ?? '', 1000)).toBe(false);
  const [second] = receive().map(({ receiptHandle }) => receiptHandle);
  queue.remove(first ?? '');
  expect(queue.size()).toBe(1);
  queue.remove(second ?? '');
  expect(queue.size()).toBe(0);
});

it('moves to the dead-letter queue what was received too often', async () => {
  const { queue, deadLetters, bodies, later, events } = someQueues({ maxReceiveCount: 2 });
  queue.send('a');
  for (let count = 0; count < 3; count += 1) {
    bodies();
    await later(30_000);
  }
  expect([queue.size(), deadLetters.size()]).toEqual([0, 1]);
  expect(events).toEqual(['immediate: a added', 'dead-letters: a added', 'immediate: a received too often']);
});

it('forgets after 14 days', async () => {
  const { queue, bodies, later, events } = someQueues();
  queue.send('a');
  await later(14 * DAY_MS + 1);
  expect([bodies(), events.at(-1)]).toEqual([[], 'immediate: a expired']);
});

it('waits for a record as long as a receive does, and answers at once when there is one', async () => {
  const { queue, scheduler, call } = someQueues();
  scheduler.at(3000, () => queue.send('a'));
  expect(await call('ReceiveMessage', { WaitTimeSeconds: 1 })).toMatchObject({ value: {}, atMs: 1000 });
  const received = await call('ReceiveMessage', {
    WaitTimeSeconds: 20,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });
  expect(received).toMatchObject({
    value: { Messages: [{ Body: 'a', Attributes: { ApproximateReceiveCount: '1' } }] },
    atMs: 3000,
  });
});

it('does each entry of a batch by itself, and says which failed', async () => {
  const { queue, receive, call } = someQueues({ refused: [false, true] });
  for (const body of ['a', 'b', 'c']) queue.send(body);
  const Entries = receive().map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
  expect((await call('DeleteMessageBatch', { Entries }))?.value).toEqual({
    Successful: [{ Id: '0' }, { Id: '2' }],
    Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
  });
  expect(queue.size()).toBe(1);
});

const entries = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Id: String(index), ReceiptHandle: 'x' }));

it.each<[string, string, Input, string]>([
  ['eleven entries', 'DeleteMessageBatch', { Entries: entries(11) }, 'TooManyEntriesInBatchRequest'],
  ['no entries', 'DeleteMessageBatch', { Entries: [] }, 'TooManyEntriesInBatchRequest'],
  ['one id twice', 'DeleteMessageBatch', { Entries: [...entries(1), ...entries(1)] }, 'BatchEntryIdsNotDistinct'],
  ['more than ten records at once', 'ReceiveMessage', { MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
  ['a wait of more than 20 s', 'ReceiveMessage', { WaitTimeSeconds: 21 }, 'InvalidParameterValue'],
  ['a delay of more than 15 min', 'SendMessage', { MessageBody: 'a', DelaySeconds: 901 }, 'InvalidParameterValue'],
  ['an empty body', 'SendMessage', { MessageBody: '' }, 'InvalidParameterValue'],
  [
    'an empty attribute',
    'SendMessage',
    { MessageBody: 'a', MessageAttributes: { reason: { DataType: 'String', StringValue: '' } } },
    'InvalidParameterValue',
  ],
  [
    'to hide what is not in flight',
    'ChangeMessageVisibility',
    { ReceiptHandle: 'x', VisibilityTimeout: 1 },
    'MessageNotInflight',
  ],
  ['a queue that is not there', 'SendMessage', { QueueUrl: 'https://sqs/none', MessageBody: 'a' }, 'QueueDoesNotExist'],
  ['what is not imitated', 'PurgeQueue', {}, 'ValidationException'],
])('refuses %s', async (_name, operation, input, expected) => {
  expect((await someQueues().call(operation, input))?.value).toBe(expected);
});
