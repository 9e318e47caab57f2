import { expect, it } from 'vitest';
import { isSaying } from './checks/check-outcomes.ts';
import { type Plant, plant } from './plant.ts';
import type { PromiseName } from './promises.ts';
import { type SimulationOptions, simulate } from './simulation.ts';

const SEEDS = 50;

const ok = async (): Promise<Response> => new Response('ok');
const textOf = (body: string): string => String(JSON.parse(body).text);
const isSummary = (body: string): boolean => body.includes('Daily summary');

interface Planted {
  readonly mistake: string;
  readonly promise: PromiseName;
  readonly how: Plant;
  readonly options?: Partial<SimulationOptions>;
  /** Where it takes many calls that come at once, which makes days long: the seed to begin with. @default 1 */
  readonly from?: number;
}

/** Mistakes that the functions might make, and the promise that each of them breaks. */
const MISTAKES: readonly Planted[] = [
  {
    mistake: 'a post that is not sent counts as accepted',
    promise: 'nothing is lost',
    how: { post: (_, post, body) => (body.length % 20 === 0 ? ok() : post()) },
  },
  {
    mistake: 'every message is posted twice',
    promise: 'reported once',
    how: { post: (_, post) => post().then((first) => (first.status === 200 ? post() : first)) },
  },
  {
    mistake: 'a message says one call more than it reports',
    promise: 'reported truly',
    how: { post: (_, post, body) => post(body.replace(/^(\{"text":"[^"]*)\b2 calls/, '$1 3 calls')) },
  },
  {
    mistake: 'the body of a dead letter is changed',
    promise: 'reported truly',
    how: {
      request: (operation, input) =>
        operation === 'SendMessage' ? { ...input, MessageBody: `${input.MessageBody} ` } : input,
    },
  },
  {
    mistake: 'a dead letter has no reason',
    promise: 'only the broken are dead-lettered',
    how: {
      request: (operation, { MessageAttributes, ...input }) =>
        operation === 'SendMessage'
          ? input
          : { ...input, ...(MessageAttributes !== undefined && { MessageAttributes }) },
    },
  },
  {
    mistake: 'what MediaConnect said by itself is posted twice',
    promise: 'an outcome is told once',
    how: { post: (_, post, body) => (isSaying(textOf(body)) ? post().then(() => post()) : post()) },
  },
  {
    mistake: 'what came of a call is said of another flow',
    promise: 'an outcome is its own call’s',
    how: { post: (_, post, body) => post(body.replace(/flow k\d{5}k is/, 'flow k99999k is')) },
  },
  {
    mistake: 'nobody waits for a slot',
    promise: 'one post a second',
    how: { wait: () => 0 },
  },
  {
    mistake: 'each post is put off by almost as long as Slack is waited for',
    promise: 'a lone call in quiet comes within seconds',
    how: { post: (outside, post) => outside.wait(9900).then(() => post()) },
  },
  {
    mistake: 'records are hidden for five times as long',
    promise: 'a minute of trouble costs a minute',
    how: {
      request(operation, input) {
        if (operation !== 'ChangeMessageVisibilityBatch') return input;
        const entries = input.Entries as readonly { readonly VisibilityTimeout: number }[];
        return {
          ...input,
          Entries: entries.map((entry) => ({ ...entry, VisibilityTimeout: 5 * entry.VisibilityTimeout })),
        };
      },
    },
    // Few days have trouble that is short enough to tell, and calls in it.
    options: { days: 4 },
  },
  {
    mistake: 'nobody remembers that somebody was called',
    promise: 'called once in ten minutes',
    how: {
      request: (operation, input) =>
        operation === 'UpdateItem' && JSON.stringify(input.Key).includes('mention#') ? undefined : input,
    },
  },
  {
    mistake: 'somebody is called once and never again',
    promise: 'called once in ten minutes',
    how: {
      request(operation, input) {
        if (operation !== 'UpdateItem' || !JSON.stringify(input.Key).includes('mention#')) return input;
        const values = input.ExpressionAttributeValues as Readonly<Record<string, { readonly N: string }>>;
        const laterMs = Number(values[':at']?.N) + 9 * 60_000;
        return { ...input, ExpressionAttributeValues: { ...values, ':at': { N: String(laterMs) } } };
      },
    },
  },
  {
    mistake: 'a summary that is not sent counts as accepted',
    promise: 'a summary a day',
    how: { post: (_, post, body) => (isSummary(body) ? ok() : post()) },
  },
  {
    mistake: 'every summary warns',
    promise: 'the sign of life is true',
    how: { post: (_, post, body) => post(isSummary(body) ? body.replace('"text":"', '"text":"⏳ ') : body) },
  },
  {
    mistake: 'a wait outlasts the invocation',
    promise: 'no invocation is cut off',
    how: { wait: (ms) => ms + 400_000 },
  },
  {
    mistake: 'a request has more than its expressions use',
    promise: 'AWS takes every request',
    how: {
      request: (operation, input) =>
        operation === 'UpdateItem' ? { ...input, ExpressionAttributeNames: { '#unused': 'unused' } } : input,
    },
  },
  {
    mistake: 'what a digest has reported is not deleted',
    promise: 'every wait ends',
    how: { request: (operation, input) => (operation === 'DeleteMessageBatch' ? undefined : input) },
  },
  {
    mistake: 'what DynamoDB leaves unwritten is not written again',
    promise: 'reported once',
    how: { answer: (operation, output) => (operation === 'BatchWriteItem' ? {} : output) },
  },
  {
    mistake: 'a call is marked as reported before it is posted',
    promise: 'nothing is lost',
    how: {
      request(operation, input) {
        const item = input.Item as { readonly owner?: unknown; readonly pk: unknown } | undefined;
        if (operation !== 'PutItem' || item?.owner === undefined) return input;
        return { ...input, Item: { pk: item.pk, notifiedAtMs: { N: '1' }, expiresAt: { N: '4000000000' } } };
      },
    },
  },
  {
    mistake: 'whoever gives a claim back does not ask whose it is',
    promise: 'reported once',
    how: {
      request(operation, input) {
        if (operation !== 'DeleteItem') return input;
        const { TableName, Key } = input;
        return { TableName, Key };
      },
    },
    options: { mostCallsADay: 2000 },
    from: 10,
  },
  {
    mistake: 'what a channel was notified of last is not noted',
    promise: 'the last word is the state',
    how: {
      request(operation, input) {
        const names = input.ExpressionAttributeNames as { readonly '#at'?: string } | undefined;
        return operation === 'UpdateItem' && names?.['#at'] === 'signalAtMs' ? undefined : input;
      },
    },
  },
  {
    mistake: 'the notifier posts its batches and never empties the queue',
    promise: 'a backlog comes in few messages',
    how: {
      request: (operation, input) =>
        operation === 'ReceiveMessage' && String(input.QueueUrl).endsWith('immediate') ? undefined : input,
    },
    from: 30,
  },
  {
    mistake: 'of the records received together the first is forgotten',
    promise: 'the oldest comes first',
    how: {
      answer(operation, output) {
        const messages = output.Messages as readonly unknown[] | undefined;
        return operation === 'ReceiveMessage' && messages ? { ...output, Messages: messages.slice(1) } : output;
      },
    },
  },
];

