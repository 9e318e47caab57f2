import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pipeline } from '../../local/pipeline.ts';
import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent } from '../builders.ts';
import { METADATA_EVENT } from '../shared/outcome/documented-events.ts';
import { clientSettings } from './aws/sdk-clients.ts';

let pipeline: Pipeline;
let bus: EventBridgeClient;
let ledger: DynamoDBClient;
/** Times on the bus are whole seconds. */
let nowMs: number;
const texts: string[] = [];
let onText = (): void => undefined;

const headOf = ({ message: { blocks = [] } }: AcceptedPost): string => {
  const [first] = blocks;
  return (first?.type === 'section' ? first.text?.text : undefined) ?? '';
};

beforeAll(async () => {
  pipeline = await startPipeline({
    context: { 'notifier:outcomes': 'all' },
    onMessage: (post) => {
      texts.push(headOf(post));
      onText();
    },
  });
  bus = new EventBridgeClient(clientSettings(pipeline.urls.aws));
  ledger = new DynamoDBClient(clientSettings(pipeline.urls.aws));
});
afterAll(async () => {
  bus?.destroy();
  ledger?.destroy();
  await pipeline?.stop();
});

const startAnew = (): void => {
  nowMs = Math.floor(Date.now() / 1000) * 1000;
};
beforeEach(startAnew);

/** The heads of the messages about a flow, as soon as there are so many. */
async function messagesOf(flow: string, count: number): Promise<readonly string[]> {
  for (;;) {
    const found = texts.filter((text) => text.includes(flow));
    if (found.length >= count) return found;
    const { promise, resolve } = Promise.withResolvers<void>();
    onText = resolve;
    await promise;
  }
}

const arnOf = (flow: string): string =>
  `arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:${flow}`;
const secondsAgo = (seconds: number): Date => new Date(nowMs - seconds * 1000);

async function put(entry: {
  readonly DetailType: string;
  readonly Detail: object;
  readonly Time?: Date;
  readonly Resources?: readonly string[];
}): Promise<void> {
  const { Detail, Resources = [], ...rest } = entry;
  const Entries = [{ Source: 'aws.mediaconnect', ...rest, Resources: [...Resources], Detail: JSON.stringify(Detail) }];
  expect((await bus.send(new PutEventsCommand({ Entries }))).FailedEntryCount).toBe(0);
}

const call = (eventName: string, flow: string, ago: number): Promise<void> =>
  put({
    DetailType: 'AWS API Call via CloudTrail',
    Detail: anEvent({
      detail: {
        eventName,
        eventID: randomUUID(),
        eventTime: secondsAgo(ago).toISOString(),
        requestParameters: { flowArn: encodeURIComponent(arnOf(flow)) },
        responseElements: null,
      },
    }).detail as object,
  });

const status = (flow: string, currentStatus: string, previousStatus: string, ago: number): Promise<void> =>
  put({
    DetailType: 'MediaConnect Flow Status Change',
    Detail: { currentStatus, previousStatus },
    Time: secondsAgo(ago),
    Resources: [arnOf(flow)],
  });

/** Until an event of a flow has reached the ledger. */
async function remembered(flow: string): Promise<void> {
  const TableName = pipeline.model.tables[0]?.name ?? '';
  const Key = { pk: { S: `signal#${arnOf(flow)}` } };
  await expect.poll(async () => (await ledger.send(new GetItemCommand({ TableName, Key }))).Item).toBeDefined();
}

const JANE = '`jane@example.org` as role `Operators`';

describe('put on the bus by a client', () => {
  // Its card must be there before its two minutes are over, however busy the machine; the other tests pass that time.
  beforeAll(async () => {
    startAnew();
    await call('StartFlow', 'Silent', 105);
  });

  it('an event and then its call are one card, which says the state', async () => {
    await status('Before', 'STANDBY', 'STOPPING', 7);
    await remembered('Before');
    await call('StopFlow', 'Before', 10);
    expect(await messagesOf('Before', 1)).toEqual([
      `🔴 *Off air* — flow \`Before\` stopped by ${JANE}\nnow *standby*, 3 s after the call`,
    ]);
  });

  it('a call and then its event are a card and a short line', async () => {
    await call('StopFlow', 'After', 10);
    await messagesOf('After', 1);
    await status('After', 'STANDBY', 'STOPPING', 7);
    expect(await messagesOf('After', 2)).toEqual([
      `🔴 *Off air* — flow \`After\` stopped by ${JANE}`,
      `✔️ flow \`After\` is now standby, 3 s after ${JANE} stopped it`,
    ]);
  });

  it('ERROR is said once, with the call, though it comes twice', async () => {
    await call('StartFlow', 'Failing', 20);
    await messagesOf('Failing', 1);
    await status('Failing', 'ERROR', 'STARTING', 12);
    await status('Failing', 'ERROR', 'STARTING', 12);
    expect(await messagesOf('Failing', 2)).toEqual([
      `🟢 *On air* — flow \`Failing\` started by ${JANE}`,
      `⚠️ flow \`Failing\` is in ERROR, 8 s after ${JANE} started it`,
    ]);
    await call('StopFlow', 'Witness', 20);
    await messagesOf('Witness', 1);
    expect(await messagesOf('Failing', 2)).toHaveLength(2);
  });

  it('a call that no event comes of is a card, and a line when two minutes are over', async () => {
    expect(await messagesOf('Silent', 2)).toEqual([
      `🟢 *On air* — flow \`Silent\` started by ${JANE}`,
      `⏳ MediaConnect has not said in 2 minutes that flow \`Silent\` started (\`StartFlow\` by ${JANE})`,
    ]);
  });

  it('a day of the event about metadata, which comes every 20 seconds, matches no rule and reaches no function', async () => {
    await pipeline.settled();
    const counted = () => {
      const { received, unmatched, messages, deadLettered } = pipeline.state();
      return { received, unmatched, messages, deadLettered, texts: texts.length };
    };
    const before = counted();
    const Source = 'aws.mediaconnect';
    const DetailType = String(METADATA_EVENT['detail-type']);
    for (let second = 0; second < 86_400; second += 200) {
      const Entries = Array.from({ length: 10 }, (_, place) => ({
        Source,
        DetailType,
        Time: new Date(nowMs - (86_400 - second - place * 20) * 1000),
        Resources: [arnOf('Day')],
        Detail: JSON.stringify(METADATA_EVENT.detail),
      }));
      expect((await bus.send(new PutEventsCommand({ Entries }))).FailedEntryCount).toBe(0);
    }
    const day = 86_400 / 20;
    expect(counted()).toEqual({ ...before, received: before.received + day, unmatched: before.unmatched + day });
  });
});
