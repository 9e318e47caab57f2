import type { Evidence, Notice, Ticket } from '../evidence.ts';
import type { Violate } from '../promises.ts';
import { readMessage } from '../read-message.ts';
import type { Scheduler } from '../scheduler.ts';
import type { AnsweredPost, FailedPost } from '../slack.ts';
import type { Episode } from '../trouble.ts';
import { type Call, numbersIn, type Setup } from '../workload.ts';
import { createBacklogCheck } from './check-backlog.ts';
import { createMentionCheck } from './check-mentions.ts';
import { createMetricsCheck } from './check-metrics.ts';
import { createOrderCheck } from './check-order.ts';
import { createOutcomeCheck } from './check-outcomes.ts';
import { createRateCheck } from './check-pace.ts';
import { createSummaryCheck } from './check-summaries.ts';
import { createWaitCheck } from './check-waits.ts';
import { createRefusals, MESSAGES_FOR_A_REFUSAL } from './refusals.ts';
import { createFailures, createSetbacks, MINUTE_MS } from './setbacks.ts';

export interface ChecksOptions {
  readonly scheduler: Scheduler;
  readonly violate: Violate;
  readonly setup: Setup;
  readonly digestMs: number;
  /** For how long the queues hide what was handed out. */
  readonly hiddenMs: number;
  readonly evidence: () => Evidence;
  /** The place in the secret of a webhook, exchanged or not. */
  readonly placeOfUrl: (url: string) => number;
  readonly callOf: (number: number) => Call | undefined;
}

/** Where there is a window, Lambda's poller may wait so long all the same. */
const SLOW_POLLER_MS = 20_000;
const LONG_OUTAGE_MS = 5 * MINUTE_MS;
const LONGEST_RETRY_AFTER_MS = 5 * MINUTE_MS;
/** A post that is never answered costs so much. */
const PATIENCE_MS = 15_000;

/** The promises about time, number and order of messages. */
export function createChecks(options: ChecksOptions) {
  const { scheduler, violate, setup, digestMs, hiddenMs, evidence, placeOfUrl } = options;
  const { nowMs } = scheduler;
  const places = [...new Set(Object.values(setup.webhookOf))];
  const setbacks = createSetbacks(places, nowMs);
  const placeOf = ({ channel }: Ticket): number => setup.webhookOf[channel] ?? 0;
  const windowMs = setup.windowSeconds === 0 ? 0 : setup.windowSeconds * 1000 + SLOW_POLLER_MS;

  const common = { scheduler, violate, evidence, setbacks, placeOf, digestMs };
  const channelsOf = (place: number): number =>
    Object.values(setup.webhookOf).filter((other) => other === place).length;
  const refusals = createRefusals(nowMs, (place) => channelsOf(place) * MESSAGES_FOR_A_REFUSAL);
  const failures = createFailures(nowMs);
  const waits = createWaitCheck({ ...common, windowMs, refusals });
  const backlog = createBacklogCheck({ ...common, nowMs });
  const summaries = createSummaryCheck({ ...common, webhookOf: setup.webhookOf });
  const metrics = createMetricsCheck(common);
  const checkRate = createRateCheck(violate);
  const checkOrder = createOrderCheck(violate, evidence);
  const checkMentions = createMentionCheck(violate, evidence);
  const outcomes = createOutcomeCheck({
    violate,
    callOf: options.callOf,
    channelsAt: (url) => channelsOf(placeOfUrl(url)),
  });

  return {
    longestWaitMs: waits.longestMs,
    published: metrics.published,
    summariesDue: summaries.due,
    outcomes,

    queued(ticket: Ticket): void {
      waits.queued(ticket);
      metrics.queued(ticket);
    },

    notified(tickets: readonly Ticket[], notice: Notice): void {
      for (const ticket of tickets) waits.notified(ticket, notice);
      backlog.notified(tickets, notice);
      checkOrder(tickets, notice);
      checkMentions(tickets, notice);
      summaries.notified(tickets, notice);
    },

    taken(notice: Notice): void {
      outcomes.onCard(notice);
      if (notice.notes.invocation.functionName === 'summary') summaries.posted(notice);
      checkRate(notice);
    },

    notTaken({ url, retryAfterMs }: FailedPost): void {
      const askedMs = Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
      const untilMs = nowMs() + Math.max(askedMs, PATIENCE_MS);
      const sinceMs = failures.failed(placeOfUrl(url), untilMs);
      setbacks.add(placeOfUrl(url), { fromMs: nowMs(), untilMs, kind: 'trouble', sinceMs });
    },

    /** Slack took a message, or refused it for what it says, and whoever posted it knows. */
    answered({ url, message, isRefused }: AnsweredPost): void {
      failures.answered(placeOfUrl(url));
      if (!isRefused) return;
      const refused = [...numbersIn(JSON.stringify(message))].filter(
        (number) => options.callOf(number)?.refusal !== undefined,
      );
      refusals.add(placeOfUrl(url), { refused, isSplit: readMessage(message).stated > 1 });
    },

    began(episode: Episode): void {
      const { part, fromMs, untilMs } = episode;
      const place = part === 'slack' && episode.url !== 'all' ? placeOfUrl(episode.url) : 'all';
      setbacks.add(place, { fromMs, untilMs, kind: 'trouble' });
      // What could not be hidden for a while comes back when the queue says so.
      if (part === 'queues') setbacks.add('all', { fromMs, untilMs: untilMs + hiddenMs, kind: 'kill' });
    },

    /** Slack knows a webhook no more, until there is another. */
    revoked(place: number, untilMs: number): void {
      setbacks.add(place, { fromMs: nowMs(), untilMs, kind: 'trouble' });
    },

    ended(episode: Episode): void {
      const { part, fromMs, untilMs } = episode;
      if (part !== 'slack' || untilMs - fromMs < LONG_OUTAGE_MS) return;
      for (const place of episode.url === 'all' ? places : [placeOfUrl(episode.url)]) backlog.open(place);
    },

    /** A process ended: whom it reported last may be reported again, and nobody gets its turn before that would be over. */
    died(timeoutMs: number): void {
      backlog.died();
      setbacks.add('all', { fromMs: nowMs(), untilMs: nowMs() + timeoutMs, kind: 'kill' });
    },
  };
}
