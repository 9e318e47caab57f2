import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifier/notify-batch.ts';
import { type VirtualTime, virtualTime } from '../virtual-time.ts';
import { aBody, aContext, aWorld, eventIdOf, MARK, OK, START_MS, urlOf, type Weather, type World } from '../world.ts';

const times = new WeakMap<World, VirtualTime>();

const run = async (world: World, handler = createHandler(world.notifying)) => {
  const batch = world.sqs.takeBatch(500);
  const work = handler({ Records: [...batch] }, aContext(world));
  const response = await (times.get(world)?.run(work) ?? work);
  world.sqs.acknowledge(batch, response.batchItemFailures);
  return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};

const worldWith = (bodies: readonly string[], weather?: World['slack']['weather']): World => {
  const time = virtualTime(START_MS);
  const world = aWorld({ time });
  times.set(world, time);
  if (weather !== undefined) world.slack.weather = weather;
  for (const body of bodies) world.sqs.send(body);
  return world;
};

const results = ({ telemetry }: World) => telemetry.decisions.map(({ eventId, result }) => [eventId, result]);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const always = (weather: Weather) => () => weather;

describe('notifying', () => {
  it('posts a lone call to its channel, marks it and says so', async () => {
    const world = worldWith([aBody(1)]);
    expect(await run(world)).toEqual([]);
    expect(world.posts.map(({ url }) => url)).toEqual([urlOf('default')]);
    expect(world.telemetry.decisions).toEqual([
      {
        eventId: eventIdOf(1),
        rule: 'changes',
        channel: 'default',
        call: {
          operation: 'StopFlow',
          resource: 'flow',
          access: 'mutating',
          outcome: 'succeeded',
          impact: 'off-air',
          contradictedBy: undefined,
        },
        result: 'posted',
        reason: undefined,
      },
    ]);
    expect(world.telemetry.metrics).toEqual({
      SlackAccepted: 1,
      Notified: 1,
      CallToPostedMs: 6000,
      BusToPostedMs: 1000,
      WaitingRecords: 0,
      WaitingAgeMs: 0,
    });
    expect(world.memory.isNotified(`notified#${eventIdOf(1)}#default`)).toBe(true);
    expect(world.memory.days.get('day#2026-11-22#default')).toEqual({
      counts: {
        notified: 1,
        'effect#off-air': 1,
        'named#off-air#[["flow ",["AwardsShow"]],[["jane@example.org"]," as role ",["Operators"]]]': 1,
        'resource#flow': 1,
        'outcome#succeeded': 1,
      },
      slowestDeliveryMs: 6000,
    });
  });

  it('posts the first call alone and folds the rest, a second apart', async () => {
    const world = worldWith(numbers(1, 30).map((number) => aBody(number)));
    await run(world);
    expect(world.posts.map(({ calls }) => calls)).toEqual([1, 29]);
    expect((world.posts[1]?.atMs ?? 0) - (world.posts[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(world.telemetry.metrics).toMatchObject({ Notified: 1, Folded: 29 });
  });

  it('keeps a second between posts of two invocations', async () => {
    const world = worldWith([aBody(1)]);
    const handler = createHandler(world.notifying);
    await run(world, handler);
    world.sqs.send(aBody(2));
    await run(world, handler);
    expect((world.posts[1]?.atMs ?? 0) - (world.posts[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  it('counts an operation that is newer than the table', async () => {
    const world = worldWith([aBody(1, { detail: { eventName: 'CollapseWormhole' } })]);
    expect(await run(world)).toEqual([]);
    expect(world.telemetry.metrics).toMatchObject({ Notified: 1, UnrecognizedOperations: 1 });
  });

  it('reports one event to each channel that a rule routes it to', async () => {
    const world = worldWith([aBody(1), aBody(1, { channel: 'ops' })]);
    await run(world);
    expect(world.posts.map(({ url }) => url).sort()).toEqual([urlOf('default'), urlOf('ops')]);
  });
});

describe('reporting once', () => {
  it('reports an event once that is twice in the batch, and acknowledges both', async () => {
    const world = worldWith([aBody(1), aBody(1)]);
    expect(await run(world)).toEqual([]);
    expect(world.posts).toHaveLength(1);
    expect(world.telemetry.metrics).toMatchObject({ Notified: 1, RepeatsSuppressed: 1 });
  });

  it('does not report again what was reported before', async () => {
    const world = worldWith([aBody(1)]);
    await run(world);
    world.sqs.send(aBody(1));
    expect(await run(world)).toEqual([]);
    expect(world.posts).toHaveLength(1);
    expect(results(world)).toEqual([
      [eventIdOf(1), 'posted'],
      [eventIdOf(1), 'repeated'],
    ]);
  });

  it('leaves a call to the invocation that is reporting it, and reports it itself when that died', async () => {
    const world = worldWith([aBody(1)]);
    const claimer = { owner: 'another', untilMs: world.clock.nowMs + 60_000 };
    await world.memory.ledger.claim([`notified#${eventIdOf(1)}#default`], claimer);
    expect(await run(world)).toEqual(['m1']);
    expect(world.posts).toEqual([]);
    world.clock.nowMs += 61_000;
    expect(await run(world)).toEqual([]);
    expect(world.posts).toHaveLength(1);
  });

  it('reports a correction of an event, which has an id of its own', async () => {
    const correction = aBody(2, {
      detail: {
        addendum: { reason: 'UPDATED_DATA', originalEventID: eventIdOf(1), updatedFields: 'responseElements' },
      },
    });
    const world = worldWith([aBody(1), correction]);
    await run(world);
    expect(world.posts.map(({ calls }) => calls)).toEqual([1, 1]);
  });

  it('says in a correction what it told the channel before', async () => {
    const correction = aBody(2, {
      detail: {
        sourceIPAddress: '198.51.100.4',
        addendum: { reason: 'UPDATED_DATA', originalEventID: eventIdOf(1), updatedFields: 'sourceIPAddress' },
      },
    });
    const world = worldWith([aBody(1)]);
    await run(world);
    world.sqs.send(correction);
    await run(world);
    expect(world.posts.map(({ message }) => /from where: \S+ → [\d.]+/.exec(message.text)?.[0])).toEqual([
      undefined,
      'from where: 203.0.113.17 → 198.51.100.4',
    ]);
  });

  it('rather reports twice than swallows when the ledger is out of reach', async () => {
    const world = worldWith([aBody(1)]);
    world.memory.state.isDown = true;
    expect(await run(world)).toEqual([]);
    expect(results(world)).toEqual([[eventIdOf(1), 'posted']]);
    expect(world.telemetry.metrics).toMatchObject({ Notified: 1, LedgerUnavailable: 5 });
  });
});

describe('when the ledger is out of reach', () => {
  it('tries to mark each message once more, behind the next one', async () => {
    const world = worldWith(numbers(1, 400).map((number) => aBody(number)));
    const tries: number[] = [];
    const markNotified = async (keys: readonly string[]) => {
      tries.push(keys.length);
      throw new Error('out of reach');
    };
    const ledger = { ...world.memory.ledger, markNotified };
    expect(await run(world, createHandler({ ...world.notifying, ledger }))).toEqual([]);
    expect(world.posts.length).toBeGreaterThan(1);
    expect(tries).toEqual(world.posts.flatMap(({ calls }) => [calls, calls]));
  });

  it('gives back what it may have claimed, since only its own claims are deleted', async () => {
    const world = worldWith([aBody(1)], always({ status: 503, body: '' }));
    const released: unknown[] = [];
    const claim = async (keys: readonly string[]) => new Map(keys.map((key) => [key, 'unknown' as const]));
    const release = async (keys: readonly string[], owner: string) => {
      released.push([...keys, owner]);
    };
    const ledger = { ...world.memory.ledger, claim, release };
    expect(await run(world, createHandler({ ...world.notifying, ledger }))).toEqual(['m1']);
    expect(released).toEqual([[`notified#${eventIdOf(1)}#default`, 'owner-1']]);
  });
});

describe('when Slack is not well', () => {
  it.each<[string, Weather, number]>([
    ['429 with Retry-After', { status: 429, body: 'rate_limited', retryAfter: '7' }, 7],
    ['429 without', { status: 429, body: 'rate_limited' }, 5],
    ['503', { status: 503, body: '' }, 5],
    ['rollup_error', { status: 500, body: 'rollup_error' }, 5],
    ['a reset', 'reset', 5],
  ])('lets the record wait after %s', async (_, weather, seconds) => {
    const world = worldWith([aBody(1)], always(weather));
    const startMs = world.clock.nowMs;
    expect(await run(world)).toEqual(['m1']);
    expect(world.sqs.nextVisibleAtMs() - startMs).toBe(seconds * 1000);
    expect(world.sqs.deadLetters).toEqual([]);
    expect(world.telemetry.metrics).toEqual({ SlackTransient: 1, WaitingRecords: 1, WaitingAgeMs: 1000 });

    world.slack.weather = always(OK);
    world.clock.nowMs = world.sqs.nextVisibleAtMs();
    expect(await run(world)).toEqual([]);
    expect(results(world)).toEqual([
      [eventIdOf(1), 'waiting'],
      [eventIdOf(1), 'posted'],
    ]);
  });

  it('notes for the summary what waits, until it is reported when it comes again', async () => {
    const world = worldWith([aBody(1)], always({ status: 503, body: '' }));
    await run(world);
    expect([...world.memory.waiting]).toMatchObject([['immediate#default', { records: 1, reason: 'HTTP 503' }]]);
    world.slack.weather = always(OK);
    world.clock.nowMs = world.sqs.nextVisibleAtMs();
    await run(world);
    expect([...world.memory.waiting]).toEqual([]);
  });

  it('does not post to a webhook again in an invocation that got a 429 from it', async () => {
    const bodies = [...numbers(1, 30).map((number) => aBody(number)), aBody(31, { channel: 'ops' })];
    const world = worldWith(bodies, (url) =>
      url === urlOf('default') ? { status: 429, body: 'rate_limited', retryAfter: '1' } : OK,
    );
    expect(await run(world)).toHaveLength(30);
    expect(world.posts.map(({ url }) => url).sort()).toEqual([urlOf('default'), urlOf('ops')]);
  });

  it('keeps away from the webhook until Retry-After is over, in later invocations too', async () => {
    const world = worldWith([aBody(1)], always({ status: 429, body: 'rate_limited', retryAfter: '30' }));
    const handler = createHandler(world.notifying);
    await run(world, handler);
    world.clock.nowMs += 10_000;
    world.sqs.send(aBody(2));
    expect(await run(world, handler)).toEqual(['m2']);
    expect(world.posts).toHaveLength(1);
    expect(world.sqs.nextVisibleAtMs() - world.clock.nowMs).toBe(20_000);
  });

  it('takes a 200 whose body got lost for an acceptance', async () => {
    const world = worldWith([aBody(1)]);
    const post = async () => undefined;
    await run(world, createHandler({ ...world.notifying, post }));
    expect(results(world)).toEqual([[eventIdOf(1), 'posted']]);
  });

  it.each([
    { timeoutMs: 29_999, posts: 0 },
    { timeoutMs: 30_000, posts: 1 },
  ])('begins $posts posts in an invocation of $timeoutMs ms', async ({ timeoutMs, posts }) => {
    const world = worldWith([aBody(1)]);
    const batch = world.sqs.takeBatch(500);
    const response = await createHandler(world.notifying)({ Records: [...batch] }, aContext(world, timeoutMs));
    expect(response.batchItemFailures).toHaveLength(1 - posts);
    expect(world.posts).toHaveLength(posts);
    expect(world.telemetry.decisions).toMatchObject([
      posts === 1 ? { result: 'posted' } : { result: 'waiting', reason: 'no time left in this invocation' },
    ]);
  });
});

describe('when Slack will not have it', () => {
  it('tries plain text once when the blocks are refused', async () => {
    const world = worldWith([aBody(1)], (_, message) =>
      'blocks' in message ? { status: 400, body: 'invalid_blocks' } : OK,
    );
    expect(await run(world)).toEqual([]);
    expect(world.posts.map(({ accepted }) => accepted)).toEqual([false, true]);
    expect(world.telemetry.metrics).toMatchObject({ SlackPermanent: 1, SlackAccepted: 1, Notified: 1 });
  });

  it('dead-letters the record when plain text is refused too', async () => {
    const world = worldWith([aBody(1)], always({ status: 400, body: 'invalid_payload' }));
    expect(await run(world)).toEqual([]);
    expect(world.posts).toHaveLength(2);
    expect(world.sqs.deadLetters).toEqual([
      {
        body: aBody(1),
        attributes: {
          reason: 'message-refused',
          detail: 'HTTP 400: invalid_payload',
          eventId: eventIdOf(1),
          rule: 'changes',
          receivedAt: '2026-11-22T20:00:07.000Z',
        },
      },
    ]);
    expect(world.telemetry.metrics).toMatchObject({ SlackPermanent: 2, DeadLettered: 1 });
  });

  it('can report a record that comes back from the dead-letter queue', async () => {
    const world = worldWith([aBody(1)], always({ status: 400, body: 'invalid_payload' }));
    await run(world);
    world.slack.weather = always(OK);
    world.sqs.send(aBody(1));
    await run(world);
    expect(results(world)).toEqual([
      [eventIdOf(1), 'dead-lettered'],
      [eventIdOf(1), 'posted'],
    ]);
  });

  it('tells the default channel when a channel is archived, and says why', async () => {
    const world = worldWith([aBody(1, { channel: 'ops' })], (url) =>
      url === urlOf('ops') ? { status: 410, body: 'channel_is_archived' } : OK,
    );
    expect(await run(world)).toEqual([]);
    expect(world.posts.map(({ url }) => url)).toEqual([urlOf('ops'), urlOf('default')]);
    expect(JSON.stringify(world.posts[1]?.message)).toContain('channel_is_archived');
    expect(world.memory.isNotified(`notified#${eventIdOf(1)}#ops`)).toBe(true);
    expect(world.telemetry.metrics).toMatchObject({ SlackPermanent: 1, SlackMisconfigured: 1, Notified: 1 });
  });

  it('asks a refused channel once for a whole batch', async () => {
    const bodies = numbers(1, 30).map((number) => aBody(number, { channel: 'ops' }));
    const world = worldWith(bodies, (url) => (url === urlOf('ops') ? { status: 403, body: 'action_prohibited' } : OK));
    expect(await run(world)).toEqual([]);
    expect(world.posts.map(({ url }) => url)).toEqual([urlOf('ops'), urlOf('default'), urlOf('default')]);
  });

  it('dead-letters what the default channel refuses', async () => {
    const world = worldWith([aBody(1)], always({ status: 404, body: 'no_service' }));
    expect(await run(world)).toEqual([]);
    expect(world.sqs.deadLetters.map(({ attributes }) => attributes)).toMatchObject([
      { reason: 'channel-refused', detail: 'HTTP 404: no_service' },
    ]);
  });

  it('posts to the new webhook when the old one was exchanged', async () => {
    const world = worldWith([aBody(1)], (url) => (url.endsWith('new') ? OK : { status: 404, body: 'no_service' }));
    const webhooks = {
      urls: async () => ({ kind: 'one', url: urlOf('old') }) as const,
      reread: async () => ({ kind: 'one', url: urlOf('new') }) as const,
    };
    expect(await run(world, createHandler({ ...world.notifying, webhooks }))).toEqual([]);
    expect(world.posts.map(({ url }) => url)).toEqual([urlOf('old'), urlOf('new')]);
    expect(results(world)).toEqual([[eventIdOf(1), 'posted']]);
  });

  it('lets records wait when something else than Slack says 200', async () => {
    const world = worldWith([aBody(1)], always({ status: 200, body: `<a href="/services/${MARK}">log in</a>` }));
    expect(await run(world)).toEqual(['m1']);
    expect(world.telemetry.metrics).toEqual({ SlackMisconfigured: 1, WaitingRecords: 1, WaitingAgeMs: 1000 });
  });
});

describe('without a webhook', () => {
  it.each([
    ['no secret', undefined, 'no usable slack secret'],
    ['an empty secret', ' ', 'no usable slack secret'],
    ['a secret that is no URL', 'changeme', 'no usable slack secret'],
    ['a plain HTTP URL', 'http://hooks.slack.test/x', 'no usable slack secret'],
    ['no URL for the channel', JSON.stringify({ ops: urlOf('ops') }), 'no webhook URL for channel default'],
  ])('lets records wait with %s', async (_, text, reason) => {
    const world = worldWith([aBody(1)]);
    world.secret.text = text;
    expect(await run(world)).toEqual(['m1']);
    expect(world.telemetry.decisions).toMatchObject([{ result: 'waiting', reason }]);
    expect(world.telemetry.metrics).toEqual({ SlackMisconfigured: 1, WaitingRecords: 1, WaitingAgeMs: 1000 });
    expect(world.telemetry.lines.map(({ level }) => level)).toEqual(['error']);
  });

  it('serves every channel with one plain URL', async () => {
    const world = worldWith([aBody(1), aBody(2, { channel: 'ops' })]);
    world.secret.text = `${urlOf('all')}\n`;
    expect(await run(world)).toEqual([]);
    expect(world.posts.map(({ url }) => url)).toEqual([urlOf('all'), urlOf('all')]);
    expect((world.posts[1]?.atMs ?? 0) - (world.posts[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
  });
});

describe('records that can never be reported', () => {
  it('dead-letters them at once with the reason, and notifies their neighbours', async () => {
    const world = worldWith(['not JSON', aBody(1), '{"rule":"changes","event":{"detail":{"eventID":"e-9"}}}']);
    expect(await run(world)).toEqual([]);
    expect(world.sqs.deadLetters).toEqual([
      {
        body: 'not JSON',
        attributes: {
          reason: 'malformed',
          detail: 'record is not JSON',
          eventId: 'unknown',
          rule: 'unknown',
          receivedAt: '2026-11-22T20:00:06.000Z',
        },
      },
      {
        body: '{"rule":"changes","event":{"detail":{"eventID":"e-9"}}}',
        attributes: {
          reason: 'malformed',
          detail: 'record is not a routed MediaConnect API call: channel is not as expected',
          eventId: 'e-9',
          rule: 'changes',
          receivedAt: '2026-11-22T20:00:06.000Z',
        },
      },
    ]);
    expect(results(world)).toEqual([
      [eventIdOf(1), 'posted'],
      ['unknown', 'dead-lettered'],
      ['e-9', 'dead-lettered'],
    ]);
  });

  it('does not acknowledge them while the dead-letter queue does not take them', async () => {
    const world = worldWith(['not JSON', aBody(1)]);
    world.sqs.state.isDeadLetterQueueDown = true;
    expect(await run(world)).toEqual(['m1']);
    expect(world.telemetry.decisions).toMatchObject([
      { result: 'posted' },
      { result: 'waiting', reason: 'the dead-letter queue did not take it' },
    ]);
  });
});

describe('after Slack said ok', () => {
  it.each(['markNotified', 'release', 'count'] as const)(
    'acknowledges the record although %s fails',
    async (method) => {
      const world = worldWith([aBody(1)]);
      const fail = async () => {
        throw new Error('out of reach');
      };
      const ledger = { ...world.memory.ledger, [method]: fail };
      expect(await run(world, createHandler({ ...world.notifying, ledger }))).toEqual([]);
      expect(results(world)).toEqual([[eventIdOf(1), 'posted']]);
    },
  );

  it('does not send records back that were reported before the ledger threw unexpectedly', async () => {
    const world = worldWith([aBody(1), aBody(2, { channel: 'ops' })]);
    const claim = async (keys: readonly string[]) => {
      if (keys.some((key) => key.endsWith('#ops'))) throw new Error('a mistake of ours');
      return new Map(keys.map((key) => [key, 'claimed' as const]));
    };
    const ledger = { ...world.memory.ledger, claim };
    expect(await run(world, createHandler({ ...world.notifying, ledger }))).toEqual(['m2']);
    expect(results(world).toSorted()).toEqual([
      [eventIdOf(1), 'posted'],
      [eventIdOf(2), 'waiting'],
    ]);
  });
});
