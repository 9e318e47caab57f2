import { describe, expect, it } from 'vitest';
import type { Acceptance } from './observer.ts';
import { breachesIn, type Evidence, type Harm, isGuaranteed, type Verification, verify } from './verify.ts';

/** A message that names the calls it reports. */
const aMessage = (numbers: readonly number[], changes: Partial<Acceptance> = {}): Acceptance => ({
  poster: 'P1',
  channel: 'default',
  kind: numbers.length === 1 ? 'single' : 'fold',
  stated: numbers.length,
  named: new Set(numbers),
  unaware: undefined,
  ...changes,
});

/** A digest, which names so many of the calls that it counts. */
const aDigest = (stated: number, named: readonly number[] = [], changes: Partial<Acceptance> = {}): Acceptance =>
  aMessage(named, { kind: 'digest', stated, ...changes });

/** A message that says of calls that MediaConnect does not say what came of them. */
const aSaying = (numbers: readonly number[], changes: Partial<Acceptance> = {}): Acceptance =>
  aMessage(numbers, { kind: 'saying', ...changes });

const KILLED: Partial<Acceptance> = { unaware: 'ended' };
const UNANSWERED: Partial<Acceptance> = { unaware: 'answer lost' };

const evidence = (acceptances: readonly Acceptance[], changes: Partial<Evidence> = {}): Evidence => ({
  expected: [1, 2, 3].map((number) => ({ number, channel: 'default' })),
  acceptances,
  deadLettered: [],
  waiting: new Set(),
  ownLeft: { deadLettered: 0, waiting: 0 },
  ...changes,
});
/** Of three calls the first and second are starts, and all are reported. */
const promised = (acceptances: readonly Acceptance[], changes: Partial<Evidence> = {}): Evidence =>
  evidence([aMessage([1]), aMessage([2, 3]), ...acceptances], {
    expected: [1, 2, 3].map((number) => ({ number, channel: 'default', isPromised: number < 3 })),
    ...changes,
  });
/** Of three calls the second and third gather for a digest. */
const gathered = (acceptances: readonly Acceptance[], changes: Partial<Evidence> = {}): Evidence =>
  evidence(acceptances, {
    expected: [1, 2, 3].map((number) => ({ number, channel: 'default', isDigested: number > 1 })),
    ...changes,
  });

const ALL_WELL: Verification = {
  posted: 1,
  folded: 2,
  deadLettered: 0,
  waiting: 0,
  lost: 0,
  repeated: 0,
  repeatedInKillWindow: 0,
  repeatedAfterLostAnswer: 0,
  unanswered: 0,
  contradictions: [],
};
/** As bad as it was asked for. */
const HARM: Harm = { killsAsked: 3, kills: 3, ends: 3, posts: 80, refusals: 20, lostAnswers: 10 };

describe('a guarantee that held', () => {
  it.each<[string, Evidence, Partial<Verification>]>([
    ['each call is reported once', evidence([aMessage([1]), aMessage([2, 3])]), {}],
    ['a digest names its calls', gathered([aMessage([1]), aDigest(2, [2, 3])]), {}],
    ['a digest counts what it does not name', gathered([aMessage([1]), aDigest(2, [3])]), {}],
    ['digests count what none of them names', gathered([aMessage([1]), aDigest(1), aDigest(1)]), {}],
    [
      'a record that is no call is dead-lettered, even twice',
      evidence([aMessage([1]), aMessage([2, 3])], {
        expected: [1, 2, 3, 4].map((number) => ({ number, channel: number === 4 ? undefined : 'default' })),
        deadLettered: [4, 4],
      }),
      { deadLettered: 1 },
    ],
    [
      'a message comes again because its process was killed before the mark',
      evidence([aMessage([1]), aMessage([2, 3], KILLED), aMessage([2, 3])]),
      { repeated: 2, repeatedInKillWindow: 2 },
    ],
    [
      'a part of a message comes again because its process was killed while it marked',
      evidence([aMessage([1]), aMessage([2, 3], KILLED), aMessage([3])]),
      { repeated: 1, repeatedInKillWindow: 1 },
    ],
    [
      'a message comes again because its answer got lost',
      evidence([aMessage([1], UNANSWERED), aMessage([1], UNANSWERED), aMessage([1]), aMessage([2, 3])]),
      { repeatedAfterLostAnswer: 2 },
    ],
    [
      'a digest comes again because its answer got lost',
      gathered([aMessage([1]), aDigest(2, [2], UNANSWERED), aDigest(2, [2])]),
      { repeatedAfterLostAnswer: 2 },
    ],
    [
      'a digest without a name comes again because its process was killed',
      gathered([aMessage([1]), aDigest(2, [], KILLED), aDigest(2)]),
      { repeated: 2, repeatedInKillWindow: 2 },
    ],
    ['two starts stay unanswered', promised([aSaying([1, 2])]), { unanswered: 2 }],
    [
      'it is said again because its process was killed before the mark',
      promised([aSaying([1, 2], KILLED), aSaying([2])]),
      { unanswered: 2 },
    ],
    [
      'it is said again because its answer got lost',
      promised([aSaying([1], UNANSWERED), aSaying([1, 2])]),
      { unanswered: 2 },
    ],
    [
      'a part of a digest comes again because its process was killed while it marked',
      gathered([aMessage([1]), aDigest(2, [], KILLED), aDigest(1)]),
      { repeated: 1, repeatedInKillWindow: 1 },
    ],
  ])('%s', (_, seen, expected) => {
    const verification = verify(seen);
    expect([verification, breachesIn({ ...verification, ...HARM })]).toEqual([{ ...ALL_WELL, ...expected }, []]);
  });
});

