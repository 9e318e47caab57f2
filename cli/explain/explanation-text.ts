import type { NotifierContext } from '../../infra/notifier-context.ts';
import type { RuleVerdict } from '../../local/rules/deployed-rule.ts';
import type { Notification, Principal } from '../../shared/notification.ts';
import { phraseText } from '../../shared/phrase.ts';
import { RESOURCE_KIND_WORDS } from '../../shared/resource-kind.ts';
import { utcText } from '../../shared/slack/time-text.ts';
import { printable } from '../printable.ts';
import { type Explanation, matching, type RuleAnswer } from './explain-event.ts';
import type { OtherCall } from './other-call.ts';
import { previewMessage } from './preview-message.ts';

const principalWords = ({ kind, said }: Principal): string => `${phraseText(said)} (${kind ?? 'no type'})`;

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

function toldLine(answers: readonly RuleAnswer[]): string {
  const told = matching(answers).map(
    ({ channel, delivery }) => `${channel} (${delivery === 'digest' ? 'in the digest' : 'at once'})`,
  );
  return told.length === 0 ? '  told     to no channel' : `  told     to ${[...new Set(told)].join(', ')}`;
}

function* callLines(explanation: Extract<Explanation, { kind: 'call' }>, regions: readonly string[]) {
  const { notification, answers, message } = explanation;
  const { call, principal, origin, sourceAddress, eventId, effect, sentence, region } = notification;
  const [kind] = RESOURCE_KIND_WORDS[call.resource];
  yield `${call.operation}: ${call.access} call on a ${kind}, ${call.outcome}, impact ${call.impact}`;
  yield `  event    ${eventId}, ${placeWords(notification)}`;
  yield `  who      ${principalWords(principal)}, by ${phraseText(origin.label)}, from ${sourceAddress ?? 'unknown'}`;
  yield `  what     ${phraseText(effect)}: ${phraseText(sentence)}`;
  yield '  rules';
  yield* answerLines(answers);
  yield toldLine(answers);
  if (region !== undefined && !regions.includes(region)) {
    yield `  but      no stack is deployed in ${region} (regions: ${regions.join(', ')})`;
  }
  if (message === undefined) return;
  yield '  message';
  for (const line of previewMessage(message)) yield `    | ${line}`;
}

function* otherCallLines({ operation, service, access, outcome, eventId, principal, detailType }: OtherCall) {
  yield `${operation}: ${access} call of ${service}, ${outcome}`;
  yield `  event    ${eventId}, ${detailType}`;
  yield `  who      ${principalWords(principal)}`;
  yield '  told     to no channel: not a call to the API of MediaConnect';
}

/** What an event is and what would come of it, in words, safe to print. */
export function* explanationText(explanation: Explanation, { regions }: NotifierContext): Generator<string> {
  if (explanation.kind === 'no call') yield explanation.error;
  if (explanation.kind === 'other call') yield* [...otherCallLines(explanation.call)].map(printable);
  if (explanation.kind === 'call') yield* [...callLines(explanation, regions)].map(printable);
}
