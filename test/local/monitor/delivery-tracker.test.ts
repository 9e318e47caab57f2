import { beforeEach, describe, expect, it } from 'vitest';
import { createDeliveryTracker, type DeliveryTracker, type Outcome } from '../../../local/monitor/delivery-tracker.ts';
import { readTemplate } from '../../../local/template/read-template.ts';
import type { ApiCallEvent } from '../../../shared/call/api-call-event.ts';
import type { Decision } from '../../../shared/delivery/settle.ts';
import { shownIdOf } from '../../../shared/notification/enrich.ts';
import { stateIn } from '../../../shared/outcome/signal-memory.ts';
import { anEvent } from '../../builders.ts';
import { aServiceEvent, FLOW_ARN, flowMaintenance } from '../../shared/outcome/signal-examples.ts';
import { aStackEnvironment } from '../a-stack-environment.ts';
import { aTemplate } from '../a-template.ts';

const [rule] = readTemplate(aTemplate(), aStackEnvironment(), '/assembly').rules;
if (rule === undefined) throw new Error('the template has no rule');
const ROUTE = { name: 'changes', channel: 'ops', delivery: 'immediate', state: 'ENABLED', pattern: {} } as const;

let outcomes: Outcome[];
let soon: (() => void)[];
let book: DeliveryTracker;
beforeEach(() => {
  outcomes = [];
  soon = [];
  book = createDeliveryTracker({
    routes: new Map([[rule.name, ROUTE]]),
    onOutcome: (outcome) => outcomes.push(outcome),
    soon: (task) => soon.push(task),
  });
});

const EVENT_ID = '987abc65-1a2b-4c4d-9d6e-987abc654def';
const taken = (event = anEvent()) => book.taken(event, [{ rule, matched: true }]);
const decided = (result: Decision['result'], reason?: string) =>
  book.decided({ eventId: EVENT_ID, rule: 'changes', channel: 'ops', call: undefined, result, reason });
const OUTCOME = {
  eventId: EVENT_ID,
  operation: 'StopFlow',
  resource: 'flow',
  access: 'mutating',
  outcome: 'succeeded',
  rule: 'changes',
  channel: 'ops',
};
const SAYING = { kind: 'news', key: 'news#1', state: stateIn(flowMaintenance('FINISHED', 0)) };
const queued = (event: unknown) => JSON.stringify({ rule: 'changes', channel: 'ops', event });

it('holds an event until its end, and after it what it was', () => {
  taken();
  expect(book.find(EVENT_ID, 'ops')?.event).toEqual(anEvent());
  decided('posted');
  const { event, call } = book.find(EVENT_ID, 'ops') ?? {};
  expect([event, call?.operation]).toEqual([undefined, 'StopFlow']);
});

it('says no secret of an event, and knows a call by the id that the functions have for it', () => {
  const secret = 'passphrase=hunter2hunter2';
  const event = anEvent({ id: secret, detail: { eventID: secret, eventName: secret } });
  taken(event);
  book.taken({ ...event, source: 'x' }, [{ rule, matched: false, reason: `detail.eventID is "${secret}"` }]);
  expect(book.find(shownIdOf(event as ApiCallEvent), 'ops')?.event).toEqual(event);
  expect(outcomes.map(({ result }) => result)).toEqual(['unmatched']);
  expect(JSON.stringify(outcomes)).not.toContain('hunter2');
});

