import { expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifier/notify-batch.ts';
import { webhookKey } from '../../../functions/slack/deliver-message.ts';
import { virtualTime } from '../virtual-time.ts';
import { aBody, aContext, aWorld, eventIdOf, START_MS, urlOf, type Weather, type World } from '../world.ts';

const [OPENING, IN_BATCH, RECEIVED] = [0, 1, 2];
const keyOf = (call: number): string => `notified#${eventIdOf(call)}#default`;

interface Circumstances {
  readonly bodyOf?: (call: number) => string;
  readonly prepare?: (world: World) => unknown;
}

/** What became of a record, for whoever looks at the queue and at the ledger after the invocation. */
interface Fate {
  /** When it can be received again, to the second as SQS knows it, and how often it was then; `undefined`: it is gone. */
  readonly back: { readonly afterSeconds: number; readonly receives: number } | undefined;
  /** What somebody is told who wants to report the call. */
  readonly claim: string | undefined;
  readonly deadLetter: string | undefined;
}

/** Receives all that is left in the queue as soon as it comes back. */
function backIn({ sqs, clock }: World): ReadonlyMap<string, Fate['back']> {
  const back = new Map<string, Fate['back']>();
  while (back.size < sqs.size()) {
    clock.nowMs = sqs.nextVisibleAtMs();
    for (const { body, attributes } of sqs.takeBatch(10)) {
      const afterSeconds = Math.floor((clock.nowMs - START_MS) / 1000);
      back.set(body, { afterSeconds, receives: Number(attributes.ApproximateReceiveCount) });
    }
  }
  return back;
}

/** Runs one invocation in a burst: Lambda gives it one record, and it takes another one out of the queue. */
async function fates({ bodyOf = (call) => aBody(call), prepare }: Circumstances): Promise<readonly Fate[]> {
  const time = virtualTime(START_MS);
  const world = aWorld({ time });
  const { sqs, memory } = world;
  // The next slot is so near that the queue is emptied at once.
  await memory.ledger.reserveSlot(webhookKey(urlOf('default')), { nowMs: START_MS - 900, latestMs: START_MS });
  await prepare?.(world);
  sqs.send(aBody(OPENING));
  sqs.send(bodyOf(IN_BATCH));
  const batch = sqs.takeBatch(10);
  sqs.send(bodyOf(RECEIVED));
  const { batchItemFailures } = await time.run(
    createHandler(world.notifying)({ Records: [...batch] }, aContext(world)),
  );
  sqs.acknowledge(batch, batchItemFailures);

  const calls = [IN_BATCH, RECEIVED];
  const claims = await memory.ledger.claim(calls.map(keyOf), { owner: 'somebody', untilMs: time.now() });
  const back = backIn(world);
  return calls.map((call) => {
    const letter = sqs.deadLetters.find(({ body }) => body === bodyOf(call))?.attributes;
    return {
      back: back.get(bodyOf(call)),
      claim: claims.get(keyOf(call)),
      deadLetter: typeof letter === 'object' ? letter.reason : letter,
    };
  });
}

const slackSays = (weather: Weather): Circumstances => ({
  prepare: ({ slack }) => {
    slack.weather = () => weather;
  },
});
const gone = { back: undefined, claim: 'claimed', deadLetter: undefined };
const back = (afterSeconds: number, receives = 2): Fate => ({ ...gone, back: { afterSeconds, receives } });

it.each<[string, Circumstances, Fate]>([
  ['is reported', {}, { ...gone, claim: 'notified' }],
  [
    'was reported before',
    { prepare: ({ memory }) => memory.ledger.markNotified([IN_BATCH, RECEIVED].map(keyOf)) },
    { ...gone, claim: 'notified' },
  ],
  [
    'somebody else is reporting',
    {
      prepare: ({ memory }) =>
        memory.ledger.claim([IN_BATCH, RECEIVED].map(keyOf), { owner: 'another', untilMs: START_MS + 60_000 }),
    },
    { ...back(15), claim: 'busy' },
  ],
  ['Slack does not take', slackSays({ status: 503, body: '' }), back(5)],
  ['Slack asks to wait for', slackSays({ status: 429, body: 'rate_limited', retryAfter: '7' }), back(7)],
  // Sent again, which begins its count anew.
  ['waits for long', slackSays({ status: 429, body: 'rate_limited', retryAfter: '90' }), back(90, 1)],
  ['Slack refuses', slackSays({ status: 400, body: 'invalid_payload' }), { ...gone, deadLetter: 'message-refused' }],
  ['is no call', { bodyOf: (call) => `no call ${call}` }, { ...gone, deadLetter: 'malformed' }],
  [
    'is no call, and the dead-letter queue takes none',
    {
      bodyOf: (call) => `no call ${call}`,
      prepare: ({ sqs }) => {
        sqs.state.isDeadLetterQueueDown = true;
      },
    },
    back(9),
  ],
  ['has no webhook', { bodyOf: (call) => aBody(call, { channel: 'nobody' }) }, back(9)],
])('a record that %s ends alike, whether Lambda or the function received it', async (_, circumstances, fate) => {
  expect(await fates(circumstances)).toEqual([fate, fate]);
});
