import { createAttribution, type Excuse, excuseOf, leavesNoWord } from './attribute.ts';
import type { FailedCall, ServiceName } from './aws-client.ts';
import { isSaying } from './checks/check-outcomes.ts';
import type { Setback } from './checks/setbacks.ts';
import type { Item } from './expression.ts';
import { createMishaps } from './mishaps.ts';
import type { Invocation, Process } from './process.ts';
import type { Violate } from './promises.ts';
import type { Queue, QueueMessage, Removal } from './queues.ts';
import { type ReadMessage, readMessage } from './read-message.ts';
import { isAside, isKeyOfSaying } from './signals.ts';
import type { TakenPost } from './slack.ts';
import { type Arrival, type Call, numberOf, type QueueName } from './workload.ts';

/** A call that one channel must be notified of, or an invalid record. */
export interface Ticket {
  readonly call: Call;
  readonly channel: string;
  /** Since when it waits: what goes out at once, since it is in that queue. */
  queuedMs: number;
  /** Whether it must go out at once. */
  isImmediate: boolean;
  /** Records of it that are in queues now. */
  readonly records: Set<QueueMessage>;
  readonly notices: Notice[];
  readonly deadLetterReasons: string[];
  /** What befell this one alone. */
  readonly setbacks: Setback[];
  /** To whom its records were given, the last few times. */
  handed: readonly { readonly invocation: Invocation; readonly atMs: number }[];
}

/** A message that Slack took, and who posted it. */
export interface Notice {
  readonly post: TakenPost;
  readonly notes: InvocationNotes;
  readonly read: ReadMessage;
}

/** What was seen of one invocation. */
export interface InvocationNotes {
  readonly invocation: Invocation;
  /** What it was given, and what it received itself. */
  readonly hands: Set<Ticket>;
  /** When a call to the ledger failed for good. */
  readonly ledgerFailedMs: number[];
  /** How long the slowest answer of the ledger took. */
  ledgerTookMs: number;
  /** Call → when the ledger was last told that it is reported. */
  readonly markedMs: Map<Ticket, number>;
}

export interface EvidenceOptions {
  readonly nowMs: () => number;
  readonly violate: Violate;
  /** Whether a channel's messages go to that webhook, or did before it was exchanged. */
  readonly isWebhookOf: (url: string, channel: string) => boolean;
  /** Whether Slack knows no webhook for the channel, or did not a moment ago. */
  readonly isWithoutWebhook: (channel: string) => boolean;
  /** Called with a call when its first record is queued. */
  readonly onQueued: (ticket: Ticket) => void;
  /** Called with a message that reports no call, but what MediaConnect said by itself. */
  readonly onSaid: (notice: Notice) => void;
  /** Whether Slack refuses what names a call. */
  readonly isRefused: (body: string) => boolean;
  /** Called with the calls that a message has reported. */
  readonly onNotified: (tickets: readonly Ticket[], notice: Notice) => void;
}

const time = (ms: number): string => new Date(ms).toISOString();

const isEnded = ({ notices, deadLetterReasons }: Ticket): boolean => notices.length > 0 || deadLetterReasons.length > 0;

/** A process does not ask a ledger that did not answer for so long, and reports without it. */
const LEFT_ALONE_MS = 10_000;

/** What is given up only for as long as its channel has no webhook. */
export const CHANNEL_REFUSED = 'channel-refused';

const labelOf = ({ call, channel }: Ticket): string =>
  call.isMalformed ? `record malformed-${call.number}` : `call ${call.number} (${call.operation}) for ${channel}`;

/**
 * What became of every call, by what was seen from outside: which records are in which queue, whom they were handed to,
 * and what Slack took. What the functions write down is looked at only to excuse a repeat.
 */
