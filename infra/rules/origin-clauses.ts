import type { OriginKind } from '../../shared/notification.ts';
import type { Clause } from './pattern-parts.ts';

const AGENT = 'detail.userAgent';
const INVOKED_BY = 'detail.userIdentity.invokedBy';

const agents = (...starts: readonly string[]): Clause => ({ [AGENT]: starts.map((prefix) => ({ prefix })) });

/**
 * The origins that an event pattern can decide, each by the fields that show it. A user agent is text of the caller's;
 * the others take reading that a pattern cannot do.
 */
const BY_ORIGIN = {
  console: [
    { 'detail.sessionCredentialFromConsole': [true, { 'equals-ignore-case': 'true' }] },
    agents('Mozilla', '[Mozilla', 'console.', 'signin.'),
  ],
  cli: [agents('aws-cli/', '[aws-cli/')],
  terraform: [agents('APN/1.0 HashiCorp/', 'Terraform/', 'HashiCorp')],
  cloudformation: [{ [INVOKED_BY]: ['cloudformation.amazonaws.com'] }, { [AGENT]: ['cloudformation.amazonaws.com'] }],
  // `signin.amazonaws.com` is found in real console records: it is a person.
  service: [{ [INVOKED_BY]: [{ 'anything-but': ['signin.amazonaws.com'] }] }],
} as const satisfies Partial<Record<OriginKind, readonly Clause[]>>;

export type DecidableOrigin = keyof typeof BY_ORIGIN;

export const DECIDABLE_ORIGINS = Object.keys(BY_ORIGIN) as readonly DecidableOrigin[];

export const isDecidableOrigin = (origin: string): origin is DecidableOrigin => Object.hasOwn(BY_ORIGIN, origin);

/** Clauses of one field that differ only in its values are one clause. */
function merged(clauses: readonly Clause[]): readonly Clause[] {
  const byPath = new Map<string, readonly unknown[]>();
  for (const clause of clauses) {
    for (const [path, values] of Object.entries(clause)) byPath.set(path, [...(byPath.get(path) ?? []), ...values]);
  }
  return [...byPath].map(([path, values]) => ({ [path]: values }));
}

/** By what means a call was made, as clauses of an event pattern; each has one field. */
export const originClauses = (origins: readonly OriginKind[]): readonly Clause[] =>
  merged(origins.filter(isDecidableOrigin).flatMap((origin): readonly Clause[] => BY_ORIGIN[origin]));
