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
