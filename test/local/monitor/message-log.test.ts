import { expect, it } from 'vitest';
import { createMessageLog } from '../../../local/monitor/message-log.ts';
import type { Decision } from '../../../shared/delivery/settle.ts';

const message = { text: 'x', unfurl_links: false, unfurl_media: false } as const;
const post = (poster: string, channel: string) => ({ poster, channel, message, atMs: 1 });
const decision = (eventId: string, channel: string): Decision => ({
  eventId,
  channel,
  rule: 'changes',
  call: undefined,
  result: 'posted',
  reason: undefined,
});
const notified = (eventId: string) =>
  ({ eventId, result: 'posted', reason: undefined, rule: undefined, call: undefined, event: {} }) as const;

it('gives an event to the last message of the process that reported it, in its channel', () => {
  const log = createMessageLog();
  log.add(post('P1', 'a'));
  log.add(post('P2', 'a'));
  log.add(post('P1', 'b'));
  log.notify('P1', decision('e1', 'a'), notified('e1'));
  log.notify('P1', decision('e2', 'b'), notified('e2'));
  log.notify('P2', decision('e3', 'a'), notified('e3'));
  expect(log.messages().map(({ id, events }) => [id, events.map(({ eventId }) => eventId)])).toEqual([
    ['1', ['e1']],
    ['2', ['e3']],
    ['3', ['e2']],
  ]);
});

it('finds the message of a channel that refused it in the one that took it', () => {
  const log = createMessageLog();
  log.add(post('P1', 'default'));
  expect(log.notify('P1', decision('e1', 'archived'), notified('e1'))?.channel).toBe('default');
  expect(log.notify('P9', decision('e2', 'a'), notified('e2'))).toBeUndefined();
});

it('keeps whole events for the latest messages only, however many calls they report', () => {
  const log = createMessageLog(10);
  for (let message = 0; message < 50; message += 1) {
    log.add(post('P1', 'a'));
    for (let event = 0; event < 4; event += 1) {
      log.notify('P1', decision(`${message}-${event}`, 'a'), notified(`${message}-${event}`));
    }
  }
  const events = log.messages().map((one) => one.events);
  expect(events.flat().length).toBe(200);
  expect(events.map((of) => of.filter(({ event }) => event !== undefined).length).slice(-4)).toEqual([0, 0, 4, 4]);
  expect(
    events
      .slice(0, -2)
      .flat()
      .filter(({ event }) => event !== undefined),
  ).toEqual([]);
  expect(events[0]?.map(({ eventId }) => eventId)).toEqual(['0-0', '0-1', '0-2', '0-3']);
});
