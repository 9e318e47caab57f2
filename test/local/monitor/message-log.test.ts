import { expect, it } from 'vitest';
import { createMessageLog } from '../../../local/monitor/message-log.ts';
import type { Decision } from '../../../shared/delivery/queued-call.ts';

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
const told = (eventId: string) =>
  ({ eventId, result: 'posted', reason: undefined, rule: undefined, call: undefined, event: {} }) as const;

it('gives an event to the last message of the process that told it, in its channel', () => {
  const log = createMessageLog();
  log.add(post('P1', 'a'));
  log.add(post('P2', 'a'));
  log.add(post('P1', 'b'));
  log.tell('P1', decision('e1', 'a'), told('e1'));
  log.tell('P1', decision('e2', 'b'), told('e2'));
  log.tell('P2', decision('e3', 'a'), told('e3'));
  expect(log.messages().map(({ id, events }) => [id, events.map(({ eventId }) => eventId)])).toEqual([
    ['1', ['e1']],
    ['2', ['e3']],
    ['3', ['e2']],
  ]);
});

it('finds the message of a channel that refused it in the one that took it', () => {
  const log = createMessageLog();
  log.add(post('P1', 'default'));
  expect(log.tell('P1', decision('e1', 'archived'), told('e1'))?.channel).toBe('default');
  expect(log.tell('P9', decision('e2', 'a'), told('e2'))).toBeUndefined();
});
