import type { CaptureClient } from '../aws/client-settings.ts';
import { createTelling, type Parts } from '../create-dependencies.ts';
import type { TellingDependencies } from '../delivery/dependencies.ts';
import type { QueueReaderEnvironment } from '../environment.ts';
import { rehearse } from './rehearsal.ts';

/** Somebody waits for the first message meanwhile. */
const LONGEST_MS = 2000;
/** So many requests to the table go out at once before the first post, each on a connection of its own. */
const CONNECTIONS = 3;
/** The key of no item. */
const NO_KEY = 'warm-up';

/** Whether all of it succeeded before the time was up. Never throws. */
async function succeedsInTime(work: readonly Promise<unknown>[], limit: AbortSignal): Promise<boolean> {
  const isLate = new Promise<boolean>((resolve) => limit.addEventListener('abort', () => resolve(false)));
  const isDone = Promise.allSettled(work).then((ends) => ends.every(({ status }) => status === 'fulfilled'));
  return Promise.race([isDone, isLate]);
}

/**
 * Makes the dependencies of the notifier, and does what its first event would otherwise wait for: reads the secret,
 * opens the connections to the table by reading what is not there, and rehearses. While a function starts it has a whole
 * processor, afterwards the part of one that goes with its memory.
 *
 * What fails here stops nothing: the first event does it again, with clients that know nothing of the failure, so that
 * no service is taken for silent that was slow once.
 *
 * @see https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export async function createWarmTelling(
  environment: QueueReaderEnvironment,
  parts: Parts,
): Promise<TellingDependencies> {
  const { outside, captureClient } = parts;
  const clients: object[] = [];
  // Traces belong to invocations; X-Ray would complain in the log of requests outside of one.
  const captureLater: CaptureClient = (client) => {
    clients.push(client);
    return client;
  };
  const telling = createTelling(environment, { ...parts, captureClient: captureLater });
  const work = [
    telling.webhooks.urls(),
    ...Array.from({ length: CONNECTIONS }, () => telling.ledger.readTold([NO_KEY])),
    rehearse(environment.DISPLAY_SETTINGS, outside),
  ];
  if (!(await succeedsInTime(work, outside.timeLimit(LONGEST_MS)))) return createTelling(environment, parts);
  for (const client of clients) captureClient(client);
  return telling;
}
