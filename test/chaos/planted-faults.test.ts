import { describe, expect, it } from 'vitest';
import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import { parseRouteEnvelope } from '../../shared/call/route-envelope.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import { renderDigest } from '../../shared/slack/digest.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { planMessages } from '../../shared/slack/plan-messages.ts';
import { type ChaosCall, queuedText } from './chaos-call.ts';
import { createObserver } from './observer.ts';
import { seededRandom } from './seeded-random.ts';
import { breachesIn, type Evidence, verify } from './verify.ts';
import { createWorkload } from './workload.ts';

/** A pipeline whose messages are the real ones, and which does what it should unless something is planted. */
interface Run {
  readonly posts: AcceptedPost[];
  readonly deadLettered: number[];
  readonly waiting: Set<number>;
  /** What happens after the posts. */
  readonly ended: string[];
  readonly lost: AcceptedPost[];
}

const EVENTS = 2500;
/** A digest names some ninety calls: the first one here has room for all, the second has not. */
const DIGESTED_FIRST = 60;

const workload = createWorkload({ events: EVENTS, random: seededRandom(7, 'events'), nowMs: () => 1_795_377_600_000 });
// Its calls are there when its bursts were taken.
Array.from(workload.bursts);
const calls = [...workload.calls.values()];
const digested = calls.filter(({ route }) => route.queue === 'digest');
const immediate = calls.filter(({ route }) => route.queue === 'immediate');

function notificationOf(call: ChaosCall): Notification {
  const matched = parseRouteEnvelope(queuedText(call));
  const settings = { accountNames: {}, channels: {}, showParameters: [] };
  return enrich(matched, classifyCall(matched.event.detail), settings);
}

const aPost = (message: SlackMessage, channel: string, poster = 'N1'): AcceptedPost => ({
  poster,
  channel,
  atMs: 0,
  message,
});

const digestOf = (some: readonly ChaosCall[], poster = 'D1'): AcceptedPost[] =>
  renderDigest(some.map(notificationOf)).map((message) => aPost(message, 'default', poster));

const planned = planMessages(immediate.map(notificationOf), () => ({}));

const aRun = (): Run => ({
  posts: [
    ...planned.map(({ message, channel }) => aPost(message, channel)),
    ...digestOf(digested.slice(0, DIGESTED_FIRST)),
    ...digestOf(digested.slice(DIGESTED_FIRST)),
  ],
  deadLettered: [...workload.malformed.values()],
  waiting: new Set(),
  ended: [],
  lost: [],
});

function verdictOn({ posts, deadLettered, waiting, ended, lost }: Run): readonly string[] {
  const observer = createObserver({ notifies: () => true, nowMs: () => 0 });
  for (const post of posts) observer.accepted(post);
  for (const post of lost) observer.answerLost(post);
  for (const poster of ended) observer.ended(poster);
  const evidence: Evidence = {
    expected: [
      ...calls.map(({ number, route: { channel, queue } }) => ({ number, channel, isDigested: queue === 'digest' })),
      ...Array.from(workload.malformed.values(), (number) => ({ number, channel: undefined })),
    ],
    acceptances: observer.acceptances(),
    deadLettered,
    waiting,
  };
  const harm = { killsAsked: ended.length, kills: ended.length, ends: observer.ends, posts: posts.length };
  return breachesIn({ ...verify(evidence), ...harm, refusals: 20, lostAnswers: observer.lostAnswers });
}

const numbersOf = (some: readonly ChaosCall[]): readonly number[] => some.map(({ number }) => number);
const at = <Item>(items: readonly Item[], index: number): Item => {
  const item = items.at(index);
  if (item === undefined) throw new RangeError(`no item ${index}`);
  return item;
};

it('has a call of every kind, and a digest with and one without room for all names', () => {
  expect(digested.length).toBeGreaterThan(DIGESTED_FIRST + 120);
  expect(new Set(planned.map(({ kind, channel }) => `${kind} ${channel}`))).toEqual(
    new Set(['single default', 'single watch', 'fold default', 'fold watch']),
  );
});

