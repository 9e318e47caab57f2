import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** A record of the dead-letter queue. */
export interface FoundDeadLetter {
  readonly body: string;
  /** The attribute that a function gives it; `undefined` where SQS moved it after too many receives. */
  readonly reason: string | undefined;
}

/** The client of whoever looks at the pipeline's queues from outside. */
export const outsideClient = (endpoint: string, region: string): SQSClient =>
  new SQSClient({ endpoint, region, credentials: { accessKeyId: 'outside', secretAccessKey: 'local' } });

/** Takes everything out of a dead-letter queue. */
export async function takeDeadLetters(client: SQSClient, queueUrl: string): Promise<readonly FoundDeadLetter[]> {
  const found: FoundDeadLetter[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['reason'],
      }),
    );
    if (Messages.length === 0) return found;
    found.push(
      ...Messages.map(({ Body = '', MessageAttributes }) => ({
        body: Body,
        reason: MessageAttributes?.reason?.StringValue,
      })),
    );
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
