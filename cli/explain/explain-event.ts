import * as z from 'zod/mini';
import { isForCalls } from '../../infra/rules/signal-rule.ts';
import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import {
  ApiCallEventSchema,
  CLOUDTRAIL_EVENT_SOURCE,
  type CloudTrailRecord,
  CloudTrailRecordSchema,
} from '../../shared/call/api-call-event.ts';
import {
  callOutcome,
  classifyCall,
  type Outcome,
  READ_ONLY_PREFIXES,
  statedReadOnly,
} from '../../shared/call/classify-call.ts';
import { asObject, exactMember } from '../../shared/call/json.ts';
import type { Access } from '../../shared/call/operations.ts';
import { type DeployedRule, type RuleVerdict, ruleVerdict } from '../../shared/eventbridge/rule.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { Notification, Origin, Principal } from '../../shared/notification/notification.ts';
import { detectOrigin } from '../../shared/notification/origin.ts';
import { identifyPrincipal } from '../../shared/notification/principal.ts';
import { PERMISSION_SET_ROLE, principalWords } from '../../shared/notification/principal-words.ts';
import { withoutSecretsIn } from '../../shared/notification/redaction.ts';
import { withoutSecrets } from '../../shared/notification/secret-shapes.ts';
import { recordWithoutSecrets } from '../../shared/notification/shown-record.ts';
import { isServiceEvent } from '../../shared/outcome/signal-event.ts';
import { renderNotification } from '../../shared/slack/card.ts';
import { renderDigest } from '../../shared/slack/digest.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import type { Envelope } from '../input/envelope.ts';
import { type Awaits, awaitsOf, explainServiceEvent, type ServiceEventExplanation } from './explain-service-event.ts';

/**
 * A call that is not one to MediaConnect's API: another service's, or a service event of CloudTrail's. A log file is full
 * of them, so they are good input; no rule ever matches them.
 */
export interface OtherCall {
  readonly eventId: string;
  readonly service: string;
  readonly detailType: string;
  readonly operation: string;
  readonly access: Access;
  readonly outcome: Outcome;
  readonly principal: Principal;
  /** The caller in the words that a rule takes. */
  readonly inRules: readonly string[];
  readonly origin: Origin;
}

/** Filtered before it is taken apart: a part of a secret no longer looks like one. Only the issuer tells whose role it is. */
function identityWithoutSecrets(userIdentity: CloudTrailRecord['userIdentity']): CloudTrailRecord['userIdentity'] {
  const shown = withoutSecretsIn(userIdentity);
  const issuerOf = (identity: unknown) =>
    asObject(exactMember(exactMember(identity, 'sessionContext'), 'sessionIssuer'));
  const issuer = issuerOf(shown);
  if (issuer === undefined) return shown;
  const sessionIssuer = { ...issuer, arn: issuerOf(userIdentity)?.arn };
  return { ...shown, sessionContext: { ...asObject(exactMember(shown, 'sessionContext')), sessionIssuer } };
}

/** The words by which rules may name a caller: ARNs and the roles of permission sets only where nothing shorter says it. */
function wordsForRules(record: CloudTrailRecord): readonly string[] {
  const words = principalWords({ ...record, userIdentity: identityWithoutSecrets(record.userIdentity) });
  const short = words.filter(({ form, text }) => form !== 'arn' && !text.startsWith(PERMISSION_SET_ROLE));
  return withoutSecretsIn([...new Set((short.length > 0 ? short : words).map(({ text }) => text))]);
}

const OtherEventSchema = z.looseObject({
  id: z.catch(z.string(), ''),
  'detail-type': z.string(),
  detail: z.extend(CloudTrailRecordSchema, { eventSource: z.string() }),
});

/** Reads a call that is not for us; `undefined` if the event tells of no call at all. */
function otherCallOf(envelope: Envelope): OtherCall | undefined {
  const parsed = OtherEventSchema.safeParse(envelope);
  if (!parsed.success) return undefined;
  const { detail, id } = parsed.data;
  const record = { ...detail, eventSource: CLOUDTRAIL_EVENT_SOURCE } as const;
  const readsByName = READ_ONLY_PREFIXES.some((prefix) => record.eventName.startsWith(prefix));
  return withoutSecretsIn({
    eventId: record.eventID ?? id,
    service: detail.eventSource,
    detailType: parsed.data['detail-type'],
    operation: record.eventName,
    access: (statedReadOnly(record.readOnly) ?? readsByName) ? 'read-only' : 'mutating',
    outcome: callOutcome(record),
    principal: identifyPrincipal(record),
    inRules: wordsForRules(record),
    origin: detectOrigin(record),
  });
}

/** What one rule does with one event. */
export interface RuleAnswer {
  readonly rule: DeployedRule;
  readonly verdict: RuleVerdict;
}

/** What a channel would show of a call, by the rule that reports it there. */
export interface ChannelMessage {
  readonly channel: string;
  readonly delivery: DeployedRule['delivery'];
  /** Of a digest, as if it held this call alone. */
  readonly message: SlackMessage;
}

/** What an event is and what would come of it. */
export type Explanation =
  | {
      readonly kind: 'call';
      readonly notification: Notification;
      readonly answers: readonly RuleAnswer[];
      /** The caller in the words that a rule takes. */
      readonly inRules: readonly string[];
      /** One for each channel, in the order of the rules. */
      readonly messages: readonly ChannelMessage[];
      /** What MediaConnect is to say of it by itself. */
      readonly awaits: Awaits | undefined;
    }
  | ServiceEventExplanation
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
  if (isServiceEvent(envelope)) return explainServiceEvent(envelope, context, rules);
  const parsed = ApiCallEventSchema.safeParse(envelope);
  if (!parsed.success) {
    const call = otherCallOf(envelope);
    if (call !== undefined) return { kind: 'other call', call };
    const what = `${textOf(envelope['detail-type'])} of ${textOf(envelope.source)}`;
    return { kind: 'no call', error: withoutSecrets(`not an API call: ${what} has no eventName`) };
  }
  const event = parsed.data;
  const shown = (): unknown => recordWithoutSecrets(envelope);
  const answers = rules.filter(isForCalls).map((rule) => ({ rule, verdict: ruleVerdict(rule, envelope, shown) }));
  const call = classifyCall(event.detail);
  const asRouted = (rule: string, channel: string): Notification =>
    enrich({ route: { rule, channel, ingestedAtMs: undefined }, event }, call, context);
  const messages = reportingRules(answers).flatMap(({ name, channel, delivery }): readonly ChannelMessage[] => {
    const notification = asRouted(name, channel);
    if (delivery === 'digest') return renderDigest([notification]).map((message) => ({ channel, delivery, message }));
    return [{ channel, delivery, message: renderNotification(notification, context.channels[channel] ?? {}) }];
  });
  const [first] = matching(answers);
  const notification = asRouted(first?.name ?? '', first?.channel ?? '');
  const inRules = wordsForRules(event.detail);
  return { kind: 'call', notification, answers, inRules, messages, awaits: awaitsOf(notification) };
}

export const matching = (answers: readonly RuleAnswer[]): readonly DeployedRule[] =>
  answers.filter(({ verdict }) => verdict.kind === 'matches').map(({ rule }) => rule);

/** A call is reported once in a channel; a rule that does so at once is before any digest. */
const reportingRules = (answers: readonly RuleAnswer[]): readonly DeployedRule[] =>
  [...Map.groupBy(matching(answers), ({ channel }) => channel).values()].flatMap(
    (rules) => rules.find(({ delivery }) => delivery === 'immediate') ?? rules.slice(0, 1),
  );
