import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventBus } from '../../../local/aws/event-bus.ts';
import { createQueueStore, type QueueStore } from '../../../local/aws/sqs.ts';
import { readTemplate } from '../../../local/template/read-template.ts';
import { anEvent } from '../../builders.ts';
import { aStackEnvironment } from '../a-stack-environment.ts';
import { aRuleResource, aTemplate } from '../a-template.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:Stack-Queue';
const DEAD = 'arn:aws:sqs:eu-west-1:000000000000:Stack-DeadLetters';
const LONG = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

let queues: QueueStore;
const dropped: string[] = [];
beforeAll(async () => {
  queues = await createQueueStore({ region: 'eu-west-1', dataDir: undefined, onChange: () => undefined });
  for (const queue of readTemplate(aTemplate(), aStackEnvironment(), '/assembly').queues) queues.createQueue(queue);
});
afterAll(() => queues.close());

const drain = async (arn: string) => {
  const messages = await queues.receive(arn, { max: 10, waitMs: 0 });
  const handles = messages.map(({ ReceiptHandle }) => ReceiptHandle);
  if (handles.length > 0) await queues.delete(arn, handles);
  return messages;
};

beforeEach(() => void dropped.splice(0));

const publish = async (event: Readonly<Record<string, unknown>>, rule: Readonly<Record<string, unknown>> = {}) => {
  const { rules } = readTemplate(aTemplate({ Rule: aRuleResource(rule) }), aStackEnvironment(), '/assembly');
  const bus = createEventBus({
    rules,
    queues,
    nowMs: () => Date.parse('2026-11-22T20:00:05.678Z'),
    listener: { taken: () => undefined, dropped: (_event, _rule, reason) => dropped.push(reason) },
  });
  return bus.publish(event);
};

describe('an event on the bus', () => {
  it('is in the queue of each rule that matches, with its route', async () => {
    await publish(anEvent());
    expect((await drain(QUEUE)).map(({ Body }) => JSON.parse(Body))).toEqual([
      { rule: 'changes', channel: 'default', ingestionTime: '2026-11-22T20:00:05Z', event: anEvent() },
    ]);
  });

  it('keeps its emoji', async () => {
    const event = anEvent({ detail: { userAgent: 'a 🎬 \uD83D' } });
    await publish(event);
    expect((await drain(QUEUE)).map(({ Body }) => JSON.parse(Body).event)).toEqual([event]);
  });

  it.each([
    [
      'ENABLED',
      { eventName: 'DescribeFlow', readOnly: true },
      'its state ENABLED does not get read-only management events',
    ],
    ['DISABLED', {}, 'the rule is disabled'],
  ])('does not reach a rule in state %s with %j', async (State, detail, reason) => {
    const [verdict] = await publish(anEvent({ detail }), { State });
    expect([verdict?.matched === false && verdict.reason, await drain(QUEUE)]).toEqual([reason, []]);
  });

  it('reaches a rule in the long state, though it is a read', async () => {
    await publish(anEvent({ detail: { eventName: 'DescribeFlow', readOnly: true } }), { State: LONG });
    expect(await drain(QUEUE)).toHaveLength(1);
  });

  it('goes to the dead-letter queue when its target is not there, with the attributes of EventBridge', async () => {
    const [target] = aRuleResource().Properties.Targets;
    const gone = 'arn:aws:sqs:eu-west-1:000000000000:gone';
    await publish(anEvent(), { Targets: [{ ...target, Arn: gone }] });
    const [dead] = await drain(DEAD);
    const attributes = Object.entries(dead?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect([JSON.parse(dead?.Body ?? '{}'), Object.fromEntries(attributes), dropped]).toEqual([
      anEvent(),
      {
        RULE_ARN: 'arn:aws:events:eu-west-1:000000000000:rule/changes',
        TARGET_ARN: gone,
        ERROR_CODE: 'QueueDoesNotExist',
        ERROR_MESSAGE: `The specified queue does not exist: ${gone}`,
        RETRY_ATTEMPTS: '0',
      },
      [],
    ]);
  });

  it('is dropped, and that is said, when it is too large for any queue', async () => {
    await publish(anEvent({ detail: { requestParameters: { note: 'x'.repeat(1_048_576) } } }));
    expect([await drain(QUEUE), await drain(DEAD), dropped]).toEqual([
      [],
      [],
      [expect.stringContaining('Message must be shorter than 1048576 bytes')],
    ]);
  });
});
