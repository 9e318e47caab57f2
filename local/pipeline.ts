import type { BusEvent } from './aws/event-bus.ts';
import type { Outcome } from './monitor/delivery-tracker.ts';
import type { PipelineState, PostedMessage } from './monitor/pipeline-state.ts';
import type { SlackControl } from './slack/behaviour.ts';
import type { AcceptedPost } from './slack/slack-endpoint.ts';
import type { StackModel } from './template/stack-model.ts';

export interface PipelineOptions {
  /** All CDK context values; those named `notifier:…` are the admin's. */
  readonly context: Readonly<Record<string, unknown>>;
  /**
   * Port of the page and of the Slack endpoint.
   * @default any free one
   */
  readonly port?: number;
  /**
   * Port of the AWS endpoints.
   * @default any free one
   */
  readonly awsPort?: number;
  /**
   * Where queues and ledger survive a restart.
   * @default in memory
   */
  readonly dataDir?: string | undefined;
  /**
   * How much faster time passes than on AWS for all that waits: hidden and delayed records, batching windows, schedules,
   * the functions' pauses and limits, Slack's patience. Only work takes as long as it takes.
   * @default 1
   */
  readonly timeFactor?: number;
  /**
   * How much faster schedules run than on AWS.
   * @default `timeFactor`
   */
  readonly speed?: number;
  /**
   * How much faster hidden and delayed records come back than on AWS.
   * @default `timeFactor`
   */
  readonly clockFactor?: number;
  /**
   * A real webhook that gets a copy of each message.
   * @default none
   */
  readonly slackWebhook?: string | undefined;
  /**
   * Whether the page is served beside the Slack endpoint.
   * @default true
   */
  readonly page?: boolean;
  /**
   * Called with what a person should know: troubles of the functions, copies that a real Slack refused.
   * @default nobody
   */
  readonly onNote?: (note: string) => void;
  /**
   * Called with each message that Slack's stand-in accepts.
   * @default nobody
   */
  readonly onMessage?: (post: AcceptedPost) => void;
  /**
   * Called when whoever posted a message cannot have read Slack's answer, though the message was accepted.
   * @default nobody
   */
  readonly onAnswerLost?: (post: AcceptedPost) => void;
  /**
   * Called when a function's process has ended, by its access key.
   * @default nobody
   */
  readonly onProcessEnd?: (accessKeyId: string) => void;
}

/** The processes that functions run in. */
export interface Consumers {
  pids(): readonly number[];
  /**
   * Ends one process at once, as a crash does: that of an access key, else one that reads the immediate queue, at work
   * if there is one. Gives its id.
   */
  kill(accessKeyId?: string): number | undefined;
}

/** A running pipeline. */
export interface Pipeline {
  readonly urls: {
    readonly page: string;
    /** What `AWS_ENDPOINT_URL` is to be set to. */
    readonly aws: string;
    /** Webhook of the channel `default`. */
    readonly slack: string;
  };
  /** What was read from the template. */
  readonly model: StackModel;
  /** Slack's behaviour, to be changed at will. */
  readonly slack: SlackControl;
  readonly consumers: Consumers;
  /** Puts an event on the bus as it is, as AWS's own services do. */
  putEvent(event: BusEvent): Promise<void>;
  /** Called with each outcome until the function it gives back is called. */
  onOutcome(listener: (outcome: Outcome) => void): () => void;
  state(): PipelineState;
  /** The records in the queues that functions read, hidden or not. */
  queued(): readonly string[];
  /** Oldest first. */
  messages(): readonly PostedMessage[];
  /** Tries at once what waits for Slack or the secret; gives how many records that were. */
  tryNow(): Promise<number>;
  /** Runs the schedules that drain a queue, now. */
  runDigest(): Promise<void>;
  /** Runs one schedule of the template by the function it calls, now. */
  runFunction(logicalIdPart: string): Promise<void>;
  /** Resolves when every event so far has its outcome. What gathers for a digest is reported as soon as all else is. */
  settled(): Promise<void>;
  /** Lets the batches under way finish for a moment, and closes everything. */
  stop(): Promise<void>;
}
