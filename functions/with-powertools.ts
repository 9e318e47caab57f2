import type { Context } from 'aws-lambda';
import type { Powertools } from './create-telemetry.ts';

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
    const parent = tracer.getSegment();
    const segment = parent?.addNewSubsegment(`## ${context.functionName}`);
    if (segment !== undefined) tracer.setSegment(segment);
    tracer.annotateColdStart();
    tracer.addServiceNameAnnotation();
    try {
      return await handle(event, context);
    } catch (error) {
      logger.error('the invocation broke off', { error });
      if (error instanceof Error) tracer.addErrorAsMetadata(error);
      throw error;
    } finally {
      segment?.close();
      if (parent !== undefined) tracer.setSegment(parent);
      metrics.publishStoredMetrics();
    }
  };
}
