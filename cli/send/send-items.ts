import { type InputItem, placeText } from '../../local/input/input-item.ts';
import { exactText } from '../../shared/json-member.ts';
import { ENTRIES } from './put-on-bus.ts';
import type { Sendable, Sent } from './sendable.ts';

export type EventItem = Extract<InputItem, { kind: 'event' }>;

/** Sends a few events, and says how it went with each. */
export type SendBatch = (sendables: readonly Sendable[]) => Promise<readonly Sent[]>;

export interface SendItemsOptions {
  readonly sendBatch: SendBatch;
  readonly toSendable: (item: EventItem) => Sendable['event'];
  readonly stop: AbortSignal;
}

const unusable = (item: Extract<InputItem, { kind: 'error' }>): Sent => ({
  place: placeText(item),
  eventId: undefined,
  result: 'unusable',
  rules: [],
  reason: item.error,
});

function sendable(item: EventItem, { toSendable }: SendItemsOptions): Sendable {
  const event = toSendable(item);
  return { event, eventId: exactText(event.detail, 'eventID') ?? exactText(event, 'id'), place: placeText(item) };
}

/** Sends what is found in the input, as it is read, until it ends or is stopped. */
export async function* sendItems(items: AsyncIterable<InputItem>, options: SendItemsOptions): AsyncGenerator<Sent> {
  const { sendBatch, stop } = options;
  let batch: Sendable[] = [];
  for await (const item of items) {
    if (stop.aborted) return;
    if (item.kind === 'error') {
      yield unusable(item);
      continue;
    }
    batch.push(sendable(item, options));
    if (batch.length < ENTRIES) continue;
    yield* await sendBatch(batch);
    batch = [];
  }
  if (batch.length > 0 && !stop.aborted) yield* await sendBatch(batch);
}
