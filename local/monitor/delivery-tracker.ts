import { createHash } from 'node:crypto';
import { ApiCallEventSchema, CloudTrailRecordSchema } from '../../shared/call/api-call-event.ts';
import { type Classification, classifyCall } from '../../shared/call/classify-call.ts';
import { isObject } from '../../shared/call/json.ts';
import { type Decision, notifiedKey } from '../../shared/delivery/settle.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { shownIdOf } from '../../shared/notification/enrich.ts';
import { withoutSecretsIn } from '../../shared/notification/redaction.ts';
import { isServiceEvent, serviceEventIn } from '../../shared/outcome/signal-event.ts';
import { ownRecordIn } from '../../shared/outcome/signal-memory.ts';
import type { BusEvent, Verdict } from '../aws/event-bus.ts';
import type { QueueChange } from '../aws/fauxqs-internals.ts';
import type { QueuedMessage } from '../aws/sqs.ts';

/** By what an event is told apart from others, and what call it is if it is one. */
export interface EventIdentity {
  readonly eventId: string;
  readonly call: Classification | undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const hashOf = (event: unknown): string =>
  `hash-${createHash('sha256')
    .update(JSON.stringify(event) ?? '')
    .digest('hex')
    .slice(0, 14)}`;

/**
 * Identifies any event as the functions do. What is no API call of MediaConnect goes by the ids it has; without any, by
 * a hash of what it says.
 */
export function identifyEvent(event: unknown): EventIdentity {
  const parsed = ApiCallEventSchema.safeParse(event);
  if (parsed.success) return { eventId: shownIdOf(parsed.data), call: classifyCall(parsed.data.detail) };
  const { id, detail } = isObject(event) ? event : {};
  const record = CloudTrailRecordSchema.safeParse(detail);
  const eventId = isObject(detail) ? textOf(detail.eventID) : undefined;
  return {
    eventId: eventId ?? textOf(id) ?? hashOf(event),
    call: record.success ? classifyCall(record.data) : undefined,
  };
}

/** How an input event ended on one channel. Members that the event does not give are null. */
export interface Outcome {
  readonly eventId: string;
  readonly operation: string | null;
  readonly resource: string | null;
  readonly access: string | null;
  readonly outcome: string | null;
  readonly rule: string | null;
  readonly channel: string | null;
  readonly result: 'posted' | 'folded' | 'dead-lettered' | 'unmatched';
  readonly reason?: string;
}

/** What an outcome says of the call, whether or not it could be classified. */
const callFields = (call: Classification | undefined) => ({
  operation: call?.operation ?? null,
  resource: call?.resource ?? null,
  access: call?.access ?? null,
  outcome: call?.outcome ?? null,
});

/** Says in one line why no rule matched: each reason once, with the rules that gave it. */
function whyUnmatched(verdicts: readonly Verdict[], nameOf: (verdict: Verdict) => string): string {
  if (verdicts.length === 0) return 'there are no rules';
  const refusals = verdicts.flatMap((verdict) =>
    verdict.matched ? [] : [{ name: nameOf(verdict), reason: verdict.reason }],
  );
  const byReason = Map.groupBy(refusals, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, group]) =>
      group.length === verdicts.length ? reason : `${group.map(({ name }) => name).join(', ')}: ${reason}`,
    )
    .join('; ');
}

/** An event on its way to one channel. */
export interface TrackedEvent extends EventIdentity {
  readonly event: unknown;
  readonly rule: CompiledRule | undefined;
  readonly ruleName: string;
  readonly channel: string;
}

export interface DeliveryTrackerOptions {
  /** The admin's rule of each rule on the bus, by its name there. */
  readonly routes: ReadonlyMap<string, CompiledRule>;
  /** Called with each outcome: exactly one for each event and channel. */
  readonly onOutcome: (outcome: Outcome) => void;
  /** Runs a task a moment later. */
  readonly soon: (task: () => void) => void;
}

/** Keeps account of every event from the bus to its end. */
export interface DeliveryTracker {
  /** The bus has taken an event. */
  taken(event: BusEvent, verdicts: readonly Verdict[]): void;
  /** A record was in a queue before this start. */
  found(record: Pick<QueuedMessage, 'messageId' | 'body'>): void;
  /** A record entered a queue that functions read, or left it. */
  moved(change: Pick<QueueChange, 'messageId' | 'body' | 'status'>): void;
  /** A function said how a call ended. */
  decided(decision: Decision): void;
  /** A record reached a dead-letter queue. */
  deadLettered(body: string, reason: string): void;
  /** An event's target did not take it. */
  undeliverable(body: string, ruleArn: string, reason: string): void;
  /** What is known of an event on its way to a channel; after its end without the event itself. */
  find(eventId: string, channel: string): TrackedEvent | undefined;
  /** How many events on their way to a channel have not ended. */
  open(delivery?: CompiledRule['delivery']): number;
  /** Resolves when none is open any more (of a delivery). */
  whenNoneIsOpen(delivery?: CompiledRule['delivery']): Promise<void>;
}

/** Of the events that ended so many are remembered, so that a late copy gives no second outcome: what they were, not they. */
const REMEMBERED = 50_000;

const NOWHERE = '';

/** One of MediaConnect's own events, or what is to be said of one. What is to be looked at later waits for minutes. */
const isAside = (body: string): boolean =>
  // Nearly all are calls, and in a burst each is asked for; the rest of the question takes them apart.
  (body.includes('"MediaConnect ') || body.includes('"saying"')) &&
  (serviceEventIn(body) !== undefined || ownRecordIn(body)?.kind === 'saying');

