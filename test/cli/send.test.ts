import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Pipeline } from '../../local/pipeline.ts';
import { SIGNAL_SAMPLES } from '../../local/sample-day/sample-signal.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { readSignal } from '../../shared/outcome/signal-event.ts';
import { anEvent, aRecord } from '../builders.ts';
import { aServiceEvent } from '../shared/outcome/signal-examples.ts';
import { type AwsProxy, answer, refuse, startAwsProxy } from './aws-proxy.ts';
import { run } from './capture-io.ts';

let pipeline: Pipeline;
let proxy: AwsProxy;

beforeAll(async () => {
  pipeline = await startPipeline({ context: {}, page: false });
  proxy = await startAwsProxy(pipeline.urls.aws);
});
afterEach(() => {
  proxy.answers.clear();
  proxy.asked.length = 0;
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await proxy?.close();
  await pipeline?.stop();
});

const at = (): readonly string[] => ['--region', 'eu-west-1', '--endpoint-url', proxy.url];
const send = (events: readonly unknown[], ...args: readonly string[]) =>
  run(['send', '-', ...at(), ...args], { stdin: events.map((event) => JSON.stringify(event)).join('\n') });

/** Whether a time is neither before this moment nor to come, but for so many seconds; those of AWS are whole ones. */
function sinceNow(seconds = 1): (time: string | number) => boolean {
  const begunMs = Date.now();
  return (time) => {
    const atMs = new Date(time).getTime();
    return atMs > begunMs - seconds * 1000 && atMs < Date.now() + seconds * 1000;
  };
}

const bodies = () =>
  proxy.asked.flatMap(({ operation, input }) =>
    operation === 'SendMessage' ? [JSON.parse(String(input.MessageBody))] : [],
  );

