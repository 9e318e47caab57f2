import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifier/notify-batch.ts';
import { webhookKey } from '../../../functions/slack/deliver-message.ts';
import { virtualTime } from '../virtual-time.ts';
import { aBody, aContext, aWorld, eventIdOf, OK, START_MS, urlOf, type World } from '../world.ts';

const HOOK = webhookKey(urlOf('default'));
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

interface Circumstances {
  readonly answersAfterMs?: number;
  readonly releaseTakesMs?: number;
  /** A change of the dependencies. */
  readonly changes?: (world: World) => Partial<World['notifying']>;
}

/** Invocations of one function whose every step at its edges is written down, with its time. */
function aFunction({ answersAfterMs = 100, releaseTakesMs = 0, changes }: Circumstances = {}) {
  const time = virtualTime(START_MS);
  const world = aWorld({ channels: ['default', 'ops'], time });
  const { sqs, memory } = world;
  world.slack.answersAfterMs = answersAfterMs;
  const happened: string[] = [];
  const log = (what: string): void => {
    happened.push(`${what} @${time.now() - START_MS}`);
  };

  const { weather } = world.slack;
  const takes = { weather };
  world.slack.weather = (url, message) => {
    log(`post ${url.slice(url.lastIndexOf('/') + 1)} ${world.telemetry.current()?.calls}`);
    return takes.weather(url, message);
  };
  const { receive, changeVisibility, remove } = sqs.queue;
  sqs.queue.receive = async (options) => {
    const page = await receive(options);
    if (page.length > 0) log(`receive ${page.map(({ messageId }) => messageId).join(' ')}`);
    return page;
  };
  sqs.queue.changeVisibility = (waits) => {
    log(`changeVisibility ${waits.map(({ record, waitMs }) => `${record.messageId}:${waitMs}`).join(' ')}`);
    return changeVisibility(waits);
  };
  sqs.queue.remove = (records) => {
    log(`remove ${records.map(({ messageId }) => messageId).join(' ')}`);
    return remove(records);
  };
  const { release } = memory.ledger;
  memory.ledger.release = async (keys, owner) => {
    if (releaseTakesMs > 0) await time.wait(releaseTakesMs);
    log(`release ${keys.length}`);
    return release(keys, owner);
  };

  const handler = createHandler({ ...world.notifying, ...changes?.(world) });
  /** Hands up to so many records to an invocation; which of them failed. */
  const invoke = async (limit = 10): Promise<readonly string[]> => {
    const batch = sqs.takeBatch(limit);
    const { batchItemFailures } = await handler({ Records: [...batch] }, aContext(world));
    sqs.acknowledge(batch, batchItemFailures);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const send = (...calls: readonly number[]): void => {
    for (const call of calls) sqs.send(aBody(call));
  };
  /** Somebody else posted just now, or so long ago, so that a burst runs. */
  const beginBurst = (channel = 'default', agoMs = 0) =>
    memory.ledger.reserveSlot(webhookKey(urlOf(channel)), {
      nowMs: time.now() - agoMs,
      latestMs: START_MS + 60_000,
    });
  /** Somebody else has the turn, whose slot begins then. */
  const takeTurn = async (inMs: number): Promise<void> => {
    const turn = { owner: 'another', untilMs: time.now() + 30_000 };
    await memory.ledger.reserveSlot(HOOK, { nowMs: time.now() + inMs, latestMs: START_MS + 600_000, turn });
  };
  const sinceStart = (): number => time.now() - START_MS;
  return { time, world, sqs, memory, happened, takes, invoke, send, beginBurst, takeTurn, sinceStart };
}

const callsOf = (world: World) => world.posts.map(({ calls }) => calls);
const results = (world: World) => world.telemetry.decisions.map(({ eventId, result }) => [eventId, result]);

describe('after a quiet time', () => {
  it('the first call is posted before anything else is looked at', async () => {
    const { time, happened, invoke, send } = aFunction();
    send(...numbers(1, 30));
    await time.run(invoke());
    expect(happened[0]).toBe('post default 1 @0');
    expect(happened[1]).toMatch(/^receive .* @350$/);
  });

  it('a lone call leads to no receive, no deletion and no wait', async () => {
    const { time, happened, invoke, send, sinceStart } = aFunction();
    send(1);
    expect(await time.run(invoke())).toEqual([]);
    expect(happened).toEqual(['post default 1 @0']);
    expect(sinceStart()).toBe(100);
  });

  it('a call that was reported before costs nobody the second that was reserved for it', async () => {
    const { time, world, memory, invoke, send } = aFunction();
    await memory.ledger.markNotified([`notified#${eventIdOf(1)}#default`]);
    send(1);
    await time.run(invoke());
    expect(world.posts).toEqual([]);
    expect(memory.webhooks.get(HOOK)).toMatchObject({ slotMs: undefined, turn: undefined });
  });

  it('a call that comes after a later one on its flow was reported says so, and how late it is', async () => {
    const { time, world, sqs, memory, invoke } = aFunction();
    const later = { signal: { calledAtMs: START_MS - 60_000, operation: 'StartFlow' } };
    memory.ledger.recall = async (keys) => new Map(keys.map((key) => [key, later]));
    sqs.send(aBody(1, { calledAtMs: START_MS - 3 * 3_600_000 }));
    await time.run(invoke());
    expect(JSON.stringify(world.posts[0]?.message)).toContain('*before* StartFlow');
    expect(JSON.stringify(world.posts[0]?.message)).toContain('3 h');
  });
});

describe('while a burst runs', () => {
  it('the queue is emptied just before each post, and what was in it is folded', async () => {
    const { time, world, happened, invoke, send, beginBurst, sinceStart } = aFunction();
    await beginBurst();
    send(...numbers(1, 10));
    const arrivals = [
      time.wait(800).then(() => send(...numbers(11, 14))),
      time.wait(1800).then(() => send(...numbers(15, 40))),
    ];
    await time.run(Promise.all([invoke(), ...arrivals]));
    expect(callsOf(world)).toEqual([14, 26]);
    expect(happened.filter((one) => /^(post|receive m(11|15|25|35))/.test(one))).toEqual([
      'receive m11 m12 m13 m14 @900',
      'post default 14 @1000',
      'receive m15 m16 m17 m18 m19 m20 m21 m22 m23 m24 @1850',
      'receive m25 m26 m27 m28 m29 m30 m31 m32 m33 m34 @1850',
      'receive m35 m36 m37 m38 m39 m40 @1850',
      'post default 26 @2000',
    ]);
    // It looks once more, and ends where nothing came.
    expect(sinceStart()).toBe(2900);
  });

  it('the same invocation goes on as long as calls come, and nobody else need begin', async () => {
    const { time, world, invoke, send } = aFunction();
    send(1);
    const arrivals = numbers(2, 40).map((call) => time.wait(call * 100).then(() => send(call)));
    await time.run(Promise.all([invoke(), time.wait(300).then(() => invoke()), ...arrivals]));
    expect(world.posts.map(({ atMs }) => atMs - START_MS)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
    expect(callsOf(world).reduce((sum, calls) => sum + (calls ?? 0), 0)).toBe(40);
  });

  it('receives that are on their way when the last post ends are waited for, and what they bring is reported', async () => {
    const { time, world, sqs, invoke, send, beginBurst } = aFunction({ answersAfterMs: 300 });
    await beginBurst();
    send(1);
    const { receive } = sqs.queue;
    sqs.queue.receive = async (options) => {
      // It takes effect after the end of the post beside which it was sent.
      await time.wait(400);
      return receive(options);
    };
    const arrivals = time.wait(1600).then(() => send(2));
    expect((await time.run(Promise.all([invoke(), arrivals])))[0]).toEqual([]);
    expect(callsOf(world)).toEqual([1, 1]);
    expect(sqs.size()).toBe(0);
  });

  it('what comes during a post is reported in the next, by the same invocation', async () => {
    const { time, world, invoke, send } = aFunction({ answersAfterMs: 700 });
    send(1, 2);
    const arrivals = time.wait(300).then(() => send(...numbers(3, 25)));
    await time.run(Promise.all([invoke(), arrivals]));
    expect(callsOf(world)).toEqual([1, 24]);
    expect(world.sqs.size()).toBe(0);
  });

  it('a call that was reported before ends at once', async () => {
    const { time, world, memory, happened, invoke, send, beginBurst, sinceStart } = aFunction();
    await beginBurst();
    await memory.ledger.markNotified([`notified#${eventIdOf(1)}#default`]);
    send(1);
    expect(await time.run(invoke())).toEqual([]);
    expect({ happened, tookMs: sinceStart(), posts: world.posts }).toEqual({ happened: [], tookMs: 0, posts: [] });
  });

  it('what the function received it deletes, and only the batch is Lambda’s', async () => {
    const { time, sqs, happened, invoke, send } = aFunction();
    send(...numbers(1, 12));
    expect(await time.run(invoke())).toEqual([]);
    expect(happened.filter((one) => one.startsWith('remove'))).toEqual(['remove m11 m12 @1350']);
    expect(sqs.size()).toBe(0);
  });

  it('what the function received and could not tell it hides, and only the batch fails', async () => {
    const { time, sqs, happened, takes, invoke, send, beginBurst } = aFunction();
    takes.weather = () => ({ status: 429, body: 'rate_limited', retryAfter: '7' });
    await beginBurst();
    send(...numbers(1, 12));
    expect(await time.run(invoke())).toEqual(numbers(1, 10).map((number) => `m${number}`));
    expect(happened.filter((one) => one.startsWith('changeVisibility')).join()).toMatch(
      /^changeVisibility m1:7000 .*m11:7000 m12:7000 @1100$/,
    );
    expect(sqs.size()).toBe(12);
    expect(sqs.nextVisibleAtMs() - START_MS).toBe(8100);
  });

  it('hides what it receives until a while after its own end, should it be killed', async () => {
    const { time, sqs, invoke, send, beginBurst } = aFunction({
      changes: () => ({ post: () => new Promise<void>(() => undefined) }),
    });
    await beginBurst();
    send(...numbers(1, 12));
    void invoke();
    await time.run(time.wait(60_000));
    // The batch is Lambda's, which hides it for longer.
    expect(sqs.nextVisibleAtMs() - START_MS).toBe(120_000 + 30_000);
  });

  it('tells what it has when the queue cannot be emptied', async () => {
    const { time, world, invoke, send, beginBurst } = aFunction({
      changes: ({ notifying }) => ({
        queue: { ...notifying.queue, receive: () => Promise.reject(new Error('out of reach')) },
      }),
    });
    await beginBurst();
    send(...numbers(1, 12));
    await time.run(invoke());
    expect(callsOf(world)).toEqual([10]);
    expect(new Set(world.telemetry.lines.map(({ level, message }) => `${level} ${message}`))).toEqual(
      new Set(['warn the queue could not be emptied']),
    );
  });

  it('emptying comes to an end, however fast calls come', async () => {
    const { time, world, send, invoke, beginBurst } = aFunction();
    await beginBurst();
    send(1);
    let [isOver, next] = [false, 2];
    const flood = async (): Promise<void> => {
      while (!isOver) {
        send(...numbers(next, next + 9));
        next += 10;
        await time.wait(10);
      }
    };
    const { receive } = world.sqs.queue;
    // As long as a request takes: whoever asks finds something each time.
    world.sqs.queue.receive = async (options) => {
      await time.wait(20);
      return receive(options);
    };
    const notified = invoke().finally(() => {
      isOver = true;
    });
    const firstPost = async (): Promise<void> => {
      while (world.posts.length === 0) await time.wait(100);
      isOver = true;
    };
    await time.run(Promise.all([notified, flood(), firstPost()]));
    expect((world.posts[0]?.atMs ?? 0) - START_MS).toBeLessThanOrEqual(6100);
  });

  it('no more records are taken than fit in memory', async () => {
    const { time, world, invoke, send, beginBurst } = aFunction();
    await beginBurst();
    send(1);
    let received = 0;
    world.sqs.queue.receive = async () => {
      await time.wait(45);
      return Array.from({ length: 10 }, () => {
        received += 1;
        const messageId = `r${received}`;
        return { messageId, receiptHandle: messageId, body: aBody(2), receiveCount: 1, sentAtMs: START_MS };
      });
    };
    await time.run(invoke());
    expect(callsOf(world)).toEqual([2]);
    // Each of ten receivers, and the one that looks around, may have asked just before the last that fits.
    expect(received).toBeGreaterThanOrEqual(10_000);
    expect(received).toBeLessThanOrEqual(10_100);
  });
});

describe('records of other webhooks that come along', () => {
  it('are reported at once, and not after those of the burst', async () => {
    const { time, world, sqs, invoke, send, beginBurst } = aFunction({ answersAfterMs: 900 });
    await beginBurst();
    send(...numbers(1, 10));
    sqs.send(aBody(11, { channel: 'ops' }));
    expect(await time.run(invoke())).toEqual([]);
    expect(world.posts.map(({ url, atMs, calls }) => [url, atMs - START_MS, calls])).toEqual([
      [urlOf('ops'), 250, 1],
      [urlOf('default'), 1000, 10],
    ]);
    expect(sqs.size()).toBe(0);
  });

  it('have their own posts, for each of which the queue is emptied again', async () => {
    const { time, world, sqs, invoke, send, beginBurst } = aFunction();
    await beginBurst();
    send(...numbers(1, 10));
    sqs.send(aBody(11, { channel: 'ops' }));
    sqs.send(aBody(12, { channel: 'ops' }));
    const arrivals = time.wait(1100).then(() => sqs.send(aBody(13, { channel: 'ops' })));
    await time.run(Promise.all([invoke(), arrivals]));
    expect(world.posts.map(({ url, atMs, calls }) => [url, atMs - START_MS, calls])).toEqual([
      [urlOf('ops'), 250, 1],
      [urlOf('default'), 1000, 10],
      [urlOf('ops'), 1250, 2],
    ]);
  });

  it('are out of sight for a second where somebody else posts to that webhook', async () => {
    const { time, sqs, memory, happened, invoke, send, beginBurst } = aFunction();
    await beginBurst();
    const turn = { owner: 'another', untilMs: START_MS + 30_000 };
    await memory.ledger.reserveSlot(webhookKey(urlOf('ops')), {
      nowMs: START_MS + 5000,
      latestMs: START_MS + 60_000,
      turn,
    });
    send(...numbers(1, 10));
    sqs.send(aBody(11, { channel: 'ops' }));
    expect(await time.run(invoke())).toEqual([]);
    // This invocation's next receive would only find it again.
    expect(happened).toContain('changeVisibility m11:1000 @250');
    expect(sqs.size()).toBe(1);
  });
});

describe('the same call, delivered again', () => {
  it('in what is received is the one in the batch', async () => {
    const { time, world, sqs, invoke, send, beginBurst } = aFunction();
    await beginBurst();
    send(...numbers(1, 10), 3, 3);
    expect(await time.run(invoke())).toEqual([]);
    expect(callsOf(world)).toEqual([10]);
    expect(sqs.size()).toBe(0);
    expect(world.telemetry.metrics).toMatchObject({ Folded: 10, RepeatsSuppressed: 2 });
  });

  it('after it was reported in this invocation is repeated, without asking the ledger', async () => {
    const { time, world, sqs, memory, invoke, send } = aFunction();
    send(1, 2);
    const { claim } = memory.ledger;
    const claimed: string[] = [];
    memory.ledger.claim = (keys, claimer) => {
      claimed.push(...keys);
      return claim(keys, claimer);
    };
    await time.run(Promise.all([invoke(), time.wait(500).then(() => send(1))]));
    expect(callsOf(world)).toEqual([1, 1]);
    expect(sqs.size()).toBe(0);
    expect(results(world).filter(([, result]) => result === 'repeated')).toEqual([[eventIdOf(1), 'repeated']]);
    expect(claimed).toHaveLength(2);
  });

  it('after it was reported in a fold is repeated, also where the ledger took no mark', async () => {
    const { time, world, sqs, memory, invoke, send, beginBurst } = aFunction();
    memory.ledger.markNotified = () => Promise.reject(new Error('out of reach'));
    await beginBurst();
    // The other webhook's slot is later, and the queue is emptied once more for it.
    await beginBurst('ops', -1500);
    send(1, 2);
    sqs.send(aBody(3, { channel: 'ops' }));
    await time.run(Promise.all([invoke(), time.wait(1500).then(() => send(1))]));
    expect(world.posts.map(({ atMs, calls }) => [atMs - START_MS, calls])).toEqual([
      [1000, 2],
      [2500, 1],
    ]);
    expect(results(world).filter(([, result]) => result === 'repeated')).toEqual([[eventIdOf(1), 'repeated']]);
    expect(sqs.size()).toBe(0);
  });

  it('waits with the one that waits, as one record', async () => {
    const { time, sqs, takes, invoke, send, beginBurst } = aFunction();
    takes.weather = () => ({ status: 503, body: '' });
    await beginBurst();
    send(...numbers(1, 10), 3);
    expect(await time.run(invoke())).toHaveLength(10);
    expect(sqs.size()).toBe(10);
  });
});

describe('somebody else’s turn', () => {
  const keys = numbers(1, 3).map((number) => `notified#${eventIdOf(number)}#default`);

  it('is left to them: calls are handed over, their claims first', async () => {
    const { time, world, happened, invoke, send, takeTurn, sinceStart } = aFunction();
    await takeTurn(900);
    send(1, 2, 3);
    expect(await time.run(invoke())).toEqual(['m1', 'm2', 'm3']);
    expect(happened).toEqual(['release 3 @0', 'changeVisibility m1:0 m2:0 m3:0 @0']);
    expect(world.posts).toEqual([]);
    // It stays, so that its place does not take them again, and not for long.
    expect(sinceStart()).toBe(13_000);
    expect(world.telemetry.decisions).toEqual([]);
    expect(world.telemetry.metrics).toMatchObject({ WaitingRecords: 0, WaitingAgeMs: 0 });
  });

  it('has the claims before the records, also while another webhook’s calls are settled', async () => {
    const { time, sqs, happened, invoke, send, takeTurn, beginBurst } = aFunction({ releaseTakesMs: 300 });
    await takeTurn(900);
    // The other webhook's queue is emptied while the claims are given back, and what has ended by then is settled.
    await beginBurst('ops', 800);
    send(1);
    sqs.send(aBody(2, { channel: 'ops' }));
    expect(await time.run(invoke())).toEqual(['m1']);
    expect(happened).toEqual(['post ops 1 @200', 'release 1 @300', 'changeVisibility m1:0 @300']);
  });

  it('takes what was handed over, while the other stays', async () => {
    const { time, world, sqs, memory, invoke, send, takeTurn } = aFunction();
    await takeTurn(900);
    send(1, 2, 3);
    const looksMeanwhile = async () => {
      await time.wait(500);
      const claims = await memory.ledger.claim(keys, { owner: 'another', untilMs: time.now() + 60_000 });
      return [[...claims.values()], (await sqs.queue.receive({ waitSeconds: 0 })).length];
    };
    const [, found] = await time.run(Promise.all([invoke(), looksMeanwhile()]));
    expect(found).toEqual([['claimed', 'claimed', 'claimed'], 3]);
    expect(world.posts).toEqual([]);
  });

  it('is waited for where they only finish a post', async () => {
    const { time, world, memory, invoke, send, takeTurn } = aFunction();
    await takeTurn(0);
    send(1, 2);
    const finishes = time.wait(400).then(() => memory.ledger.endTurn(HOOK, 'another', undefined));
    expect((await time.run(Promise.all([invoke(), finishes])))[0]).toEqual([]);
    expect(world.posts.map(({ atMs, calls }) => [atMs - START_MS, calls])).toEqual([[1000, 2]]);
  });

  it('is not waited for where their post goes on', async () => {
    const { time, happened, invoke, send, takeTurn, sinceStart } = aFunction();
    await takeTurn(0);
    send(1);
    await time.run(invoke());
    expect(happened).toEqual(['release 1 @750', 'changeVisibility m1:0 @750']);
    expect(sinceStart()).toBe(12_750);
    // By now theirs has taken longer than anybody is patient.
    send(2);
    await time.run(invoke());
    expect(happened.at(-1)).toMatch(/^changeVisibility m1:0 m2:0 @12750$/);
  });

  it('is stayed away from as long as they have it, and no longer', async () => {
    const { time, memory, invoke, send, takeTurn, sinceStart } = aFunction();
    await takeTurn(900);
    send(1);
    const ends = time.wait(1500).then(() => memory.ledger.endTurn(HOOK, 'another', undefined));
    await time.run(Promise.all([invoke(), ends]));
    expect(sinceStart()).toBe(2000);
  });

  it('is asked for first where it was theirs a moment ago: nothing is claimed only to be given back', async () => {
    const { time, world, memory, happened, invoke, send, takeTurn, sinceStart } = aFunction();
    await takeTurn(900);
    send(1);
    await time.run(invoke());
    happened.length = 0;
    const { claim } = memory.ledger;
    const claimed: string[] = [];
    memory.ledger.claim = (wanted, claimer) => {
      claimed.push(...wanted);
      return claim(wanted, claimer);
    };
    const beganMs = sinceStart();
    await takeTurn(900);
    await time.run(invoke());
    expect({ happened, claimed, posts: world.posts }).toEqual({
      happened: [`changeVisibility m1:0 @${beganMs}`],
      claimed: [],
      posts: [],
    });
  });

  it('in trouble is not waited for at all, nor stayed away from for long', async () => {
    const { time, memory, happened, invoke, send, takeTurn, sinceStart } = aFunction();
    await memory.ledger.setBlock(HOOK, { sinceMs: START_MS - 60_000, untilMs: START_MS });
    await takeTurn(0);
    send(1);
    expect(await time.run(invoke())).toEqual(['m1']);
    expect(happened).toEqual(['release 1 @0', 'changeVisibility m1:0 @0']);
    expect(sinceStart()).toBe(1000);
  });

  it('that began long ago is over when its owner died', async () => {
    const { time, world, invoke, send, takeTurn } = aFunction();
    await takeTurn(0);
    time.advanceTo(START_MS + 30_000);
    send(1);
    expect(await time.run(invoke())).toEqual([]);
    expect(callsOf(world)).toEqual([1]);
  });
});

describe('after trouble', () => {
  const oldest = aBody(1, { calledAtMs: START_MS - 60_000 });
  const newer = numbers(2, 9).map((number) => aBody(number, { calledAtMs: START_MS }));

  /** A webhook whose block is just over. */
  async function afterTrouble() {
    const all = aFunction();
    await all.memory.ledger.setBlock(HOOK, { sinceMs: START_MS - 60_000, untilMs: START_MS });
    return all;
  }

  it('all that comes within a second is taken before the first post, which reports the oldest', async () => {
    const { time, world, sqs, invoke } = await afterTrouble();
    for (const body of newer) sqs.send(body);
    // What was hidden for whole seconds comes a little later.
    const comesBack = time.wait(900).then(() => sqs.send(oldest));
    await time.run(Promise.all([invoke(), comesBack]));
    expect(callsOf(world)).toEqual([9]);
    expect((world.posts[0]?.atMs ?? 0) - START_MS).toBeLessThanOrEqual(3000);
    expect(world.memory.webhooks.get(HOOK)?.block).toBeUndefined();
  });

  it('what comes back while other messages have the slots is in the first post, too', async () => {
    const { time, world, sqs, memory, invoke } = await afterTrouble();
    for (const body of newer) sqs.send(body);
    const othersPost = async (): Promise<void> => {
      await time.wait(100);
      for (let slots = 0; slots < 8; slots += 1) {
        await memory.ledger.reserveSlot(HOOK, { nowMs: time.now(), latestMs: START_MS + 60_000 });
      }
    };
    const comesBack = time.wait(5000).then(() => sqs.send(oldest));
    await time.run(Promise.all([invoke(), othersPost(), comesBack]));
    expect(callsOf(world)).toEqual([9]);
    expect((world.posts[0]?.atMs ?? 0) - START_MS).toBe(9000);
  });

  it('the first post comes although calls come all the time', async () => {
    const { time, world, sqs, invoke } = await afterTrouble();
    sqs.send(oldest);
    let [isOver, next] = [false, 100];
    const steadily = async (): Promise<void> => {
      while (!isOver) {
        sqs.send(aBody(next++, { calledAtMs: START_MS }));
        await time.wait(140);
      }
    };
    const firstPost = async (): Promise<void> => {
      while (world.posts.length === 0) await time.wait(100);
      isOver = true;
    };
    await time.run(Promise.all([invoke(), steadily(), firstPost()]));
    expect((world.posts[0]?.atMs ?? 0) - START_MS).toBeLessThanOrEqual(4000);
  });

  it('a webhook that is still blocked is not posted to, and all wait for the same moment', async () => {
    const { time, world, sqs, memory, happened, invoke, send } = aFunction();
    const untilMs = START_MS + 20_500;
    await memory.ledger.setBlock(HOOK, { sinceMs: START_MS, untilMs });
    send(1, 2);
    expect(await time.run(invoke())).toEqual(['m1', 'm2']);
    time.advanceTo(START_MS + 9000);
    send(3);
    expect(await time.run(invoke())).toEqual(['m3']);
    expect(happened).toEqual([
      'release 2 @0',
      'changeVisibility m1:20500 m2:20500 @0',
      'changeVisibility m3:11500 @9000',
    ]);
    expect(world.posts).toEqual([]);
    time.advanceTo(sqs.nextVisibleAtMs());
    await time.run(invoke());
    expect(callsOf(world)).toEqual([3]);
  });

  it('records that wait for a minute or more are sent again, and do not fail', async () => {
    const { time, sqs, memory, happened, invoke, send } = aFunction();
    await memory.ledger.setBlock(HOOK, { sinceMs: START_MS, untilMs: START_MS + 200_000 });
    send(1, 2);
    expect(await time.run(invoke())).toEqual([]);
    expect(happened).toEqual(['release 2 @0']);
    expect(sqs.size()).toBe(2);
    expect(sqs.nextVisibleAtMs() - START_MS).toBe(200_000);
  });
});

describe('claims', () => {
  it.each([
    { calls: 1, timeoutMs: 120_000, holdsMs: 45_100 },
    { calls: 10, timeoutMs: 120_000, holdsMs: 46_000 },
    { calls: 1, timeoutMs: 30_000, holdsMs: 40_000 },
  ])(
    'on $calls calls hold for $holdsMs ms in an invocation of $timeoutMs ms',
    async ({ calls, timeoutMs, holdsMs }) => {
      const { time, world, sqs, memory, send } = aFunction();
      const untils: number[] = [];
      const { claim } = memory.ledger;
      memory.ledger.claim = (keys, claimer) => {
        untils.push(claimer.untilMs - START_MS);
        return claim(keys, claimer);
      };
      send(...numbers(1, calls));
      const batch = sqs.takeBatch(10);
      await time.run(createHandler(world.notifying)({ Records: [...batch] }, aContext(world, timeoutMs)));
      expect(untils[0]).toBe(holdsMs);
    },
  );

  it('that the ledger did not answer for are given back as well: they may stand', async () => {
    const { time, memory, happened, takes, invoke, send } = aFunction();
    takes.weather = () => ({ status: 503, body: '' });
    memory.ledger.claim = async (keys) => new Map(keys.map((key) => [key, 'unknown']));
    send(1);
    await time.run(invoke());
    expect(happened).toContain('release 1 @100');
  });
});

describe('what was reported last', () => {
  it('is noted before somebody else has the turn, and read in it', async () => {
    const { time, memory, happened, invoke, send, beginBurst } = aFunction();
    await beginBurst();
    const { remember, endTurn, recall } = memory.ledger;
    memory.ledger.remember = async (notified) => {
      await time.wait(400);
      happened.push('noted');
      return remember(notified);
    };
    memory.ledger.endTurn = (...given) => {
      happened.push('turn ended');
      return endTurn(...given);
    };
    memory.ledger.recall = (keys) => {
      happened.push(`read @${time.now() - START_MS}`);
      return recall(keys);
    };
    send(1);
    await time.run(invoke());
    expect(happened).toEqual(['read @0', 'read @900', 'post default 1 @1000', 'noted', 'turn ended']);
  });
});

describe('what goes wrong in a lane', () => {
  it('lets its calls wait, gives back its claims and its turn, and tells the others', async () => {
    const { time, world, sqs, memory, invoke, send } = aFunction({
      changes: ({ notifying }) => ({
        telemetry: {
          ...notifying.telemetry,
          span: (name, annotations, run) => {
            if (name === '### post' && annotations.channel === 'default') throw new Error('a fault of ours');
            return notifying.telemetry.span(name, annotations, run);
          },
        },
      }),
    });
    send(1);
    sqs.send(aBody(2, { channel: 'ops' }));
    expect(await time.run(invoke())).toEqual(['m1']);
    expect(world.telemetry.decisions).toMatchObject([
      { eventId: eventIdOf(1), result: 'waiting', reason: 'reporting broke off' },
      { eventId: eventIdOf(2), result: 'posted' },
    ]);
    expect(world.telemetry.lines).toEqual([
      { level: 'error', message: 'notifying a channel broke off', details: { error: new Error('a fault of ours') } },
    ]);
    expect(memory.webhooks.get(HOOK)?.turn).toBeUndefined();
    const again = await memory.ledger.claim([`notified#${eventIdOf(1)}#default`], { owner: 'another', untilMs: 9e15 });
    expect([...again.values()]).toEqual(['claimed']);
  });

  it('does not concern calls that came in meanwhile', async () => {
    let isFirst = true;
    const { time, world, sqs, invoke, send, beginBurst } = aFunction({
      releaseTakesMs: 300,
      changes: ({ notifying }) => ({
        telemetry: {
          ...notifying.telemetry,
          span: (name, annotations, run) => {
            const breaks = isFirst && name === '### post' && annotations.channel === 'default';
            if (breaks) isFirst = false;
            if (breaks) throw new Error('a fault of ours');
            return notifying.telemetry.span(name, annotations, run);
          },
        },
      }),
    });
    await beginBurst('ops', 800);
    send(1, 4);
    sqs.send(aBody(2, { channel: 'ops' }));
    const arrival = time.wait(50).then(() => send(3));
    const [failed] = await time.run(Promise.all([invoke(), arrival]));
    expect(failed).toEqual(['m1', 'm2']);
    expect(results(world)).toEqual(
      expect.arrayContaining([
        [eventIdOf(1), 'waiting'],
        [eventIdOf(4), 'waiting'],
        [eventIdOf(3), 'posted'],
      ]),
    );
    // What waits is not reported as well: its claims are given back, and whoever receives it next reports it.
    expect(callsOf(world)).toEqual([1, 1]);
    expect(sqs.size()).toBe(2);
  });

  it('goes on where claims cannot be given back, and says so', async () => {
    const { time, world, memory, takes, invoke, send } = aFunction();
    takes.weather = () => ({ status: 503, body: '' });
    memory.ledger.release = () => Promise.reject(new Error('out of reach'));
    send(1);
    expect(await time.run(invoke())).toEqual(['m1']);
    expect(world.telemetry.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'claims were not given back' }),
    );
  });
});

describe('a fold that Slack will not have', () => {
  it('costs its one call, and the batch and what was received end as they would', async () => {
    const { time, world, sqs, takes, invoke, beginBurst } = aFunction();
    takes.weather = (_, message) =>
      JSON.stringify(message).includes('POISON') ? { status: 400, body: 'invalid_payload' } : OK;
    await beginBurst();
    const flow = (name: string) => ({
      requestParameters: { flowArn: `arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a:${name}` },
      responseElements: null,
    });
    for (const number of numbers(1, 30)) {
      sqs.send(aBody(number, { detail: flow(number === 17 ? 'POISON' : `flow-${number}`) }));
    }
    expect(await time.run(invoke())).toEqual([]);
    expect(sqs.size()).toBe(0);
    expect(sqs.deadLetters).toMatchObject([{ attributes: { eventId: eventIdOf(17), reason: 'message-refused' } }]);
    const notified = world.posts.filter(({ accepted }) => accepted).reduce((sum, { calls }) => sum + calls, 0);
    expect(notified).toBe(29);
    expect(world.posts.length).toBeLessThan(25);
  });
});
