import { envelopeOfRecord } from '../../shared/envelope-of-record.ts';
import type { Envelope } from './input-item.ts';

const isObject = (value: unknown): value is Envelope =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEnvelope = (value: Envelope): boolean =>
  typeof value.source === 'string' && typeof value['detail-type'] === 'string' && isObject(value.detail);

const isRecord = (value: Envelope): boolean =>
  typeof value.eventSource === 'string' && typeof value.eventName === 'string';

/** An EventBridge event as it is, a CloudTrail record in the envelope it would come in; `undefined` for anything else. */
export function envelopeOfValue(value: unknown): Envelope | undefined {
  if (!isObject(value)) return undefined;
  if (isEnvelope(value)) return value;
  return isRecord(value) ? envelopeOfRecord(value) : undefined;
}

/** The values that one JSON document holds: a log file's records, a list's elements, or the document itself. */
export function valuesOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  if (isObject(document) && Array.isArray(document.Records) && !isRecord(document)) return document.Records;
  return [document];
}
