import { describe, expect, it } from 'vitest';
import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import { parseRouteEnvelope } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import { sayingWords } from '../../shared/outcome/outcome-words.ts';
import { touchingCall } from '../../shared/outcome/signal-memory.ts';
import { renderDigest } from '../../shared/slack/digest.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { planMessages, renderSayings } from '../../shared/slack/plan-messages.ts';
import { type ChaosCall, isPromised, queuedText } from './chaos-call.ts';
import { expectedOf } from './chaos-run.ts';
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

const at = <Item>(items: readonly Item[], index: number): Item => {
  const item = items.at(index);
  if (item === undefined) throw new RangeError(`no item ${index}`);
  return item;
};

/** The words that are due two minutes after calls that nobody answers. */
function silenceAfter(some: readonly ChaosCall[], poster = 'N1', operation?: string): AcceptedPost {
  const lines = some.map((one) => {
    const touching = touchingCall(notificationOf(one));
    if (touching === undefined) throw new TypeError(`call ${one.number} touches nothing`);
    const call = { ...touching, ...(operation !== undefined && { operation }) };
    const thing = { ...call.about, arn: at(call.arns, 0) };
    const words = sayingWords({ kind: 'silence', key: `silence#${call.eventId}`, call, thing, state: undefined });
    const isLate = one.number % 2 === 0;
    return {
      words,
      lateByMs: isLate ? 138_000 : undefined,
      account: { id: '111122223333', name: undefined },
      region: 'eu-west-1',
    };
  });
  return aPost(renderSayings(lines), 'default', poster);
}

/** A call on a flow of its own that MediaConnect need not say anything of. */
const isUpdate = ({ event, route }: ChaosCall): boolean =>
  route.rule === 'changes' && /"eventName":"UpdateFlow"(?!.*errorCode)/.test(JSON.stringify(event.detail));
const starts = immediate.filter(isPromised);
const planned = planMessages(immediate.map(notificationOf), () => ({}));

const aRun = (): Run => ({
  posts: [
    ...planned.map(({ message, channel }) => aPost(message, channel)),
    silenceAfter(starts.slice(0, 1)),
    silenceAfter(starts.slice(1, 11)),
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
      ...calls.map(expectedOf),
      ...Array.from(workload.malformed.values(), (number) => ({ number, channel: undefined })),
    ],
    acceptances: observer.acceptances(),
    deadLettered,
    waiting,
    ownLeft: { deadLettered: 0, waiting: 0 },
  };
  const harm = { killsAsked: ended.length, kills: ended.length, ends: observer.ends, posts: posts.length };
  return breachesIn({ ...verify(evidence), ...harm, refusals: 20, lostAnswers: observer.lostAnswers });
}

const numbersOf = (some: readonly ChaosCall[]): readonly number[] => some.map(({ number }) => number);

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
        posts.push({ ...at(posts, -5), poster: 'N2' });
        ended.push('N1');
      },
    ],
    [
      'a kill before the mark, and all that was said again',
      ({ posts, ended }) => {
        posts.push({ ...at(posts, -3), poster: 'N2' });
        ended.push('N1');
      },
    ],
    [
      'the lost answer to what was said, and a part of it again',
      ({ posts, lost }) => {
        lost.push(at(posts, -3));
        posts.push(silenceAfter(starts.slice(5, 8), 'N2'));
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
    [
      'a call of which something is said, and that is not reported',
      ({ posts }) => void posts.splice(0, planned.length),
      `${immediate.length} were lost`,
    ],
    ['what is said again by a process that lives', ({ posts }) => void posts.push(at(posts, -3)), '10 contradictions'],
    [
      'what is said twice in one message, of a process that is killed',
      ({ posts, ended }) => {
        posts.push(silenceAfter([at(starts, 20), at(starts, 20)], 'N2'));
        ended.push('N2');
      },
      '1 contradictions',
    ],
    [
      'what is said elsewhere',
      ({ posts }) => void posts.push({ ...silenceAfter(starts.slice(20, 22)), channel: 'watch' }),
      '2 contradictions',
    ],
    [
      'what is said of calls that nothing is due of',
      ({ posts }) => void posts.push(silenceAfter(immediate.filter(isUpdate).slice(0, 2), 'N1', 'StopFlow')),
      '2 contradictions',
    ],
    [
      'a call in a message of what is said',
      ({ posts }) => {
        const single = at(posts, 0);
        const said = silenceAfter(starts.slice(20, 22));
        posts.push({
          ...said,
          message: { ...said.message, blocks: [...(single.message.blocks ?? []), ...(said.message.blocks ?? [])] },
        });
      },
      'contradictions',
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
