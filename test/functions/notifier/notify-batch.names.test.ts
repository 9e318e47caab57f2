import { expect, it } from 'vitest';
import { ACCOUNT, REGION } from '../../builders.ts';
import { type Arrival, live } from './live.ts';

const PREFIX = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}`;
const [OUTPUT, INPUT] = [`${PREFIX}:routerOutput:out123`, `${PREFIX}:routerInput:in456`];
const HOUR_MS = 3_600_000;

const call = (afterMs: number, detail: Readonly<Record<string, unknown>>): Arrival => ({ afterMs, detail });
const create = (afterMs: number): Arrival =>
  call(afterMs, {
    eventName: 'CreateRouterOutput',
    requestParameters: { name: 'cdn-north' },
    responseElements: { routerOutput: { name: 'cdn-north', arn: OUTPUT } },
  });
const take = (afterMs: number): Arrival =>
  call(afterMs, {
    eventName: 'TakeRouterInput',
    requestParameters: { routerOutputArn: OUTPUT, routerInputArn: INPUT },
    responseElements: null,
  });
const refusedRename = (afterMs: number): Arrival =>
  call(afterMs, {
    eventName: 'UpdateRouterOutput',
    requestParameters: { arn: OUTPUT, name: 'a lie' },
    responseElements: null,
    errorCode: 'AccessDeniedException',
  });

const textsOf = async (arrivals: readonly Arrival[], isDown = false): Promise<readonly string[]> => {
  const { posts } = await live({
    arrivals,
    prepare: ({ memory }) => {
      memory.state.isDown = isDown;
    },
  });
  return posts.map(({ message }) => message.text);
};

it('is called by the name that it was created with, hours later and in another process', async () => {
  const [, taken] = await textsOf([create(0), take(5 * HOUR_MS)]);
  expect(taken).toContain('router output cdn-north (out123) switched to input in456');
});

it('is called by its name in the same message', async () => {
  const texts = await textsOf([take(0), create(10), take(20)]);
  expect(texts.join('\n')).toContain('cdn-north');
});

it('does not get a name from whoever may not give it one', async () => {
  const texts = await textsOf([create(0), refusedRename(HOUR_MS), take(2 * HOUR_MS)]);
  expect(texts.at(-1)).toContain('router output cdn-north (out123)');
});

it('is called by its id while the ledger is out of reach', async () => {
  const texts = await textsOf([create(0), take(HOUR_MS)], true);
  expect(texts.at(-1)).toContain('router output out123 switched to input in456');
});
