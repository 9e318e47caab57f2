/** Every dotted path that a piece of an event pattern decides, its `$or` included. */
export function fragmentPaths(fragment: unknown, path: string): readonly string[] {
  if (Array.isArray(fragment)) return [path];
  if (typeof fragment !== 'object' || fragment === null) return [];
  return Object.entries(fragment).flatMap(([name, value]) =>
    name === '$or' && Array.isArray(value)
      ? value.flatMap((branch: unknown) => fragmentPaths(branch, path))
      : fragmentPaths(value, `${path}.${name}`),
  );
}
