import { expect, it } from 'vitest';
import { aWorld } from './a-world.ts';
import { awsError, createSend, type Fault, type Service } from './aws-client.ts';

class PutItemCommand {
  readonly input = { TableName: 'ledger' };
}

/** A client with the SDK's own limits, at a service that meets these faults, one after another. */
function aClient(faults: readonly Fault[], { attempts = 2, requestTimeoutMs = 3000 } = {}) {
  const world = aWorld();
  const effects: number[] = [];
  const failures: string[] = [];
  const answered: string[] = [];
  const left = [...faults];
  const service: Service = {
    name: 'table',
    throttling: 'ProvisionedThroughputExceededException',
    execute(_request, _process, answer) {
      effects.push(world.scheduler.nowMs());
      answer({ kind: 'value', value: { number: effects.length } });
    },
  };
  const client = {
    config: {
      maxAttempts: async () => attempts,
      requestHandler: { configProvider: Promise.resolve({ requestTimeout: requestTimeoutMs }) },
    },
  };
  const send = createSend(client, service, world.process, {
    senses: world.senses,
    chance: world.chance,
    network: { faultOf: () => left.shift() ?? 'none', slownessOf: () => 1 },
    onFailure: (_, { operation }) => failures.push(operation),
    onLate: () => undefined,
    onAnswer: (_, name, tookMs) => answered.push(`${name} ${tookMs > 0}`),
    nowMs: world.scheduler.nowMs,
    log: () => undefined,
  });
  return {
    ...world,
    effects,
    failures,
    answered,
    send: (signal?: AbortSignal) => send(new PutItemCommand(), signal && { abortSignal: signal }),
  };
}

it('answers after a while', async () => {
  const { send, outcomeOf, effects } = aClient([]);
  const outcome = await outcomeOf(send());
  expect(outcome?.value).toEqual({ number: 1 });
  expect(outcome?.atMs).toBeGreaterThan(effects[0] ?? Number.POSITIVE_INFINITY);
});

it.each<[Fault, number]>([
  ['throttled', 1],
  ['unreachable', 1],
  ['server error', 1],
  ['silent', 1],
  // The first try had its effect too, and nobody heard of it.
  ['answer lost', 2],
  ['server error after the effect', 2],
  ['deaf', 2],
])('tries again after %s, as the SDK does: %i effects', async (fault, count) => {
  const { send, outcomeOf, effects, failures, answered } = aClient([fault]);
  expect((await outcomeOf(send()))?.value).toEqual({ number: count });
  expect([effects.length, failures, answered]).toEqual([count, [], ['table true']]);
});

it('gives up after as many tries as the client has, and says so', async () => {
  const { send, outcomeOf, effects, failures, answered } = aClient(['throttled', 'throttled', 'none']);
  expect((await outcomeOf(send()))?.error).toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  expect([effects, failures, answered]).toEqual([[], ['PutItem'], []]);
});

it('waits no longer for an answer than the client does', async () => {
  const outcome = await (({ outcomeOf, send }) => outcomeOf(send()))(
    aClient(['silent'], { attempts: 1, requestTimeoutMs: 700 }),
  );
  expect(outcome).toMatchObject({ error: { name: 'TimeoutError' }, atMs: 700 });
});

it('is aborted after the request has had its effect', async () => {
  const { send, senses, process, outcomeOf, effects } = aClient(['deaf'], { requestTimeoutMs: 9000 });
  const outcome = await outcomeOf(send(senses.timeLimit(process, 500)));
  expect(outcome).toMatchObject({ error: { name: 'AbortError' }, atMs: 500 });
  expect(effects).toHaveLength(1);
});

it('lets a request have its effect when nobody expects it any more', async () => {
  const { send, senses, process, scheduler, outcomeOf, effects } = aClient(['late'], { requestTimeoutMs: 60_000 });
  expect((await outcomeOf(send(senses.timeLimit(process, 1000))))?.error).toMatchObject({ name: 'AbortError' });
  expect(effects).toEqual([]);
  await scheduler.runUntil(60_000);
  expect(effects).toHaveLength(1);
});

it('takes a condition that was not met for an answer', async () => {
  const world = aWorld();
  const failures: string[] = [];
  const answered: string[] = [];
  const error = awsError('ConditionalCheckFailedException');
  const send = createSend(
    { config: { maxAttempts: async () => 3, requestHandler: {} } },
    { name: 'table', throttling: '', execute: (_request, _process, answer) => answer({ kind: 'error', error }) },
    world.process,
    {
      senses: world.senses,
      chance: world.chance,
      network: { faultOf: () => 'none', slownessOf: () => 1 },
      onFailure: (_, { operation }) => failures.push(operation),
      onLate: () => undefined,
      onAnswer: (_, name) => answered.push(name),
      nowMs: world.scheduler.nowMs,
      log: () => undefined,
    },
  );
  expect((await world.outcomeOf(send(new PutItemCommand())))?.error).toBe(error);
  expect([failures, answered]).toEqual([[], ['table']]);
});

it('notifies a process nothing after its death, and does what it asked for all the same', async () => {
  const { send, process, scheduler, outcomeOf, effects } = aClient([]);
  const answered = send();
  scheduler.at(1, () => process.die('killed'));
  expect(await outcomeOf(answered, 5000)).toBeUndefined();
  expect(effects).toHaveLength(1);
});
