import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAwsClients } from '../../cli/aws/clients.ts';
import { followReplay } from '../../cli/replay/replay.ts';
import type { Outcome } from '../../local/monitor/delivery-tracker.ts';
import type { Pipeline } from '../../local/pipeline.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent } from '../builders.ts';
import { type Answer, type AwsProxy, answer, refuse, startAwsProxy } from './aws-proxy.ts';
import { run } from './capture-io.ts';

let pipeline: Pipeline;
let proxy: AwsProxy;
const outcomes: Outcome[] = [];

beforeAll(async () => {
  pipeline = await startPipeline({ context: {}, page: false });
  pipeline.onOutcome((outcome) => outcomes.push(outcome));
  proxy = await startAwsProxy(pipeline.urls.aws);
});
afterEach(() => {
  proxy.answers.clear();
  proxy.asked.length = 0;
});
afterAll(async () => {
  await proxy?.close();
  await pipeline?.stop();
});

const at = (): readonly string[] => ['--region', 'eu-west-1', '--endpoint-url', proxy.url];
const replay = (...args: readonly string[]) => run(['replay', ...args, ...at()]);
const EVENING = ['--from', '2026-11-22T19:00Z', '--to', '2026-11-22T21:00Z'];

describe('notifier replay', () => {
  it('replays a time to the stack’s own rules, and what was reported is not reported again', async () => {
    const eventID = randomUUID();
    await pipeline.putEvent(anEvent({ detail: { eventID } }));
    await pipeline.putEvent(anEvent({ time: '2026-11-22T22:00:00Z', detail: { eventID: randomUUID() } }));
    await pipeline.settled();
    const messages = pipeline.messages().length;

    const { code, out, err } = await replay(...EVENING);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: [
        expect.stringMatching(/^The replay MediaConnectNotifier-\d{8}T\d{6}Z has started\.$/),
        expect.stringMatching(/^The replay MediaConnectNotifier-\d{8}T\d{6}Z is complete\.$/),
        'Reads are most likely not in the archive, so none was replayed: notifier audit --notify has those reported that were missed.',
      ],
      err: [],
    });
    const started = proxy.asked.find(({ operation }) => operation === 'StartReplay')?.input;
    expect(started).toMatchObject({
      EventStartTime: Date.parse('2026-11-22T19:00Z') / 1000,
      EventEndTime: Date.parse('2026-11-22T21:00Z') / 1000,
      Destination: {
        Arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/default',
        FilterArns: pipeline.model.rules.map(({ arn }) => arn),
      },
    });
    await pipeline.settled();
    await expect.poll(() => pipeline.state().repeated).toBe(1);
    expect(pipeline.messages().length).toBe(messages);
  });

  it('says nothing of reads where no rule reports any', async () => {
    proxy.answers.set('DescribeReplay', answer({ State: 'COMPLETED' }));
    const rules = JSON.stringify({ changes: { access: 'mutating' } });
    const { out } = await replay('--follow', 'MediaConnectNotifier-x', '-c', `notifier:rules=${rules}`);
    expect(out).toEqual(['The replay MediaConnectNotifier-x is complete.']);
  });

  it('gives a JSON line when it ends', async () => {
    proxy.answers.set('DescribeReplay', answer({ State: 'FAILED', StateReason: 'the archive is gone' }));
    const { code, out } = await replay('--follow', 'MediaConnectNotifier-x', '--json');
    expect({ code, out: out.map((line) => JSON.parse(line)) }).toEqual({
      code: 1,
      out: [{ replay: 'MediaConnectNotifier-x', state: 'FAILED', reason: 'the archive is gone' }],
    });
  });

  it('says how to follow on after Ctrl-C', async () => {
    proxy.answers.set('DescribeReplay', answer({ State: 'RUNNING' }));
    expect(await run(['replay', '--follow', 'x', ...at()], { stop: AbortSignal.abort() })).toEqual({
      code: 1,
      out: [],
      err: ['notifier: the replay goes on; follow it with notifier replay --follow x --region eu-west-1'],
    });
  });

  it.each<[what: string, args: readonly string[], answers: Readonly<Record<string, Answer>>, line: RegExp]>([
    ['no such stack', [...EVENING, '--stack', 'Other'], {}, /^notifier: no stack Other in eu-west-1/],
    [
      'no archive',
      EVENING,
      {
        DescribeStacks: async (_asked, forward) => {
          const given = await forward();
          return { ...given, body: given.body.replace('<OutputKey>ArchiveName<', '<OutputKey>Other<') };
        },
      },
      /^notifier: the stack MediaConnectNotifier-eu-west-1 has no archive: set notifier:archiveDays and deploy; /,
    ],
    [
      'no right to replay',
      EVENING,
      { StartReplay: refuse('AccessDeniedException', 'User: x is not authorized to perform: events:StartReplay', 403) },
      /^notifier: a replay of the archive .*: not allowed: User: x is not authorized to perform: events:StartReplay$/,
    ],
    ['a replay that there is not', ['--follow', 'x'], {}, /^notifier: the replay x: Replay x does not exist\.$/],
    ['no time', [], {}, /^notifier: replay needs --from and --to, as in: notifier replay .* \(or --follow a replay\)$/],
    [
      'a time that ends before it begins',
      ['--from', '2026-11-22', '--to', '2026-11-20'],
      {},
      /--to is not after --from/,
    ],
    ['a time that is none', ['--from', 'yesterday'], {}, /argument 'yesterday' is invalid/],
  ])('cannot begin with %s', async (_what, args, answers, line) => {
    for (const [operation, given] of Object.entries(answers)) proxy.answers.set(operation, given);
    expect(await replay(...args)).toEqual({ code: 2, out: [], err: [expect.stringMatching(line)] });
  });
});

it('looks again until a replay ends, and says how far it is', async () => {
  const looks = [
    { State: 'STARTING' },
    { State: 'RUNNING', EventStartTime: 1000, EventEndTime: 1100, EventLastReplayedTime: 1025 },
    { State: 'COMPLETED', EventStartTime: 1000, EventEndTime: 1100, EventLastReplayedTime: 1100 },
  ];
  proxy.answers.set('DescribeReplay', (asked, forward) => answer(looks.shift())(asked, forward));
  const clients = createAwsClients({ region: 'eu-west-1', endpointUrl: proxy.url, stackName: 'x' });
  const done: number[] = [];
  const waits: number[] = [];
  const end = await followReplay(clients, {
    name: 'x',
    wait: async (ms) => void waits.push(ms),
    stop: new AbortController().signal,
    onProgress: (part) => done.push(part),
  });
  expect({ end, done, waits }).toEqual({
    end: { state: 'COMPLETED', reason: undefined },
    done: [0, 0.25, 1],
    waits: [5000, 5000],
  });
});
