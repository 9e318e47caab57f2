import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import { DECISION_MESSAGE } from '../shared/decision.ts';
import { METRICS, type Telemetry } from './telemetry.ts';

/** Powertools' three, one each for the whole function. */
export interface Powertools {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

/** Telemetry by Powertools. */
export function createTelemetry({ logger, metrics, tracer }: Powertools): Telemetry {
  return {
    decision: (decision) => logger.info(DECISION_MESSAGE, { ...decision }),
    warn: (message, details) => logger.warn(message, details),
    error: (message, details) => logger.error(message, details),

    metric(name, value, dimensions) {
      if (dimensions === undefined) {
        metrics.addMetric(name, METRICS[name], value);
        return;
      }
      const single = metrics.singleMetric();
      single.addDimensions({ ...dimensions });
      single.addMetric(name, METRICS[name], value);
    },

    async span(name, annotations, run) {
      // Not made the current segment: several spans are open at once, one for each channel.
      const span = tracer.getSegment()?.addNewSubsegment(name);
      for (const [key, value] of Object.entries(annotations)) span?.addAnnotation(key, value);
      try {
        return await run();
      } catch (error) {
        span?.addErrorFlag();
        throw error;
      } finally {
        span?.close();
      }
    },
  };
}