interface Entry {
  tracked: TrackedEvent;
  isOpen: boolean;
}

interface Envelope {
  readonly rule?: unknown;
  readonly channel?: unknown;
  readonly event?: unknown;
}

function parseObject(body: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export function createDeliveryTracker({ routes, onOutcome, soon }: DeliveryTrackerOptions): DeliveryTracker {
  const entries = new Map<string, Entry>();
  const waiting = new Set<{ readonly delivery: CompiledRule['delivery'] | undefined; readonly resolve: () => void }>();
  const open = { immediate: 0, digest: 0 };
  /** Records that are no calls and are worked on at once: they end when they leave the queue, without an outcome. */
  const aside = new Set<string>();
  const rulesByName = new Map([...routes.values()].map((rule) => [rule.name, rule]));

  const countOpen = (delivery?: CompiledRule['delivery']): number =>
    (delivery === 'digest' ? 0 : open.immediate + aside.size) + (delivery === 'immediate' ? 0 : open.digest);

  const deliveryOf = ({ rule }: TrackedEvent): CompiledRule['delivery'] => rule?.delivery ?? 'immediate';

  function forgetOldest(): void {
    if (entries.size <= REMEMBERED) return;
    for (const [key, { isOpen }] of entries) {
      if (!isOpen) {
        entries.delete(key);
        return;
      }
    }
  }

  function begin(tracked: TrackedEvent): void {
    const key = notifiedKey(tracked.eventId, tracked.channel);
    if (entries.has(key)) return;
    entries.set(key, { tracked, isOpen: true });
    open[deliveryOf(tracked)] += 1;
    forgetOldest();
  }

  function wakeWaiting(): void {
    for (const waiter of waiting) {
      if (countOpen(waiter.delivery) === 0) {
        waiting.delete(waiter);
        waiter.resolve();
      }
    }
  }

  function end(key: string, result: Outcome['result'], reason: string | undefined): void {
    const entry = entries.get(key);
    if (entry === undefined || !entry.isOpen) return;
    const { tracked } = entry;
    entry.isOpen = false;
    entry.tracked = { ...tracked, event: undefined };
    open[deliveryOf(tracked)] -= 1;
    onOutcome(
      withoutSecretsIn({
        eventId: tracked.eventId,
        ...callFields(tracked.call),
        rule: tracked.ruleName === NOWHERE ? null : tracked.ruleName,
        channel: tracked.channel === NOWHERE ? null : tracked.channel,
        result,
        ...(reason !== undefined && { reason }),
      }),
    );
    wakeWaiting();
  }

  /** The journey that a queued record's text is about. */
  function journeyOf(body: string): TrackedEvent | undefined {
    const { rule, channel, event } = parseObject(body) ?? {};
    if (typeof rule !== 'string' || typeof channel !== 'string') return undefined;
    return { ...identifyEvent(event), event, rule: rulesByName.get(rule), ruleName: rule, channel };
  }

  return {
    taken(event, verdicts) {
      const identity = identifyEvent(event);
      const matches = verdicts.flatMap(({ matched, rule }) => (matched ? [routes.get(rule.name)] : []));
      // Of one of MediaConnect's own events nobody says what became of it: it ends when it leaves the queue.
      if (matches.length > 0 && isServiceEvent(event)) return;
      for (const rule of matches) {
        if (rule !== undefined) begin({ ...identity, event, rule, ruleName: rule.name, channel: rule.channel });
      }
      if (matches.length > 0) return;
      begin({ ...identity, event, rule: undefined, ruleName: NOWHERE, channel: NOWHERE });
      const reason = whyUnmatched(verdicts, ({ rule }) => routes.get(rule.name)?.name ?? rule.name);
      end(notifiedKey(identity.eventId, NOWHERE), 'unmatched', reason);
    },
    found({ messageId, body }) {
      if (isAside(body)) {
        aside.add(messageId);
        return;
      }
      const tracked = journeyOf(body);
      if (tracked !== undefined) begin(tracked);
    },
    moved({ messageId, body, status }) {
      if (status === 'published' && isAside(body)) aside.add(messageId);
      if (status !== 'published' && aside.delete(messageId)) wakeWaiting();
    },
    decided({ eventId, channel, result, reason }) {
      const key = notifiedKey(eventId, channel);
      if (result === 'posted' || result === 'folded') end(key, result, reason);
      // The line of whoever reported it may still be on its way. If there is none, it was reported in an earlier run.
      else if (result === 'repeated') soon(() => end(key, 'posted', reason));
    },
    deadLettered(body, reason) {
      const tracked = journeyOf(body);
      if (tracked !== undefined) end(notifiedKey(tracked.eventId, tracked.channel), 'dead-lettered', reason);
    },
    undeliverable(body, ruleArn, reason) {
      const rule = [...routes].find(([name]) => ruleArn.endsWith(`/${name}`))?.[1];
      if (rule !== undefined)
        end(notifiedKey(identifyEvent(parseObject(body)).eventId, rule.channel), 'dead-lettered', reason);
    },
    find: (eventId, channel) => entries.get(notifiedKey(eventId, channel))?.tracked,
    open: countOpen,
    whenNoneIsOpen: (delivery) =>
      new Promise((resolve) => {
        if (countOpen(delivery) === 0) resolve();
        else waiting.add({ delivery, resolve });
      }),
  };
}
