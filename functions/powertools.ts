import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { METRICS } from '../shared/delivery/metrics.ts';
import { DECISION_MESSAGE } from '../shared/delivery/queued-call.ts';
import type { Telemetry } from './ports.ts';

/** Powertools' three, one each for the whole function. */
export interface Powertools {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

/** Powertools, set up by its own environment variables. */
export const createPowertools = (): Powertools => ({
  logger: new Logger(),
  metrics: new Metrics(),
  // Never on: the captured requests would carry the path of the webhook URL into the trace, and that is the secret.
  // Slack is seen by the span around each post instead, and AWS by the captured clients.
  tracer: new Tracer({ captureHTTPsRequests: false }),
});

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

/** Opens the handler's segment in the trace; returns how to close it. */
function openSegment(tracer: Powertools['tracer'], name: string): () => void {
  const parent = tracer.getSegment();
  if (parent === undefined) return () => undefined;
  const segment = parent.addNewSubsegment(name);
  tracer.setSegment(segment);
  tracer.annotateColdStart();
  tracer.addServiceNameAnnotation();
  return () => {
    segment.close();
    tracer.setSegment(parent);
  };
}

/**
 * Runs a handler as Powertools wants it: log lines carry the invocation's context, the trace has a segment for the
 * handler, metrics are flushed at the end whatever happens.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/tracer/#lambda-handler
 */
export function withPowertools<Event, Result>(
  { logger, metrics, tracer }: Powertools,
  handle: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  return async (event, context) => {
    logger.addContext(context);
    metrics.captureColdStartMetric(context.functionName);
    const closeSegment = openSegment(tracer, `## ${context.functionName}`);
    try {
      return await handle(event, context);
    } catch (error) {
      logger.error('the invocation broke off', { error });
      if (error instanceof Error) tracer.addErrorAsMetadata(error);
      throw error;
    } finally {
      closeSegment();
      // An invocation that found nothing to do has nothing to publish, and Powertools would warn of it.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
