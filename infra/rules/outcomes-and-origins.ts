import { DENIED_ERROR_PREFIXES, DENIED_ERROR_SUFFIXES, type Outcome } from '../../shared/call/classify-call.ts';
import type { OriginKind } from '../../shared/notification/notification.ts';
import {
  AGENTS,
  CLOUDFORMATION_SERVICE,
  CONSOLE_HOSTS,
  INTERNAL_SERVICE,
  SERVICE_DOMAIN,
} from '../../shared/notification/origin.ts';
import { type Clause, globMatcher, noGlobMatcher, type PatternValues } from './clause.ts';

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

const isDecidableOrigin = (origin: string): origin is DecidableOrigin => Object.hasOwn(BY_ORIGIN, origin);

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

const CODE = 'detail.errorCode';
const MESSAGE = 'detail.errorMessage';

const NONE: PatternValues = [{ exists: false }, null, ''];

const DENIED: PatternValues = [
  ...DENIED_ERROR_PREFIXES.map((prefix) => ({ prefix })),
  ...DENIED_ERROR_SUFFIXES.map((suffix) => ({ suffix })),
];

/** Neither such a prefix nor such a suffix: only `wildcard` takes both in one list. */
const deniedGlobs = [
  ...DENIED_ERROR_PREFIXES.map((prefix) => `${prefix}*`),
  ...DENIED_ERROR_SUFFIXES.map((suffix) => `*${suffix}`),
];

const SUCCEEDED: Clause = { [CODE]: NONE, [MESSAGE]: NONE };
const DENIED_CODE: Clause = { [CODE]: DENIED };
/** A record with a message and no code failed too. */
const MESSAGE_ONLY: Clause = { [CODE]: NONE, [MESSAGE]: [{ 'anything-but': '' }] };
const ANY_CODE: Clause = { [CODE]: [{ 'anything-but': '' }] };
const FAILED_CODE: Clause = { [CODE]: [{ 'anything-but': { wildcard: [...deniedGlobs, ''] } }] };
const NOT_DENIED: Clause = { [CODE]: [{ exists: false }, { 'anything-but': { wildcard: deniedGlobs } }] };

const ALL: readonly Clause[] = [{}];

const bySet: Readonly<Record<string, readonly Clause[]>> = {
  succeeded: [SUCCEEDED],
  denied: [DENIED_CODE],
  failed: [FAILED_CODE, MESSAGE_ONLY],
  'denied failed': [ANY_CODE, MESSAGE_ONLY],
  'denied succeeded': [DENIED_CODE, SUCCEEDED],
  'failed succeeded': [NOT_DENIED],
};

/** How a call ended, as clauses of an event pattern. */
export const outcomeClauses = (outcomes: readonly Outcome[] | undefined): readonly Clause[] =>
  bySet[[...new Set(outcomes)].sort().join(' ')] ?? ALL;
