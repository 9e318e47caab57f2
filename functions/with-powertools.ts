import type { Context } from 'aws-lambda';
import type { Powertools } from './create-telemetry.ts';

/** Opens the handler's segment in the trace; gives back how to close it. */
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
