/** What `npm start` and `notifier local` were asked for, after the flags were read. */
export interface LocalOptions {
  /** Port of the page and of the Slack endpoint; 0 takes a free one. */
  readonly port: number;
  /** Port of the AWS endpoints; 0 takes a free one. */
  readonly awsPort: number;
  /** Files of events to play instead of the built-in day; `-` is the standard input. */
  readonly inputs: readonly string[];
  /** Whether the built-in day is played when no inputs are given. */
  readonly sample: boolean;
  /** Factor on the pace of the built-in day and of the schedules. */
  readonly speed: number;
  /** A real Slack webhook that gets a copy of each message. */
  readonly slackWebhook: string | undefined;
  /** Where the queues and the record of what was told survive a restart. */
  readonly dataDir: string | undefined;
  /** Leave when everything is delivered. */
  readonly exit: boolean;
  /** One JSON line per outcome instead of text for people. */
  readonly json: boolean;
  /** All CDK context values: those of `cdk.json`, then those of `-c`. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** What the command line gives and takes while the pipeline runs. */
export interface LocalIo {
  readonly writeLine: (line: string) => void;
  readonly writeErrorLine: (line: string) => void;
  /** Aborted by Ctrl-C: everything stops cleanly, and the exit code is still told. */
  readonly stop: AbortSignal;
}
