import { asList, asObject, type JsonObject, MAX_LIST_LENGTH, member } from '../call/json.ts';
import { type Detail, enumeration, named } from './notification.ts';

/** What never leaves the event, wherever it is said: access key ids, and the ARNs of secrets and roles. */
const SECRETS =
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b|\barn:[\w-]+:(?:secretsmanager:[^\s"',;)\]]*|iam::\d*:role\/[^\s"',;)\]]*)/g;

/** A text of the event without what never leaves it. */
export const withoutSecrets = (text: string): string => text.replace(SECRETS, '(not shown)');

/** Not shown, whatever the admin's settings say: key material, where keys are kept, tokens. */
const NEVER_SHOWN: ReadonlySet<string> = new Set([
  'constantinitializationvector',
  'streamid',
  'url',
  'deviceid',
  'resourceid',
  'accesskeyid',
  'secretaccesskey',
  'credentialid',
]);

const NEVER_SHOWN_ENDING = /(?:token|secret|password|passphrase|credentials?|secretarn|rolearn)$/;

/** Whether a member's value never leaves the event. */
export function isNeverShown(key: string): boolean {
  const lower = key.toLowerCase();
  return NEVER_SHOWN.has(lower) || NEVER_SHOWN_ENDING.test(lower);
}

/** Values shorter than this are words of the API, or say nothing. */
const LEAST_SECRET_LENGTH = 4;

/** The texts in a request that never leave the event, for taking them out of what speaks of them. */
export function neverShownTexts(value: unknown, depth = 0): readonly string[] {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value).slice(0, MAX_LIST_LENGTH);
  return entries.flatMap(([key, inner]) => {
    if (typeof inner !== 'string') return neverShownTexts(inner, depth + 1);
    return isNeverShown(key) && inner.length >= LEAST_SECRET_LENGTH ? [inner] : [];
  });
}

const MAX_DEPTH = 8;
const MAX_VALUES = 20;

/** Every value below a member that may be shown, up to a limit. */
function leavesOf(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [withoutSecrets(value)];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return asList(value).flatMap((element) => leavesOf(element, depth + 1));
  return Object.entries(asObject(value) ?? {})
    .slice(0, MAX_VALUES)
    .filter(([key]) => !isNeverShown(key))
    .flatMap(([key, inner]) => leavesOf(inner, depth + 1).map((leaf) => `${key}: ${leaf}`));
}

/** The values at the end of a path, in which `[]` goes through the elements of a list. */
function valuesAt(source: JsonObject, keys: readonly string[]): readonly unknown[] {
  let values: readonly unknown[] = [source];
  for (const key of keys) {
    const inside = values.map((value) => member(value, key.endsWith('[]') ? key.slice(0, -2) : key));
    values = key.endsWith('[]') ? inside.flatMap(asList) : inside;
  }
  return values;
}

/** The parameters that the admin allows beside those that always are, by paths such as `outputs[].cidrAllowList`. */
export function shownParameters(request: JsonObject, paths: readonly string[]): readonly Detail[] {
  return paths.flatMap((path) => {
    const keys = path.split('.');
    if (keys.some((key) => isNeverShown(key.replace('[]', '')))) return [];
    const leaves = valuesAt(request, keys).flatMap((value) => leavesOf(value));
    if (leaves.length === 0) return [];
    const value = enumeration(
      leaves.map((leaf) => [named(leaf)]),
      MAX_VALUES,
    );
    return [{ label: path, value }];
  });
}