async function brokenOn(seed: number, options: Partial<SimulationOptions>): Promise<ReadonlySet<PromiseName>> {
  const { violations } = await simulate({ seed, days: 1, mostViolations: 200, ...options });
  return new Set(violations.map(({ promise }) => promise));
}

/** What is broken on a seed without a mistake, which is the same for all mistakes that need no options. */
const unplanted = new Map<string, Promise<ReadonlySet<PromiseName>>>();
function brokenAnyway(seed: number, options: Partial<SimulationOptions>): Promise<ReadonlySet<PromiseName>> {
  const key = JSON.stringify([seed, options]);
  const broken = unplanted.get(key) ?? brokenOn(seed, options);
  unplanted.set(key, broken);
  return broken;
}

/** The first seed on which the promise holds, but for the mistake. */
async function firstSeedThatFinds({ promise, how, options = {}, from = 1 }: Planted): Promise<number | 'none'> {
  for (let seed = from; seed < from + SEEDS; seed += 1) {
    const broken = await brokenOn(seed, { ...options, plant: (outside) => plant(outside, how) });
    if (broken.has(promise) && !(await brokenAnyway(seed, options)).has(promise)) return seed;
  }
  return 'none';
}

it.each(MISTAKES)('finds that $mistake: "$promise"', async (planted) => {
  expect(await firstSeedThatFinds(planted)).not.toBe('none');
});
