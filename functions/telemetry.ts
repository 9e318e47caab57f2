import type { Decision } from '../shared/decision.ts';

/** The metrics by name, with their unit. Dashboards and alarms are built on these. */
export const METRICS = {
  Told: 'Count',
  Folded: 'Count',
  Digested: 'Count',
  DeadLettered: 'Count',
  RepeatsSuppressed: 'Count',
  SlackAccepted: 'Count',
  SlackTransient: 'Count',
  SlackPermanent: 'Count',
  SlackMisconfigured: 'Count',
  UnrecognizedOperations: 'Count',
  LedgerUnavailable: 'Count',
  CallToPostedMs: 'Milliseconds',
  BusToPostedMs: 'Milliseconds',
} as const;

export type MetricName = keyof typeof METRICS;

type LogDetails = Readonly<Record<string, unknown>>;

/** What a function says about its work. Passed in, so that the chain knows nothing of Powertools. */
export interface Telemetry {
  /** One line per event and channel: the answer to "why was I (not) told?". */
  decision(decision: Decision): void;
  warn(message: string, details: LogDetails): void;
  error(message: string, details: LogDetails): void;
  metric(name: MetricName, value: number, dimensions?: Readonly<Record<string, string>>): void;
  /** Runs a step in a trace segment of its own. */
  span<Result>(
    name: string,
    annotations: Readonly<Record<string, string | number>>,
    run: () => Promise<Result>,
  ): Promise<Result>;
}
