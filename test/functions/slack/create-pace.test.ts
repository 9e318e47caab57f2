import { expect, it } from 'vitest';
import { createPace, paceKey } from '../../../functions/slack/create-pace.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';

const URL_ = 'https://hooks.slack.test/services/T0/B0/zzsecretzz';

it('keys a webhook by what does not give it away, and without its query', async () => {
  expect(await paceKey(URL_)).toMatch(/^pace#[0-9a-f]{32}$/);
  expect(await paceKey(`${URL_}?poster=P1`)).toBe(await paceKey(URL_));
  expect(await paceKey(`${URL_}2`)).not.toBe(await paceKey(URL_));
});

it('goes on by itself where the ledger left off, and shares again in the next invocation', async () => {
  const clock = { nowMs: 10_000 };
  const now = () => clock.nowMs;
  const { ledger, state } = memoryLedger(now);
  const memories = new Map();
  const telemetry = recordedTelemetry();
  const anInvocation = () => createPace({ ledger, memories, now, telemetry });
  const first = anInvocation();
  const startsMs = [(await first.reserve(URL_, 90_000))?.startMs];
  state.isDown = true;
  startsMs.push((await first.reserve(URL_, 90_000))?.startMs);
  state.isDown = false;
  startsMs.push((await first.reserve(URL_, 90_000))?.startMs, (await first.reserve(URL_, 12_999))?.startMs);
  clock.nowMs += 5000;
  startsMs.push((await anInvocation().reserve(URL_, 90_000))?.startMs);
  expect(startsMs).toEqual([10_000, 11_000, 12_000, undefined, 15_000]);
  expect(telemetry.metrics).toEqual({ LedgerUnavailable: 1 });
});
