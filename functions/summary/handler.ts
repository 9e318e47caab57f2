import type { CaptureClient } from '../aws/client.ts';
import { createCountVisible } from '../aws/queue.ts';
import {
  createOutside,
  createPosting,
  createPowertools,
  createTelemetry,
  readEnvironment,
  SummaryEnvironmentSchema,
  withPowertools,
} from '../create-dependencies.ts';
import { createHandler } from './send-summaries.ts';

const powertools = createPowertools();
const environment = readEnvironment(SummaryEnvironmentSchema, process.env);
const outside = createOutside();
const captureClient: CaptureClient = (client) => powertools.tracer.captureAWSv3Client(client);

/** Posts once a day, in each channel, what was reported there. */
export const handler = withPowertools(
  powertools,
  createHandler({
    ...createPosting(environment, { outside, telemetry: createTelemetry(powertools), captureClient }),
    channels: environment.CHANNELS,
    countVisible: createCountVisible(environment.IMMEDIATE_QUEUE_URL, captureClient, outside),
  }),
);
