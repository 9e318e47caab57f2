import { createQueue } from '../aws/create-queue.ts';
import { createEdges } from '../create-edges.ts';
import { QueueReaderEnvironmentSchema, readEnvironment } from '../environment.ts';
import { withPowertools } from '../with-powertools.ts';
import { createHandler } from './create-handler.ts';

const environment = readEnvironment(QueueReaderEnvironmentSchema, process.env);
const { powertools, captureClient, posting } = createEdges(environment);

/** Tells each channel the calls that gathered in the digest queue. */
export const handler = withPowertools(
  powertools,
  createHandler({
    ...posting,
    settings: environment.DISPLAY_SETTINGS,
    queue: createQueue({
      queueUrl: environment.QUEUE_URL,
      deadLetterQueueUrl: environment.DEAD_LETTER_QUEUE_URL,
      captureClient,
      // The records of a receive whose answer nobody waited for lie hidden for the visibility timeout, half an hour.
      requestTimeoutMs: 20_000,
    }),
    random: Math.random,
  }),
);
