import { createHandler as createDigest } from '../../../functions/digest/create-handler.ts';
import { createHandler as createNotifier } from '../../../functions/notifier/create-handler.ts';
import type { DrainableQueue } from '../../../functions/queue.ts';
import { benchWorld } from '../workload/bench-world.ts';
import { burstCall } from '../workload/burst-calls.ts';
import { sqsEvent } from '../workload/sqs-records.ts';

/** One function with a backlog of so many calls, in a process of its own: `notifier|digest`, calls, batch size. */
const [, , name = '', callsText = '', batchText = ''] = process.argv;
const calls = Number(callsText);
const batchSize = Number(batchText);
const SHAPE = { calls, principals: 25, flows: 40 };
const TIMEOUT_MS = 300_000;
const PAGE = 10;

let told = 0;
const { now, telling } = benchWorld({
  onDecision: ({ result }) => {
    if (result !== 'waiting') told += 1;
  },
});
const invocation = () => {
  const deadlineMs = now() + TIMEOUT_MS;
  return { getRemainingTimeInMillis: () => deadlineMs - now() };
};
const nothing = { sendDeadLetter: async () => undefined, hide: async () => undefined };

/** The backlog is written as it is read, so that what takes memory is the function. */
let given = 0;
function take(limit: number): readonly string[] {
  const from = given;
  given = Math.min(calls, given + limit);
  return Array.from({ length: given - from }, (_, index) => burstCall(from + index, SHAPE));
}

/** CPU time of making the backlog, which is not the function's. */
let makingUs = 0;
function made(limit: number): readonly string[] {
  const before = process.cpuUsage();
  const bodies = take(limit);
  const { user, system } = process.cpuUsage(before);
  makingUs += user + system;
  return bodies;
}

async function runNotifier(): Promise<void> {
  const handler = createNotifier({ ...telling, queue: nothing });
  while (given < calls) await handler(sqsEvent(made(batchSize)), invocation());
}

async function runDigest(): Promise<void> {
  const queue: DrainableQueue = {
    ...nothing,
    receive: async () =>
      made(PAGE).map((body, index) => ({ messageId: `m${index}`, receiptHandle: `r${index}`, body, receiveCount: 1 })),
    remove: async () => undefined,
  };
  await createDigest({ ...telling, queue })(undefined, invocation());
}

const before = process.cpuUsage();
await (name === 'digest' ? runDigest() : runNotifier());
const { user, system } = process.cpuUsage(before);
const us = user + system - makingUs;
console.log(JSON.stringify({ told, us, peakBytes: process.resourceUsage().maxRSS * 1024 }));
