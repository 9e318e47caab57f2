import { describe, expect, it } from 'vitest';
import { joinCall, joinCheck, joinEvent, type OutcomeLevels } from '../../../shared/outcome/join.ts';
import { channelsOf } from '../../../shared/outcome/own-record.ts';
import { NOTHING_REMEMBERED } from '../../../shared/outcome/signal-memory.ts';
import { playAsRead as play } from './play-as-read.ts';
import { aCallAt, at, flowStatus } from './signal-examples.ts';

const OUTCOMES: OutcomeLevels = { outcomes: 'trouble', health: 'off' };
const ALL: OutcomeLevels = { outcomes: 'all', health: 'off' };

describe('the channel’s last word', () => {
  it('both channels that had the trouble on their cards hear that it is over', () => {
    const said = play(
      [
        [4, flowStatus('ERROR', 'STARTING', 3)],
        [9, aCallAt('StartFlow', 0, {}, 'ops')],
        [9, aCallAt('StartFlow', 0, {}, 'security')],
        [60, flowStatus('ACTIVE', 'ERROR', 59)],
      ],
      OUTCOMES,
    );
    expect(said.filter((line) => line.includes('no longer in ERROR')).map((line) => line.split(' ')[2])).toEqual([
      'ops:',
      'security:',
    ]);
  });
});

describe('a channel of its own for outcomes', () => {
  it('does not take the end of a trouble away from the channel that has the trouble on its card', () => {
    const levels = OUTCOMES;
    const first = joinEvent(NOTHING_REMEMBERED, flowStatus('ERROR', 'STARTING', 3), at(4), levels);
    const called = joinCall(first.memory, aCallAt('StartFlow', 0), at(9), levels);
    const ended = joinEvent(called.memory, flowStatus('ACTIVE', 'ERROR', 59), at(60), levels);
    const [check] = ended.checks;
    const said = check === undefined ? [] : joinCheck(ended.memory, check, check.dueAtMs, levels).say;
    const settings = { outcomes: { say: 'trouble', channel: 'tech' }, health: { say: 'off' } } as const;
    expect(said.flatMap((saying) => channelsOf(saying, settings))).toContain('default');
  });
});

describe('each outcome once', () => {
  it('a state that was a line of its own is not on the card as well, where Slack was out between', () => {
    const stop = aCallAt('StopFlow', 0);
    const said = play(
      [
        [2, stop],
        [4, flowStatus('STANDBY', 'STOPPING', 3)],
        [30, stop],
      ],
      ALL,
    );
    expect(said.filter((line) => line.includes('standby'))).toHaveLength(1);
  });

  it('an ERROR that waits for the card is not lost where Slack was out for a quarter of an hour', () => {
    const start = aCallAt('StartFlow', 0);
    const said = play(
      [
        [4, flowStatus('ERROR', 'STARTING', 3)],
        [9, start],
        [1000, start],
      ],
      OUTCOMES,
      2000,
    );
    // The first join was of a card that Slack did not take.
    expect(said.filter((line) => line.startsWith('1000 s')).join('\n')).toContain('ERROR');
  });
});
