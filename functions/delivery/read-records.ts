import { classifyCall } from '../../shared/call/classify-call.ts';
import { MalformedEventError, parseRouteEnvelope } from '../../shared/call/route-envelope.ts';
import { type DeliveredCall, keyOf, type QueuedCall, type QueuedRecord } from '../../shared/delivery/queued-call.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { DisplaySettings } from '../../shared/notification/settings.ts';

/** The calls of a batch, each once, and the invalid records. */
export interface ReadRecords {
  readonly calls: readonly QueuedCall[];
  readonly rejected: readonly DeliveredCall[];
}

const parse = (body: string, settings: DisplaySettings) => {
  const matched = parseRouteEnvelope(body);
  return enrich(matched, classifyCall(matched.event.detail), settings);
};

const rejected = (record: QueuedRecord, error: unknown): DeliveredCall => ({
  records: [record],
  notification: undefined,
  deliveryResult: {
    kind: 'dead-lettered',
    reason: error instanceof MalformedEventError ? 'malformed' : 'not-renderable',
    detail: error instanceof Error ? error.message : 'unknown error',
  },
});

/**
 * Reads records as calls. What cannot be read costs that record alone, also when the mistake is ours: it goes to the
 * dead-letter queue with the reason instead of stopping its neighbours. The same call queued twice is one call.
 */
export function readRecords(records: readonly QueuedRecord[], settings: DisplaySettings): ReadRecords {
  const calls = new Map<string, QueuedCall>();
  const failed: DeliveredCall[] = [];

  for (const record of records) {
    try {
      const notification = parse(record.body, settings);
      const key = keyOf(notification);
      const known = calls.get(key);
      calls.set(key, known ? { ...known, records: [...known.records, record] } : { notification, records: [record] });
    } catch (error) {
      failed.push(rejected(record, error));
    }
  }
  return { calls: [...calls.values()], rejected: failed };
}
