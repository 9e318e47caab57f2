import { expect, it } from 'vitest';
import { createAttribution } from './attribute.ts';
import type { InvocationNotes, Notice, Ticket } from './evidence.ts';
import type { Violation } from './promises.ts';

/** A call of a program that makes many, so that messages only count it. */
const aTicket = (number: number): Ticket => ({
  call: {
    number,
    operation: 'UpdateFlow',
    flow: 'flow',
    calledMs: 0,
    refusal: undefined,
    isMalformed: false,
    isByRobot: true,
  },
  channel: 'default',
  queuedMs: 0,
  isImmediate: true,
  records: new Set(),
  notices: [],
  deadLetterReasons: [],
  setbacks: [],
  handed: [],
});

/** A message that says so many calls, of somebody who had these in hand. */
function aNotice(name: string, stated: number, hands: readonly Ticket[], isBroken = false): Notice {
  const invocation = { name, functionName: 'notifier', startedMs: 0, isBroken } as const;
  const read = {
    stated,
    named: new Set(),
    saysOlder: false,
    mentions: false,
    channels: new Set(),
    meantFor: undefined,
  };
  return {
    post: { url: 'https://hooks.slack.test', takenMs: 0 } as Notice['post'],
    notes: { invocation, hands: new Set(hands), ledgerFailedMs: [], markedMs: new Map() } as Pick<
      InvocationNotes,
      'invocation' | 'hands' | 'ledgerFailedMs' | 'markedMs'
    > as InvocationNotes,
    read: { ...read, text: '' } as Notice['read'],
  };
}

function anAttribution() {
  const violations: Pick<Violation, 'promise' | 'detail'>[] = [];
  const attribution = createAttribution({
    violate: (promise, detail) => violations.push({ promise, detail }),
    isWebhookOf: () => true,
    ticketsOf: () => [],
  });
  /** As a call is taken for reported whose last record has gone. */
  const gone = (ticket: Ticket): Notice | undefined => {
    const notice = attribution.noticeOf(ticket);
    if (notice !== undefined) ticket.notices.push(notice);
    return notice;
  };
  return { attribution, violations, gone };
}

it('gives each of the calls that several messages may have counted the one that leaves one for the others', () => {
  const { attribution, violations, gone } = anAttribution();
  const [early, both] = [aTicket(1), aTicket(2)];
  const third = aTicket(3);
  const first = aNotice('first', 1, [early, both]);
  const second = aNotice('second', 1, [both, third]);
  expect([...attribution.ticketsIn(first), ...attribution.ticketsIn(second)]).toEqual([]);

  expect(gone(both)).toBe(first);
  expect(attribution.isPerhapsNotified(early)).toBe(true);
  expect(gone(early)).toBe(first);
  expect(both.notices).toEqual([second]);

  expect(attribution.isPerhapsNotified(third)).toBe(false);
  expect(gone(third)).toBeUndefined();
  attribution.finish();
  expect(violations).toEqual([]);
});

it('finds the message that a repeat explains, though the calls were taken for others', () => {
  const { attribution, violations, gone } = anAttribution();
  const [twice, second, third, open] = [aTicket(1), aTicket(2), aTicket(3), aTicket(4)];
  attribution.ticketsIn(aNotice('killed', 1, [twice, second], true));
  attribution.ticketsIn(aNotice('next', 1, [second, third]));
  attribution.ticketsIn(aNotice('last', 2, [twice, third, open]));
  for (const ticket of [second, third, twice]) gone(ticket);
  attribution.finish();
  expect(violations).toEqual([]);
});

it('takes no message for more calls than it says', () => {
  const { attribution, gone } = anAttribution();
  const tickets = [1, 2, 3].map(aTicket);
  const notice = aNotice('first', 2, tickets);
  attribution.ticketsIn(notice);
  expect(tickets.map(gone)).toEqual([notice, notice, undefined]);
});

it('knows a message that counted what nobody waited for any more', () => {
  const { attribution, violations, gone } = anAttribution();
  const tickets = [1, 2, 3].map(aTicket);
  attribution.ticketsIn(aNotice('first', 2, tickets));
  const [ticket] = tickets;
  if (ticket !== undefined) gone(ticket);
  attribution.finish();
  expect(violations).toEqual([{ promise: 'reported once', detail: '1 calls that first counted' }]);
});
