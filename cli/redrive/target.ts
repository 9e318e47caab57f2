import { routeEnvelopeText } from '../../shared/call/api-call-event.ts';
import { asObject, type JsonObject } from '../../shared/call/json.ts';
import { parseJson } from '../../shared/call/parse-json.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { queueNameOf, type StackOutputs } from '../aws/deployed-stack.ts';
import type { DeadLetter } from './dead-letter-store.ts';

/** What is sent where to bring a record back, or why it has to stay. */
export type RedriveTarget =
  | { readonly kind: 'back'; readonly queueUrl: string; readonly body: string }
  | { readonly kind: 'stays'; readonly reason: string };

/** An event that EventBridge gave up before it was transformed: the route is still to be added. */
function bareEvent(body: string): JsonObject | undefined {
  const parsed = parseJson(body);
  const object = asObject(parsed.ok ? parsed.value : undefined);
  const isBare = object && !('event' in object) && asObject(object.detail) && typeof object.source === 'string';
  return isBare ? object : undefined;
}

function queueUrlOf(
  { meantFor }: DeadLetter,
  rule: CompiledRule | undefined,
  { ImmediateQueueUrl, DigestQueueUrl }: StackOutputs,
): string {
  const named = [ImmediateQueueUrl, DigestQueueUrl].find((url) => queueNameOf(url) === meantFor);
  return named ?? (rule?.delivery === 'digest' ? DigestQueueUrl : ImmediateQueueUrl);
}

/**
 * Finds where a record came from. What the functions gave up goes back as it is; an event without its route gets the
 * one that its rule has in the context, since EventBridge does not document which of the two it keeps.
 */
export function redriveTarget(
  letter: DeadLetter,
  rules: readonly CompiledRule[],
  outputs: StackOutputs,
): RedriveTarget {
  const rule = rules.find(({ name }) => name === letter.rule);
  const queueUrl = queueUrlOf(letter, rule, outputs);
  const event = bareEvent(letter.body);
  if (event === undefined) return { kind: 'back', queueUrl, body: letter.body };
  if (rule === undefined) {
    return {
      kind: 'stays',
      reason: `its rule ${letter.rule ?? ''} is not in the context, so its channel is not known`,
    };
  }
  const { name, channel } = rule;
  return {
    kind: 'back',
    queueUrl,
    body: routeEnvelopeText({ rule: name, channel, ingestedAtMs: letter.sinceMs }, event),
  };
}
