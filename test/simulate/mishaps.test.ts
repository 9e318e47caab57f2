import { expect, it } from 'vitest';
import type { Setback } from './checks/setbacks.ts';
import type { Ticket } from './evidence.ts';
import { createMishaps } from './mishaps.ts';
import type { QueueMessage } from './queues.ts';

const MINUTE = 60_000;

/** A record that was received at midnight, as it were, and comes back after twelve minutes unless it is hidden. */
function aReceivedRecord() {
  let atMs = 0;
  const setbacks: Setback[] = [];
  const message = { body: 'call', visibleAtMs: 12 * MINUTE } as QueueMessage;
  const { hidden } = createMishaps({
    nowMs: () => atMs,
    ticketOf: () => ({ setbacks }) as Pick<Ticket, 'setbacks'> as Ticket,
    ticketClaimed: () => undefined,
    handsOf: () => [],
  });
  return {
    setbacks,
    hide(ms: number, isHidden: boolean): void {
      atMs = ms;
      hidden(message, isHidden);
    },
    receive(ms: number): void {
      message.visibleAtMs = ms + 12 * MINUTE;
    },
  };
}

const late: Setback = { fromMs: 0, untilMs: 12 * MINUTE, kind: 'kill' };

it('excuses what could not be hidden, until another try succeeds', () => {
  const { setbacks, hide } = aReceivedRecord();
  hide(0, false);
  expect(setbacks).toEqual([late]);
  hide(100, true);
  expect(setbacks).toEqual([]);
});

it('does not count what fails twice as two', () => {
  const { setbacks, hide } = aReceivedRecord();
  hide(0, false);
  hide(100, false);
  expect(setbacks).toEqual([{ ...late, fromMs: 100 }]);
});

it('still excuses what came back late when the next hand has hidden it', () => {
  const { setbacks, hide, receive } = aReceivedRecord();
  hide(0, false);
  receive(12 * MINUTE);
  hide(12 * MINUTE + 100, true);
  expect(setbacks).toEqual([late]);
  hide(13 * MINUTE, false);
  hide(13 * MINUTE + 100, true);
  expect(setbacks).toEqual([late]);
});
