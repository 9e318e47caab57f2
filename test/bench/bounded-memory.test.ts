import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import * as z from 'zod';
import { createHandler } from '../../functions/digest/send-digests.ts';
import { benchWorld } from './bench-world.ts';
import { burstCall } from './burst.ts';
import { runProgram } from './measuring.ts';
import { writeLogFiles } from './synthetic-logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'bounded-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['notifier', 'digest'])(
  'reports a backlog of 30,000 calls in a heap that holds 10,000: the %s',
  async (name) => {
    const schema = z.object({ notified: z.number() });
    const options = { args: [name, 30_000, 10], nodeOptions: ['--max-old-space-size=200', '--max-semi-space-size=16'] };
    expect(await runProgram('scale.ts', schema, options)).toEqual({ notified: 30_000 });
  },
);

it('reads log files of 65 MB in a heap that holds a few of them', async () => {
  const { records } = writeLogFiles(folder, 2);
  const schema = z.object({ records: z.number() });
  const options = { args: [folder, 1], nodeOptions: ['--max-old-space-size=40'] };
  expect(await runProgram('backtest.ts', schema, options)).toEqual({ records });
});

it('holds no more records of a digest than its limit, however many wait', async () => {
  const [calls, limit] = [2000, 300];
  let received = 0;
  let held = 0;
  let mostHeld = 0;
  const { notifying, invocation, run } = benchWorld({
    take(most) {
      const numbers = Array.from({ length: Math.min(most, calls - received) }, (_, index) => received + index);
      received += numbers.length;
      held += numbers.length;
      mostHeld = Math.max(mostHeld, held);
      return numbers.map((number) => burstCall(number, { calls, principals: 5, flows: 5 }));
    },
  });
  const remove = async (records: readonly unknown[]) => {
    held -= records.length;
    return [];
  };
  const handler = createHandler({ ...notifying, queue: { ...notifying.queue, remove }, digestMinutes: 15, limit });
  await run(handler(undefined, invocation(300_000)));
  expect({ received, held, isBounded: mostHeld <= limit }).toEqual({ received: calls, held: 0, isBounded: true });
});