describe('the verdict on real messages', () => {
  it.each<[string, (run: Run) => void]>([
    ['nothing', () => undefined],
    [
      'a kill before the mark, and all of the message again',
      ({ posts, ended }) => {
        posts.push({ ...at(posts, -3), poster: 'N2' });
        ended.push('N1');
      },
    ],
    [
      'the lost answer to the large digest, and all of it again',
      ({ posts, lost }) => {
        lost.push(at(posts, -1));
        posts.push({ ...at(posts, -1), poster: 'D2' });
      },
    ],
    [
      'a kill after the large digest, and half of it again',
      ({ posts, ended }) => {
        posts.push(...digestOf(digested.slice(digested.length / 2), 'D2'));
        ended.push('D1');
      },
    ],
  ])('excuses %s', (_, plant) => {
    const run = aRun();
    plant(run);
    expect(verdictOn(run)).toEqual([]);
  });

  it.each<[string, (run: Run) => void, string]>([
    ['a message that was not posted', ({ posts }) => void posts.shift(), '1 were lost'],
    ['a message that was posted twice', ({ posts }) => void posts.push(at(posts, 0)), 'reported again without'],
    [
      'a message to another channel',
      ({ posts }) => void posts.push({ ...at(posts.splice(0, 1), 0), channel: 'elsewhere' }),
      '1 were lost',
    ],
    ['no digests', ({ posts }) => void posts.splice(-2), `${digested.length} were lost`],
    [
      'a call that the large digest leaves out',
      ({ posts }) => void posts.splice(-1, 1, ...digestOf(digested.slice(DIGESTED_FIRST + 1))),
      '1 were lost',
    ],
    [
      'a call that two digests report, of a process that lives',
      ({ posts }) => void posts.splice(-1, 1, ...digestOf(digested.slice(DIGESTED_FIRST - 1))),
      '1 were reported again without',
    ],
    [
      'the large digest twice, of a process that lives',
      ({ posts }) => void posts.push(at(posts, -1)),
      `${digested.length - DIGESTED_FIRST} were reported again without`,
    ],
    [
      'a digest that counts one too many',
      ({ posts }) => {
        const [digest] = posts.splice(-1);
        const text = JSON.stringify(digest).replace(
          /(\*Digest\* — )(\d+)/,
          (_, words, count) => words + (Number(count) + 1),
        );
        posts.push(JSON.parse(text) as AcceptedPost);
      },
      '1 were reported again without',
    ],
    [
      'a fold that counts one too many',
      ({ posts }) => {
        const fold = posts.findIndex(({ message }) => /\\n\d+ of /.test(JSON.stringify(message)));
        const text = JSON.stringify(posts[fold]).replace(/\\n(\d+) of /, (_, count) => `\\n${Number(count) + 1} of `);
        posts.splice(fold, 1, JSON.parse(text) as AcceptedPost);
      },
      '1 contradictions',
    ],
    [
      'a record that still waits',
      ({ posts, waiting }) => {
        posts.shift();
        waiting.add(at(numbersOf(immediate), 0));
      },
      'waiting at the end',
    ],
    [
      'good calls in the dead-letter queue',
      ({ posts, deadLettered }) => {
        posts.length = 0;
        deadLettered.push(...numbersOf(calls));
      },
      `${EVENTS - workload.malformed.size} contradictions`,
    ],
    ['a malformed record that is nowhere', ({ deadLettered }) => void deadLettered.shift(), '1 were lost'],
    [
      'a mark before the post: a process that was killed in between',
      ({ posts, ended }) => {
        posts.splice(-1);
        ended.push('D1');
      },
      'were lost',
    ],
  ])('finds %s', (_, plant, breach) => {
    const run = aRun();
    plant(run);
    expect(verdictOn(run)).toContainEqual(expect.stringContaining(breach));
  });
});
