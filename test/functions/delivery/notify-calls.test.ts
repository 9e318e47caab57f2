import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Known, notifyCalls, planEach } from '../../../functions/delivery/notify-calls.ts';
import type { Ledger } from '../../../functions/ports.ts';
import type { Posted } from '../../../functions/slack/deliver-message.ts';
import { type DeliveryResult, keyOf, type Waiting } from '../../../shared/delivery/settle.ts';
import type { ChannelSettings, Notification } from '../../../shared/notification/notification.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';
import { type PlannedMessage, planMessages } from '../../../shared/slack/plan-messages.ts';
import { aNotification, CALLED_AT_MS } from '../../notification-builder.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';

const FAULT = new Error('a fault of ours');
const unrenderable = (eventId: string): Notification =>
  Object.defineProperty({ ...aNotification({ eventId }) }, 'sentence', {
    get: () => {
      throw FAULT;
    },
  });
const call = (eventId: string, calledAtMs = CALLED_AT_MS) =>
  aNotification({ eventId, flowName: `flow-${eventId}`, calledAtMs });
const calls = (count: number): readonly Notification[] =>
  Array.from({ length: count }, (_, index) => call(`c${index}`, CALLED_AT_MS + index));
const idsOf = (notifications: readonly Notification[]) => notifications.map(({ eventId }) => eventId);

describe('planning', () => {
  const plan = (notifications: readonly Notification[]) => planMessages(notifications, () => ({}));
  const idsIn = (notifications: readonly Notification[]) =>
    planEach(notifications, plan).messages.map((planned) => idsOf(planned.notifications));

  it('puts the calls of a channel together', () => {
    const notifications = ['a', 'b', 'c'].map((eventId) => aNotification({ eventId }));
    expect(planEach(notifications, plan).failed).toEqual([]);
    expect(idsIn(notifications)).toEqual([['a'], ['b', 'c']]);
  });

  it('lets a call that rendering throws for cost only itself', () => {
    const bad = unrenderable('bad');
    const notifications = [aNotification({ eventId: 'a' }), bad, aNotification({ eventId: 'b' })];
    expect(planEach(notifications, plan).failed).toEqual([{ notification: bad, error: FAULT }]);
    expect(idsIn(notifications)).toEqual([['a'], ['b']]);
  });

  it('says of a call on its own that it cannot be rendered', () => {
    const bad = unrenderable('bad');
    expect(planEach([bad], plan)).toEqual({ messages: [], failed: [{ notification: bad, error: FAULT }] });
  });

  it('makes nothing of nothing', () => {
    expect(planEach([], plan)).toEqual({ messages: [], failed: [] });
  });
});

const ACCEPTED: Posted = { answer: { kind: 'accepted' }, untilMs: undefined };
const INVALID: Posted = { answer: { kind: 'message', reason: 'HTTP 400: invalid_payload' }, untilMs: undefined };
const ARCHIVED: Posted = { answer: { kind: 'channel', reason: 'HTTP 410: channel_is_archived' }, untilMs: undefined };
const AWAY_UNTIL_MS = 1_795_000_000_000;
const AWAY: Posted = {
  answer: { kind: 'transient', reason: 'HTTP 503', retryAfterMs: undefined, rateLimited: false },
  untilMs: AWAY_UNTIL_MS,
};
const WAITING: Waiting = { kind: 'waiting', reason: 'HTTP 503', untilMs: AWAY_UNTIL_MS };

interface Circumstances {
  /** How Slack takes its so-manieth message, with these calls. */
  readonly take?: (ids: readonly string[], post: number) => Posted;
  /** Most calls in one message. */
  readonly most?: number;
  readonly channels?: Readonly<Record<string, ChannelSettings>>;
  readonly ledger?: Partial<Pick<Ledger, 'markNotified' | 'remember'>>;
}

