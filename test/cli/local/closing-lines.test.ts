import { describe, expect, it } from 'vitest';
import { closingLines } from '../../../cli/local/closing-lines.ts';
import type { PipelineState } from '../../../local/monitor/pipeline-state.ts';
import { IDLE } from '../../local/page/fake-page-source.ts';

const lines = (state: Partial<PipelineState>, { givenUp = 0, isKept = false } = {}): readonly string[] =>
  closingLines({ ...IDLE, ...state }, { givenUp, isKept });

describe('what came of a run on this machine', () => {
  it('is nothing where nothing happened', () => {
    expect(lines({})).toEqual(['Received: nothing.', 'Posted: nothing.', 'Waiting: nothing.']);
  });

  it('calls events, messages and calls each by their name', () => {
    expect(
      lines({ received: 62, ownEvents: 9, unmatched: 2, posted: 14, folded: 37, repeated: 1, messages: 18 }),
    ).toEqual([
      'Received: 62 events, 9 of them MediaConnect’s own, which are no calls, 2 of them matched by no rule.',
      'Posted: 18 messages, with 51 calls (14 in messages of their own, 37 in messages that gather several); 1 call not again, since reported before.',
      'Waiting: nothing.',
    ]);
  });

  it('says that a single call was reported, and one that was reported before', () => {
    expect(lines({ received: 1, posted: 1, messages: 1 })[1]).toBe('Posted: 1 message, with 1 call.');
    expect(lines({ received: 1, repeated: 1 })[1]).toBe('Posted: nothing; 1 call not again, since reported before.');
  });

  it.each([
    ['gone', false, '(gone now; --data DIR would keep them)'],
    ['kept', true, '(kept for the next start with this --data)'],
  ])('says what waits, and why, and that it is %s', (_what, isKept, fate) => {
    const queues = [
      { name: 'immediate', waiting: 2, inFlight: 1, held: 4 },
      { name: 'digest', waiting: 11, inFlight: 5, held: 1 },
    ] as const;
    expect(lines({ received: 30, queues }, { isKept }).at(-1)).toBe(
      `Waiting: 16 for the next digest, 5 for another try, since Slack did not take them, 3 to be reported ${fate}.`,
    );
  });

  it('leaves out what is looked at later, where all was waited for', () => {
    const queues = [{ name: 'immediate', waiting: 1, inFlight: 1, held: 0 }] as const;
    const state = { ...IDLE, queues };
    expect(closingLines(state, { givenUp: 0, isKept: false, isAllReported: true }).at(-1)).toBe('Waiting: nothing.');
  });

  it('says what was given up, and only then', () => {
    expect(lines({ received: 2, posted: 1, messages: 1 }, { givenUp: 1 })).toEqual([
      'Received: 2 events.',
      'Posted: 1 message, with 1 call.',
      'Given up: 1 call, in the dead-letter queue, with the reason.',
      'Waiting: nothing.',
    ]);
  });
});
