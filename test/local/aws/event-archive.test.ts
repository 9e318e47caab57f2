import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventArchive, type EventArchive } from '../../../local/aws/event-archive.ts';
import type { BusEvent } from '../../../local/aws/event-bus.ts';
import { type Gateway, startGateway } from '../../../local/aws/gateway.ts';
import { createJsonService } from '../../../local/aws/service.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { anEvent } from '../../builders.ts';
import { clientSettings } from './sdk-clients.ts';

const BUS = 'arn:aws:events:eu-west-1:000000000000:event-bus/default';
const ARCHIVE = 'arn:aws:events:eu-west-1:000000000000:archive/Calls';
const [ONE, TWO] = ['arn:rule/one', 'arn:rule/two'] as const;

let door: Gateway;
let client: EventBridgeClient;
let archive: EventArchive;
let published: { readonly event: BusEvent; readonly rules: readonly string[] }[] = [];

beforeAll(async () => {
  door = await startGateway({ port: 0 });
  client = new EventBridgeClient(clientSettings(door.url));
});
beforeEach(() => {
  published = [];
  const pattern = compilePattern({ source: ['aws.mediaconnect'] });
  archive = createEventArchive({
    archives: [{ name: 'Calls', arn: ARCHIVE, pattern, retentionDays: 30 }],
    busArn: BUS,
    ruleArns: new Set([ONE, TWO]),
    nowMs: () => 0,
    publish: async (event, rules) => void published.push({ event, rules: [...rules] }),
  });
  door.serve(createJsonService('AWSEvents', archive.operations));
});
afterAll(() => door.close());

const start = (changes: object = {}) =>
  client.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: ARCHIVE,
      EventStartTime: new Date('2026-11-22T20:00:00Z'),
      EventEndTime: new Date('2026-11-22T21:00:00Z'),
      Destination: { Arn: BUS, FilterArns: [TWO] },
      ...changes,
    }),
  );

describe('an archive on one machine', () => {
  it('keeps what its pattern asks for, and replays a time of it to the rules that are named', async () => {
    const event = anEvent();
    archive.keep(event);
    archive.keep(anEvent({ source: 'aws.ec2' }));
    archive.keep(anEvent({ time: '2026-11-22T21:00:00Z' }));
    archive.keep({ ...event, 'replay-name': 'earlier' });

    const { EventCount, RetentionDays } = await client.send(new DescribeArchiveCommand({ ArchiveName: 'Calls' }));
    await start();
    const { State, EventLastReplayedTime } = await client.send(new DescribeReplayCommand({ ReplayName: 'again' }));
    expect({ EventCount, RetentionDays, State, EventLastReplayedTime, published }).toEqual({
      EventCount: 2,
      RetentionDays: 30,
      State: 'COMPLETED',
      EventLastReplayedTime: new Date('2026-11-22T21:00:00Z'),
      published: [{ event: { ...event, 'replay-name': 'again' }, rules: [TWO] }],
    });
  });

  it.each([
    [{ eventName: 'DescribeFlow', readOnly: true }, 0],
    [{ eventName: 'ListFlows', readOnly: undefined }, 0],
    [{ eventName: 'ListRouterInputs', readOnly: true, errorCode: 'AccessDenied' }, 0],
    [{ eventName: 'StopFlow', readOnly: false }, 1],
  ])('keeps what a rule in the state ENABLED gets: of %j %i', async (detail, count) => {
    archive.keep(anEvent({ detail }));
    const { EventCount } = await client.send(new DescribeArchiveCommand({ ArchiveName: 'Calls' }));
    expect(EventCount).toBe(count);
  });

  it.each<[what: string, changes: object, name: string]>([
    ['an archive that there is not', { EventSourceArn: 'arn:other' }, 'ResourceNotFoundException'],
    ['another bus', { Destination: { Arn: 'arn:other' } }, 'ValidationException'],
    ['another rule', { Destination: { Arn: BUS, FilterArns: ['arn:other'] } }, 'ValidationException'],
    ['a time that ends before it begins', { EventEndTime: new Date(0) }, 'ValidationException'],
    ['an odd name', { ReplayName: 'a b' }, 'ValidationException'],
  ])('refuses %s', async (_what, changes, name) => {
    await expect(start(changes)).rejects.toMatchObject({ name });
  });

  it('refuses a name that was used, and knows no other', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    const other = client.send(new DescribeReplayCommand({ ReplayName: 'other' }));
    await expect(other).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const none = client.send(new DescribeArchiveCommand({ ArchiveName: 'Other' }));
    await expect(none).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
