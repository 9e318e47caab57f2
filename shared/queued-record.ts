/** One record of a queue, as far as telling it and settling it need: the same whoever received it. */
export interface QueuedRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often SQS has handed it out, this time included. */
  readonly receiveCount: number;
  /** When it was put into the queue, milliseconds since the epoch; `undefined` if SQS did not say. */
  readonly sentAtMs?: number | undefined;
}
