import { beforeEach, describe, expect, it } from 'vitest';
import { compileRules } from '../../../infra/rules/compile-rule.ts';
import { readContext } from '../../../infra/settings/read-context.ts';
import type { BusEvent } from '../../../local/aws/event-bus.ts';
import { identifyEvent } from '../../../local/monitor/delivery-tracker.ts';
import { NIGHT_SECONDS, playSampleDay, SAMPLE_DAY } from '../../../local/sample-day/play.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { isMatch } from '../../../shared/eventbridge/match-pattern.ts';
import { suppressedByState } from '../../../shared/eventbridge/rule.ts';
import { readSignal } from '../../../shared/outcome/signal-event.ts';

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

  it('is taken by exactly one of the default rules, call by call and event by event', async () => {
    await play(1, 1);
    const rules = compileRules(readContext({ 'notifier:outcomes': 'trouble' }));
    const patterns = rules.map(({ pattern, state }) => ({ state, pattern: compilePattern(pattern) }));
    const matches = played.events.map(
      (event) =>
        patterns.filter(
          ({ state, pattern }) => suppressedByState(state, event) === undefined && isMatch(pattern, event),
        ).length,
    );
    expect([...new Set(matches)]).toEqual([1]);
  });

  it('shows every kind of call', async () => {
    await play(1, 1);
    const kinds = (read: 'access' | 'outcome' | 'impact') =>
      [...new Set(played.events.flatMap((event) => identifyEvent(event).call?.[read] ?? []))].toSorted();
    expect([kinds('access'), kinds('outcome'), kinds('impact'), played.digests]).toEqual([
      ['mutating', 'read-only'],
      ['denied', 'failed', 'succeeded'],
      ['access', 'change', 'deletion', 'none', 'off-air', 'put-on-air', 'signal-changed', 'unknown'],
      2,
    ]);
  });

  it('says by itself that a start failed, that a source nobody touched dropped and came back, and that the stops worked', async () => {
    await play(1, 1);
    const said = played.events.flatMap((event) => {
      const reading = readSignal(event);
      if (reading.kind !== 'signal' || reading.event.body.kind !== 'state') return [];
      return [`${reading.event.thing.name} ${reading.event.body.state}`];
    });
    expect(said).toEqual([
      'CupFinal-Main STARTING',
      'CupFinal-Main ACTIVE',
      'uplink-a CONNECTED',
      'CupFinal-Backup STARTING',
      'CupFinal-Backup ERROR',
      'OB-van DISCONNECTED',
      'CupFinal-Backup ACTIVE',
      'OB-van CONNECTED',
      'CupFinal-Main STOPPING',
      'CupFinal-Main STANDBY',
      'CupFinal-Backup STOPPING',
      'CupFinal-Backup STANDBY',
    ]);
    expect(JSON.stringify(played.events.filter((event) => identifyEvent(event).call))).not.toContain('Stadium-Beauty');
  });

  it('is called by the command of the CLI that makes the call', async () => {
    await play(1, 1);
    const commands = played.events.flatMap(({ detail }) => {
      const { userAgent = '', eventName } = detail as { readonly userAgent?: string; readonly eventName: string };
      const [, command] = /command#mediaconnect\.(\S+)$/.exec(userAgent) ?? [];
      return command === undefined ? [] : [[eventName, command]];
    });
    expect(commands).toContainEqual(['UpdateFlowOutput', 'update-flow-output']);
    expect(commands).toContainEqual(['TakeRouterInput', 'take-router-input']);
  });
});
