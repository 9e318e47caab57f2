import { closest, distance } from 'fastest-levenshtein';

/** The valid name that was probably meant; `undefined` if none is near. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const lower = name.toLowerCase();
  const nearest = closest(
    lower,
    names.map((valid) => valid.toLowerCase()),
  );
  const near = distance(lower, nearest) <= Math.max(2, Math.floor(name.length / 3));
  return near ? names.find((valid) => valid.toLowerCase() === nearest) : undefined;
}

/** `; did you mean "StopFlow"?`, or nothing. */
export function suggestion(name: unknown, names: readonly string[]): string {
  const nearest = typeof name === 'string' ? nearestName(name, names) : undefined;
  return nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
}
