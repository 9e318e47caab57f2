import type { SlackAnswer } from '../../shared/slack-answer.ts';
import type { MetricName, Telemetry } from '../telemetry.ts';

const METRICS_OF_ANSWER: Readonly<Record<SlackAnswer['kind'], readonly MetricName[]>> = {
  accepted: ['SlackAccepted'],
  transient: ['SlackTransient'],
  message: ['SlackPermanent'],
  channel: ['SlackPermanent', 'SlackMisconfigured'],
  elsewhere: ['SlackMisconfigured'],
};

/** Counts an answer of Slack by its class; what is not an acceptance is logged with its reason. */
export function countAnswer(answer: SlackAnswer, telemetry: Telemetry): void {
  for (const name of METRICS_OF_ANSWER[answer.kind]) telemetry.metric(name, 1);
  if (answer.kind === 'accepted') return;
  const level = answer.kind === 'transient' ? 'warn' : 'error';
  telemetry[level]('slack did not take a message', { class: answer.kind, reason: answer.reason });
}
