import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { queuedText } from './chaos-call.ts';
import { type ChaosRun, putAgain } from './chaos-run.ts';
import { createObserver } from './observer.ts';
import { seededRandom } from './seeded-random.ts';
import { createWorkload } from './workload.ts';

it.each([
  { events: 300, most: 300 },
  { events: 4000, most: 1000 },
])('puts calls of all over a run of $events again, each into its own queue, and at most $most', async (expected) => {
  const { events, most } = expected;
  const workload = createWorkload({ events, random: seededRandom(3, 'events'), nowMs: () => 0 });
  Array.from(workload.bursts);
  const sent: SendMessageCommand['input'][] = [];
  const send = async ({ input }: SendMessageCommand) => void sent.push(input);
  const run: ChaosRun = {
    pipeline: {
      model: { outputs: { ImmediateQueueUrl: 'immediate', DigestQueueUrl: 'digest' } },
    } as unknown as ChaosRun['pipeline'],
    outside: { send } as unknown as ChaosRun['outside'],
    observer: createObserver({ notifies: () => true, nowMs: () => 0 }),
    workload,
  };
  await putAgain(run);

  const calls = [...workload.calls.values()];
  const placeOf = new Map(calls.map((call, place) => [queuedText(call), place]));
  const places = sent.map(({ MessageBody = '' }) => placeOf.get(MessageBody) ?? Number.NaN);
  expect(new Set(places).size).toBe(sent.length);
  expect(sent.length).toBeLessThanOrEqual(most);
  expect(places.every((place, index) => place - (places[index - 1] ?? -1) <= events / most)).toBe(true);
  expect(calls.length - (places.at(-1) ?? 0)).toBeLessThanOrEqual(events / most);
  expect(sent.map(({ QueueUrl }) => QueueUrl)).toEqual(places.map((place) => calls[place]?.route.queue));
});