describe('notifier send', () => {
  it('says no secret that stands where an id belongs', async () => {
    const { out, err } = await send([anEvent({ detail: { eventID: 'passphrase=hunter2hunter2' } })], '--json');
    expect(out.join()).toContain('(not shown)');
    expect([...out, ...err].join()).not.toContain('hunter2');
  });

  it('puts events on the bus, and they are reported', async () => {
    const { code, out, err } = await send([anEvent({ detail: { eventID: 'a' } }), aRecord({ eventID: 'b' })]);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: [`2 events accepted by the bus at ${proxy.url}, 0 not.`],
      err: [],
    });
    await pipeline.settled();
    const notified = pipeline.messages().flatMap(({ events }) => events.map(({ eventId }) => eventId));
    expect(notified).toEqual(expect.arrayContaining(['a', 'b']));
  });

  it.each(Object.keys(SIGNAL_SAMPLES))(
    'sends the sample %s as MediaConnect would, now and in its region',
    async (name) => {
      const isNow = sinceNow(10);
      const { code } = await run(['send', name, ...at()]);
      const [entry] = proxy.asked.flatMap(({ input }) => input.Entries as readonly Record<string, string>[]);
      const event = { source: entry?.Source, 'detail-type': entry?.DetailType, resources: entry?.Resources };
      const time = new Date(Number(entry?.Time) * 1000).toISOString();
      const reading = readSignal({ ...event, time, detail: JSON.parse(entry?.Detail ?? '') });
      expect({ code, reading: reading.kind, isNow: isNow(time) }).toEqual({
        code: 0,
        reading: 'signal',
        isNow: true,
      });
      expect(String(entry?.Resources)).toMatch(/^arn:aws:mediaconnect:eu-west-1:/);
      const body = reading.kind === 'signal' ? reading.event.body.kind : undefined;
      expect(body === 'unknown').toBe(name === 'metadata');
    },
  );

  it('makes of a recorded event of MediaConnect’s own a new one, with nothing of a call in it', async () => {
    const status = aServiceEvent('Flow Status Change', { currentStatus: 'STANDBY', previousStatus: 'STOPPING' });
    expect((await send([status], '--new')).code).toBe(0);
    const [entry] = proxy.asked.flatMap(({ input }) => input.Entries as readonly Record<string, string>[]);
    expect(JSON.parse(entry?.Detail ?? '')).toEqual({ currentStatus: 'STANDBY', previousStatus: 'STOPPING' });
    expect(entry?.Resources).toEqual(status.resources);
  });

  it('says of a sample of which nothing is posted which context value would have it posted', async () => {
    const { code, out, err } = await run(['send', 'source-lost', 'maintenance', 'flow-active', ...at()]);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: [`3 events accepted by the bus at ${proxy.url}, 0 not.`],
      err: [
        'notifier: source-lost: nothing will be posted of it alone: notifier:health is off there; trouble or all would post it',
        'notifier: maintenance: nothing will be posted of it alone: notifier:health is off there; all would post it',
        'notifier: flow-active: nothing will be posted of it alone, whatever the context: it says what a call came to, or that a trouble is over',
      ],
    });
  });

  it('asks the notifier that receives a sample for its settings, and goes by the context where it is not told', async () => {
    const asked = ['send', 'source-lost', ...at(), '-c', 'notifier:health=trouble'];
    expect((await run(asked)).err).toEqual([expect.stringContaining('notifier:health is off there;')]);
    proxy.answers.set('GetFunctionConfiguration', refuse('AccessDeniedException', 'no', 403));
    expect(await run(asked)).toEqual({
      code: 0,
      err: [],
      out: [
        `1 event accepted by the bus at ${proxy.url}, 0 not.`,
        'source-lost: will be posted after 1 min, or with a call that touched it, if one turns up.',
      ],
    });
    expect((await run(['send', 'source-lost', ...at()])).err).toEqual([
      expect.stringContaining('notifier:health is off in the context here;'),
    ]);
  });

  it('lists every sample in its help', async () => {
    const help = (await run(['send', '--help'])).out.join('\n');
    expect(Object.keys(SIGNAL_SAMPLES).filter((name) => !new RegExp(`\\s${name}[,.]`).test(help))).toEqual([]);
  });

  it('makes new calls of recorded ones', async () => {
    const isNow = sinceNow();
    await send([anEvent({ detail: { eventID: 'a' } })], '--new');
    const [entry] = proxy.asked.flatMap(({ input }) => input.Entries as readonly { readonly Detail: string }[]);
    const { eventID, eventTime, eventName } = JSON.parse(entry?.Detail ?? '{}');
    expect({ eventName, isNew: eventID !== 'a' && isNow(eventTime) }).toEqual({ eventName: 'StopFlow', isNew: true });
  });

  it('keeps new calls as far apart as the recorded ones were', async () => {
    const calls = ['18:00:00', '18:00:42'].map((time) => aRecord({ eventTime: `2026-11-22T${time}Z`, eventID: time }));
    const isNow = sinceNow();
    await send(calls, '--new');
    const entries = proxy.asked.flatMap(({ input }) => input.Entries as readonly { readonly Detail: string }[]);
    const [first = 0, second = 0] = entries.map(({ Detail }) => Date.parse(JSON.parse(Detail).eventTime));
    expect({ apart: second - first, isNow: isNow(second) }).toEqual({ apart: 42_000, isNow: true });
  });

  it('sends more than one call takes', async () => {
    const events = Array.from({ length: 23 }, (_, index) => anEvent({ detail: { eventID: `many-${index}` } }));
    const big = anEvent({ detail: { eventID: 'big', requestParameters: { text: 'x'.repeat(600_000) } } });
    const { code, out } = await send([...events, big, big], '--json');
    const sizes = proxy.asked.map(({ input }) => (input.Entries as readonly unknown[]).length);
    expect({ code, lines: out.length, sizes }).toEqual({ code: 0, lines: 25, sizes: [10, 10, 4, 1] });
  });

  it('refuses an event that is over the limit of the bus, and sends its neighbours', async () => {
    const huge = anEvent({ detail: { eventID: 'huge', requestParameters: { text: 'ä'.repeat(600_000) } } });
    const { code, out, err } = await send([anEvent(), huge, anEvent()]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: [`2 events accepted by the bus at ${proxy.url}, 1 not.`],
      err: [
        expect.stringMatching(/^notifier: standard input:2: refused: its 12\d{5} bytes are more than the 1048576 /),
      ],
    });
  });

  it('sends each event of a call alone that the bus refuses as a whole', async () => {
    const takesOne = refuse('ValidationException', 'one of them is wrong', 400);
    proxy.answers.set('PutEvents', (asked, forward) =>
      JSON.stringify(asked.input).includes('wrong-one') ? takesOne(asked, forward) : forward(),
    );
    const { code, out } = await send(
      ['a', 'wrong-one', 'b'].map((eventID) => anEvent({ detail: { eventID } })),
      '--json',
    );
    expect({ code, results: out.map((line) => JSON.parse(line).result) }).toEqual({
      code: 1,
      results: ['accepted', 'refused', 'accepted'],
    });
  });

  it('puts events into the queues of the rules that match, as EventBridge would', async () => {
    const read = anEvent({ detail: { eventID: 'read', eventName: 'DescribeFlow', readOnly: true } });
    const other = anEvent({ source: 'aws.ec2' });
    const { code, out, err } = await send([anEvent({ detail: { eventID: 'q' } }), read, other], '--queue');
    expect({ code, out, err }).toEqual({
      code: 1,
      out: ['2 events accepted by the queues of MediaConnectNotifier-eu-west-1, 1 not.'],
      err: [
        'notifier: standard input:3: unmatched: no rule of the context matches it; --rule NAME sends it all the same',
      ],
    });
    const ingestionTime = expect.stringMatching(/^20\d\d-/);
    expect(bodies()).toEqual([
      { rule: 'changes', channel: 'default', ingestionTime, event: anEvent({ detail: { eventID: 'q' } }) },
      { rule: 'reads', channel: 'default', ingestionTime, event: read },
    ]);
  });

  it('sends by a rule that does not match, if it is reported to', async () => {
    const { code, out } = await send([anEvent()], '--queue', '--rule', 'reads', '--json');
    expect({ code, sent: out.map((line) => JSON.parse(line)) }).toEqual({
      code: 0,
      sent: [
        {
          place: 'standard input:1',
          eventId: '987abc65-1a2b-4c4d-9d6e-987abc654def',
          result: 'accepted',
          rules: ['reads'],
          reason: null,
        },
      ],
    });
  });

  it('has a sample that nobody takes for a real call', async () => {
    expect(await run(['send', '--queue', '--sample', ...at()])).toMatchObject({ code: 0, err: [] });
    await expect.poll(() => JSON.stringify(pipeline.messages())).toContain('Smoke-Test-Of-The-Notifier');
  });

  it('says why AWS itself refuses', async () => {
    const ErrorCode = 'NotAuthorizedForSourceException';
    proxy.answers.set(
      'PutEvents',
      answer({ FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: 'Not authorized' }] }),
    );
    const { code, err } = await send([anEvent()]);
    expect({ code, err }).toEqual({
      code: 1,
      err: [
        expect.stringMatching(
          /^notifier: standard input:1: refused: EventBridge takes events of aws\.\* sources from AWS alone; put it into the deployed queue with --queue/,
        ),
      ],
    });
  });

  it('names what is no event, and sends the rest', async () => {
    const { code, out, err } = await send([anEvent({ detail: { eventID: 'c' } }), { hello: 'world' }]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: [`1 event accepted by the bus at ${proxy.url}, 1 not.`],
      err: [expect.stringMatching(/^notifier: standard input:2: unusable: neither an EventBridge event/)],
    });
  });

  it('says how far it came when it is broken off', async () => {
    let asked = 0;
    proxy.answers.set('PutEvents', (one, forward) => {
      asked += 1;
      return asked > 1 ? refuse('AccessDeniedException', 'no', 403)(one, forward) : forward();
    });
    const { code, out, err } = await send(Array.from({ length: 15 }, (_, index) => anEvent({ id: `${index}` })));
    expect({ code, out, err }).toEqual({
      code: 1,
      out: [`10 events accepted by the bus at ${proxy.url}, 0 not.`],
      err: [
        'notifier: the bus: not allowed: no',
        'notifier: broken off: send it again; what was reported before is not reported again',
      ],
    });
  });

  it.each<[what: string, args: readonly string[], line: RegExp]>([
    [
      'nothing to send',
      [],
      /^notifier: send needs what to send \(files, -, names of samples or --sample\), as in: notifier send event\.json$/,
    ],
    ['a rule without a queue', ['-', '--rule', 'x'], /^notifier: --rule goes with --queue/],
    [
      'a rule that there is not',
      ['-', '--queue', '--rule', 'x'],
      /^notifier: no rule x; the context has changes, denied-reads, reads, _signal$/,
    ],
    ['no such stack', ['-', '--queue', '--stack', 'Other'], /^notifier: no stack Other in eu-west-1/],
    ['no such file', ['/none.json'], /^notifier: \/none\.json: no such file$/],
  ])('cannot begin with %s', async (_what, args, line) => {
    expect(await run(['send', ...args, ...at()])).toEqual({ code: 2, out: [], err: [expect.stringMatching(line)] });
  });

  it('goes to the bus of this machine unless told otherwise', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    const { code, err } = await run(['send', '--sample']);
    expect({ code, err }).toEqual({
      code: 2,
      err: [
        'notifier: the bus: no answer: connect ECONNREFUSED 127.0.0.1:1; is the endpoint right, and is there a way to it?',
      ],
    });
  });
});
