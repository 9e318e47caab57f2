import { AsyncLocalStorage } from 'node:async_hooks';
import type { Telemetry } from '../../functions/ports.ts';
import type { MetricName } from '../../shared/delivery/metrics.ts';
import type { Decision } from '../../shared/delivery/settle.ts';

/** What a function said, for tests to look at. */
export interface Recorded extends Telemetry {
  readonly decisions: Decision[];
  readonly lines: { readonly level: string; readonly message: string; readonly details: unknown }[];
  readonly metrics: Partial<Record<MetricName, number>>;
  /** Annotations of the span that the caller runs in. */
  readonly current: () => Readonly<Record<string, string | number>> | undefined;
}

export function recordedTelemetry(): Recorded {
  const spans = new AsyncLocalStorage<Readonly<Record<string, string | number>>>();
  const decisions: Decision[] = [];
  const lines: Recorded['lines'] = [];
  const metrics: Partial<Record<MetricName, number>> = {};
  return {
    decisions,
    lines,
    metrics,
    current: () => spans.getStore(),
    decision: (decision) => decisions.push(decision),
    warn: (message, details) => lines.push({ level: 'warn', message, details }),
    error: (message, details) => lines.push({ level: 'error', message, details }),
    metric: (name, value) => {
      metrics[name] = (metrics[name] ?? 0) + value;
    },
    span: (_name, annotations, run) => spans.run(annotations, run),
  };
}
