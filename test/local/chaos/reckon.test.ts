import { describe, expect, it } from 'vitest';
import type { Acceptance } from '../../../local/chaos/acceptance.ts';
import { isGuaranteed } from '../../../local/chaos/is-guaranteed.ts';
import { type Evidence, type Reckoning, reckon } from '../../../local/chaos/reckon.ts';

/** A message that names the calls it tells, all of which were marked as told. */
const aMessage = (numbers: readonly number[], changes: Partial<Acceptance> = {}): Acceptance => ({
  poster: 'P1',
  channel: 'default',
  kind: numbers.length === 1 ? 'single' : 'several',
  stated: numbers.length,
  named: new Set(numbers),
  marked: new Set(numbers),
  unaware: undefined,
  ...changes,
});

/** A digest, which names none of the calls that it counts. */
const aDigest = (numbers: readonly number[], changes: Partial<Acceptance> = {}): Acceptance =>
  aMessage(numbers, { kind: 'several', named: new Set(), ...changes });

const UNMARKED: Partial<Acceptance> = { marked: new Set() };
const KILLED: Partial<Acceptance> = { ...UNMARKED, unaware: 'ended' };
const UNANSWERED: Partial<Acceptance> = { ...UNMARKED, unaware: 'answer lost' };

const evidence = (acceptances: readonly Acceptance[], changes: Partial<Evidence> = {}): Evidence => ({
  expected: [1, 2, 3].map((number) => ({ number, channel: 'default' })),
  acceptances,
  deadLettered: [],
  waiting: new Set(),
  ...changes,
});

const ALL_WELL: Reckoning = {
  posted: 1,
  folded: 2,
  deadLettered: 0,
  waiting: 0,
  lost: 0,
  repeated: 0,
  repeatedInKillWindow: 0,
  repeatedAfterLostAnswer: 0,
  contradictions: [],
};

describe('a guarantee that held', () => {
  it.each<[string, Evidence, Partial<Reckoning>]>([
    ['each call is told once', evidence([aMessage([1]), aMessage([2, 3])]), {}],
    ['a digest counts and marks what it does not name', evidence([aMessage([1]), aDigest([2, 3])]), {}],
    [
      'each end is counted',
      evidence([aMessage([1])], { deadLettered: [2, 2], waiting: new Set([3]) }),
      { folded: 0, deadLettered: 1, waiting: 1 },
    ],
    [
      'a message comes again because its process was killed before the mark',
      evidence([aMessage([1]), aMessage([2, 3], KILLED), aMessage([2, 3])]),
      { repeated: 2, repeatedInKillWindow: 2 },
    ],
    [
      'a part of a message comes again because its process was killed while it marked',
      evidence([aMessage([1]), aMessage([2, 3], { ...KILLED, marked: new Set([2]) }), aMessage([3])]),
      { repeated: 1, repeatedInKillWindow: 1 },
    ],
    [
      'a message comes again because its answer got lost',
      evidence([aMessage([1], UNANSWERED), aMessage([1], UNANSWERED), aMessage([1]), aMessage([2, 3])]),
      { repeatedAfterLostAnswer: 2 },
    ],
    [
      'a digest comes again because its answer got lost',
      evidence([aMessage([1]), aDigest([2, 3], { ...UNANSWERED, stated: 2 }), aDigest([2, 3])]),
      { repeatedAfterLostAnswer: 2 },
    ],
    [
      'a digest comes again because its process was killed',
      evidence([aMessage([1]), aDigest([2, 3], { ...KILLED, stated: 2 }), aDigest([2, 3])]),
      { repeated: 2, repeatedInKillWindow: 2 },
    ],
  ])('%s', (_, seen, expected) => {
    const reckoning = reckon(seen);
    expect([reckoning, isGuaranteed(reckoning)]).toEqual([{ ...ALL_WELL, ...expected }, true]);
  });
});

describe('a breach', () => {
  it.each<[string, Evidence, Partial<Reckoning>]>([
    ['a call has no end', evidence([aMessage([1]), aMessage([2])]), { posted: 2, folded: 0, lost: 1 }],
    [
      'a record that is no call is in no dead-letter queue',
      evidence([aMessage([1]), aMessage([2, 3])], {
        expected: [...[1, 2, 3].map((number) => ({ number, channel: 'default' })), { number: 4, channel: undefined }],
      }),
      { lost: 1 },
    ],
    [
      'a call comes again though it was marked',
      evidence([aMessage([1], { unaware: 'ended' }), aMessage([1]), aMessage([2, 3])]),
      {
        repeated: 1,
        contradictions: [
          'call 1 was told again after a message of P1 to default states 1 calls, names 1, and 1 were marked',
        ],
      },
    ],
    [
      'a call comes again because its living process forgot to mark it',
      evidence([aMessage([1], UNMARKED), aMessage([1]), aMessage([2, 3])]),
      {
        repeated: 1,
        contradictions: [
          'call 1 was told again after a message of P1 to default states 1 calls, names 1, and 0 were marked',
        ],
      },
    ],
    [
      'a message states more calls than it tells',
      evidence([aMessage([1]), aMessage([2, 3], { stated: 4 })]),
      { contradictions: ['a message of P1 to default states 4 calls, names 2, and 2 were marked'] },
    ],
    [
      'a message marks a call that it does not name',
      evidence([aMessage([1]), aMessage([2, 3], { marked: new Set([2, 9]) })]),
      {
        contradictions: [
          'a message of P1 to default states 2 calls, names 2, and 2 were marked, some of which it does not name',
        ],
      },
    ],
    [
      'a call is told in another channel',
      evidence([aMessage([1]), aMessage([2, 3], { channel: 'watch' })]),
      {
        folded: 0,
        lost: 2,
        contradictions: ['call 2 was told where no rule sends it', 'call 3 was told where no rule sends it'],
      },
    ],
    [
      'a call is told and dead-lettered',
      evidence([aMessage([1]), aMessage([2, 3])], { deadLettered: [3] }),
      { contradictions: ['call 3 was told and dead-lettered'] },
    ],
  ])('%s', (_, seen, expected) => {
    const reckoning = reckon(seen);
    expect([reckoning, isGuaranteed(reckoning)]).toEqual([{ ...ALL_WELL, ...expected }, false]);
  });
});
