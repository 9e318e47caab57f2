import { inParallel, inPieces } from '../../functions/delivery/in-parallel.ts';
import type { AwsClients } from '../aws/aws-clients.ts';
import { ask } from '../aws/aws-failure.ts';
import type { StackOutputs } from '../aws/deployed-stack.ts';
import type { DeadLetter } from './dead-letter.ts';
import { readDeadLetter } from './read-dead-letter.ts';

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
  { queue, queueUrl: QueueUrl }: { readonly queue: DeadLetter['queue']; readonly queueUrl: string },
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
        return Messages.map((message) => readDeadLetter(queue, message));
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
  createDeadLetterStore(clients, { queue: 'functions', queueUrl: outputs.DeadLetterQueueUrl }),
  createDeadLetterStore(clients, { queue: 'rules', queueUrl: outputs.TargetDeadLetterQueueUrl }),
];
