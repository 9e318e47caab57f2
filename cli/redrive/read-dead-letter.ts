import type { Message } from '@aws-sdk/client-sqs';
import { ruleNameInBus } from '../../infra/rule-name-in-bus.ts';
import { parseJson } from '../../local/input/parse-json.ts';
import { asObject, asText, type JsonObject } from '../../shared/json-member.ts';
import { queueNameOf } from '../aws/queue-name-of.ts';
import type { DeadLetter } from './dead-letter.ts';

const objectOf = (value: unknown): JsonObject => asObject(value) ?? {};
const textOf = (value: unknown): string | undefined => asText(value) || undefined;

/** What the record says of itself, whether it is an event with its route or the event alone. */
function readBody(body: string): Pick<DeadLetter, 'eventId' | 'operation' | 'rule'> {
  const parsed = parseJson(body);
  const envelope = objectOf(parsed.ok ? parsed.value : undefined);
  const event = 'event' in envelope ? objectOf(envelope.event) : envelope;
  const detail = objectOf(event.detail);
  return {
    eventId: textOf(detail.eventID) ?? textOf(event.id),
    operation: textOf(detail.eventName),
    rule: textOf(envelope.rule),
  };
}

const isKnown = (text: string | undefined): text is string => text !== undefined && text !== 'unknown';

/** `arn:aws:events:…:rule/MediaConnectNotifier-changes` is the rule `changes`. */
function ruleOfArn(arn: string | undefined): string | undefined {
  const name = arn?.slice(arn.lastIndexOf('/') + 1);
  return name?.startsWith(ruleNameInBus('')) ? name.slice(ruleNameInBus('').length) : name;
}

/** Where SQS itself gave up, it adds no attributes of ours. */
const RECEIVED_TOO_OFTEN = 'received-too-often';

/**
 * Reads a record of the functions' dead-letter queue (with our attributes, or none where SQS moved it) or of the
 * rules' (with EventBridge's).
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function readDeadLetter(queue: DeadLetter['queue'], message: Message): DeadLetter {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MessageAttributes = {} } = message;
  const said = (name: string): string | undefined => textOf(MessageAttributes[name]?.StringValue);
  const own = readBody(Body);
  const given = said('eventId');
  const sinceMs = Date.parse(said('receivedAt') ?? '') || Number(Attributes.SentTimestamp) || undefined;
  const meantFor = said('TARGET_ARN') ?? textOf(Attributes.DeadLetterQueueSourceArn);
  return {
    queue,
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    reason: said('reason') ?? said('ERROR_CODE') ?? (queue === 'functions' ? RECEIVED_TOO_OFTEN : 'unknown'),
    detail: said('detail') ?? said('ERROR_MESSAGE') ?? said('EXHAUSTED_RETRY_CONDITION'),
    eventId: isKnown(given) ? given : own.eventId,
    operation: own.operation,
    rule: own.rule ?? (isKnown(said('rule')) ? said('rule') : ruleOfArn(said('RULE_ARN'))),
    sinceMs,
    meantFor: meantFor === undefined ? undefined : queueNameOf(meantFor),
  };
}
