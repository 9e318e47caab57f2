import { expect, it } from 'vitest';
import { aWorld } from '../a-world.ts';
import type { Evidence, Ticket } from '../evidence.ts';
import type { FailedPost } from '../slack.ts';
import type { Call } from '../workload.ts';
import { createChecks } from './create-checks.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const URL = 'https://hooks.slack.com/services/T0/B0/x';

const aCall = (number: number, refusal: Call['refusal'] = undefined): Call => ({
  number,
  operation: 'StartFlow',
  flow: 'Show-1',
  calledMs: 0,
  refusal,
  isMalformed: false,
  isByRobot: false,
});
const CALLS = [aCall(1), aCall(2, 'always')];

/** The checks, of a call that is never reported; `at`: what else happens, by the second. */
async function violationsOf(queuedAt: number, at: Readonly<Record<number, 'fails' | 'answers' | 'refuses'>>) {
  const { scheduler, process } = aWorld();
  const found: string[] = [];
  const open = new Set<Ticket>();
  const evidence: Pick<Evidence, 'open' | 'isPerhapsNotified' | 'labelOf'> = {
    open: () => open,
    isPerhapsNotified: () => false,
    labelOf: ({ call }) => `call ${call.number}`,
  };
  const checks = createChecks({
    scheduler,
    violate: (promise) => found.push(`${scheduler.nowMs() / SECOND} s: ${promise}`),
    setup: { webhookOf: { default: 0 }, isOneUrl: true, windowSeconds: 0, mostCallsADay: 200 },
    digestMs: 15 * MINUTE,
    hiddenMs: 12 * MINUTE,
    evidence: () => evidence as Evidence,
    placeOfUrl: () => 0,
    callOf: (number) => CALLS.find((call) => call.number === number),
  });
  const ticket: Ticket = {
    call: aCall(1),
    channel: 'default',
    queuedMs: queuedAt * SECOND,
    isImmediate: true,
    records: new Set(),
    notices: [],
    deadLetterReasons: [],
    setbacks: [],
    handed: [],
  };
  const message = { text: '2 calls: k00001k, k00002k', unfurl_links: false, unfurl_media: false } as const;
  const failed: FailedPost = { process, url: URL, fate: 'redirected', retryAfterMs: 0 };
  const happenings = {
    fails: () => checks.notTaken(failed),
    answers: () => checks.answered({ url: URL, message, isRefused: false }),
    refuses: () => checks.answered({ url: URL, message, isRefused: true }),
  };
  for (const [second, what] of Object.entries(at)) scheduler.at(Number(second) * SECOND, happenings[what]);
  scheduler.at(ticket.queuedMs, () => {
    open.add(ticket);
    checks.queued(ticket);
  });
  await scheduler.runUntil(2 * 60 * MINUTE);
  return found.filter((each) => !each.includes('rings'));
}

const every = (fromS: number, untilS: number, everyS: number, what: 'fails' | 'refuses') =>
  Object.fromEntries(
    Array.from({ length: Math.ceil((untilS - fromS) / everyS) }, (_, place) => [fromS + place * everyS, what]),
  );

const A_MINUTE = 'a minute of trouble costs a minute';
const SIX = 'any trouble costs six minutes';

it.each<[string, number, Parameters<typeof violationsOf>[1], string]>([
  ['in quiet', 1000, {}, `1040.001 s: ${A_MINUTE}`],
  [
    'a second and another for each post that is refused for a call',
    1000,
    every(1000, 1010, 1, 'refuses'),
    `1060.001 s: ${A_MINUTE}`,
  ],
  ['no more for what is refused for ever', 1000, every(1000, 4000, 1, 'refuses'), `1064.001 s: ${A_MINUTE}`],
  ['no more for what was refused before', 1000, every(980, 1000, 1, 'refuses'), `1040.001 s: ${A_MINUTE}`],
  ['a minute after a post that fails', 1000, { 1010: 'fails' }, `1095.021 s: ${A_MINUTE}`],
  [
    'six minutes after a post that fails, where nothing was taken since an outage',
    1000,
    { ...every(0, 500, 10, 'fails'), 910: 'fails' },
    `1295.021 s: ${SIX}`,
  ],
  [
    'no more than usual, where something was taken since the outage',
    1000,
    { ...every(0, 500, 10, 'fails'), 510: 'answers', 910: 'fails' },
    `1040.001 s: ${A_MINUTE}`,
  ],
])('lets a call wait %s', async (_how, queuedAt, at, expected) => {
  expect(await violationsOf(queuedAt, at)).toEqual([expected]);
});