describe('an event has one outcome', () => {
  it.each(['posted', 'folded'] as const)('when it is %s, however often that is said', (result) => {
    taken();
    decided('waiting', 'slack is away');
    decided(result);
    decided('repeated', 'reported before');
    decided(result);
    taken();
    for (const task of soon) task();
    expect(outcomes).toEqual([{ ...OUTCOME, result }]);
  });

  it('when it was reported in an earlier run', () => {
    taken();
    decided('repeated', 'reported before');
    const before = [...outcomes];
    for (const task of soon) task();
    expect([before, outcomes]).toEqual([[], [{ ...OUTCOME, result: 'posted', reason: 'reported before' }]]);
  });

  it('when it is dead-lettered, also as what cannot be read as a call', () => {
    const malformed = anEvent({ detail: { eventName: '' } });
    taken(malformed);
    book.deadLettered(queued(malformed), 'malformed: no operation');
    expect(outcomes).toEqual([
      {
        ...OUTCOME,
        operation: null,
        resource: null,
        access: null,
        outcome: null,
        result: 'dead-lettered',
        reason: 'malformed: no operation',
      },
    ]);
  });

  it('when its target refuses it', () => {
    taken();
    book.undeliverable(JSON.stringify(anEvent()), rule.arn, 'InvalidParameterValue: too long');
    expect(outcomes).toEqual([{ ...OUTCOME, result: 'dead-lettered', reason: 'InvalidParameterValue: too long' }]);
  });

  it('when no rule matches, with the reason', () => {
    const reason = 'source: is "a"';
    book.taken(anEvent(), [{ rule, matched: false, reason }]);
    book.taken(anEvent(), [{ rule, matched: false, reason }]);
    expect(outcomes).toEqual([{ ...OUTCOME, rule: null, channel: null, result: 'unmatched', reason }]);
  });

  it('when it was in the queue before the start', () => {
    book.found({ messageId: 'm1', body: queued(anEvent()) });
    book.found({ messageId: 'm2', body: 'no JSON' });
    decided('posted');
    expect(outcomes).toEqual([{ ...OUTCOME, result: 'posted' }]);
  });
});

it('knows when none is open any more', async () => {
  const log: string[] = [];
  taken();
  const settled = book.whenNoneIsOpen('immediate').then(() => log.push('settled'));
  log.push(`open ${book.open()}`);
  decided('posted');
  await settled;
  await book.whenNoneIsOpen();
  expect([log, book.open()]).toEqual([['open 1', 'settled'], 0]);
});

describe('of one of MediaConnect’s own events', () => {
  const status = aServiceEvent('Flow Status Change', { currentStatus: 'ACTIVE' });
  const moved = (body: unknown, status: 'published' | 'consumed', messageId = 'm1') =>
    book.moved({ messageId, body: JSON.stringify(body), status });

  it('it is worked on until it has left the queue, and so is what is said of it', async () => {
    const record = { rule: '_signal', channel: 'ops', event: status };
    book.taken(status, [{ rule, matched: true }]);
    moved(record, 'published');
    const open = [book.open(), book.open('immediate'), book.open('digest')];
    moved({ saying: SAYING, channel: 'ops' }, 'published', 'm2');
    moved(record, 'consumed');
    const settled = book.whenNoneIsOpen();
    const still = book.open();
    moved({ saying: SAYING, channel: 'ops' }, 'consumed', 'm2');
    await settled;
    expect({ open, still, now: book.open(), outcomes }).toEqual({ open: [1, 1, 0], still: 1, now: 0, outcomes: [] });
  });

  it('it is worked on after a restart, and a call or a look at something later is not', () => {
    book.found({ messageId: 'm1', body: JSON.stringify({ rule: '_signal', channel: 'ops', event: status }) });
    const open = book.open();
    moved({}, 'consumed');
    moved({ check: { kind: 'end', rootArn: FLOW_ARN, id: 'x', sinceMs: 0, dueAtMs: 1 } }, 'published', 'm2');
    moved({ rule: 'changes', channel: 'ops', event: anEvent() }, 'published', 'm3');
    expect([open, book.open()]).toEqual([1, 0]);
  });

  it('it is unmatched where no rule takes it', () => {
    book.taken(status, [{ rule, matched: false, reason: 'no' }]);
    expect(outcomes).toMatchObject([{ operation: null, result: 'unmatched', reason: 'no' }]);
  });
});

it('forgets nothing that a page may ask for', () => {
  taken();
  decided('posted');
  expect(book.find(EVENT_ID, 'ops')?.rule).toEqual(ROUTE);
});
