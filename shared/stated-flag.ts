const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** What a field says that is a boolean or, as CloudTrail is seen to write it, the text of one; `undefined` for all else. */
export function statedFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? FLAGS.get(value.toLowerCase()) : undefined;
}
