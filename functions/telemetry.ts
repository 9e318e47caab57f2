import type { Decision } from '../shared/decision.ts';
import type { MetricName } from '../shared/metrics.ts';

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
