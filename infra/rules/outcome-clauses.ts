import { DENIED_ERROR_PREFIXES, DENIED_ERROR_SUFFIXES, type Outcome } from '../../shared/outcome.ts';
import type { Clause, PatternValues } from './pattern-parts.ts';

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
