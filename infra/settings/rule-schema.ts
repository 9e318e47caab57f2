import * as z from 'zod';
import { OPERATIONS } from '../../shared/operations.ts';
import { RESOURCE_KINDS } from '../../shared/resource-kind.ts';
import { globMatches } from '../rules/name-glob.ts';
import { DECIDABLE_ORIGINS } from '../rules/origin-clauses.ts';
import { flag, listOf, oneOf, strict, textLike } from './schema-parts.ts';
import { takeObject } from './take-text.ts';

const OPERATION_NAMES = Object.keys(OPERATIONS);

const isOperation = (glob: string): boolean => OPERATION_NAMES.some((name) => globMatches(glob, name));

const operation = textLike(
  'the name of a MediaConnect operation, or a name with * that one has',
  isOperation,
  OPERATION_NAMES,
);

const principal = textLike(
  'a role, user, session, service (…amazonaws.com), ARN or root; * stands for any text, but not alone',
  (glob) => /[^*]/.test(glob),
);
const principals = listOf(principal, 'a list of principals');

const account = textLike('an account id: 12 digits, written as text', (id) => /^\d{12}$/.test(id));

/** One rule of the admin. What is left out restricts nothing. */
export const RuleSchema = z.preprocess(
  takeObject,
  strict(
    {
      access: oneOf(['mutating', 'read-only', 'any']).default('any'),
      resources: listOf(oneOf(RESOURCE_KINDS), 'a list of resource kinds').optional(),
      operations: listOf(operation, 'a list of operations').optional(),
      impact: listOf(oneOf(['on-air', 'access', 'change', 'none']), 'a list of impacts').optional(),
      outcome: listOf(oneOf(['succeeded', 'denied', 'failed']), 'a list of outcomes').optional(),
      principals: z
        .preprocess(
          takeObject,
          strict({ include: principals.optional(), exclude: principals.optional() }, 'include or exclude, a list'),
        )
        .optional(),
      // An event pattern can decide these; the others it cannot.
      origins: listOf(oneOf(DECIDABLE_ORIGINS), 'a list of origins').optional(),
      accounts: listOf(account, 'a list of account ids').optional(),
      match: z
        .preprocess(
          takeObject,
          z.record(z.string(), z.unknown(), { error: 'is not allowed; allowed: an event pattern on the detail' }),
        )
        .optional(),
      channel: textLike('the name of a channel', (name) => name !== '').default('default'),
      delivery: oneOf(['immediate', 'digest']).default('immediate'),
      enabled: flag.default(true),
    },
    'an object with the settings of a rule',
  ),
);
