import {
  createOutside,
  createPowertools,
  createTelemetry,
  QueueReaderEnvironmentSchema,
  readEnvironment,
  withPowertools,
} from '../create-dependencies.ts';
import { createHandler } from './notify-batch.ts';
import { createWarmNotifying } from './warm-up.ts';

const powertools = createPowertools();
const notifying = await createWarmNotifying(readEnvironment(QueueReaderEnvironmentSchema, process.env), {
  outside: createOutside(),
  telemetry: createTelemetry(powertools),
  captureClient: (client) => powertools.tracer.captureAWSv3Client(client),
});

/** Reports the calls in a batch of queued records to the Slack channels they are routed to. */
export const handler = withPowertools(powertools, createHandler(notifying));
