const sorted = (values: readonly number[]): readonly number[] => [...values].sort((one, other) => one - other);

/** The value that so great a part of the values does not exceed (nearest rank). */
export function quantile(values: readonly number[], part: number): number {
  const rank = Math.max(1, Math.ceil(values.length * part));
  return sorted(values)[rank - 1] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const maximum = (values: readonly number[]): number => quantile(values, 1);

export const minimum = (values: readonly number[]): number => Math.min(...values);
