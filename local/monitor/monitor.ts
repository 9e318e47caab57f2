import * as z from 'zod';
import { parseJson } from '../../shared/call/parse-json.ts';
import type { Decision } from '../../shared/delivery/settle.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { isServiceEvent } from '../../shared/outcome/signal-event.ts';
import { isLook } from '../../shared/outcome/signal-memory.ts';
import type { BusListener } from '../aws/event-bus.ts';
import type { QueueChange } from '../aws/fauxqs-internals.ts';
import type { QueuedMessage, QueueStore } from '../aws/sqs.ts';
import { readLogLine } from '../lambda/read-log-line.ts';
import type { SlackBehaviour } from '../slack/behaviour.ts';
import type { AcceptedPost } from '../slack/slack-endpoint.ts';
import type { BusRule, QueueModel, StackModel } from '../template/stack-model.ts';
import { UnsupportedTemplateError } from '../template/template.ts';
import { createDeliveryTracker, type DeliveryTracker, identifyEvent, type Outcome } from './delivery-tracker.ts';
import { createMessageLog } from './message-log.ts';
import {
  type DeadLetter,
  type PipelineChange,
  type PipelineState,
  type PostedMessage,
  type QueueState,
  SLACK_FAULTS,
} from './pipeline-state.ts';

const RouteSchema = z.object({ rule: z.string(), channel: z.string() });

const NO_EVENT = { event: {}, ingestionTime: '', ruleName: '', ruleArn: '' };

/** A rule of the bus in the words of the admin's settings: read back out of what is deployed. */
function routeOf(rule: BusRule, { mappings }: Pick<StackModel, 'mappings'>): CompiledRule {
  const [target] = rule.targets;
  const route = RouteSchema.safeParse(target === undefined ? undefined : JSON.parse(target.transform(NO_EVENT)));
  if (!route.success) throw new UnsupportedTemplateError(`${rule.name}: its target's input has no rule and channel`);
  const isReadAtOnce = mappings.some(({ queueArn }) => queueArn === target?.arn);
  return {
    name: route.data.rule,
    channel: route.data.channel,
    delivery: isReadAtOnce ? 'immediate' : 'digest',
    state: rule.state,
    pattern: JSON.parse(rule.patternText),
  };
}

/** Everything that is known of what happens in a running pipeline. Its parts report it; page, command line and tests ask. */
export interface PipelineMonitor extends BusListener {
  readonly rules: readonly CompiledRule[];
  readonly book: DeliveryTracker;
  /** Queues that functions read. */
  readonly queueArns: readonly string[];
  /** Those of them that a function drains by the clock. */
  readonly digestQueueArns: readonly string[];
  readonly digestQueueUrls: ReadonlySet<string>;
  /** Takes what is in the queues from an earlier run into account, and looks there for its counts from now on. */
  watch(queues: QueueStore, inHand: (queueArn: string) => ReadonlySet<string> | 'all'): void;
  queueChanged(change: QueueChange): void;
  lineWritten(line: string, accessKeyId: string): void;
  accepted(post: AcceptedPost): void;
  refused(): void;
  progressed(): void;
  messages(): readonly PostedMessage[];
  state(behaviour: SlackBehaviour): PipelineState;
  onOutcome(listener: (outcome: Outcome) => void): () => void;
  subscribe(listener: (change: PipelineChange) => void): () => void;
}

/** What a page shows of the dead letters. */
const SHOWN_DEAD_LETTERS = 50;
/** The lines of two processes come by two pipes; this is what the later one gets. */
const REPEATED_GRACE_MS = 500;

const FAULTS_ON_THE_PAGE: ReadonlySet<string> = new Set(SLACK_FAULTS);

