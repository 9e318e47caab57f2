import { describe, expect, it } from 'vitest';
import { readWaiting } from '../../../functions/summary/send-summaries.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';

const NOW_MS = Date.parse('2026-11-22T00:10:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const note = (notedAgoMs: number, { records = 3, oldestMs = 5 * MINUTE_MS, reason = 'HTTP 503' } = {}) => ({
  records,
  sinceMs: NOW_MS - notedAgoMs - oldestMs,
  reason,
  notedAtMs: NOW_MS - notedAgoMs,
});

type Notes = Readonly<Record<string, ReturnType<typeof note>>>;

/** What waits for the channel `ops`, with these notes and with so many records that could be received, look by look. */
async function read(notes: Notes, visible: readonly number[] = [0], isDown = false) {
  let nowMs = NOW_MS;
  let looks = 0;
  const { ledger, waiting, state } = memoryLedger(() => nowMs);
  for (const [key, one] of Object.entries(notes)) waiting.set(key, one);
  state.isDown = isDown;
  const telemetry = recordedTelemetry();
  const found = await readWaiting('ops', {
    ledger,
    telemetry,
    now: () => nowMs,
    wait: async (ms) => {
      nowMs += ms;
    },
    countVisible: async () => {
      const count = visible[looks];
      looks += 1;
      if (count === undefined) throw new Error('out of reach');
      return count;
    },
  });
  return { found, telemetry, tookMs: nowMs - NOW_MS };
}

const NONE = { kind: 'none' };

describe('what waits for a channel', () => {
  it('is nothing where nothing was noted and nobody’s records lie about', async () => {
    expect(await read({})).toMatchObject({ found: NONE, tookMs: 0 });
  });

  it('has grown older since it was noted', async () => {
    const { found } = await read({ 'immediate#ops': note(4 * MINUTE_MS) });
    expect(found).toEqual({ kind: 'waiting', records: 3, oldestMs: 9 * MINUTE_MS, reason: 'HTTP 503' });
  });

  it('is put together from both queues, with the oldest and its reason', async () => {
    const { found } = await read({
      'immediate#ops': note(MINUTE_MS),
      'digest#ops': note(3 * HOUR_MS, { records: 40, oldestMs: 0, reason: 'no usable slack secret' }),
    });
    expect(found).toEqual({ kind: 'waiting', records: 43, oldestMs: 3 * HOUR_MS, reason: 'no usable slack secret' });
  });

  it.each<{ what: string; notes: Notes; kind: string }>([
    { what: 'a note of another channel', notes: { 'immediate#default': note(0) }, kind: 'none' },
    { what: 'a note of 20 minutes ago', notes: { 'immediate#ops': note(20 * MINUTE_MS) }, kind: 'none' },
    { what: 'a note of just under it', notes: { 'immediate#ops': note(20 * MINUTE_MS - 1) }, kind: 'waiting' },
    { what: 'a digest’s note of 25 hours ago', notes: { 'digest#ops': note(25 * HOUR_MS) }, kind: 'none' },
    { what: 'a digest’s note of a day ago', notes: { 'digest#ops': note(24 * HOUR_MS) }, kind: 'waiting' },
  ])('is $kind by $what', async ({ notes, kind }) => {
    expect((await read(notes)).found.kind).toBe(kind);
  });

  it.each([
    { what: 'taken a moment later', visible: [12, 0], found: NONE },
    { what: 'being taken', visible: [500, 499], found: NONE },
    { what: 'not taken by anybody', visible: [12, 12], found: { kind: 'untaken', records: 12 } },
    { what: 'growing in number', visible: [12, 14], found: { kind: 'untaken', records: 14 } },
  ])('are records of no channel yet, $what', async ({ visible, found }) => {
    expect(await read({}, visible)).toMatchObject({ found, tookMs: 10_000 });
  });

  it('is not asked for twice where it is known why records wait', async () => {
    const { found, tookMs } = await read({ 'immediate#ops': note(0) }, [12]);
    expect({ kind: found.kind, tookMs }).toEqual({ kind: 'waiting', tookMs: 0 });
  });

  it.each([
    ['the queue does not say', [], false],
    ['the queue does not say it again', [12], false],
    ['the ledger is out of reach', [0], true],
  ])('is unknown where %s', async (_, visible, isDown) => {
    const { found, telemetry } = await read({}, visible, isDown);
    expect(found).toEqual({ kind: 'unknown' });
    expect(telemetry.lines).toMatchObject([{ level: 'warn', message: 'what waits cannot be measured' }]);
  });
});
