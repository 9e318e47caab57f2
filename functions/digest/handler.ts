import {
  createNotifying,
  createOutside,
  createPowertools,
  createTelemetry,
  DigestEnvironmentSchema,
  readEnvironment,
  withPowertools,
} from '../create-dependencies.ts';
import { createHandler } from './send-digests.ts';

const powertools = createPowertools();
const environment = readEnvironment(DigestEnvironmentSchema, process.env);

/** Reports in each channel the calls that gathered in the digest queue. */
export const handler = withPowertools(
  powertools,
  createHandler({
    ...createNotifying(environment, {
      outside: createOutside(),
      telemetry: createTelemetry(powertools),
      captureClient: (client) => powertools.tracer.captureAWSv3Client(client),
    }),
    digestMinutes: environment.DIGEST_MINUTES,
  }),
);
