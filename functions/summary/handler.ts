import { createCountWaiting } from '../aws/count-waiting.ts';
import { createEdges } from '../create-edges.ts';
import { readEnvironment, SummaryEnvironmentSchema } from '../environment.ts';
import { withPowertools } from '../with-powertools.ts';
import { createHandler } from './create-handler.ts';

const environment = readEnvironment(SummaryEnvironmentSchema, process.env);
const { powertools, captureClient, posting } = createEdges(environment);

/** Tells each channel once a day what it was told. */
export const handler = withPowertools(
  powertools,
  createHandler({
    ...posting,
    channels: environment.CHANNELS,
    countWaiting: createCountWaiting([environment.IMMEDIATE_QUEUE_URL, environment.DIGEST_QUEUE_URL], captureClient),
  }),
);
