import { createHandler as createDigest } from '../../../functions/digest/send-digests.ts';
import { createHandler as createNotifier } from '../../../functions/notifier/notify-batch.ts';
import { benchWorld } from '../bench-world.ts';
import { burstCall } from '../burst.ts';
import { sqsEvent } from '../workload.ts';

/** One function with a backlog of so many calls, in a process of its own: `notifier|digest`, calls, batch size. */
const [, , name = '', callsText = '', batchText = ''] = process.argv;
const calls = Number(callsText);
const SHAPE = { calls, principals: 25, flows: 40 };
const TIMEOUT_MS = 300_000;
const DIGEST_MINUTES = 15;

let notified = 0;
let given = 0;
/** CPU time of making the backlog, which is not the function's. */
let makingUs = 0;

/** The backlog is written as it is read, so that what takes memory is the function. */
function take(most: number): readonly string[] {
  const before = process.cpuUsage();
  const from = given;
  given = Math.min(calls, given + most);
  const bodies = Array.from({ length: given - from }, (_, index) => burstCall(from + index, SHAPE));
  const { user, system } = process.cpuUsage(before);
  makingUs += user + system;
  return bodies;
}

const { notifying, invocation, run } = benchWorld({
  take,
  onDecision: ({ result }) => {
    if (result !== 'waiting') notified += 1;
  },
});

async function runNotifier(): Promise<void> {
  const handler = createNotifier(notifying);
  while (given < calls) await run(handler(sqsEvent(take(Number(batchText))), invocation(TIMEOUT_MS)));
}

async function runDigest(): Promise<void> {
  const handler = createDigest({ ...notifying, digestMinutes: DIGEST_MINUTES });
  while (given < calls) await run(handler(undefined, invocation(TIMEOUT_MS)));
}

const before = process.cpuUsage();
await (name === 'digest' ? runDigest() : runNotifier());
const { user, system } = process.cpuUsage(before);
const us = user + system - makingUs;
console.log(JSON.stringify({ notified, us, peakBytes: process.resourceUsage().maxRSS * 1024 }));
