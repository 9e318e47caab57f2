import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { AwsClients } from '../aws/aws-clients.ts';
import { ask } from '../aws/aws-failure.ts';
import type { Sendable, Sent } from './sendable.ts';

/** What PutEvents takes in one call. */
export const ENTRIES = 10;
const MOST_BYTES = 1_000_000;

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

/** Events in groups that one call can take. */
function groupsOf(sendables: readonly Sendable[]): readonly (readonly Sendable[])[] {
  const groups: Sendable[][] = [];
  let bytes = 0;
  for (const sendable of sendables) {
    const size = JSON.stringify(sendable.event.detail).length * 2;
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

/**
 * Puts events on the default bus.
 *
 * @throws AwsCallError when EventBridge does not take the call at all.
 */
export async function putOnBus(clients: AwsClients, sendables: readonly Sendable[]): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (const group of groupsOf(sendables)) {
    const { Entries = [] } = await ask('the bus', async () => {
      const { sdk, client } = await clients.eventBridge();
      return client.send(new sdk.PutEventsCommand({ Entries: group.map(entryOf) }));
    });
    for (const [index, { place, eventId }] of group.entries()) {
      const entry = Entries[index];
      const refused = entry?.ErrorCode !== undefined;
      sent.push({
        place,
        eventId,
        result: refused ? 'refused' : 'accepted',
        rules: [],
        reason: refused ? reasonOf(entry) : undefined,
      });
    }
  }
  return sent;
}
