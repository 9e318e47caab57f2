import type { SlackRefusal } from './slack-answer.ts';

/**
 * Slack did not take the message; `refusal` says whether waiting, another message or another channel can help.
 *
 * It carries no cause on purpose: what `fetch` and `@slack/webhook` throw may quote the webhook URL, which is a secret,
 * and loggers print causes. The refusal's reason holds what is worth knowing of it.
 */
export class SlackDeliveryError extends Error {
  override readonly name = 'SlackDeliveryError';
  readonly refusal: SlackRefusal;

  constructor(refusal: SlackRefusal) {
    super(`slack did not take the message: ${refusal.reason}`);
    this.refusal = refusal;
  }
}
