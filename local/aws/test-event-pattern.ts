import { compilePattern } from '../../shared/event-pattern/compile-pattern.ts';
import { InvalidEventPatternException } from '../../shared/event-pattern/invalid-event-pattern.ts';
import { isMatch } from '../../shared/event-pattern/match-pattern.ts';
import { checkServiceLimits } from '../../shared/event-pattern/service-limits.ts';
import { AwsError, validationError } from './aws-error.ts';
import type { JsonObject } from './json-service.ts';

/** Its documentation says that `resources` is mandatory too; the service itself does not ask for it. */
const MANDATORY_FIELDS = ['id', 'account', 'source', 'time', 'region', 'detail-type'] as const;

const MAX_PATTERN_CHARACTERS = 4_096;

const required = (value: unknown, member: string): string => {
  if (value === undefined || value === null) throw validationError('null', member, 'Member must not be null');
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${member} is not a string`);
  return value;
};

function parseEvent(text: string): unknown {
  const invalid = (cause?: unknown) => new AwsError('ValidationException', 'Parameter Event is not valid.', { cause });
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (cause) {
    throw invalid(cause);
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw invalid();
  if (!MANDATORY_FIELDS.every((field) => Object.hasOwn(event, field))) throw invalid();
  return event;
}

function compile(pattern: string) {
  try {
    const compiled = compilePattern(pattern);
    checkServiceLimits(compiled, pattern);
    return compiled;
  } catch (cause) {
    if (!(cause instanceof InvalidEventPatternException)) throw cause;
    throw new AwsError('InvalidEventPatternException', cause.message, { cause });
  }
}

/**
 * EventBridge's `TestEventPattern`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
 */
export function testEventPattern({ EventPattern, Event }: JsonObject): { readonly Result: boolean } {
  const pattern = required(EventPattern, 'eventPattern');
  const event = parseEvent(required(Event, 'event'));
  if (pattern.length > MAX_PATTERN_CHARACTERS) {
    throw validationError(
      `'${pattern}'`,
      'eventPattern',
      `Member must have length less than or equal to ${MAX_PATTERN_CHARACTERS}`,
    );
  }
  return { Result: isMatch(compile(pattern), event) };
}
