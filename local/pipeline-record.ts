import type { CompiledRule } from '../infra/notifier-context.ts';
import type { Decision } from '../shared/decision.ts';
import type { BusListener } from './aws/event-bus.ts';
import type { QueueChange } from './aws/fauxqs-internals.ts';
import type { QueueStore } from './aws/queue-store.ts';
import { readLogLine } from './lambda/read-log-line.ts';
import { createMessageLog } from './message-log.ts';
import type { Outcome } from './outcomes/outcome.ts';
import { createOutcomeBook, type OutcomeBook } from './outcomes/outcome-book.ts';
import { routeOf } from './outcomes/rule-route.ts';
import type { DeadLetter, PageChange, PipelineState, PostedMessage, QueueState } from './page/page-source.ts';
import type { SlackBehaviour } from './slack/slack-behaviour.ts';
import type { AcceptedPost } from './slack/slack-endpoint.ts';
import type { StackModel } from './template/stack-model.ts';

/** Everything that is known of what happens in a running pipeline. Its parts tell it; page, command line and tests ask. */
export interface PipelineRecord extends BusListener {
  readonly rules: readonly CompiledRule[];
  readonly book: OutcomeBook;
  /** Queues that functions read. */
  readonly queueArns: readonly string[];
  /** Those of them that a function drains by the clock. */
  readonly digestQueueArns: readonly string[];
  readonly digestQueueUrls: ReadonlySet<string>;
  /** Takes what is in the queues from an earlier run into account, and looks there for its counts from now on. */
  watch(queues: QueueStore): void;
  queueChanged(change: QueueChange): void;
  lineWritten(line: string, accessKeyId: string): void;
  accepted(post: AcceptedPost): void;
  refused(): void;
  progressed(): void;
  messages(): readonly PostedMessage[];
  state(behaviour: SlackBehaviour): PipelineState;
  onOutcome(listener: (outcome: Outcome) => void): () => void;
  subscribe(listener: (change: PageChange) => void): () => void;
}

/** What a page shows of the dead letters. */
const SHOWN_DEAD_LETTERS = 50;
/** The lines of two processes come by two pipes; this is what the later one gets. */
const REPEATED_GRACE_MS = 500;

const FAULTS_ON_THE_PAGE: ReadonlySet<string> = new Set(['ok', '429', '500', 'nothing']);

