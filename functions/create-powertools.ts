import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Powertools } from './create-telemetry.ts';

/** Powertools, set up by its own environment variables. */
export const createPowertools = (): Powertools => ({
  logger: new Logger(),
  metrics: new Metrics(),
  // Never on: the captured requests would carry the path of the webhook URL into the trace, and that is the secret.
  // Slack is seen by the span around each post instead, and AWS by the captured clients.
  tracer: new Tracer({ captureHTTPsRequests: false }),
});
