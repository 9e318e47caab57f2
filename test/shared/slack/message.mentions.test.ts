import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laterOf, type Memory } from '../../../shared/delivery/memory.ts';
import type { ChannelSettings, Notification } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { BETWEEN_MENTIONS_MS, mentionKey, mentionsOf, withMentions } from '../../../shared/slack/message.ts';
import { aNotification, type NotificationChanges, name, plain } from '../../notification-builder.ts';

const CHANNEL: ChannelSettings = {
  mention: { 'off-air': 'here', 'put-on-air': '@S0123ABCD', denied: 'here' },
};
const NOW_MS = Date.parse('2026-11-22T20:00:05Z');
const DENIED = { errorCode: 'AccessDeniedException' };
const on = (flow: string) => ({ subject: { key: `flow/${flow}`, label: [plain('flow '), name(flow)] } });

describe('for what somebody is called', () => {
  it.each<[string, NotificationChanges, string | undefined]>([
    ['what goes off air, by its thing', on('Main'), 'mention#default#off-air#flow/Main'],
    ['what goes on air', { ...on('Main'), operation: 'StartFlow' }, 'mention#default#put-on-air#flow/Main'],
    ['whatever is refused, by its channel alone', { ...on('Main'), ...DENIED }, 'mention#default#denied'],
    ['what goes off air in another channel', { ...on('Main'), channel: 'ops' }, 'mention#ops#off-air#flow/Main'],
    ['a change that nobody is called for', { operation: 'TagResource' }, undefined],
    ['a call that failed', { errorCode: 'ConflictException' }, undefined],
    [
      'a correction',
      { correction: { reason: 'UPDATED_DATA', originalEventId: undefined, updatedFields: [] } },
      undefined,
    ],
  ])('is %s', (_, changes, key) => {
    expect(mentionKey(aNotification(changes), CHANNEL)).toBe(key);
  });

  it('is nothing where the channel asks for nobody', () => {
    expect(mentionKey(aNotification(), {})).toBeUndefined();
  });

  it('has a key that DynamoDB takes, however long the name', () => {
    const key = mentionKey(aNotification(on('ü'.repeat(5000))), CHANNEL) ?? '';
    expect(Buffer.byteLength(key)).toBeLessThan(2048);
  });
});

describe('a message', () => {
  const known = (memory: Memory): ReadonlyMap<string, Memory> => new Map([['mention#default#denied', memory]]);
  const lately = known({ mention: { madeAtMs: NOW_MS - 60_000, heldBack: 4 } });
  const denied = aNotification(DENIED);

  it('calls each only once, for all its calls', () => {
    const calls = [denied, denied, aNotification(on('A')), aNotification({ ...on('A'), operation: 'StartFlow' })];
    const { made, heldBack } = mentionsOf(calls, CHANNEL, { known: new Map(), nowMs: NOW_MS });
    expect({ made, heldBack }).toEqual({ made: ['<!here>', '<!subteam^S0123ABCD>'], heldBack: undefined });
  });

  it('counts the calls that ask in vain', () => {
    const { made, heldBack, memoryAt } = mentionsOf([denied, denied], CHANNEL, { known: lately, nowMs: NOW_MS });
    expect({ made, heldBack }).toEqual({ made: [], heldBack: { calls: 6, sinceMs: NOW_MS - 60_000 } });
    expect(memoryAt(NOW_MS + 5)).toEqual(known({ mention: { madeAtMs: NOW_MS - 60_000, heldBack: 6 } }));
  });

  it('calls for a cause of its own although another is held back, and says nothing of that', () => {
    const { made, heldBack } = mentionsOf([denied, aNotification()], CHANNEL, { known: lately, nowMs: NOW_MS });
    expect({ made, heldBack }).toEqual({ made: ['<!here>'], heldBack: undefined });
  });

  it('remembers a mention from when Slack has it', () => {
    const { memoryAt } = mentionsOf([denied], CHANNEL, { known: new Map(), nowMs: NOW_MS });
    expect(memoryAt(NOW_MS + 900)).toEqual(known({ mention: { madeAtMs: NOW_MS + 900, heldBack: 0 } }));
  });

  it('does not believe for ever in a mention of the future', () => {
    const future = known({ mention: { madeAtMs: NOW_MS + 86_400_000, heldBack: 0 } });
    expect(mentionsOf([denied], CHANNEL, { known: future, nowMs: NOW_MS }).made).toEqual(['<!here>']);
  });

  it('is as a card by itself would be', () => {
    const card = renderNotification(denied, {});
    const mentions = mentionsOf([denied], CHANNEL, { known: new Map(), nowMs: NOW_MS });
    expect(withMentions(card, mentions)).toEqual(renderNotification(denied, CHANNEL));
    expect(withMentions(card, mentionsOf([denied], {}, { known: new Map(), nowMs: NOW_MS }))).toEqual(card);
  });

  it('calls behind its first line', () => {
    const text = { type: 'section', text: { type: 'mrkdwn', text: 'first\nsecond\nthird' } } as const;
    const { blocks } = withMentions(
      { text: 'x', blocks: [text], unfurl_links: false, unfurl_media: false },
      { made: ['<!here>', '<!channel>'], heldBack: undefined },
    );
    expect(blocks).toMatchObject([{ text: { text: 'first <!here> <!channel>\nsecond\nthird' } }]);
  });

  it('calls somebody without blocks too', () => {
    const text = { text: 'x', unfurl_links: false, unfurl_media: false } as const;
    expect(withMentions(text, { made: ['<!here>'], heldBack: undefined })).toEqual({ ...text, text: 'x <!here>' });
  });
});