/** Reports calls in messages whose text names them, and writes down what happened, in order. */
async function notify(notifications: readonly Notification[], circumstances: Circumstances = {}) {
  const { take = () => ACCEPTED, most = 3, ledger = {} } = circumstances;
  const happened: string[] = [];
  const ends: [string, DeliveryResult][] = [];
  const known: Known = new Map();
  const telemetry = recordedTelemetry();
  const background: Promise<unknown>[] = [];
  let posts = 0;

  const messageOf = (some: readonly Notification[]): PlannedMessage => {
    const text = some.map(({ eventId, sentence }) => (sentence.length < 0 ? '' : eventId)).join(' ');
    const message: SlackMessage = { text, unfurl_links: false, unfurl_media: false };
    return { channel: 'default', kind: some.length === 1 ? 'single' : 'fold', notifications: some, message };
  };
  const plan = (some: readonly Notification[]): readonly PlannedMessage[] =>
    Array.from({ length: Math.ceil(some.length / most) }, (_, index) =>
      messageOf(some.slice(index * most, (index + 1) * most)),
    );

  const waiting = await notifyCalls(notifications, {
    ledger: {
      markNotified: async (keys) => {
        happened.push(`mark ${keys.length}`);
        await ledger.markNotified?.(keys);
      },
      remember: async (notified) => {
        await ledger.remember?.(notified);
      },
    },
    telemetry,
    now: () => CALLED_AT_MS,
    delivery: {
      urls: { kind: 'one', url: 'https://hooks.slack.test/' },
      reread: async () => ({ kind: 'one', url: 'https://hooks.slack.test/' }),
      onNoWebhook: () => undefined,
      sender: {
        post: async (_, { text }) => {
          posts += 1;
          happened.push(`post ${text}`);
          await Promise.resolve();
          return take(text.split(' '), posts);
        },
      },
    },
    plan,
    known,
    channelSettings: (channel) => circumstances.channels?.[channel] ?? {},
    refresh: async (some) => {
      happened.push(`refresh ${some.map(({ eventId }) => eventId).join(' ')}`);
    },
    end: (notification, deliveryResult) => {
      happened.push(`end ${notification.eventId} ${deliveryResult.kind}`);
      ends.push([notification.eventId, deliveryResult]);
    },
    behind: (work) => background.push(work),
  });
  const endedBeforeBackground = ends.length;
  await Promise.all(background);
  return { waiting, happened, endedBeforeBackground, ends, known, telemetry, posts };
}

/** Refuses whatever names one of these calls. */
const refusing =
  (...poison: readonly string[]) =>
  (ids: readonly string[]): Posted =>
    ids.some((id) => poison.includes(id)) ? INVALID : ACCEPTED;

