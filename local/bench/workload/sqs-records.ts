import type { SQSEvent, SQSRecord } from 'aws-lambda';

const sqsRecord = (body: string, index: number): SQSRecord => ({
  messageId: `m${index}`,
  receiptHandle: `r${index}`,
  body,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'AIDA',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:immediate',
  awsRegion: 'eu-west-1',
});

/** A batch as the event source mapping hands it to the function. */
export const sqsEvent = (bodies: readonly string[]): SQSEvent => ({ Records: bodies.map(sqsRecord) });
