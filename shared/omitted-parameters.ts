import type { JsonObject } from './json-member.ts';

/**
 * CloudTrail leaves parameters over 100 KB out and says so: `{ "omitted": true, "originalSize": 149893, "reason": … }`,
 * sometimes with strings for values.
 */
export function isOmitted(parameters: JsonObject | null | undefined): parameters is JsonObject {
  if (parameters === null || parameters === undefined || !Object.hasOwn(parameters, 'omitted')) return false;
  const { omitted } = parameters;
  return omitted === true || (typeof omitted === 'string' && omitted.toLowerCase() === 'true');
}

/** How large the parameters were, if that is said. */
export function originalSize({ originalSize: size }: JsonObject): number | undefined {
  const bytes = typeof size === 'string' ? Number(size) : size;
  return typeof bytes === 'number' && Number.isFinite(bytes) && bytes > 0 ? bytes : undefined;
}
