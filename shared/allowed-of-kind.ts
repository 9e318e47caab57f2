import { ALLOWED_PARAMETERS, type AllowedParameter } from './allowed-parameters.ts';
import { asObject } from './json-member.ts';
import type { ResourceKind } from './resource-kind.ts';

interface Ranked {
  readonly parameter: AllowedParameter;
  readonly rank: number;
}

const membersOf = ({ path, portPath }: AllowedParameter): readonly (string | undefined)[] => [
  ...new Set([path[0], portPath?.[0] ?? path[0]]),
];

const byMember = (parameters: readonly AllowedParameter[]): ReadonlyMap<string | undefined, readonly Ranked[]> => {
  const found = new Map<string | undefined, Ranked[]>();
  for (const [rank, parameter] of parameters.entries()) {
    for (const member of membersOf(parameter)) {
      found.set(member, [...(found.get(member) ?? []), { parameter, rank }]);
    }
  }
  return found;
};

/** The table by the member that a path starts with: a request has few of the members that it could have. */
const BY_MEMBER = new Map(Object.entries(ALLOWED_PARAMETERS).map(([kind, parameters]) => [kind, byMember(parameters)]));

/** More members than any request of the API has. */
const MEMBERS_READ = 100;

const isUpper = (code: number): boolean => code >= 65 && code <= 90;

/** Our tables are in lower camel case; records are in either. */
export const lowerCamel = (key: string): string =>
  isUpper(key.charCodeAt(0)) ? key.charAt(0).toLowerCase() + key.slice(1) : key;

function membersIn(source: unknown): readonly string[] {
  const keys = Object.keys(asObject(source) ?? {});
  return keys.length > MEMBERS_READ ? keys.slice(0, MEMBERS_READ) : keys;
}

/** The parameters of the allow-list that a request may have, each once, in the list's order. */
export function allowedOf(source: unknown, kind: ResourceKind): readonly AllowedParameter[] {
  const ofKind = BY_MEMBER.get(kind);
  const found = new Map<AllowedParameter, number>();
  for (const key of membersIn(source)) {
    for (const { parameter, rank } of ofKind?.get(lowerCamel(key)) ?? []) found.set(parameter, rank);
  }
  if (found.size < 2) return [...found.keys()];
  return [...found].sort(([, one], [, other]) => one - other).map(([parameter]) => parameter);
}