describe('a breach', () => {
  it.each<[string, Evidence, Partial<Verification>, readonly string[]]>([
    ['a call has no end', evidence([aMessage([1]), aMessage([2])]), { posted: 2, folded: 0, lost: 1 }, ['1 were lost']],
    [
      'nothing was reported at all, and everything waits',
      evidence([], { waiting: new Set([1, 2, 3]) }),
      { posted: 0, folded: 0, waiting: 3 },
      ['3 were still waiting at the end'],
    ],
    [
      'one call still waits',
      evidence([aMessage([1]), aMessage([2])], { waiting: new Set([3]) }),
      { posted: 2, folded: 0, waiting: 1 },
      ['1 were still waiting at the end'],
    ],
    [
      'a good call was dead-lettered',
      evidence([aMessage([1]), aMessage([2])], { deadLettered: [3] }),
      {
        posted: 2,
        folded: 0,
        deadLettered: 1,
        contradictions: ['call 3 was dead-lettered, and could have been reported'],
      },
      ['1 contradictions'],
    ],
    [
      'a record that is no call is in no dead-letter queue',
      evidence([aMessage([1]), aMessage([2, 3])], {
        expected: [1, 2, 3, 4].map((number) => ({ number, channel: number === 4 ? undefined : 'default' })),
      }),
      { lost: 1 },
      ['1 were lost'],
    ],
    ['a digest leaves a call out', gathered([aMessage([1]), aDigest(1)]), { folded: 1, lost: 1 }, ['1 were lost']],
    [
      'a digest counts to another channel',
      gathered([aMessage([1]), aDigest(2, [], { channel: 'watch' })]),
      { folded: 0, lost: 2, repeated: 2 },
      ['2 were lost', '2 were reported again without an excuse'],
    ],
    [
      'a call that was to be reported at once is only counted in a digest',
      evidence([aMessage([1]), aMessage([2]), aDigest(1)]),
      { posted: 2, folded: 0, lost: 1, repeated: 1 },
      ['1 were lost', '1 were reported again without an excuse'],
    ],
    [
      'a digest counts calls that there are not',
      gathered([aMessage([1]), aDigest(3, [2, 3])]),
      { repeated: 1 },
      ['1 were reported again without an excuse'],
    ],
    [
      'a digest of a living process comes again',
      gathered([aMessage([1]), aDigest(2, [2]), aDigest(2, [3])]),
      { repeated: 2 },
      ['2 were reported again without an excuse'],
    ],
    [
      'more of a digest comes again than was in the one that was killed',
      gathered([aMessage([1]), aDigest(1, [2], KILLED), aDigest(3, [3])]),
      { repeated: 2, repeatedInKillWindow: 1 },
      ['1 were reported again without an excuse'],
    ],
    [
      'a call comes again from a living process that must know',
      evidence([aMessage([1]), aMessage([1]), aMessage([2, 3])]),
      {
        repeated: 1,
        contradictions: ['call 1 was reported again after a message of P1 to default states 1 calls and names 1'],
      },
      ['1 were reported again without an excuse', '1 contradictions'],
    ],
    [
      'a message states more calls than it reports, killed or not',
      evidence([aMessage([1]), aMessage([2, 3], { stated: 4, ...KILLED })]),
      { contradictions: ['a message of P1 to default states 4 calls and names 2'] },
      ['1 contradictions'],
    ],
    [
      'a message states fewer calls than it reports',
      evidence([aMessage([1]), aMessage([2, 3], { stated: 1 })]),
      { contradictions: ['a message of P1 to default states 1 calls and names 2'] },
      ['1 contradictions'],
    ],
    [
      'a call is reported in another channel',
      evidence([aMessage([1]), aMessage([2, 3], { channel: 'watch' })]),
      {
        folded: 0,
        lost: 2,
        contradictions: ['call 2 was reported where no rule sends it', 'call 3 was reported where no rule sends it'],
      },
      ['2 were lost', '2 contradictions'],
    ],
    [
      'a call of which something is said is not reported',
      evidence([aMessage([1]), aSaying([2]), aMessage([3])], {
        expected: [1, 2, 3].map((number) => ({ number, channel: 'default', isPromised: true })),
      }),
      { posted: 2, folded: 0, lost: 1, unanswered: 1 },
      ['1 were lost'],
    ],
    [
      'it is said again by a living process that must know',
      promised([aSaying([1, 2]), aSaying([2])]),
      {
        unanswered: 2,
        contradictions: ['of call 2 it was said again after a message of P1 to default says 2 things of 2 calls'],
      },
      ['1 contradictions'],
    ],
    [
      'it is said twice in one message',
      promised([aSaying([1], { stated: 2, ...KILLED })]),
      { unanswered: 1, contradictions: ['a message of P1 to default says 2 things of 1 calls'] },
      ['1 contradictions'],
    ],
    [
      'it is said of a call that nothing is due of',
      promised([aSaying([3])]),
      { unanswered: 1, contradictions: ['of call 3 something was said, and nothing was due'] },
      ['1 contradictions'],
    ],
    [
      'it is said in another channel',
      promised([aSaying([1], { channel: 'watch' })]),
      { unanswered: 1, contradictions: ['of call 1 something was said where no rule sends it'] },
      ['1 contradictions'],
    ],
    [
      'records that the functions made have no end',
      promised([], { ownLeft: { deadLettered: 1, waiting: 2 } }),
      {
        contradictions: [
          '1 records of the functions were dead-lettered',
          '2 records of the functions were still waiting at the end',
        ],
      },
      ['2 contradictions'],
    ],
    [
      'a call is reported and dead-lettered',
      evidence([aMessage([1]), aMessage([2, 3])], { deadLettered: [3] }),
      { contradictions: ['call 3 was reported and dead-lettered'] },
      ['1 contradictions'],
    ],
  ])('%s', (_, seen, expected, breaches) => {
    const verification = verify(seen);
    expect([verification, breachesIn({ ...verification, ...HARM })]).toEqual([{ ...ALL_WELL, ...expected }, breaches]);
  });
});

describe('a day that was not as bad as it should be', () => {
  it.each<[string, Partial<Harm>, readonly string[]]>([
    ['as asked', {}, []],
    ['few posts, none of which met a fault', { posts: 30, refusals: 0, lostAnswers: 0 }, []],
    ['no process was killed', { kills: 0, ends: 0 }, ['3 kills were asked for, 0 were made, 0 processes ended']],
    ['one kill is missing', { kills: 2, ends: 2 }, ['3 kills were asked for, 2 were made, 2 processes ended']],
    ['a kill that ended nobody', { ends: 2 }, ['3 kills were asked for, 3 were made, 2 processes ended']],
    [
      'Slack was well',
      { posts: 100, refusals: 0, lostAnswers: 0 },
      ['of 100 posts 0 met a fault, and at least 13 should have'],
    ],
    [
      'Slack was too well',
      { posts: 990, refusals: 10, lostAnswers: 200 },
      ['of 1000 posts 210 met a fault, and at least 252 should have'],
    ],
  ])('%s', (_, harm, breaches) => {
    const result = { ...ALL_WELL, ...HARM, ...harm };
    expect([breachesIn(result), isGuaranteed(result)]).toEqual([breaches, breaches.length === 0]);
  });
});
