import { randomUUID } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTIFIER_CONCURRENCY } from '../../infra/stack/function-settings.ts';
import type { Outcome } from '../../local/monitor/delivery-tracker.ts';
import type { Pipeline } from '../../local/pipeline.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent } from '../builders.ts';
import { clientSettings } from './aws/sdk-clients.ts';

let pipeline: Pipeline;
let bus: EventBridgeClient;
let sqs: SQSClient;
const outcomes: Outcome[] = [];

beforeAll(async () => {
  // Whoever waits a minute on AWS waits 0.3 s here.
  pipeline = await startPipeline({ context: {}, clockFactor: 200 });
  pipeline.onOutcome((outcome) => outcomes.push(outcome));
  bus = new EventBridgeClient(clientSettings(pipeline.urls.aws));
  sqs = new SQSClient(clientSettings(pipeline.urls.aws));
});
afterAll(async () => {
  bus?.destroy();
  sqs?.destroy();
  await pipeline?.stop();
});

type Detail = Readonly<Record<string, unknown>>;

/** Puts calls on the bus with the real client, and returns their ids. */
async function put(...details: readonly Detail[]): Promise<readonly string[]> {
  const events = details.map((detail) => anEvent({ detail: { eventID: randomUUID(), ...detail } }).detail as Detail);
  const { FailedEntryCount } = await bus.send(
    new PutEventsCommand({
      Entries: events.map((detail) => ({
        Source: 'aws.mediaconnect',
        DetailType: 'AWS API Call via CloudTrail',
        Detail: JSON.stringify(detail),
      })),
    }),
  );
  expect(FailedEntryCount).toBe(0);
  return events.map(({ eventID }) => String(eventID));
}

const outcomesOf = (ids: readonly string[]): readonly Outcome[] =>
  outcomes.filter(({ eventId }) => ids.includes(eventId));
const resultsOf = (ids: readonly string[]): readonly string[] => outcomesOf(ids).map(({ result }) => result);

describe('a call on the bus', () => {
  it('is a message in Slack', async () => {
    const ids = await put({ eventName: 'StopFlow' });
    await pipeline.settled();
    const message = pipeline.messages().at(-1);
    expect(outcomesOf(ids)).toEqual([
      {
        eventId: ids[0],
        operation: 'StopFlow',
        resource: 'flow',
        access: 'mutating',
        outcome: 'succeeded',
        rule: 'changes',
        channel: 'default',
        result: 'posted',
      },
    ]);
    expect([message?.channel, message?.payload.text]).toEqual([
      'default',
      expect.stringContaining('flow AwardsShow stopped'),
    ]);
    expect(message?.events.map(({ eventId, rule, call }) => [eventId, rule?.name, call?.impact])).toEqual([
      [ids[0], 'changes', 'off-air'],
    ]);
  });

  it('is reported in the digest when it is a read', async () => {
    const read = { eventName: 'DescribeFlow', readOnly: true, responseElements: null };
    const ids = await put(read, read, { ...read, eventName: 'ListFlows' });
    await pipeline.settled();
    expect([resultsOf(ids), pipeline.messages().at(-1)?.events.length]).toEqual([['folded', 'folded', 'folded'], 3]);
  });

  it('is reported once, however often it comes', async () => {
    const again = { eventName: 'StartFlow', eventID: randomUUID() };
    await put(again, again);
    await pipeline.settled();
    await put(again);
    await pipeline.settled();
    expect(resultsOf([again.eventID])).toEqual(['posted']);
  });

  it('is dead-lettered with the reason when it is malformed', async () => {
    const ids = await put({ eventName: '' });
    await pipeline.settled();
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: pipeline.model.outputs.DeadLetterQueueUrl,
        MessageAttributeNames: ['All'],
      }),
    );
    const reason = expect.stringContaining('malformed');
    expect(outcomesOf(ids)).toMatchObject([{ result: 'dead-lettered', operation: null, rule: 'changes', reason }]);
    expect(Messages?.map(({ MessageAttributes }) => MessageAttributes?.reason?.StringValue)).toEqual(['malformed']);
    expect(pipeline.state()).toMatchObject({ deadLettered: 1, deadLetters: [{ eventId: ids[0], reason }] });
  });

  it('is unmatched with the field that refused it', async () => {
    const eventID = randomUUID();
    await pipeline.putEvent(anEvent({ source: 'aws.medialive', detail: { eventID } }));
    expect(outcomesOf([eventID])).toMatchObject([
      { result: 'unmatched', rule: null, channel: null, reason: expect.stringContaining('source') },
    ]);
  });
});

describe('when Slack has a bad day, a call is reported once it is over', () => {
  it.each(['429', '500', 'rollup_error', 'reset'] as const)('%s', async (behaviour) => {
    const before = pipeline.state().refusals;
    pipeline.slack.setForNext(2, behaviour);
    const ids = await put({ eventName: 'StartFlow' });
    await pipeline.settled();
    expect([resultsOf(ids), pipeline.state().refusals - before]).toEqual([['posted'], 2]);
  });
});

describe('a burst', () => {
  it('is reported in few messages, of which some count calls', async () => {
    const before = pipeline.state().messages;
    const calls = (count: number) => Array.from({ length: count }, () => ({ eventName: 'UpdateFlow' }));
    const ids = [...(await put(...calls(10))), ...(await put(...calls(10))), ...(await put(...calls(10)))];
    await pipeline.settled();
    const results = Object.groupBy(resultsOf(ids), (result) => result);
    expect((results.posted?.length ?? 0) + (results.folded?.length ?? 0)).toBe(30);
    expect(results.folded?.length).toBeGreaterThan(0);
    // Each of the notifiers that run at once may begin with a message of its own.
    expect(pipeline.state().messages - before).toBeLessThanOrEqual(2 * NOTIFIER_CONCURRENCY);
  });
});

it('runs what the clock runs', async () => {
  await pipeline.runFunction('summary');
  expect(pipeline.messages().at(-1)?.payload.text).toMatch(/StopFlow|calls|summary/i);
});

it('shows its page and its state', async () => {
  const response = await fetch(pipeline.urls.page);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(pipeline.state().queues).toEqual([
    { name: 'immediate', waiting: 0, inFlight: 0, held: 0 },
    { name: 'digest', waiting: 0, inFlight: 0, held: 0 },
  ]);
});
