import type { PipelineState, QueueState } from '../../local/monitor/pipeline-state.ts';
import { counted } from '../backtest/text.ts';

export interface Closing {
  /** Calls that reached a dead-letter queue in this run. */
  readonly givenUp: number;
  /** Whether what waits is there at the next start. */
  readonly isKept: boolean;
  /** Whether it was waited for everything to be reported: then the queue holds only what is looked at later. @default false */
  readonly isAllReported?: boolean;
}

function received({ received: all, ownEvents, unmatched }: PipelineState): string {
  if (all === 0) return 'Received: nothing';
  const own = ownEvents === 0 ? [] : [`${ownEvents} of them MediaConnect’s own, which are no calls`];
  const others = unmatched === 0 ? [] : [`${unmatched} of them matched by no rule`];
  return [`Received: ${counted(all, 'event')}`, ...own, ...others].join(', ');
}

/** A call that rules send to two channels is reported in each, and counts twice. */
function posted({ messages, posted: alone, folded, repeated }: PipelineState): string {
  const reports = alone + folded;
  const how = folded === 0 ? '' : ` (${alone} in messages of their own, ${folded} in messages that gather several)`;
  const before = repeated === 0 ? '' : `; ${counted(repeated, 'call')} not again, since reported before`;
  if (messages === 0) return `Posted: nothing${before}`;
  return `Posted: ${counted(messages, 'message')}, with ${counted(reports, 'call')}${how}${before}`;
}

const sumOf = (queues: readonly QueueState[], countOf: (queue: QueueState) => number): number =>
  queues.reduce((sum, queue) => sum + countOf(queue), 0);

function waiting({ queues }: PipelineState, { isKept, isAllReported = false }: Closing): string {
  const immediate = queues.filter(({ name }) => name === 'immediate');
  const digest = queues.filter(({ name }) => name === 'digest');
  const parts: readonly (readonly [count: number, what: string])[] = [
    [sumOf(digest, (queue) => queue.waiting + queue.inFlight), 'for the next digest'],
    [sumOf(queues, ({ held }) => held), 'for another try, since Slack did not take them'],
    [isAllReported ? 0 : sumOf(immediate, (queue) => queue.waiting + queue.inFlight), 'to be reported'],
  ];
  const some = parts.filter(([count]) => count > 0);
  if (some.length === 0) return 'Waiting: nothing';
  const fate = isKept ? 'kept for the next start with this --data' : 'gone now; --data DIR would keep them';
  return `Waiting: ${some.map(([count, what]) => `${count} ${what}`).join(', ')} (${fate})`;
}

/** What came of everything, when it is over: events, messages and calls each called by their name. */
export function closingLines(state: PipelineState, closing: Closing): readonly string[] {
  const { givenUp } = closing;
  const lost =
    givenUp === 0 ? [] : [`Given up: ${counted(givenUp, 'call')}, in the dead-letter queue, with the reason`];
  return [received(state), posted(state), ...lost, waiting(state, closing)].map((line) => `${line}.`);
}
