import type { KnownBlock } from '@slack/types';
import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import { RESOURCE_KIND_WORDS } from '../../shared/call/operations.ts';
import type { RuleVerdict } from '../../shared/eventbridge/rule.ts';
import { type Notification, type Principal, phraseText } from '../../shared/notification/notification.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { utcText } from '../../shared/slack/mrkdwn.ts';
import { type Place, placeText } from '../input/envelope.ts';
import { sanitize } from '../io.ts';
import { type Explanation, matching, type OtherCall, type RuleAnswer } from './explain-event.ts';
import { awaitsJson, awaitsText, serviceEventJson, serviceEventLines } from './service-event-text.ts';

const principalJson = ({ kind, name }: Principal) => ({ kind, name });

/** The line of `explain --json` for an event; the keys are the same for every event that can be used. */
export function explanationJson(explanation: Explanation, at: Place): object {
  const place = placeText(at);
  if (explanation.kind === 'service event') return serviceEventJson(explanation, at);
  if (explanation.kind === 'no call') return { error: explanation.error, line: at.line ?? null, place };
  if (explanation.kind === 'other call') {
    const { eventId, operation, access, outcome, principal, origin } = explanation.call;
    return {
      eventId,
      operation,
      resource: 'unrecognized',
      access,
      outcome,
      impact: 'none',
      principal: principalJson(principal),
      origin: origin.kind,
      resourceName: null,
      flowName: null,
      rules: [],
      channels: [],
      message: null,
      place,
      inRules: explanation.call.inRules,
      messages: [],
      awaits: null,
      serviceEvent: null,
    };
  }
  const { notification, answers, inRules, messages } = explanation;
  const { eventId, call, principal, origin, resourceName, flowName } = notification;
  const rules = matching(answers);
  return {
    eventId,
    operation: call.operation,
    resource: call.resource,
    access: call.access,
    outcome: call.outcome,
    impact: call.impact,
    principal: principalJson(principal),
    origin: origin.kind,
    resourceName,
    flowName,
    rules: rules.map(({ name }) => name),
    channels: [...new Set(rules.map(({ channel }) => channel))],
    message: messages[0]?.message ?? null,
    place,
    inRules,
    messages,
    awaits: awaitsJson(explanation.awaits),
    serviceEvent: null,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Slack's tokens as they read: a date as its fallback, a link as its words, a mention with its sign. */
const asRead = (mrkdwn: string): string =>
  mrkdwn
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<!subteam\^([^>|]*)>/g, '@$1')
    .replace(/<!(here|channel|everyone)>/g, '@$1')
    .replace(/<https?:[^|>]*\|([^>]*)>/g, '[$1]')
    .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);

function textsOf(block: KnownBlock): readonly string[] {
  if (block.type === 'section' && block.text !== undefined) return [block.text.text];
  if (block.type === 'context') return block.elements.flatMap((element) => ('text' in element ? [element.text] : []));
  return [];
}

/** What a message says, line by line, without its looks. */
export function previewMessage({ text, blocks = [], attachments = [] }: SlackMessage): readonly string[] {
  const all = [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)].flatMap(textsOf);
  return (all.length === 0 ? [text] : all).flatMap((part) => asRead(part).split('\n')).map(sanitize);
}

const whoCalled = ({ kind, said }: Principal): string => `${phraseText(said)} (${kind ?? 'no type'})`;

const MOST_WORDS = 4;

/** By which words a rule's `principals` would name the caller. */
const rulesSay = (inRules: readonly string[]): string =>
  `  in rules ${inRules.length === 0 ? 'nobody whom a rule could name' : inRules.slice(0, MOST_WORDS).join(', or ')}`;

function placeWords({ region, account, calledAtMs }: Notification): string {
  const when = calledAtMs === undefined ? 'at an unknown time' : utcText(calledAtMs);
  const where = account === undefined ? 'unknown' : `${account.name ?? ''} ${account.id}`.trim();
  return `${when}, ${region ?? 'unknown region'}, account ${where}`;
}

function verdictWords(verdict: RuleVerdict): string {
  if (verdict.kind === 'matches') return 'matches';
  return `does not: ${verdict.reason}`;
}

const answerLine = ({ rule, verdict }: RuleAnswer, width: number): string =>
  `    ${verdict.kind === 'matches' ? '+' : '-'} ${rule.name.padEnd(width)}  ${verdictWords(verdict)}`;

function answerLines(answers: readonly RuleAnswer[]): readonly string[] {
  const width = Math.max(0, ...answers.map(({ rule }) => rule.name.length));
  return answers.length === 0 ? ['    there are none'] : answers.map((answer) => answerLine(answer, width));
}

function notifiedLine(answers: readonly RuleAnswer[]): string {
  const notified = matching(answers).map(
    ({ channel, delivery }) => `${channel} (${delivery === 'digest' ? 'in the digest' : 'at once'})`,
  );
  return notified.length === 0 ? '  reported to no channel' : `  reported to ${[...new Set(notified)].join(', ')}`;
}

function* callLines(explanation: Extract<Explanation, { kind: 'call' }>, regions: readonly string[]) {
  const { notification, answers, inRules, messages } = explanation;
  const { call, principal, origin, sourceAddress, eventId, effect, sentence, region } = notification;
  const [kind] = RESOURCE_KIND_WORDS[call.resource];
  yield `${call.operation}: ${call.access} call on a ${kind}, ${call.outcome}, impact ${call.impact}`;
  yield `  event    ${eventId}, ${placeWords(notification)}`;
  yield `  who      ${whoCalled(principal)}, by ${phraseText(origin.label)}, from ${sourceAddress ?? 'unknown'}`;
  yield rulesSay(inRules);
  yield `  what     ${phraseText(effect)}: ${phraseText(sentence)}`;
  if (call.access === 'mutating' && call.outcome === 'succeeded') yield `  awaits   ${awaitsText(explanation.awaits)}`;
  yield '  rules';
  yield* answerLines(answers);
  yield notifiedLine(answers);
  if (region !== undefined && !regions.includes(region)) {
    yield `  but      no stack is deployed in ${region} (regions: ${regions.join(', ')})`;
  }
  for (const { channel, delivery, message } of messages) {
    yield `  ${delivery === 'digest' ? 'in the digest of' : 'message to'} ${channel}`;
    for (const line of previewMessage(message)) yield `    | ${line}`;
  }
}

function* otherCallLines({ operation, service, access, outcome, eventId, principal, inRules, detailType }: OtherCall) {
  yield `${operation}: ${access} call of ${service}, ${outcome}`;
  yield `  event    ${eventId}, ${detailType}`;
  yield `  who      ${whoCalled(principal)}`;
  yield rulesSay(inRules);
  yield '  reported to no channel: not a call to the API of MediaConnect';
}

/** What an event is and what would come of it, in words, safe to print. */
export function* explanationText(explanation: Explanation, { regions }: NotifierContext): Generator<string> {
  if (explanation.kind === 'no call') yield explanation.error;
  if (explanation.kind === 'other call') yield* [...otherCallLines(explanation.call)].map(sanitize);
  if (explanation.kind === 'service event') yield* [...serviceEventLines(explanation, regions)].map(sanitize);
  if (explanation.kind === 'call') yield* [...callLines(explanation, regions)].map(sanitize);
}