export function createEvidence(options: EvidenceOptions) {
  const { nowMs, violate, isWebhookOf, isWithoutWebhook, onQueued, onNotified, onSaid, isRefused } = options;
  const tickets = new Map<string, Ticket>();
  const byNumber = new Map<number, readonly Ticket[]>();
  /** Text of a record → its call: a record that is not as it came is nobody's. */
  const byBody = new Map<string, Ticket>();
  const open = new Set<Ticket>();
  const notesOf = new WeakMap<Invocation, InvocationNotes>();
  const ledgerFailedMs = new WeakMap<Process, number>();
  const ticketsOf = (number: number): readonly Ticket[] => byNumber.get(number) ?? [];
  const attribution = createAttribution({ violate, isWebhookOf, ticketsOf });
  const counts = { posts: 0, alone: 0, folded: 0, digested: 0, deadLettered: 0, mostReceives: 0 };
  const excused: Record<Excuse, number> = {
    'a kill': 0,
    'an answer that got lost': 0,
    'the ledger out of reach': 0,
  };

  const notesFor = ({ invocation }: Process): InvocationNotes | undefined =>
    invocation === undefined ? undefined : notesOf.get(invocation);

  /** The call of a record, in whose place nothing else may be. */
  function ticketOf({ settings }: Queue, { body }: QueueMessage): Ticket | undefined {
    const ticket = byBody.get(body);
    if (ticket === undefined && !isAside(body))
      violate('reported truly', `in ${settings.name}, not as it came: ${body.slice(0, 200)}`);
    return ticket;
  }

  /** The call that is reported, or being reported, under a key of the ledger. */
  const ticketOfKey = (key: string): Ticket | undefined =>
    isKeyOfSaying(key) ? undefined : tickets.get(`${numberOf(key)} ${key.split('#').at(-1)}`);

  const mishaps = createMishaps({
    nowMs,
    ticketOf: (body) => byBody.get(body),
    ticketClaimed: ticketOfKey,
    handsOf: (process) => notesFor(process)?.hands ?? [],
  });

  function checkRepeat(ticket: Ticket, notice: Notice): void {
    const excuses = ticket.notices.map((before) => excuseOf(before, notice, ticket));
    const [first] = ticket.notices;
    if (first === undefined) return;
    const excuse = excuses.find((each) => each !== undefined);
    if (excuse !== undefined) {
      excused[excuse] += 1;
      return;
    }
    const before = `${first.notes.invocation.name} at ${time(first.post.takenMs)}`;
    violate('reported once', `${labelOf(ticket)}, by ${notice.notes.invocation.name}, and before by ${before}`);
  }

  function notify(ticket: Ticket, notice: Notice): void {
    checkRepeat(ticket, notice);
    // Another record of it may have come later, when the channel had a webhook again.
    const isGivenUp = ticket.deadLetterReasons.some((reason) => reason !== CHANNEL_REFUSED);
    if (isGivenUp) violate('reported truly', `${labelOf(ticket)} was dead-lettered before`);
    ticket.notices.push(notice);
    open.delete(ticket);
  }

  function notifyByNumberOnly(ticket: Ticket): void {
    const notice = attribution.noticeOf(ticket);
    if (notice === undefined) return;
    notify(ticket, notice);
    onNotified([ticket], notice);
  }

  function count({ read, notes }: Notice): void {
    counts.posts += 1;
    if (notes.invocation.functionName === 'digest') counts.digested += read.stated;
    else counts[read.stated === 1 ? 'alone' : 'folded'] += read.stated;
  }

  /** Whether a record may lie in the dead-letter queue for that reason. */
  function isRightful({ call, channel }: Ticket, reason: string | undefined): boolean {
    if (call.isMalformed) return reason === 'malformed';
    if (reason === CHANNEL_REFUSED) return isWithoutWebhook(channel);
    return reason === 'message-refused' && call.refusal === 'always';
  }

  function checkLetter(ticket: Ticket, reason: string | undefined): void {
    if (!isRightful(ticket, reason)) {
      violate('only the broken are dead-lettered', `${labelOf(ticket)}: ${reason ?? 'no reason'}`);
    }
    if (ticket.notices.length > 0 && !ticket.notices.some(leavesNoWord)) {
      violate('reported truly', `${labelOf(ticket)} dead-lettered after it was reported`);
    }
  }

  /** Only what Slack refuses to hear is given up. */
  function checkLetterAside({ body, attributes }: QueueMessage): undefined {
    const reason = attributes.reason?.StringValue;
    const isOfChannel = reason === CHANNEL_REFUSED && ['default', 'ops'].some(isWithoutWebhook);
    if (isOfChannel || (reason === 'message-refused' && isRefused(body))) return;
    violate('only the broken are dead-lettered', `${body.slice(0, 200)}: ${reason ?? 'no reason'}`);
  }

  /** The last record of a call has left its queue. */
  function lose(ticket: Ticket, why: Removal): void {
    notifyByNumberOnly(ticket);
    if (!isEnded(ticket)) violate('nothing is lost', `${labelOf(ticket)}: its last record was ${why}`);
    open.delete(ticket);
  }

  return {
    counts,
    excused,
    open: (): ReadonlySet<Ticket> => open,
    isPerhapsNotified: attribution.isPerhapsNotified,
    mishaps,
    labelOf,
    tickets: (): number => tickets.size,

    /** A record is about to come into its queue. */
    expect({ call, route, body }: Arrival): void {
      const key = `${call.number} ${route.channel}`;
      const known = tickets.get(key);
      const ticket: Ticket = known ?? {
        call,
        channel: route.channel,
        queuedMs: nowMs(),
        isImmediate: false,
        records: new Set(),
        notices: [],
        deadLetterReasons: [],
        setbacks: [],
        handed: [],
      };
      byBody.set(body, ticket);
      if (known !== undefined) return;
      tickets.set(key, ticket);
      byNumber.set(call.number, [...ticketsOf(call.number), ticket]);
      open.add(ticket);
    },

    added(queue: Queue, message: QueueMessage): void {
      const ticket = ticketOf(queue, message);
      if (ticket === undefined) return;
      ticket.records.add(message);
      const isHurried = queue.settings.name === 'immediate' && !ticket.isImmediate;
      if (isHurried) Object.assign(ticket, { isImmediate: true, queuedMs: nowMs() });
      const isFirst = isHurried || (ticket.records.size === 1 && ticket.queuedMs === nowMs());
      if (isFirst && !isEnded(ticket)) onQueued(ticket);
    },

    removed(queue: Queue, message: QueueMessage, why: Removal): void {
      const ticket = ticketOf(queue, message);
      if (ticket === undefined) return;
      ticket.records.delete(message);
      counts.mostReceives = Math.max(counts.mostReceives, message.receiveCount);
      if (ticket.records.size === 0 && !isEnded(ticket)) lose(ticket, why);
    },

    deadLettered(queue: Queue, message: QueueMessage): void {
      const ticket = isAside(message.body) ? checkLetterAside(message) : ticketOf(queue, message);
      if (ticket === undefined) return;
      const reason = message.attributes.reason?.StringValue;
      checkLetter(ticket, reason);
      if (ticket.deadLetterReasons.length === 0) counts.deadLettered += 1;
      ticket.deadLetterReasons.push(reason ?? 'none');
      open.delete(ticket);
    },

    /** A dead letter is about to come into its queue again: it is as if it came for the first time. */
    redriven({ body }: QueueMessage): QueueName | undefined {
      const ticket = byBody.get(body);
      if (ticket === undefined) return undefined;
      if (ticket.notices.length === 0) {
        ticket.deadLetterReasons.length = 0;
        ticket.queuedMs = nowMs();
        open.add(ticket);
      }
      return ticket.isImmediate ? 'immediate' : 'digest';
    },

    started(process: Process): void {
      const { invocation } = process;
      if (invocation === undefined) return;
      const failedMs = ledgerFailedMs.get(process) ?? Number.NEGATIVE_INFINITY;
      const isLeftAlone = nowMs() - failedMs < LEFT_ALONE_MS;
      notesOf.set(invocation, {
        invocation,
        hands: new Set(),
        ledgerFailedMs: isLeftAlone ? [nowMs()] : [],
        ledgerTookMs: 0,
        markedMs: new Map(),
      });
    },

    handed(process: Process, messages: readonly QueueMessage[]): void {
      const notes = notesFor(process);
      for (const { body } of messages) {
        const ticket = byBody.get(body);
        if (ticket === undefined) continue;
        notes?.hands.add(ticket);
        if (notes !== undefined) {
          ticket.handed = [...ticket.handed.slice(-3), { invocation: notes.invocation, atMs: nowMs() }];
        }
        mishaps.handed(process, ticket);
      }
    },

    taken(post: TakenPost): Notice | undefined {
      const notes = notesFor(post.process);
      if (notes === undefined) return undefined;
      const notice: Notice = { post, notes, read: readMessage(post.message) };
      if (notes.invocation.functionName === 'summary') return notice;
      if (isSaying(post.message.text)) {
        onSaid(notice);
        return notice;
      }
      count(notice);
      const notified = attribution.ticketsIn(notice);
      for (const ticket of notified) notify(ticket, notice);
      onNotified(notified, notice);
      return notice;
    },

    wrote(process: Process, key: string, item: Item | undefined): void {
      const ticket = item?.notifiedAtMs === undefined ? undefined : ticketOfKey(key);
      if (ticket !== undefined) notesFor(process)?.markedMs.set(ticket, nowMs());
    },

    failed(process: Process, failed: FailedCall): void {
      mishaps.failed(process, failed);
      if (failed.service !== 'table') return;
      notesFor(process)?.ledgerFailedMs.push(nowMs());
      ledgerFailedMs.set(process, nowMs());
    },

    cameLate: mishaps.cameLate,

    answered(process: Process, service: ServiceName, tookMs: number): void {
      if (service === 'secret') mishaps.hasSecret(process);
      const notes = notesFor(process);
      if (service === 'table' && notes !== undefined) notes.ledgerTookMs = Math.max(notes.ledgerTookMs, tookMs);
    },

    /** The run is over: whatever is not reported by now, never is. */
    finish(): void {
      for (const ticket of [...open]) notifyByNumberOnly(ticket);
      attribution.finish();
      for (const ticket of open) violate('every wait ends', `${labelOf(ticket)} still waits`);
    },
  };
}

export type Evidence = ReturnType<typeof createEvidence>;
