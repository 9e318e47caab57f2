import { asText } from './json-member.ts';
import { type MediaConnectArn, parseMediaConnectArn } from './mediaconnect-arn.ts';
import type { NamedResource } from './notification.ts';
import type { ResourceKind } from './resource-kind.ts';

/** One resource that a call names, with all that the record says of it. */
export interface Target extends NamedResource {
  readonly id: string | undefined;
  readonly parsed: MediaConnectArn | undefined;
  /** Text that stands where an ARN should. */
  readonly given: string | undefined;
}

/** What a person would call it: its name, else its id, else what was typed. */
export const displayOf = (target: Target | undefined): string | null =>
  target?.name ?? target?.id ?? target?.given ?? null;

/** A resource of which nothing is known but that it is one. */
export const unnamedTarget = (kind: ResourceKind): Target => ({
  kind,
  name: null,
  arn: undefined,
  id: undefined,
  parsed: undefined,
  given: undefined,
});

export const targetOfName = (kind: ResourceKind, name: string): Target => ({ ...unnamedTarget(kind), name });

export const targetOfParsedArn = (parsed: MediaConnectArn, kind: ResourceKind): Target => ({
  kind,
  name: parsed.name,
  arn: parsed.arn,
  id: parsed.id,
  parsed,
  given: undefined,
});

/** A media stream's ARN names its flow, an instance's its gateway. */
export function parentByArn(target: Target | undefined): Target | undefined {
  const parent = target?.parsed?.parent;
  return parent?.kind === undefined ? undefined : targetOfParsedArn(parent, parent.kind);
}

/** What stands in a member for an ARN; the ARN's own kind counts more than the member's. */
export function targetOfArn(kind: ResourceKind, value: unknown): Target | undefined {
  const parsed = parseMediaConnectArn(value);
  if (parsed !== undefined) return targetOfParsedArn(parsed, parsed.kind ?? kind);
  const given = asText(value);
  return given === undefined ? undefined : { ...unnamedTarget(kind), given };
}

/** Whether the other half of the record could add nothing. */
const isComplete = ({ name, arn }: Target): boolean => name !== null && arn !== undefined;

/** One resource of which the record speaks twice: the first word counts, the second fills what it leaves open. */
export function completed(first: Target | undefined, second: () => Target | undefined): Target | undefined {
  if (first === undefined) return second();
  if (isComplete(first)) return first;
  const other = second();
  if (other === undefined || first.kind !== other.kind) return first;
  return {
    kind: first.kind,
    name: first.name ?? other.name,
    arn: first.arn ?? other.arn,
    id: first.id ?? other.id,
    parsed: first.arn === undefined ? (other.parsed ?? first.parsed) : first.parsed,
    given: first.given ?? other.given,
  };
}
