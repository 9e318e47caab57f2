import {
  AGENTS,
  CLOUDFORMATION_SERVICE,
  CONSOLE_HOSTS,
  INTERNAL_SERVICE,
  SERVICE_DOMAIN,
} from '../../shared/detect-origin.ts';
import type { OriginKind } from '../../shared/notification.ts';
import { globMatcher, noGlobMatcher } from './name-glob.ts';
import type { Clause, PatternValues } from './pattern-parts.ts';

const AGENT = 'detail.userAgent';
const INVOKED_BY = 'detail.userIdentity.invokedBy';
const ADDRESS = 'detail.sourceIPAddress';

const globs = (texts: readonly string[]): PatternValues => texts.map(globMatcher);

/** The origins that an event pattern can decide, each by the fields that show it. A user agent is text of the caller's. */
const BY_ORIGIN = {
  console: [
    { 'detail.sessionCredentialFromConsole': [true, { 'equals-ignore-case': 'true' }] },
    { [AGENT]: globs(AGENTS.console) },
    // `signin.amazonaws.com` is found in real console records: it is a person.
    { [INVOKED_BY]: globs(CONSOLE_HOSTS) },
  ],
  cli: [{ [AGENT]: globs(AGENTS.cli) }],
  terraform: [{ [AGENT]: globs(AGENTS.terraform) }],
  cloudformation: [
    { [INVOKED_BY]: [{ prefix: CLOUDFORMATION_SERVICE }] },
    { [ADDRESS]: [{ prefix: CLOUDFORMATION_SERVICE }] },
  ],
  service: [
    { [INVOKED_BY]: [noGlobMatcher([...CONSOLE_HOSTS, `${INTERNAL_SERVICE}*`])] },
    { [ADDRESS]: [{ suffix: SERVICE_DOMAIN }] },
  ],
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
