import type { BusRule, ScheduleRule } from '../template/stack-model.ts';
import { AwsError, validationError } from './aws-error.ts';
import type { AwsService } from './aws-service.ts';
import { createJsonService, type JsonObject, type Operation } from './json-service.ts';
import { type PutEventsPlace, putEvents } from './put-events.ts';
import { testEventPattern } from './test-event-pattern.ts';

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
