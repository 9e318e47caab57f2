/**
 * EventBridge's quota for the event pattern of a rule, in characters.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const MAX_PATTERN_LENGTH = 2048;

/**
 * An event pattern as it is deployed: JSON in a string, not an object. Patterns hold `null`, which CloudFormation takes
 * nowhere in a template, while a string may say it. What is judged by its length, or shown, is this string.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-null-values.html
 */
export const patternText = (pattern: Readonly<Record<string, unknown>>): string => JSON.stringify(pattern);
