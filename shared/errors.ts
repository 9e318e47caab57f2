/** The record can never be told, however often it is retried. It goes to the dead-letter queue at once. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}
