import { describe, expect, it } from 'vitest';
import { createHandler, type Dependencies } from '../../../functions/digest/send-digests.ts';
import { aBody, aContext, aWorld, eventIdOf, OK, START_MS, urlOf, type World } from '../world.ts';

const run = (world: World, changes: Partial<Dependencies> = {}) =>
  createHandler({ ...world.notifying, digestMinutes: 60, ...changes })({}, aContext(world, 300_000));

const READ = { eventName: 'DescribeFlow', readOnly: true };
const read = (number: number, channel = 'default'): string => aBody(number, { channel, rule: 'reads', detail: READ });
/** A read that was denied, which a digest lists by name. */
const denied = (number: number, flow: string): string => {
  const flowArn = `arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a:${flow}`;
  const detail = { ...READ, errorCode: 'AccessDenied', requestParameters: { flowArn }, responseElements: null };
  return aBody(number, { rule: 'reads', detail });
};

const worldWith = (bodies: readonly string[]): World => {
  const world = aWorld();
  for (const body of bodies) world.sqs.send(body);
  return world;
};
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Channels are notified side by side: the order of their posts says nothing. */
const callsByUrl = (world: World) => world.posts.map(({ url, calls }) => [url, calls]).sort();

describe('the digest', () => {
  it('reports everything to each channel in one message and empties the queue', async () => {
    const world = worldWith([...numbers(234).map((number) => read(number)), read(1000, 'ops')]);
    await run(world);
    expect(world.sqs.size()).toBe(0);
    expect(callsByUrl(world)).toEqual([
      [urlOf('default'), 234],
      [urlOf('ops'), 1],
    ]);
    expect(world.posts.find(({ url }) => url === urlOf('default'))?.message.text).toContain('234');
    expect(world.telemetry.metrics).toEqual({
      Digested: 235,
      SlackAccepted: 2,
      DigestWaitingRecords: 0,
      DigestWaitingAgeMs: 0,
    });
    expect(world.memory.days.get('day#2026-11-22#default')?.counts).toEqual({
      digested: 234,
      'effect#none': 234,
      'resource#flow': 234,
      'outcome#succeeded': 234,
    });
  });

  it('posts nothing when the queue is empty, and says that nothing waits', async () => {
    const world = worldWith([]);
    await run(world);
    expect(world.posts).toEqual([]);
    expect(world.secret.reads).toBe(0);
    expect(world.telemetry.metrics).toEqual({ DigestWaitingRecords: 0, DigestWaitingAgeMs: 0 });
  });

  it('does not report again what was reported at once on the same channel', async () => {
    const world = worldWith([read(1), read(2), read(2), read(1, 'ops')]);
    await world.memory.ledger.markNotified([`notified#${eventIdOf(1)}#default`]);
    await run(world);
    expect(callsByUrl(world)).toEqual([
      [urlOf('default'), 1],
      [urlOf('ops'), 1],
    ]);
    expect(world.sqs.size()).toBe(0);
    expect(world.telemetry.metrics).toMatchObject({ Digested: 2, RepeatsSuppressed: 2 });
  });

  it('does not post when everything was reported before', async () => {
    const world = worldWith([read(1)]);
    await world.memory.ledger.markNotified([`notified#${eventIdOf(1)}#default`]);
    await run(world);
    expect({ posts: world.posts, left: world.sqs.size() }).toEqual({ posts: [], left: 0 });
  });

  it.each([
    ['a 503', { status: 503, body: '' }],
    ['a login page', { status: 200, body: '<html>' }],
    ['a reset', 'reset'],
    ['silence', 'silence'],
  ] as const)('gives nothing up after %s, and reports it all next time', async (_, weather) => {
    const world = worldWith([read(1), read(2)]);
    world.slack.weather = () => weather;
    await run(world);
    expect({ left: world.sqs.size(), dead: world.sqs.deadLetters }).toEqual({ left: 2, dead: [] });
    expect(world.telemetry.decisions.map(({ result }) => result)).toEqual(['waiting', 'waiting']);

    world.slack.weather = () => OK;
    world.clock.nowMs += 15 * 60_000;
    await run(world);
    expect(world.sqs.size()).toBe(0);
    expect(world.posts.filter(({ accepted }) => accepted).map(({ calls }) => calls)).toEqual([2]);
  });

  it('publishes what waits, and for how long it has been due', async () => {
    const world = worldWith([read(1), read(2, 'ops')]);
    world.slack.weather = () => ({ status: 503, body: '' });
    world.clock.nowMs = START_MS + 90 * 60_000;
    await run(world);
    // Ingested a second before the start, and due an hour later.
    const oldestMs = 30 * 60_000 + 1000;
    expect(world.telemetry.metrics).toMatchObject({ DigestWaitingRecords: 2, DigestWaitingAgeMs: oldestMs });
    const sinceMs = world.clock.nowMs - oldestMs;
    expect(world.memory.waiting.get('digest#ops')).toMatchObject({ records: 1, sinceMs, reason: 'HTTP 503' });

    world.slack.weather = () => OK;
    world.clock.nowMs += 60 * 60_000;
    await run(world);
    expect(world.memory.waiting).toEqual(new Map());
  });

  it('keeps what it could not tell out of its own run', async () => {
    const world = worldWith(numbers(30).map((number) => read(number)));
    world.slack.weather = () => ({ status: 429, body: 'rate_limited', retryAfter: '1' });
    await run(world);
    expect(world.sqs.nextVisibleAtMs() - world.clock.nowMs).toBeGreaterThanOrEqual(60_000);
  });

  it('dead-letters only the call that Slack will not have, and tells the others', async () => {
    const world = worldWith(numbers(30).map((number) => denied(number, number === 7 ? 'POISON' : `flow-${number}`)));
    world.slack.weather = (_, message) =>
      JSON.stringify(message).includes('POISON') ? { status: 400, body: 'invalid_payload' } : OK;
    await run(world);
    expect(world.sqs.size()).toBe(0);
    expect(world.sqs.deadLetters).toMatchObject([
      { body: denied(7, 'POISON'), attributes: { reason: 'message-refused', detail: 'HTTP 400: invalid_payload' } },
    ]);
    expect(world.telemetry.metrics).toMatchObject({ Digested: 29, DeadLettered: 1 });

    world.sqs.send(read(100));
    await run(world);
    expect(world.sqs.size()).toBe(0);
  });

  it('says how many deliveries were repeated once, also in a digest that is reported in parts', async () => {
    const world = worldWith([denied(1, 'POISON'), denied(2, 'b'), denied(2, 'b'), denied(3, 'c'), denied(4, 'd')]);
    world.slack.weather = (_, message) =>
      JSON.stringify(message).includes('POISON') ? { status: 400, body: 'invalid_payload' } : OK;
    await run(world);
    const said = world.posts.filter(
      ({ accepted, message }) => accepted && JSON.stringify(message).includes('repeated'),
    );
    expect(said).toHaveLength(1);
  });

  it.each([
    ['redirects a digest whose channel is archived', ['default', 'ops'], 2, 0],
    ['gives up what every channel refuses, so that it blocks nothing', ['ops'], 0, 2],
  ])('%s', async (_, channels, notified, dead) => {
    const world = aWorld({ channels });
    for (const number of [1, 2]) world.sqs.send(read(number, 'ops'));
    world.slack.weather = (url) => (url === urlOf('ops') ? { status: 410, body: 'channel_is_archived' } : OK);
    await run(world);
    const accepted = world.posts.filter((post) => post.accepted).reduce((sum, { calls }) => sum + calls, 0);
    expect({ left: world.sqs.size(), accepted, dead: world.sqs.deadLetters.length }).toEqual({
      left: 0,
      accepted: notified,
      dead,
    });
  });

  it('leaves a call to the function that is reporting it, and recognises next time that it was reported', async () => {
    const world = worldWith([read(1)]);
    const key = `notified#${eventIdOf(1)}#default`;
    await world.memory.ledger.claim([key], { owner: 'another', untilMs: world.clock.nowMs + 60_000 });
    await run(world);
    expect({ posts: world.posts, left: world.sqs.size() }).toEqual({ posts: [], left: 1 });
    expect(world.telemetry.decisions).toMatchObject([
      { result: 'waiting', reason: 'another invocation is reporting it' },
    ]);
    await world.memory.ledger.markNotified([key]);
    world.clock.nowMs += 3_600_000;
    await run(world);
    expect({ posts: world.posts, left: world.sqs.size() }).toEqual({ posts: [], left: 0 });
  });

  it('gives back what it claimed and did not report, and only that', async () => {
    const world = worldWith([read(1), read(2, 'ops')]);
    world.slack.weather = (url) => (url === urlOf('ops') ? { status: 503, body: '' } : OK);
    await run(world);
    const another = { owner: 'another', untilMs: world.clock.nowMs + 60_000 };
    const keys = [`notified#${eventIdOf(1)}#default`, `notified#${eventIdOf(2)}#ops`];
    expect([...(await world.memory.ledger.claim(keys, another)).values()]).toEqual(['notified', 'claimed']);
  });

  it('keeps its claim on what was reported and could not be marked, so that nobody reports it again at once', async () => {
    const world = worldWith([read(1)]);
    const markNotified = () => Promise.reject(new Error('out of reach'));
    await run(world, { ledger: { ...world.memory.ledger, markNotified } });
    expect(world.posts.map(({ accepted }) => accepted)).toEqual([true]);
    const key = `notified#${eventIdOf(1)}#default`;
    const another = { owner: 'another', untilMs: world.clock.nowMs + 60_000 };
    expect((await world.memory.ledger.claim([key], another)).get(key)).toBe('busy');
  });

  it('goes on where its claims cannot be given back, and says so', async () => {
    const world = worldWith([read(1)]);
    world.slack.weather = () => ({ status: 503, body: '' });
    const release = () => Promise.reject(new Error('out of reach'));
    await run(world, { ledger: { ...world.memory.ledger, release } });
    expect(world.sqs.size()).toBe(1);
    expect(world.telemetry.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'claims were not given back' }),
    );
  });

  it('begins no post in the last quarter of its time, less what Slack may take to answer', async () => {
    const world = worldWith(numbers(300).map((number) => read(number, `channel-${number}`)));
    world.secret.text = urlOf('all');
    await run(world);
    const lastMs = Math.max(...world.posts.map(({ atMs }) => atMs)) - START_MS;
    expect(lastMs).toBeGreaterThan(210_000);
    expect(lastMs).toBeLessThanOrEqual(215_000);
    expect(world.sqs.size()).toBe(300 - world.posts.length);
  });

  it('shows accounts by the names that the settings give them', async () => {
    const world = worldWith([read(1)]);
    const settings = { ...world.notifying.settings, accountNames: { '111122223333': 'Broadcast prod' } };
    await run(world, { settings });
    expect(JSON.stringify(world.posts[0]?.message)).toContain('Broadcast prod');
  });

  it('says of a call that a later one was reported before it', async () => {
    const detail = { eventName: 'StopFlow', eventTime: '2026-11-22T20:00:00Z' };
    const world = worldWith([aBody(1, { rule: 'changes', detail })]);
    const later = { calledAtMs: Date.parse('2026-11-22T20:00:22Z'), operation: 'StartFlow' };
    const recall = async (keys: readonly string[]) => new Map(keys.map((key) => [key, { signal: later }] as const));
    await run(world, { ledger: { ...world.memory.ledger, recall } });
    expect(JSON.stringify(world.posts[0]?.message)).toContain('*before* StartFlow');
  });

  it('notifies one channel although another refuses', async () => {
    const world = worldWith([read(1), read(2, 'ops')]);
    world.slack.weather = (url) => (url === urlOf('ops') ? { status: 503, body: '' } : { status: 200, body: 'ok' });
    await run(world);
    expect(world.sqs.size()).toBe(1);
    expect(world.telemetry.metrics).toMatchObject({ Digested: 1, SlackTransient: 1 });
  });

  it('reports rather than swallows when the ledger is out of reach, and counts it', async () => {
    const world = worldWith([read(1), read(2)]);
    world.memory.state.isDown = true;
    await run(world);
    expect({ calls: callsByUrl(world), left: world.sqs.size() }).toEqual({ calls: [[urlOf('default'), 2]], left: 0 });
    // Two calls could not be asked for and not be marked, and the pace of one webhook not be shared.
    expect(world.telemetry.metrics).toMatchObject({ Digested: 2, LedgerUnavailable: 5 });
  });

  it('notifies one channel although reporting another breaks off, which then waits', async () => {
    const world = worldWith([read(1), read(2, 'ops')]);
    const claim: World['memory']['ledger']['claim'] = async (keys, claimer) => {
      if (keys.some((key) => key.endsWith('#ops'))) throw new Error('a fault of ours');
      return world.memory.ledger.claim(keys, claimer);
    };
    await run(world, { ledger: { ...world.memory.ledger, claim } });
    expect({ calls: callsByUrl(world), left: world.sqs.size() }).toEqual({ calls: [[urlOf('default'), 1]], left: 1 });
    expect(world.telemetry.decisions.map(({ channel, result, reason }) => [channel, result, reason]).sort()).toEqual([
      ['default', 'folded', undefined],
      ['ops', 'waiting', 'reporting broke off'],
    ]);
  });

  it('dead-letters what is no call, and keeps it while the dead-letter queue does not take it', async () => {
    const world = worldWith(['not JSON', read(1)]);
    world.sqs.state.isDeadLetterQueueDown = true;
    await run(world);
    expect({ left: world.sqs.size(), dead: world.sqs.deadLetters }).toEqual({ left: 1, dead: [] });
    world.sqs.state.isDeadLetterQueueDown = false;
    world.clock.nowMs += 3_600_000;
    await run(world);
    expect(world.sqs.deadLetters).toMatchObject([{ body: 'not JSON', attributes: { reason: 'malformed' } }]);
    expect(world.sqs.size()).toBe(0);
  });

  it('takes a full queue in several rounds, within its memory', async () => {
    const world = worldWith(numbers(950).map((number) => read(number)));
    await run(world, { limit: 300 });
    expect(world.sqs.size()).toBe(0);
    expect(world.posts.map(({ calls }) => calls).reduce((sum, calls) => sum + calls, 0)).toBe(950);
    expect(Math.max(...world.posts.map(({ calls }) => calls))).toBeLessThanOrEqual(300);
  });

  it('leaves in the queue what there is no time for', async () => {
    const world = worldWith(numbers(500).map((number) => read(number)));
    const receive: World['sqs']['queue']['receive'] = async (options) => {
      world.clock.nowMs += 5000;
      return world.sqs.queue.receive(options);
    };
    await run(world, { queue: { ...world.sqs.queue, receive } });
    const notified = world.posts.reduce((sum, { calls }) => sum + calls, 0);
    expect(notified).toBeGreaterThan(0);
    expect(world.sqs.size()).toBe(500 - notified);
  });

  it('tells what it received before receiving broke off, and fails for all to see', async () => {
    const world = worldWith(numbers(500).map((number) => read(number)));
    let receives = 0;
    const receive: World['sqs']['queue']['receive'] = async (options) => {
      receives += 1;
      if (receives > 20) throw new Error('out of reach');
      return world.sqs.queue.receive(options);
    };
    await expect(run(world, { queue: { ...world.sqs.queue, receive } })).rejects.toThrow('out of reach');
    expect(world.posts.map(({ calls }) => calls)).toEqual([200]);
    expect(world.sqs.size()).toBe(300);
  });

  it('recognises what it reported when deleting failed', async () => {
    const world = worldWith([read(1)]);
    const remove: World['sqs']['queue']['remove'] = async (records) => records;
    await run(world, { queue: { ...world.sqs.queue, remove } });
    expect(world.sqs.size()).toBe(1);
    world.clock.nowMs += 3_600_000;
    await run(world);
    expect(world.posts).toHaveLength(1);
    expect(world.sqs.size()).toBe(0);
  });
});