const addTo = <Listener>(listeners: Set<Listener>, listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Why a record is in a dead-letter queue, from the attributes that the function gave it. */
function deadLetterReason({ messageAttributes: { reason, detail } }: QueueChange): string {
  const said = [reason?.StringValue, detail?.StringValue].filter((text) => text !== undefined);
  return said.length > 0 ? said.join(': ') : 'received too often';
}

export function createPipelineRecord(model: StackModel, onNote: (note: string) => void): PipelineRecord {
  const routes = new Map(model.rules.map((rule) => [rule.name, routeOf(rule, model)]));
  const outcomeListeners = new Set<(outcome: Outcome) => void>();
  const pageListeners = new Set<(change: PageChange) => void>();
  const log = createMessageLog();
  const deadLetters: DeadLetter[] = [];
  const counts = { received: 0, unmatched: 0, posted: 0, folded: 0, repeated: 0, refusals: 0, deadLettered: 0 };
  let queueStore: QueueStore | undefined;

  const readAtOnce = new Set(model.mappings.map(({ queueArn }) => queueArn));
  const readByFunctions = new Set(model.functions.flatMap(({ environment }) => environment.QUEUE_URL ?? []));
  const read = model.queues.filter(({ url }) => readByFunctions.has(url));
  const digestQueues = read.filter(({ arn }) => !readAtOnce.has(arn));
  const targetDeadLetterArns = new Set(model.rules.flatMap(({ targets }) => targets.map((each) => each.deadLetterArn)));
  const deadLetterUrls = new Set(model.functions.flatMap(({ environment }) => environment.DEAD_LETTER_QUEUE_URL ?? []));
  const queueByName = new Map(model.queues.map((queue) => [queue.name, queue]));

  const tellPage = (change: PageChange): void => {
    for (const listener of pageListeners) listener(change);
  };
  const progressed = (): void => tellPage({ kind: 'state' });

  function ended(outcome: Outcome): void {
    if (outcome.result === 'unmatched') counts.unmatched += 1;
    if (outcome.result === 'dead-lettered') {
      const { eventId, operation, reason = 'unknown' } = outcome;
      deadLetters.unshift({ eventId, operation: operation ?? undefined, reason });
      deadLetters.splice(SHOWN_DEAD_LETTERS);
    }
    for (const listener of outcomeListeners) listener(outcome);
    progressed();
  }

  const book = createOutcomeBook({
    routes,
    onOutcome: ended,
    soon: (task) => void setTimeout(task, REPEATED_GRACE_MS),
  });

  function decided(decision: Decision, accessKeyId: string): void {
    const { result, eventId, channel, reason } = decision;
    if (result === 'posted' || result === 'folded' || result === 'repeated') counts[result] += 1;
    if (result === 'posted' || result === 'folded') {
      const journey = book.find(eventId, channel);
      const call = decision.call ?? journey?.call;
      const told = { eventId, result, reason, rule: journey?.rule, call, event: journey?.event };
      const message = log.tell(accessKeyId, decision, told);
      if (message !== undefined) tellPage({ kind: 'message', message });
    }
    book.decided(decision);
  }

  const queueState = ({ arn }: { readonly arn: string }): QueueState => {
    const { waiting, delayed, inFlight } = queueStore?.counts(arn) ?? { waiting: 0, delayed: 0, inFlight: 0 };
    return { name: readAtOnce.has(arn) ? 'immediate' : 'digest', waiting: waiting + delayed, inFlight };
  };

  return {
    rules: [...routes.values()],
    book,
    queueArns: read.map(({ arn }) => arn),
    digestQueueArns: digestQueues.map(({ arn }) => arn),
    digestQueueUrls: new Set(digestQueues.map(({ url }) => url)),
    watch(queues) {
      queueStore = queues;
      for (const { arn } of read) for (const body of queues.bodies(arn)) book.found(body);
    },
    taken(event, verdicts) {
      counts.received += 1;
      book.taken(event, verdicts);
      progressed();
    },
    dropped(event, rule, reason) {
      counts.deadLettered += 1;
      book.undeliverable(JSON.stringify(event), rule.arn, `dropped: ${reason}`);
    },
    queueChanged(change) {
      const queue = queueByName.get(change.queueName);
      if (queue === undefined || change.status !== 'published') return;
      if (deadLetterUrls.has(queue.url)) {
        counts.deadLettered += 1;
        book.deadLettered(change.body, deadLetterReason(change));
      } else if (targetDeadLetterArns.has(queue.arn)) {
        counts.deadLettered += 1;
        const { RULE_ARN, ERROR_CODE, ERROR_MESSAGE } = change.messageAttributes;
        const reason = `${ERROR_CODE?.StringValue ?? 'undeliverable'}: ${ERROR_MESSAGE?.StringValue ?? ''}`;
        book.undeliverable(change.body, RULE_ARN?.StringValue ?? '', reason);
      }
      progressed();
    },
    lineWritten(line, accessKeyId) {
      const read = readLogLine(line);
      if (read.kind === 'decision') decided(read.decision, accessKeyId);
      if (read.kind === 'trouble') onNote(read.text);
    },
    accepted(post) {
      tellPage({ kind: 'message', message: log.add(post) });
      progressed();
    },
    refused() {
      counts.refusals += 1;
      progressed();
    },
    progressed,
    messages: log.messages,
    state: (behaviour) => ({
      ...counts,
      queues: read.map(queueState),
      messages: log.accepted,
      deadLetters,
      slackFault: (FAULTS_ON_THE_PAGE.has(behaviour) ? behaviour : '500') as PipelineState['slackFault'],
    }),
    onOutcome: (listener) => addTo(outcomeListeners, listener),
    subscribe: (listener) => addTo(pageListeners, listener),
  };
}
