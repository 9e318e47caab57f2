/** Where the stack is said to live, and how to reach it. */
export interface Place {
  readonly stackName: string;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** Base of the queue URLs: the front door's own address. */
  readonly endpoint: string;
}
