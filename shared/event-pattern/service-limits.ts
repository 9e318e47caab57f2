import type { CompiledPattern } from './compile-pattern.ts';
import { refuse } from './invalid-event-pattern.ts';
import { isTooComplex } from './wildcard-complexity.ts';

/** What `TestEventPattern` takes. The quota of a rule is 2,048 by default. */
const MAX_LENGTH = 4096;

const TOO_COMPLEX =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/**
 * The limits that EventBridge adds to what its matching engine takes.
 *
 * @throws InvalidEventPatternException for a valid pattern that the service refuses all the same.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export function checkServiceLimits({ wildcards }: CompiledPattern, text: string): void {
  if (text.length > MAX_LENGTH) refuse(`the pattern has ${text.length} characters, ${MAX_LENGTH} are allowed`, '');
  for (const { path, runs } of wildcards) if (isTooComplex(runs)) refuse(TOO_COMPLEX, path);
}
