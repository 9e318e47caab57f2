import type { InvocationResult } from './execution-environment.ts';

/** Which records of a batch stay in the queue: all of them, or those by their message ids. */
export type FailedRecords = 'all' | ReadonlySet<string>;

const NONE: ReadonlySet<string> = new Set();

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads what a function said of its batch. With `ReportBatchItemFailures` nothing, an empty answer or an empty list is
 * success; an error, an answer of another shape, or an id that is null, empty or not of this batch fails the whole
 * batch.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedRecords(
  result: InvocationResult,
  messageIds: ReadonlySet<string>,
  reportsBatchItemFailures: boolean,
): FailedRecords {
  if (result.kind !== 'value') return 'all';
  if (!reportsBatchItemFailures || result.value === null || result.value === undefined) return NONE;
  if (!isObject(result.value)) return 'all';
  const failures = result.value.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 'all';
  const ids = failures.map((failure: unknown) => (isObject(failure) ? failure.itemIdentifier : undefined));
  const known = ids.filter((id): id is string => typeof id === 'string' && messageIds.has(id));
  return known.length === ids.length ? new Set(known) : 'all';
}
