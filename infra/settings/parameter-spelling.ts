import { distance } from 'fastest-levenshtein';
import { isObject, type JsonObject } from '../../shared/call/json.ts';
import { RESOURCE_KINDS } from '../../shared/call/operations.ts';
import { ALLOWED_LISTS, ALLOWED_PARAMETERS, lowerCamel } from '../../shared/notification/parameter-table.ts';
import { namingOf, parentNamingOf } from '../../shared/notification/target-members.ts';

/** Members of requests that this version reads, at whatever depth. The API has more. */
const KNOWN: ReadonlySet<string> = new Set(
  RESOURCE_KINDS.flatMap((kind) => {
    const { arns = [], names = [], list = [] } = namingOf(kind) ?? {};
    const shown = ALLOWED_PARAMETERS[kind].flatMap(({ path, portPath = [] }) => [...path, ...portPath]);
    return [...arns, ...names, ...[list].flat(), parentNamingOf('', kind)?.arn ?? [], ...shown].flat();
  }).concat(ALLOWED_LISTS.map(({ member }) => member)),
);

/** Shorter names differ by one letter and are both right. */
const LEAST_LETTERS = 6;

/**
 * The known member that was probably meant; `undefined` if the name is known, or may well be one that the table lacks: only
 * another case, or one letter more, less or other, is taken for a slip.
 */
export function meantParameter(name: string): string | undefined {
  const written = lowerCamel(name);
  if (KNOWN.has(written)) return undefined;
  const known = [...KNOWN];
  const otherCase = known.find((one) => one.toLowerCase() === written.toLowerCase());
  return otherCase ?? known.find((one) => one.length >= LEAST_LETTERS && distance(one, written) === 1);
}

interface Slip {
  /** The path within `match`. */
  readonly path: string;
  readonly meant: string;
}

function slipsWithin(fragment: JsonObject, path: string): readonly Slip[] {
  return Object.entries(fragment).flatMap(([name, value]): readonly Slip[] => {
    if (name === '$or') return branchesOf(value).flatMap((branch) => slipsWithin(branch, path));
    const at = `${path}.${name}`;
    const near = meantParameter(name);
    return near === undefined ? (isObject(value) ? slipsWithin(value, at) : []) : [{ path: at, meant: near }];
  });
}

const branchesOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Members within `requestParameters` of a rule's `match` that look like a slip in the name of a known one. */
export function misspelledParameters({ requestParameters, $or }: JsonObject): readonly Slip[] {
  return [
    ...(isObject(requestParameters) ? slipsWithin(requestParameters, 'requestParameters') : []),
    ...branchesOf($or).flatMap(misspelledParameters),
  ];
}
