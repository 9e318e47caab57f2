import { beforeEach, describe, expect, it } from 'vitest';
import { compileRules } from '../../../infra/compile-rules.ts';
import { readContext } from '../../../infra/context.ts';
import type { BusEvent } from '../../../local/aws/event-bus.ts';
import { heldBackBy } from '../../../local/aws/is-held-back.ts';
import { identifyEvent } from '../../../local/outcomes/identify-event.ts';
import { playSampleDay } from '../../../local/sample-day/play-sample-day.ts';
import { NIGHT_SECONDS, SAMPLE_DAY } from '../../../local/sample-day/sample-day.ts';
import { compilePattern } from '../../../shared/event-pattern/compile-pattern.ts';
import { isMatch } from '../../../shared/event-pattern/match-pattern.ts';

interface Played {
  readonly events: BusEvent[];
  digests: number;
  nowMs: number;
}

let played: Played;
beforeEach(() => {
  played = { events: [], digests: 0, nowMs: Date.parse('2026-11-22T20:00:00Z') };
});

const play = async (speed: number, days: number): Promise<void> => {
  let ids = 0;
  await playSampleDay(
    {
      put: async (event) => played.events.push(event),
      runDigest: async () => {
        played.digests += 1;
      },
      nowMs: () => played.nowMs,
      newId: () => `id-${++ids}`,
      wait: async (ms) => {
        played.nowMs += ms;
      },
      isStopped: () => false,
    },
    { speed, days },
  );
};

const DAY_SECONDS = SAMPLE_DAY.reduce((seconds, { afterSeconds }) => seconds + afterSeconds, 0);

describe('the built-in day', () => {
  it('takes as long as its steps, and nights between, at its speed', async () => {
    const startMs = played.nowMs;
    await play(2, 2);
    expect((played.nowMs - startMs) / 1000).toBeCloseTo((2 * DAY_SECONDS + NIGHT_SECONDS) / 2);
    expect(new Set(played.events.map((event) => identifyEvent(event).eventId)).size).toBe(played.events.length);
  });

  it('is told by exactly one of the default rules, call by call', async () => {
    await play(1, 1);
    const rules = compileRules(readContext({}));
    const patterns = rules.map(({ pattern, state }) => ({ state, pattern: compilePattern(pattern) }));
    const matches = played.events.map(
      (event) =>
        patterns.filter(({ state, pattern }) => heldBackBy(state, event) === undefined && isMatch(pattern, event))
          .length,
    );
    expect([...new Set(matches)]).toEqual([1]);
  });

  it('shows every kind of call', async () => {
    await play(1, 1);
    const kinds = (read: 'access' | 'outcome' | 'impact') =>
      [...new Set(played.events.map((event) => identifyEvent(event).call?.[read]))].toSorted();
    expect([kinds('access'), kinds('outcome'), kinds('impact'), played.digests]).toEqual([
      ['mutating', 'read-only'],
      ['denied', 'failed', 'succeeded'],
      ['access', 'change', 'deletion', 'none', 'off-air', 'put-on-air', 'signal-changed', 'unknown'],
      2,
    ]);
  });

  it('is called by the command of the CLI that makes the call', async () => {
    await play(1, 1);
    const commands = played.events.flatMap(({ detail }) => {
      const { userAgent, eventName } = detail as { readonly userAgent: string; readonly eventName: string };
      const [, command] = /command#mediaconnect\.(\S+)$/.exec(userAgent) ?? [];
      return command === undefined ? [] : [[eventName, command]];
    });
    expect(commands).toContainEqual(['UpdateFlowOutput', 'update-flow-output']);
    expect(commands).toContainEqual(['TakeRouterInput', 'take-router-input']);
  });
});