const addTo = <Listener>(listeners: Set<Listener>, listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Why a record is in a dead-letter queue, from the attributes that the function or EventBridge gave it. */
function reasonOf(attributes: QueueChange['messageAttributes']): string {
  const said = ['reason', 'detail', 'ERROR_CODE', 'ERROR_MESSAGE'].flatMap(
    (name) => attributes[name]?.StringValue ?? [],
  );
  return said.length > 0 ? said.join(': ') : 'received too often';
}

export function createPipelineMonitor(model: StackModel, onNote: (note: string) => void): PipelineMonitor {
  const routes = new Map(model.rules.map((rule) => [rule.name, routeOf(rule, model)]));
  const outcomeListeners = new Set<(outcome: Outcome) => void>();
  const pageListeners = new Set<(change: PipelineChange) => void>();
  const log = createMessageLog();
  /** By message, oldest first: what lies in the dead-letter queues. */
  const letters = new Map<string, DeadLetter>();
  const counts = {
    received: 0,
    ownEvents: 0,
    unmatched: 0,
    posted: 0,
    folded: 0,
    repeated: 0,
    refusals: 0,
    dropped: 0,
  };
  let queueStore: QueueStore | undefined;
  let inHandOf: (queueArn: string) => ReadonlySet<string> | 'all' = () => new Set();

  const readAtOnce = new Set(model.mappings.map(({ queueArn }) => queueArn));
  const readByFunctions = new Set(model.functions.flatMap(({ environment }) => environment.QUEUE_URL ?? []));
  const read = model.queues.filter(({ url }) => readByFunctions.has(url));
  const digestQueues = read.filter(({ arn }) => !readAtOnce.has(arn));
  const targetDeadLetterArns = new Set(model.rules.flatMap(({ targets }) => targets.map((each) => each.deadLetterArn)));
  const deadLetterUrls = new Set(model.functions.flatMap(({ environment }) => environment.DEAD_LETTER_QUEUE_URL ?? []));
  const isDeadLetterQueue = ({ url, arn }: { readonly url: string; readonly arn: string }): boolean =>
    deadLetterUrls.has(url) || targetDeadLetterArns.has(arn);
  const queueByName = new Map(model.queues.map((queue) => [queue.name, queue]));

  const updatePage = (change: PipelineChange): void => {
    for (const listener of pageListeners) listener(change);
  };
  const progressed = (): void => updatePage({ kind: 'state' });

  function ended(outcome: Outcome): void {
    if (outcome.result === 'unmatched') counts.unmatched += 1;
    for (const listener of outcomeListeners) listener(outcome);
    progressed();
  }

  const book = createDeliveryTracker({
    routes,
    onOutcome: ended,
    soon: (task) => void setTimeout(task, REPEATED_GRACE_MS),
  });

  function decided(decision: Decision, accessKeyId: string): void {
    const { result, eventId, channel, reason } = decision;
    if (result === 'posted' || result === 'folded' || result === 'repeated') counts[result] += 1;
    if (result === 'posted' || result === 'folded') {
      const tracked = book.find(eventId, channel);
      const call = decision.call ?? tracked?.call;
      const notified = { eventId, result, reason, rule: tracked?.rule, call, event: tracked?.event };
      const message = log.notify(accessKeyId, decision, notified);
      if (message !== undefined) updatePage({ kind: 'message', message });
    }
    book.decided(decision);
  }

  /** What is looked at in two minutes waits for MediaConnect, not for Slack. */
  const looksIn = (arn: string): number => (queueStore?.delayedBodies(arn) ?? []).filter(isLook).length;

  const queueState = ({ arn }: { readonly arn: string }): QueueState => {
    const { waiting, delayed, inFlight } = queueStore?.counts(arn) ?? { waiting: 0, delayed: 0, inFlight: 0 };
    const hand = inHandOf(arn);
    const inHand = hand === 'all' ? inFlight : Math.min(hand.size, inFlight);
    const held = (delayed === 0 ? 0 : delayed - looksIn(arn)) + inFlight - inHand;
    return {
      name: readAtOnce.has(arn) ? 'immediate' : 'digest',
      waiting,
      inFlight: inHand,
      held,
      ...(held > 0 && { nextTryAtMs: queueStore?.nextVisibleAtMs(arn, hand === 'all' ? new Set() : hand) }),
    };
  };

  /** A letter that lies in a dead-letter queue now, be it of this run or of an earlier one. */
  function letterArrived({ messageId, body, messageAttributes }: QueuedMessage): void {
    const parsed = parseJson(body);
    const json = parsed.ok ? parsed.value : undefined;
    const { event = json } = (json ?? {}) as { readonly event?: unknown };
    const { eventId, call } = identifyEvent(event);
    const reason = reasonOf(messageAttributes);
    letters.set(messageId, { eventId, operation: call?.operation, reason });
  }

  function lettersChanged(queue: QueueModel, change: QueueChange): void {
    if (change.status !== 'published') {
      // Brought back, or discarded.
      letters.delete(change.messageId);
      return;
    }
    letterArrived(change);
    const reason = reasonOf(change.messageAttributes);
    if (deadLetterUrls.has(queue.url)) book.deadLettered(change.body, reason);
    else book.undeliverable(change.body, change.messageAttributes.RULE_ARN?.StringValue ?? '', reason);
  }

  const lettersShown = (): readonly DeadLetter[] => [...letters.values()].slice(-SHOWN_DEAD_LETTERS).toReversed();

  return {
    rules: [...routes.values()],
    book,
    queueArns: read.map(({ arn }) => arn),
    digestQueueArns: digestQueues.map(({ arn }) => arn),
    digestQueueUrls: new Set(digestQueues.map(({ url }) => url)),
    watch(queues, inHand) {
      queueStore = queues;
      inHandOf = inHand;
      for (const queue of model.queues.filter(isDeadLetterQueue)) {
        for (const message of queues.contents(queue.arn)) letterArrived(message);
      }
      for (const { arn } of read) for (const message of queues.contents(arn)) book.found(message);
    },
    taken(event, verdicts) {
      counts.received += 1;
      if (isServiceEvent(event)) counts.ownEvents += 1;
      book.taken(event, verdicts);
      progressed();
    },
    dropped(event, rule, reason) {
      counts.dropped += 1;
      book.undeliverable(JSON.stringify(event), rule.arn, `dropped: ${reason}`);
    },
    queueChanged(change) {
      const queue = queueByName.get(change.queueName);
      if (queue === undefined) return;
      if (isDeadLetterQueue(queue)) lettersChanged(queue, change);
      else book.moved(change);
      progressed();
    },
    lineWritten(line, accessKeyId) {
      const read = readLogLine(line);
      if (read.kind === 'decision') decided(read.decision, accessKeyId);
      if (read.kind === 'trouble') onNote(read.text);
    },
    accepted(post) {
      updatePage({ kind: 'message', message: log.add(post) });
      progressed();
    },
    refused() {
      counts.refusals += 1;
      progressed();
    },
    progressed,
    messages: log.messages,
    state: (behaviour) => ({
      received: counts.received,
      ownEvents: counts.ownEvents,
      unmatched: counts.unmatched,
      posted: counts.posted,
      folded: counts.folded,
      repeated: counts.repeated,
      refusals: counts.refusals,
      deadLettered: letters.size + counts.dropped,
      queues: read.map(queueState),
      messages: log.accepted,
      deadLetters: lettersShown(),
      slackFault: (FAULTS_ON_THE_PAGE.has(behaviour) ? behaviour : '500') as PipelineState['slackFault'],
    }),
    onOutcome: (listener) => addTo(outcomeListeners, listener),
    subscribe: (listener) => addTo(pageListeners, listener),
  };
}
