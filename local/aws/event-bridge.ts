import type { JsonObject } from '../../shared/call/json.ts';
import { compilePattern } from '../../shared/eventbridge/compile-pattern.ts';
import { checkServiceLimits } from '../../shared/eventbridge/limits.ts';
import { isMatch } from '../../shared/eventbridge/match-pattern.ts';
import { InvalidEventPatternException } from '../../shared/eventbridge/matcher.ts';
import type { BusRule, ScheduleRule } from '../template/stack-model.ts';
import { type PutEventsPlace, putEvents } from './put-events.ts';
import { AwsError, type AwsService, createJsonService, type Operation, validationError } from './service.ts';

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

export interface EventBridgeOptions extends PutEventsPlace {
  readonly rules: readonly BusRule[];
  readonly schedules: readonly ScheduleRule[];
  /** Of the archives. */
  readonly operations?: ReadonlyMap<string, Operation>;
}

const MAX_PAGE = 100;

const describe = (rule: BusRule | ScheduleRule): JsonObject => ({
  Name: rule.name,
  Arn: rule.arn,
  ...('patternText' in rule ? { EventPattern: rule.patternText } : { ScheduleExpression: rule.expression }),
  State: rule.state,
  ...(rule.description !== undefined && { Description: rule.description }),
  EventBusName: 'default',
});

const describeTargets = (rule: BusRule | ScheduleRule): readonly JsonObject[] =>
  'patternText' in rule
    ? rule.targets.map(({ id, arn, inputTemplate, deadLetterArn, retryPolicy }) => ({
        Id: id,
        Arn: arn,
        InputTransformer: { InputTemplate: inputTemplate },
        ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
        ...(retryPolicy !== undefined && { RetryPolicy: retryPolicy }),
      }))
    : rule.targets.map(({ id, functionArn, input }) => ({
        Id: id,
        Arn: functionArn,
        ...(input !== undefined && { Input: JSON.stringify(input) }),
      }));

/** A page of a list: `Limit` items from where `NextToken` says. */
function page<Item>(
  items: readonly Item[],
  { Limit, NextToken }: JsonObject,
): { items: readonly Item[]; next: JsonObject } {
  if (
    Limit !== undefined &&
    Limit !== null &&
    !(Number.isInteger(Limit) && Number(Limit) >= 1 && Number(Limit) <= MAX_PAGE)
  ) {
    throw validationError(`'${String(Limit)}'`, 'limit', 'Member must have value between 1 and 100');
  }
  const from = NextToken === undefined || NextToken === null ? 0 : Number(NextToken);
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError('ValidationException', 'Parameter NextToken is not valid.');
  const to = from + Number(Limit ?? MAX_PAGE);
  return { items: items.slice(from, to), next: to < items.length ? { NextToken: String(to) } : {} };
}

/** EventBridge, as far as one default bus with the stack's rules goes. */
export function createEventBridge({
  rules,
  schedules,
  operations = new Map(),
  ...place
}: EventBridgeOptions): AwsService {
  const all: readonly (BusRule | ScheduleRule)[] = [...rules, ...schedules];

  const checkBus = ({ EventBusName: bus }: JsonObject): void => {
    if (bus === undefined || bus === null || bus === 'default' || String(bus).endsWith(':event-bus/default')) return;
    throw new AwsError('ResourceNotFoundException', `Event bus ${String(bus)} does not exist.`);
  };
  const find = (name: unknown, member: string, input: JsonObject): BusRule | ScheduleRule => {
    if (typeof name !== 'string') throw validationError('null', member, 'Member must not be null');
    checkBus(input);
    const rule = all.find((each) => each.name === name);
    if (rule === undefined) {
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
    }
    return rule;
  };

  const describeRule: Operation = async (input) => ({
    ...describe(find(input.Name, 'name', input)),
    CreatedBy: place.account,
  });
  const listRules: Operation = async (input) => {
    checkBus(input);
    const prefix = typeof input.NamePrefix === 'string' ? input.NamePrefix : '';
    const { items, next } = page(
      all.filter(({ name }) => name.startsWith(prefix)),
      input,
    );
    return { Rules: items.map(describe), ...next };
  };
  const listTargetsByRule: Operation = async (input) => {
    const { items, next } = page(describeTargets(find(input.Rule, 'rule', input)), input);
    return { Targets: items, ...next };
  };

  return createJsonService(
    'AWSEvents',
    new Map<string, Operation>([
      ['DescribeRule', describeRule],
      ['ListRules', listRules],
      ['ListTargetsByRule', listTargetsByRule],
      ['PutEvents', async (input) => putEvents(input, place)],
      ['TestEventPattern', async (input) => testEventPattern(input)],
      ...operations,
    ]),
  );
}
