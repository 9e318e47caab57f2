import type { NotifierContext } from '../../infra/notifier-context.ts';
import type { Envelope } from '../../local/input/input-item.ts';
import { type DeployedRule, type RuleVerdict, ruleVerdict } from '../../local/rules/deployed-rule.ts';
import { ApiCallEventSchema } from '../../shared/api-call-event.ts';
import { classifyCall } from '../../shared/classify-call.ts';
import { enrich } from '../../shared/enrich.ts';
import type { Notification } from '../../shared/notification.ts';
import { renderNotification } from '../../shared/slack/render-notification.ts';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { type OtherCall, otherCallOf } from './other-call.ts';

/** What one rule does with one event. */
export interface RuleAnswer {
  readonly rule: DeployedRule;
  readonly verdict: RuleVerdict;
}

/** What an event is and what would come of it. */
export type Explanation =
  | {
      readonly kind: 'call';
      readonly notification: Notification;
      readonly answers: readonly RuleAnswer[];
      /** As it would be posted for the first rule that matches; `undefined` when none does. */
      readonly message: SlackMessage | undefined;
    }
  | { readonly kind: 'other call'; readonly call: OtherCall }
  | { readonly kind: 'no call'; readonly error: string };

/** What the context says, read once for all events. */
export interface ExplainSettings {
  readonly context: NotifierContext;
  readonly rules: readonly DeployedRule[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : 'unknown');

/** Says what an event is, what each rule does with it, and what would be posted. */
export function explainEvent(envelope: Envelope, { context, rules }: ExplainSettings): Explanation {
  const parsed = ApiCallEventSchema.safeParse(envelope);
  if (!parsed.success) {
    const call = otherCallOf(envelope);
    if (call !== undefined) return { kind: 'other call', call };
    const what = `${textOf(envelope['detail-type'])} of ${textOf(envelope.source)}`;
    return { kind: 'no call', error: `not an API call: ${what} has no eventName` };
  }
  const event = parsed.data;
  const answers = rules.map((rule) => ({ rule, verdict: ruleVerdict(rule, envelope) }));
  const first = answers.find(({ verdict }) => verdict.kind === 'matches')?.rule;
  const route = { rule: first?.name ?? '', channel: first?.channel ?? '', ingestedAtMs: undefined };
  const notification = enrich({ route, event }, classifyCall(event.detail), context);
  const message = first && renderNotification(notification, context.channels[first.channel] ?? {});
  return { kind: 'call', notification, answers, message };
}

export const matching = (answers: readonly RuleAnswer[]): readonly DeployedRule[] =>
  answers.filter(({ verdict }) => verdict.kind === 'matches').map(({ rule }) => rule);
