import { createQueue } from '../aws/create-queue.ts';
import { createEdges } from '../create-edges.ts';
import { QueueReaderEnvironmentSchema, readEnvironment } from '../environment.ts';
import { withPowertools } from '../with-powertools.ts';
import { createHandler } from './create-handler.ts';

const environment = readEnvironment(QueueReaderEnvironmentSchema, process.env);
const { powertools, captureClient, posting } = createEdges(environment);

/** Tells the calls in a batch of queued records to the Slack channels they are routed to. */
export const handler = withPowertools(
  powertools,
  createHandler({
    ...posting,
    settings: environment.DISPLAY_SETTINGS,
    queue: createQueue({
      queueUrl: environment.QUEUE_URL,
      deadLetterQueueUrl: environment.DEAD_LETTER_QUEUE_URL,
      captureClient,
    }),
    random: Math.random,
  }),
);