describe('however messages come', () => {
  const anyCall: fc.Arbitrary<Notification> = fc
    .record({
      flow: fc.constantFrom('A', 'B'),
      operation: fc.constantFrom('StopFlow', 'StartFlow', 'TagResource'),
      isDenied: fc.boolean(),
    })
    .map(({ flow, operation, isDenied }) => aNotification({ ...on(flow), operation, ...(isDenied && DENIED) }));
  const anyMessages = fc.array(
    fc.record({
      afterMs: fc.nat(5 * 60_000),
      isTaken: fc.boolean(),
      calls: fc.array(anyCall, { minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 30 },
  );

  /** What should be known: of each cause when somebody was called, and how many calls asked in vain since. */
  function createModel() {
    const latest = new Map<string, { readonly atMs: number; readonly inVain: number }>();
    const isFree = (key: string, nowMs: number): boolean =>
      nowMs - (latest.get(key)?.atMs ?? Number.NEGATIVE_INFINITY) >= BETWEEN_MENTIONS_MS;
    function take(key: string, asked: number, nowMs: number): void {
      const last = isFree(key, nowMs) ? undefined : latest.get(key);
      latest.set(key, last === undefined ? { atMs: nowMs, inVain: 0 } : { ...last, inVain: last.inVain + asked });
    }
    return { isFree, take, known: () => Array.from(latest, ([key, { atMs, inVain }]) => [key, atMs, inVain]) };
  }

  const countKeys = (calls: readonly Notification[]): ReadonlyMap<string, number> => {
    const keys = calls.map((call) => mentionKey(call, CHANNEL)).filter((key) => key !== undefined);
    return new Map([...Map.groupBy(keys, (key) => key)].map(([key, { length }]) => [key, length]));
  };

  /** A channel as it is, beside what should be known of it. */
  function createChannel() {
    const known = new Map<string, Memory>();
    const model = createModel();
    function accept(asked: ReadonlyMap<string, number>, memories: ReadonlyMap<string, Memory>, nowMs: number): void {
      for (const [key, count] of asked) model.take(key, count, nowMs);
      for (const [key, memory] of memories) known.set(key, laterOf(known.get(key), memory));
    }
    return {
      post(calls: readonly Notification[], nowMs: number, isTaken: boolean): void {
        const mentions = mentionsOf(calls, CHANNEL, { known, nowMs });
        const asked = countKeys(calls);
        expect(mentions.made.length > 0).toBe([...asked.keys()].some((key) => model.isFree(key, nowMs)));
        if (isTaken) accept(asked, mentions.memoryAt(nowMs), nowMs);
      },
      check(): void {
        const counted = Array.from(known, ([key, { mention }]) => [key, mention?.madeAtMs, mention?.heldBack]);
        expect(counted).toEqual(model.known());
      },
    };
  }

  it('no cause is called for twice in ten minutes, each is then, and all that ask are counted', () => {
    fc.assert(
      fc.property(anyMessages, (messages) => {
        const channel = createChannel();
        let nowMs = NOW_MS;
        for (const { afterMs, isTaken, calls } of messages) {
          nowMs += afterMs;
          channel.post(calls, nowMs, isTaken);
        }
        channel.check();
      }),
    );
  });
});
