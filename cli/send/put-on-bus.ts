import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { AwsClients } from '../aws/aws-clients.ts';
import { AwsCallError, ask } from '../aws/aws-failure.ts';
import type { Sendable, Sent } from './sendable.ts';

/** What PutEvents takes in one call. */
export const ENTRIES = 10;
/** Of all entries together, as EventBridge reckons them. */
const MOST_BYTES = 1_048_576;
/** What an entry's time counts for. */
const TIME_BYTES = 14;

const REFUSED_SOURCE =
  'EventBridge takes events of aws.* sources from AWS alone; put it into the deployed queue with --queue, or on the bus of npm start with --endpoint-url http://127.0.0.1:4566';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function entryOf({ event }: Sendable): PutEventsRequestEntry {
  const ms = Date.parse(textOf(event.time) ?? '');
  return {
    Source: textOf(event.source),
    DetailType: textOf(event['detail-type']),
    Detail: JSON.stringify(event.detail),
    ...(Number.isNaN(ms) ? {} : { Time: new Date(ms) }),
  };
}

const reasonOf = ({ ErrorCode, ErrorMessage }: PutEventsResultEntry): string =>
  ErrorCode === 'NotAuthorizedForSourceException' ? REFUSED_SOURCE : `${ErrorCode}: ${ErrorMessage}`;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const sizeOf = ({ Source, DetailType, Detail, Time }: PutEventsRequestEntry): number =>
  [Source, DetailType, Detail].reduce(
    (bytes, part) => bytes + Buffer.byteLength(part ?? ''),
    Time === undefined ? 0 : TIME_BYTES,
  );

/** Events in groups that one call can take. */
function groupsOf(sendables: readonly Sendable[]): readonly (readonly Sendable[])[] {
  const groups: Sendable[][] = [];
  let bytes = 0;
  for (const sendable of sendables) {
    const size = sizeOf(entryOf(sendable));
    const last = groups.at(-1);
    if (last === undefined || last.length === ENTRIES || bytes + size > MOST_BYTES) {
      groups.push([sendable]);
      bytes = size;
    } else {
      last.push(sendable);
      bytes += size;
    }
  }
  return groups;
}

const sentOf = ({ place, eventId }: Sendable, reason: string | undefined): Sent => ({
  place,
  eventId,
  result: reason === undefined ? 'accepted' : 'refused',
  rules: [],
  reason,
});

async function putGroup(clients: AwsClients, group: readonly Sendable[]): Promise<readonly Sent[]> {
  const { Entries = [] } = await ask('the bus', async () => {
    const { sdk, client } = await clients.eventBridge();
    return client.send(new sdk.PutEventsCommand({ Entries: group.map(entryOf) }));
  });
  return group.map((sendable, index) => {
    const entry = Entries[index];
    return sentOf(sendable, entry?.ErrorCode === undefined ? undefined : reasonOf(entry));
  });
}

/** A call that is refused as a whole is made again for each of its events, so that one does not sink its neighbours. */
async function putEach(clients: AwsClients, group: readonly Sendable[]): Promise<readonly Sent[]> {
  try {
    return await putGroup(clients, group);
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.kind !== 'other') throw error;
    const [only, ...others] = group;
    if (only !== undefined && others.length === 0) return [sentOf(only, error.message)];
    const sent: Sent[] = [];
    for (const sendable of group) sent.push(...(await putEach(clients, [sendable])));
    return sent;
  }
}

/**
 * Puts events on the default bus. One that is too large for it is refused here, and is no matter of its neighbours.
 *
 * @throws AwsCallError when EventBridge cannot be asked.
 */
export async function putOnBus(clients: AwsClients, sendables: readonly Sendable[]): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (const group of groupsOf(sendables)) {
    const [first] = group;
    const bytes = first === undefined ? 0 : sizeOf(entryOf(first));
    if (first === undefined || bytes <= MOST_BYTES) sent.push(...(await putEach(clients, group)));
    else sent.push(sentOf(first, `its ${bytes} bytes are more than the ${MOST_BYTES} that the bus takes`));
  }
  return sent;
}
