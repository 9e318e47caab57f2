import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LocalOptions, runLocal } from '../../../cli/local/run-local.ts';
import { UserError } from '../../../infra/settings/user-error.ts';
import { anEvent, aRecord } from '../../builders.ts';
import { METADATA_EVENT } from '../../shared/outcome/documented-events.ts';
import { aServiceEvent, FLOW_ARN } from '../../shared/outcome/signal-examples.ts';
import { LOCAL_OPTIONS } from './local-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-local-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

async function run(options: Partial<LocalOptions>, stop = new AbortController()) {
  const lines: string[] = [];
  const errorLines: string[] = [];
  const code = await runLocal(
    { ...LOCAL_OPTIONS, ...options },
    {
      stdin: (async function* () {})(),
      writeLine: (line) => lines.push(line),
      writeErrorLine: (line) => errorLines.push(line),
      stop: stop.signal,
      exitNow: () => undefined,
    },
  );
  return { code, lines, errorLines };
}

describe('a file of events', () => {
  it('is accounted for, each event once', async () => {
    const ids = Array.from({ length: 6 }, () => randomUUID());
    const [stop, read, denied, malformed, other, record] = ids;
    const events = [
      anEvent({ detail: { eventID: stop } }),
      anEvent({ detail: { eventID: read, eventName: 'DescribeFlow', readOnly: true } }),
      anEvent({ detail: { eventID: denied, eventName: 'ListFlows', readOnly: true, errorCode: 'AccessDenied' } }),
      anEvent({ detail: { eventID: malformed, eventName: '' } }),
      anEvent({ source: 'aws.medialive', detail: { eventID: other } }),
      aRecord({ eventID: record }),
      anEvent({ detail: { eventID: stop } }),
    ];
    const file = fileOf('events.ndjson', events.map((event) => JSON.stringify(event)).join('\n'));
    const { code, lines, errorLines } = await run({ inputs: [file] });
    const [ready, ...outcomes] = lines.map((line) => JSON.parse(line));
    expect(ready).toEqual({
      ready: true,
      page: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      aws: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      slack: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/services\//),
    });
    const byId = new Map(outcomes.map((outcome) => [outcome.eventId, outcome]));
    expect([code, outcomes.length, ids.every((id) => byId.has(id)), errorLines]).toEqual([1, 6, true, []]);
    const notified = expect.stringMatching(/^(posted|folded)$/);
    expect(ids.map((id) => [byId.get(id).rule, byId.get(id).result])).toEqual([
      ['changes', notified],
      ['reads', 'folded'],
      ['denied-reads', notified],
      ['changes', 'dead-lettered'],
      [null, 'unmatched'],
      ['changes', notified],
    ]);
  });
});

describe('events of MediaConnect’s own in a file', () => {
  it('are played, and what is said of them is a message like any other before it leaves', async () => {
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const requestParameters = { flowArn: encodeURIComponent(FLOW_ARN) };
    const call = anEvent({
      time: now,
      detail: { eventID: 'start', eventName: 'StartFlow', eventTime: now, requestParameters, responseElements: null },
    });
    const status = aServiceEvent('Flow Status Change', { currentStatus: 'ERROR', previousStatus: 'STARTING' });
    const events = [METADATA_EVENT, call, { ...status, time: now }];
    const file = fileOf('own.ndjson', events.map((event) => JSON.stringify(event)).join('\n'));
    const context = { 'notifier:outcomes': 'trouble' };
    const { code, lines } = await run({ inputs: [file], context, json: false });
    const said = lines.filter((line) => line.startsWith('#default')).join('\n');
    expect([code, ...lines.slice(-4)]).toEqual([
      0,
      '',
      'Received: 3 events, 2 of them MediaConnect’s own, which are no calls, 1 of them matched by no rule.',
      expect.stringMatching(/^Posted: (?:1 message|2 messages), with 1 call\.$/),
      'Waiting: nothing.',
    ]);
    // Where the event came first, the card says it, behind what a terminal's line has room for.
    const messages = Number.parseInt(lines.at(-2)?.slice('Posted: '.length) ?? '', 10);
    expect(said.match(/⚠️ flow AwardsShow is in ERROR/g) ?? []).toHaveLength(messages - 1);
  });
});

describe('without an input', () => {
  it.each<[what: string, options: Partial<LocalOptions>, isSaid: boolean]>([
    ['the day is played with health on, and that is said', { sample: true }, true],
    ['the context’s own health is left alone', { sample: true, context: { 'notifier:health': 'off' } }, false],
    ['nothing is set where no day is played', {}, false],
  ])('%s', async (_, options, isSaid) => {
    const stop = new AbortController();
    stop.abort();
    const { lines } = await run({ json: false, exit: false, ...options }, stop);
    expect(lines.some((line) => line.startsWith('For the day, notifier:health is set to trouble'))).toBe(isSaid);
  });

  it('there is nothing to wait for', async () => {
    const { code, lines } = await run({ json: false });
    expect([code, ...lines.slice(-3)]).toEqual([0, 'Received: nothing.', 'Posted: nothing.', 'Waiting: nothing.']);
  });

  it('it runs until it is stopped', async () => {
    const stop = new AbortController();
    const running = run({ exit: false }, stop);
    stop.abort();
    expect((await running).code).toBe(0);
  });
});

/** What the person who started it is told. */
const linesOf = (options: Partial<LocalOptions>): Promise<unknown> =>
  run(options).catch((error: unknown) => (error instanceof UserError ? error.lines : error));

describe('what cannot be started is one clear line for a person', () => {
  it.each([
    [
      'an input that is not there',
      { inputs: [join(folder, 'none.json')] },
      `${join(folder, 'none.json')}: no such file`,
    ],
    [
      'an input that is not JSON',
      { inputs: [fileOf('text.json', 'hello')] },
      `no events: ${join(folder, 'text.json')}:1: not JSON`,
    ],
    [
      'an input that is empty',
      { inputs: [fileOf('empty.json', '')] },
      `no events: ${join(folder, 'empty.json')}: is empty`,
    ],
    ['a context value that is wrong', { context: { 'notifier:digestMinuets': 5 } }, 'notifier:digestMinuets'],
  ])('%s', async (_, options, line) => {
    expect(await linesOf(options)).toEqual([expect.stringContaining(line)]);
  });

  it.each([
    ['port', '--port'],
    ['awsPort', '--aws-port'],
  ] as const)('a %s that is taken', async (name, flag) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const lines = await linesOf({ [name]: port });
    server.close();
    expect(lines).toEqual([
      `port ${port} is taken; choose another with ${flag}, or take any: npx notifier local --port 0`,
    ]);
  });
});
