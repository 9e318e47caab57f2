import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { createFunctionRuntime, type FunctionRuntime } from '../../../local/lambda/function-runtime.ts';

const codeDir = mkdtempSync(join(tmpdir(), 'function-'));
writeFileSync(
  join(codeDir, 'index.mjs'),
  `let calls = 0;
export const handler = async (event, context) => {
  console.log('called with ' + event.say);
  if (event.say === 'hang') await new Promise(() => setInterval(() => {}, 1000));
  if (event.say === 'die') process.exit(1);
  if (event.say === 'throw') throw new TypeError('no such thing');
  if (event.say === 'heap') return (await import('node:v8')).getHeapStatistics().heap_size_limit / 2 ** 20;
  if (event.say === 'time') {
    const since = (beganMs) => Date.now() - beganMs;
    let beganMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    const pausedMs = since(beganMs);
    beganMs = Date.now();
    await new Promise((resolve) => AbortSignal.timeout(30_000).addEventListener('abort', () => resolve()));
    const gaveUpMs = since(beganMs);
    beganMs = Date.now();
    await new Promise((resolve) => setTimeout(() => resolve(), 200));
    return { pausedMs, gaveUpMs, limitMs: since(beganMs), leftMs: context.getRemainingTimeInMillis() };
  }
  return { calls: ++calls, setting: process.env.SETTING, home: process.env.HOME ?? null, endpoint: process.env.AWS_ENDPOINT_URL,
    name: context.functionName, memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis() > 0 };
};
const notAFunction = 1;`,
);

const lines: string[] = [];
let ended: string[] = [];
let runtime: FunctionRuntime;
const create = (handler = 'index.handler', timeoutMs = 10_000, factor = 1): FunctionRuntime => {
  // Of this runtime alone: processes of the one before may end late.
  const endedHere: string[] = [];
  ended = endedHere;
  runtime = createFunctionRuntime({
    model: {
      logicalId: 'Toy',
      name: 'toy',
      arn: 'arn:aws:lambda:eu-west-1:0:function:toy',
      codeDir,
      handler,
      timeoutMs,
      memoryMegabytes: 128,
      environment: { SETTING: 'blue' },
    },
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:1',
    clock: createClock(factor),
    newId: () => 'id',
    onLine: (line, key) => lines.push(`${key} ${line}`),
    onEnd: (key) => endedHere.push(key),
  });
  return runtime;
};
afterEach(() => runtime.stop());
afterAll(() => rmSync(codeDir, { recursive: true }));

describe('a function in processes of its own', () => {
  it('has the environment of the template and of Lambda and no other, and is kept warm', async () => {
    const value = (calls: number) => ({
      kind: 'value',
      value: {
        calls,
        setting: 'blue',
        home: null,
        endpoint: 'http://127.0.0.1:1',
        name: 'toy',
        memory: '128',
        left: true,
      },
    });
    create();
    expect([await runtime.invoke({ say: 'a' }), await runtime.invoke({ say: 'b' })]).toEqual([value(1), value(2)]);
    // Lines and answers come by two pipes.
    await expect.poll(() => lines).toEqual(['LOCALToy1-id called with a', 'LOCALToy1-id called with b']);
  });

  it('has the heap that Lambda gives a function of its memory, however large the machine', async () => {
    const result = await create().invoke({ say: 'heap' });
    const megabytes = result.kind === 'value' ? Number(result.value) : Number.NaN;
    // 90 % of 128 MB for what is old; V8 adds thrice what is young, 5 % rounded up to a power of two.
    expect(megabytes).toBe(115 + 3 * 8);
  });

  it('runs in as many processes as there are calls at a time', async () => {
    create();
    await Promise.all([runtime.invoke({ say: 'a' }), runtime.invoke({ say: 'b' })]);
    expect(runtime.pids()).toHaveLength(2);
  });

  it('says what it threw', async () => {
    expect(await create().invoke({ say: 'throw' })).toEqual({
      kind: 'error',
      errorType: 'TypeError',
      errorMessage: 'no such thing',
    });
  });

  it('is ended when its time is over, and begins anew', async () => {
    create('index.handler', 2000);
    expect(await runtime.invoke({ say: 'hang' })).toEqual({ kind: 'timeout' });
    expect(await runtime.invoke({ say: 'a' })).toMatchObject({ value: { calls: 1 } });
  });

  it('may crash, and begins anew', async () => {
    create();
    expect(await runtime.invoke({ say: 'die' })).toEqual({ kind: 'crashed' });
    expect(await runtime.invoke({ say: 'a' })).toMatchObject({ value: { calls: 1 } });
  });

  it('can be killed at work', async () => {
    create();
    await runtime.invoke({ say: 'a' });
    const running = runtime.invoke({ say: 'hang' });
    const [pid] = runtime.pids();
    // Not twice: what was killed is not alive, although its end is heard later.
    expect([runtime.killOne(), runtime.killOne(), runtime.pids()]).toEqual([pid, undefined, []]);
    expect(await running).toEqual({ kind: 'crashed' });
    expect(ended).toEqual(['LOCALToy1-id']);
  });

  it('can be killed by its access key', async () => {
    create();
    await Promise.all([runtime.invoke({ say: 'a' }), runtime.invoke({ say: 'b' })]);
    expect([runtime.killOne('LOCALToy3-id'), runtime.killOne('LOCALToy2-id')]).toEqual([undefined, expect.any(Number)]);
    await expect.poll(() => ended).toEqual(['LOCALToy2-id']);
  });

  it('lives by a faster clock, and code of its own by the machine’s', async () => {
    // As long as Lambda lets a function run, which here is nine seconds: less than one pause by the machine's clock.
    create('index.handler', 900_000, 100);
    // Timers may be a moment early, and here a moment is long.
    const longerThan = (ms: number) => expect.toSatisfy((took: number) => took > ms);
    expect(await runtime.invoke({ say: 'time' })).toEqual({
      kind: 'value',
      value: {
        pausedMs: longerThan(29_000),
        gaveUpMs: longerThan(29_000),
        limitMs: longerThan(19_000),
        leftMs: longerThan(0),
      },
    });
  });

  it.each(['index.notAFunction', 'missing.handler'])('says that %s cannot be loaded', async (handler) => {
    expect(await create(handler).invoke({})).toMatchObject({ kind: 'error' });
  });
});
