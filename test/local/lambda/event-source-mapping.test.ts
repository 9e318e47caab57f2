import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createQueueStore, type QueueStore } from '../../../local/aws/queue-store.ts';
import { type EventSourceMapping, startEventSourceMapping } from '../../../local/lambda/event-source-mapping.ts';
import type { InvocationResult } from '../../../local/lambda/execution-environment.ts';
import { readTemplate } from '../../../local/template/read-template.ts';
import type { MappingModel } from '../../../local/template/stack-model.ts';
import { aPlace } from '../a-place.ts';
import { aTemplate } from '../a-template.ts';

const ARN = 'arn:aws:sqs:eu-west-1:000000000000:Stack-Queue';
const model = readTemplate(aTemplate(), aPlace(), '/assembly');

let queues: QueueStore;
let mapping: EventSourceMapping | undefined;
beforeEach(async () => {
  queues = await createQueueStore({
    region: 'eu-west-1',
    dataDir: undefined,
    clockFactor: 1000,
    onChange: () => undefined,
  });
  for (const queue of model.queues) queues.createQueue(queue);
});
afterEach(async () => {
  await mapping?.stop();
  await queues.close();
});

interface Batch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Starts a mapping whose function is `handle`, which also hears how many batches are under way. */
function start(
  changes: Partial<MappingModel>,
  handle: (bodies: readonly string[], batch: Batch, atOnce: number) => Promise<unknown>,
) {
  const [base] = model.mappings;
  if (base === undefined) throw new Error('the template has no mapping');
  let atOnce = 0;
  const invoke = async (event: unknown): Promise<InvocationResult> => {
    const batch = event as Batch;
    atOnce += 1;
    const value = await handle(
      batch.Records.map(({ body }) => body),
      batch,
      atOnce,
    ).finally(() => {
      atOnce -= 1;
    });
    return { kind: 'value', value };
  };
  mapping = startEventSourceMapping({
    mapping: { ...base, ...changes },
    region: 'eu-west-1',
    queues,
    runtime: { invoke },
    nowMs: Date.now,
    onProgress: () => undefined,
  });
}

const sendAll = async (bodies: readonly string[]): Promise<void> => {
  for (const body of bodies) await queues.send(ARN, body);
};
const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => String(index));

describe('an event source mapping', () => {
  it('gathers a batch for as long as its window, and deletes what succeeded', async () => {
    const batches: (readonly string[])[] = [];
    await sendAll(numbers(25));
    const { promise, resolve } = Promise.withResolvers<void>();
    start({ windowMs: 300 }, async (bodies) => {
      batches.push(bodies);
      resolve();
    });
    await promise;
    await mapping?.stop();
    expect([batches.map(({ length }) => length), queues.counts(ARN)]).toEqual([[25], { waiting: 0, inFlight: 0 }]);
  });

  it('never gives more than the batch size, nor runs more batches at once than it may', async () => {
    const sizes: number[] = [];
    let most = 0;
    let left = 40;
    const { promise, resolve } = Promise.withResolvers<void>();
    await sendAll(numbers(left));
    start({ windowMs: 50, batchSize: 10, maximumConcurrency: 2 }, async (bodies, _, atOnce) => {
      sizes.push(bodies.length);
      most = Math.max(most, atOnce);
      await new Promise((done) => setTimeout(done, 30));
      left -= bodies.length;
      if (left === 0) resolve();
    });
    await promise;
    expect([Math.max(...sizes) <= 10, most]).toEqual([true, 2]);
  });

  it('delivers again only what failed, when its visibility timeout is over', async () => {
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    await sendAll(['good', 'bad']);
    start({ windowMs: 100 }, async (bodies, { Records }) => {
      seen.push(...bodies);
      if (seen.length > 2) {
        resolve();
        return undefined;
      }
      return {
        batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
          itemIdentifier: messageId,
        })),
      };
    });
    await promise;
    expect(seen).toEqual(['good', 'bad', 'bad']);
  });

  it('takes nothing when it is disabled', async () => {
    await sendAll(['a']);
    start({ enabled: false }, async () => undefined);
    await mapping?.stop();
    expect(queues.counts(ARN)).toEqual({ waiting: 1, inFlight: 0 });
  });
});
