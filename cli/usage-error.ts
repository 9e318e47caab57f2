/** The command was typed wrongly, in a way that its options' definitions do not catch. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
