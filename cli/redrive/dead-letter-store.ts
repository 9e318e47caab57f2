import type { Message } from '@aws-sdk/client-sqs';
import { asObject, asText, type JsonObject } from '../../shared/call/json.ts';
import { parseJson } from '../../shared/call/parse-json.ts';
import { inParallel, inPieces } from '../../shared/delivery/parallel.ts';
import { ruleNameInBus } from '../../shared/eventbridge/rule.ts';
import type { AwsClients } from '../aws/clients.ts';
import { queueNameOf, type StackOutputs } from '../aws/deployed-stack.ts';
import { ask } from '../aws/failure.ts';

/** A record that was given up, as it lies in one of the two dead-letter queues. */
export interface DeadLetter {
  /** `functions`: given up by the functions or by SQS; `rules`: EventBridge could not put it into its queue. */
  readonly queue: 'functions' | 'rules';
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** One word, by which records can be chosen. */
  readonly reason: string;
  readonly detail: string | undefined;
  readonly eventId: string | undefined;
  readonly operation: string | undefined;
  /** As the context has it. */
  readonly rule: string | undefined;
  readonly sinceMs: number | undefined;
  /** Name of the queue that it was meant for, where SQS or EventBridge say so. */
  readonly meantFor: string | undefined;
}

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
function ruleOfArn(arn: string | undefined, notifier: string | undefined): string | undefined {
  const prefix = ruleNameInBus('', notifier);
  const name = arn?.slice(arn.lastIndexOf('/') + 1);
  return name?.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** Where SQS itself gave up, it adds no attributes of ours. */
const RECEIVED_TOO_OFTEN = 'received-too-often';

/**
 * Reads a record of the functions' dead-letter queue (with our attributes, or none where SQS moved it) or of the
 * rules' (with EventBridge's).
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function readDeadLetter(queue: DeadLetter['queue'], message: Message, notifier?: string): DeadLetter {
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
    rule: own.rule ?? (isKnown(said('rule')) ? said('rule') : ruleOfArn(said('RULE_ARN'), notifier)),
    sinceMs,
    meantFor: meantFor === undefined ? undefined : queueNameOf(meantFor),
  };
}

/** The calls to a dead-letter queue and to the queues that records go back to. */
export interface DeadLetterStore {
  /** The next few records, hidden from other readers for a while; none when no more are visible. */
  receive(): Promise<readonly DeadLetter[]>;
  /** @throws AwsCallError when it was not accepted. */
  send(queueUrl: string, body: string): Promise<void>;
  /** @throws AwsCallError */
  remove(letter: DeadLetter): Promise<void>;
  /** About how many records lie there, hidden or not. @throws AwsCallError */
  count(): Promise<number>;
  /** Makes records visible again at once. Those that could not be come back by themselves. */
  release(letters: readonly DeadLetter[]): Promise<void>;
}

/** Long enough to bring ten records back, or to look at some hundred. */
const HIDDEN_SECONDS = 120;
/** What SQS takes and gives in one call. */
const ENTRIES = 10;
const AT_ONCE = 5;

function createDeadLetterStore(
  clients: AwsClients,
  {
    queue,
    queueUrl: QueueUrl,
    notifier,
  }: {
    readonly queue: DeadLetter['queue'];
    readonly queueUrl: string;
    readonly notifier: string | undefined;
  },
): DeadLetterStore {
  return {
    receive: () =>
      ask('the dead-letter queue', async () => {
        const { sdk, client } = await clients.sqs();
        const { Messages = [] } = await client.send(
          new sdk.ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: ENTRIES,
            VisibilityTimeout: HIDDEN_SECONDS,
            // A wait makes SQS ask all its servers: an answer without records then means that there are none.
            WaitTimeSeconds: 1,
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['SentTimestamp', 'DeadLetterQueueSourceArn'],
          }),
        );
        return Messages.map((message) => readDeadLetter(queue, message, notifier));
      }),

    send: (queueUrl, body) =>
      ask('sending a record back', async () => {
        const { sdk, client } = await clients.sqs();
        await client.send(new sdk.SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
      }),

    remove: ({ receiptHandle: ReceiptHandle }) =>
      ask('deleting a record that was sent back', async () => {
        const { sdk, client } = await clients.sqs();
        await client.send(new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }),

    count: () =>
      ask('counting what is left', async () => {
        const { sdk, client } = await clients.sqs();
        const { Attributes = {} } = await client.send(
          new sdk.GetQueueAttributesCommand({
            QueueUrl,
            AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
          }),
        );
        return Object.values(Attributes).reduce((sum, text) => sum + Number(text), 0);
      }),

    release: (letters) =>
      ask('showing records again', async () => {
        const { sdk, client } = await clients.sqs();
        await inParallel(inPieces(letters, ENTRIES), AT_ONCE, async (piece) => {
          const Entries = piece.map(({ receiptHandle: ReceiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle,
            VisibilityTimeout: 0,
          }));
          await client.send(new sdk.ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
        });
      }),
  };
}

/** The two dead-letter queues of a stack. */
export const deadLetterStores = (clients: AwsClients, outputs: StackOutputs): readonly DeadLetterStore[] => [
  createDeadLetterStore(clients, {
    queue: 'functions',
    queueUrl: outputs.DeadLetterQueueUrl,
    notifier: outputs.NotifierName,
  }),
  createDeadLetterStore(clients, {
    queue: 'rules',
    queueUrl: outputs.TargetDeadLetterQueueUrl,
    notifier: outputs.NotifierName,
  }),
];