describe('notifying', () => {
  it('marks each message before the next is posted', async () => {
    const { happened, waiting } = await notify(calls(5), { most: 2 });
    expect(waiting).toBeUndefined();
    expect(happened).toEqual([
      'post c0 c1',
      'mark 2',
      'end c0 folded',
      'end c1 folded',
      'post c2 c3',
      'mark 2',
      'end c2 folded',
      'end c3 folded',
      'post c4',
      'mark 1',
      'end c4 posted',
    ]);
  });

  it('marks under the key of the event and the channel', async () => {
    const marked: string[] = [];
    const markNotified = async (keys: readonly string[]) => {
      marked.push(...keys);
    };
    await notify(calls(2), { ledger: { markNotified } });
    expect(marked).toEqual(calls(2).map(keyOf));
    expect(marked[0]).toBe('notified#c0#default');
  });

  it('remembers the latest call on each thing, here and in the ledger', async () => {
    const noted: unknown[] = [];
    const remember = async (notified: unknown) => {
      noted.push(notified);
    };
    const earlier = aNotification({ eventId: 'b', flowName: 'flow-a', calledAtMs: 1000 });
    const { known } = await notify([call('a', 2000), earlier], { ledger: { remember } });
    const notified = new Map([['last#default#flow/flow-a', { signal: { calledAtMs: 2000, operation: 'StopFlow' } }]]);
    expect(known).toEqual(notified);
    expect(noted).toEqual([notified]);
  });

  it('lets the rest wait as soon as Slack takes no more', async () => {
    const take = (_: readonly string[], post: number) => (post === 2 ? AWAY : ACCEPTED);
    const { ends, waiting, posts } = await notify(calls(7), { most: 2, take });
    expect(waiting).toEqual(WAITING);
    expect(posts).toBe(2);
    expect(ends).toEqual([
      ['c0', { kind: 'folded' }],
      ['c1', { kind: 'folded' }],
      ...['c2', 'c3', 'c4', 'c5', 'c6'].map((id) => [id, WAITING]),
    ]);
  });

  it('gives up only the call that cannot be rendered', async () => {
    const { ends, telemetry } = await notify([call('a'), unrenderable('bad'), call('b')]);
    expect(Object.fromEntries(ends)).toEqual({
      a: { kind: 'posted' },
      b: { kind: 'posted' },
      bad: { kind: 'dead-lettered', reason: 'not-renderable', detail: 'a fault of ours' },
    });
    expect(telemetry.lines).toMatchObject([{ level: 'error', message: 'a call cannot be rendered' }]);
  });
});

describe('a message with several calls that Slack will not have', () => {
  it('is split until the call that is refused stands alone, and only that one is given up', async () => {
    const { ends, telemetry } = await notify(calls(30), { most: 30, take: refusing('c17') });
    expect(ends).toHaveLength(30);
    expect(ends.filter(([, { kind }]) => kind === 'dead-lettered')).toEqual([
      ['c17', { kind: 'dead-lettered', reason: 'message-refused', detail: 'HTTP 400: invalid_payload' }],
    ]);
    expect(ends.filter(([, { kind }]) => kind === 'posted' || kind === 'folded')).toHaveLength(29);
    expect(telemetry.lines[0]).toMatchObject({
      level: 'warn',
      message: 'slack refused a message of several calls',
    });
  });

  it('tells what was called first in the first half, and says of the second what was reported meanwhile', async () => {
    const calls = [call('newest', CALLED_AT_MS + 2), call('oldest', CALLED_AT_MS), call('middle', CALLED_AT_MS + 1)];
    const { happened } = await notify(calls, {
      take: (ids) => (ids.length > 1 ? INVALID : ACCEPTED),
    });
    expect(happened.filter((one) => /^(refresh|post)/.test(one))).toEqual([
      // Once more in plain text.
      'post newest oldest middle',
      'post newest oldest middle',
      'refresh oldest middle',
      'post oldest middle',
      'refresh oldest',
      'post oldest',
      'refresh middle',
      'post middle',
      'refresh newest',
      'post newest',
    ]);
  });

  it('costs a few posts more, not one for each call', async () => {
    const { posts } = await notify(calls(256), { most: 256, take: refusing('c99') });
    // Refused at each of nine sizes, as text too only whole and alone, and the other half reported at each of eight.
    expect(posts).toBe(9 + 2 + 8);
  });

  it('is reported as plain text where only its blocks are refused', async () => {
    const take = (_: readonly string[], post: number) => (post === 1 ? INVALID : ACCEPTED);
    const { ends, posts } = await notify(calls(3), { take });
    expect({ posts, kinds: ends.map(([, { kind }]) => kind) }).toEqual({ posts: 2, kinds: Array(3).fill('folded') });
  });

  it('reports the first half before the second is posted', async () => {
    const { happened } = await notify(calls(4), { most: 4, take: refusing('c3') });
    expect(happened.filter((one) => !/^(post|refresh)/.test(one))).toEqual([
      'mark 2',
      'end c0 folded',
      'end c1 folded',
      'mark 1',
      'end c2 posted',
      'end c3 dead-lettered',
    ]);
  });

  it('lets all of it wait that is not reported where Slack takes no more', async () => {
    const take = (ids: readonly string[], post: number) => (post === 3 ? AWAY : refusing('c0')(ids));
    const { ends, waiting } = await notify(calls(9), { most: 4, take });
    expect(waiting).toEqual(WAITING);
    expect(ends).toEqual(idsOf(calls(9)).map((id) => [id, WAITING]));
  });

  it('is not split where the channel refuses whatever is posted', async () => {
    const { ends, posts } = await notify(calls(3), { take: () => ARCHIVED });
    const dead = { kind: 'dead-lettered', reason: 'channel-refused', detail: 'HTTP 410: channel_is_archived' };
    expect(ends).toEqual(['c0', 'c1', 'c2'].map((id) => [id, dead]));
    // Once more after the secret was read again.
    expect(posts).toBe(2);
  });

  it('never lets a call end twice or not at all, nor gives up what Slack would take', async () => {
    const scene = fc.record({
      count: fc.integer({ min: 1, max: 24 }),
      most: fc.integer({ min: 1, max: 24 }),
      poison: fc.uniqueArray(fc.nat(23), { maxLength: 6 }),
      awayAt: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ count, most, poison, awayAt }) => {
        const bad = poison.map((number) => `c${number}`);
        const take = (ids: readonly string[], post: number) => (post === awayAt ? AWAY : refusing(...bad)(ids));
        const { ends, waiting } = await notify(calls(count), { most, take });
        expect(ends.map(([id]) => id).toSorted()).toEqual(idsOf(calls(count)).toSorted());
        const dead = ends.filter(([, { kind }]) => kind === 'dead-lettered').map(([id]) => id);
        const notified = ends.filter(([, { kind }]) => kind === 'posted' || kind === 'folded').map(([id]) => id);
        expect(dead.filter((id) => !bad.includes(id))).toEqual([]);
        expect(notified.filter((id) => bad.includes(id))).toEqual([]);
        expect(ends.some(([, { kind }]) => kind === 'waiting')).toBe(waiting !== undefined);
      }),
    );
  });
});

