import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { exactText } from '../../shared/call/json.ts';
import { type DeployedRule, isRoutedBy } from '../../shared/eventbridge/rule.ts';
import { withoutSecretsIn } from '../../shared/notification/redaction.ts';
import type { AwsClients } from '../aws/clients.ts';
import { routeToQueue, type StackOutputs } from '../aws/deployed-stack.ts';
import { AwsCallError, ask } from '../aws/failure.ts';
import { type InputItem, placeText } from '../input/envelope.ts';

export interface QueueRoute {
  readonly outputs: StackOutputs;
  readonly rules: readonly DeployedRule[];
  /** The rule to send by, whatever matches. */
  readonly forced: DeployedRule | undefined;
  readonly nowMs: number;
}

/** Puts an event into the deployed queues of the rules that match it, as EventBridge would. */
export async function putIntoQueue(
  clients: AwsClients,
  { event, eventId, place }: Sendable,
  { outputs, rules, forced, nowMs }: QueueRoute,
): Promise<Sent> {
  const routes = forced === undefined ? rules.filter((rule) => isRoutedBy(rule, event)) : [forced];
  const names = routes.map(({ name }) => name);
  if (routes.length === 0) {
    const reason = 'no rule of the context matches it; --rule NAME sends it all the same';
    return { place, eventId, result: 'unmatched', rules: names, reason };
  }
  try {
    for (const rule of routes) await routeToQueue(clients, outputs, { rule, event, nowMs });
    return { place, eventId, result: 'accepted', rules: names, reason: undefined };
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.kind !== 'other') throw error;
    return { place, eventId, result: 'refused', rules: names, reason: error.message };
  }
}

/** What PutEvents takes in one call. */
const ENTRIES = 10;
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
    ...(Array.isArray(event.resources) && event.resources.length > 0 && { Resources: event.resources.map(String) }),
    ...(Number.isNaN(ms) ? {} : { Time: new Date(ms) }),
  };
}

const reasonOf = ({ ErrorCode, ErrorMessage }: PutEventsResultEntry): string =>
  ErrorCode === 'NotAuthorizedForSourceException' ? REFUSED_SOURCE : `${ErrorCode}: ${ErrorMessage}`;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const sizeOf = ({ Source, DetailType, Detail, Resources, Time }: PutEventsRequestEntry): number =>
  [Source, DetailType, Detail, ...(Resources ?? [])].reduce(
    (bytes: number, part) => bytes + Buffer.byteLength(part ?? ''),
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

type Event = Readonly<Record<string, unknown>>;

/** An event to be sent, and where it was found. */
export interface Sendable {
  readonly event: Event;
  readonly eventId: string | undefined;
  /** `calls.json:12` */
  readonly place: string;
}

/** How it went with one event, or with a piece of the input that is none. */
export interface Sent {
  readonly place: string;
  readonly eventId: string | undefined;
  readonly result: 'accepted' | 'refused' | 'unmatched' | 'unusable';
  /** The rules by which it was sent; the bus finds its own. */
  readonly rules: readonly string[];
  readonly reason: string | undefined;
}

type EventItem = Extract<InputItem, { kind: 'event' }>;

/** Sends a few events, and says how it went with each. */
export type SendBatch = (sendables: readonly Sendable[]) => Promise<readonly Sent[]>;

export interface SendItemsOptions {
  readonly sendBatch: SendBatch;
  readonly stop: AbortSignal;
}

const unusable = (item: Extract<InputItem, { kind: 'error' }>): Sent => ({
  place: placeText(item),
  eventId: undefined,
  result: 'unusable',
  rules: [],
  reason: item.error,
});

const sendable = (item: EventItem): Sendable => ({
  event: item.envelope,
  eventId: withoutSecretsIn(exactText(item.envelope.detail, 'eventID') ?? exactText(item.envelope, 'id')),
  place: placeText(item),
});

/** Sends what is found in the input, as it is read, until it ends or is stopped. */
export async function* sendItems(
  items: AsyncIterable<InputItem>,
  { sendBatch, stop }: SendItemsOptions,
): AsyncGenerator<Sent> {
  let batch: Sendable[] = [];
  for await (const item of items) {
    if (stop.aborted) return;
    if (item.kind === 'error') {
      yield unusable(item);
      continue;
    }
    batch.push(sendable(item));
    if (batch.length < ENTRIES) continue;
    yield* await sendBatch(batch);
    batch = [];
  }
  if (batch.length > 0 && !stop.aborted) yield* await sendBatch(batch);
}