describe('a ledger that cannot be written', () => {
  const broken = () => Promise.reject(new Error('out of reach'));

  it('is tried once more behind the next post, and the calls are reported all the same', async () => {
    let tries = 0;
    const markNotified = async () => {
      tries += 1;
      if (tries === 1) throw new Error('out of reach');
    };
    const { happened, telemetry } = await notify(calls(2), { most: 1, ledger: { markNotified } });
    expect(happened).toEqual(['post c0', 'mark 1', 'mark 1', 'end c0 posted', 'post c1', 'mark 1', 'end c1 posted']);
    expect(telemetry.metrics).toEqual({});
  });

  it('holds nobody up the second time, and is counted for each call', async () => {
    let tries = 0;
    const markNotified = (): Promise<void> => {
      tries += 1;
      return tries === 1 ? broken() : new Promise((_, reject) => setImmediate(reject));
    };
    const { endedBeforeBackground, telemetry } = await notify(calls(3), { ledger: { markNotified } });
    expect(endedBeforeBackground).toBe(3);
    expect(telemetry.metrics).toEqual({ LedgerUnavailable: 3 });
    expect(telemetry.lines).toMatchObject([{ level: 'error', message: 'the ledger cannot be written' }]);
  });

  it('does not keep calls from being reported where only the latest ones cannot be noted', async () => {
    const { ends, telemetry } = await notify(calls(3), { ledger: { remember: broken } });
    expect(ends.map(([, { kind }]) => kind)).toEqual(['folded', 'folded', 'folded']);
    expect(telemetry.metrics).toEqual({ LedgerUnavailable: 1 });
    expect(telemetry.lines).toMatchObject([{ level: 'warn', message: 'what was reported was not remembered' }]);
  });
});
