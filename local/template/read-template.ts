import { join } from 'node:path';
import * as z from 'zod';
import { compilePattern } from '../../shared/eventbridge/compile-pattern.ts';
import { createTransform } from './input-transformer.ts';
import { createResolver, type Resolve } from './intrinsics.ts';
import { refuseMapping } from './refuse-mapping.ts';
import {
  ArchiveSchema,
  FunctionSchema,
  identifyResource,
  MappingSchema,
  QueueSchema,
  RESOURCES_WITHOUT_PART,
  RuleSchema,
  TableSchema,
} from './resources.ts';
import { parseSchedule } from './schedule-expression.ts';
import type {
  ArchiveModel,
  BusRule,
  FunctionModel,
  MappingModel,
  QueueModel,
  ScheduleRule,
  StackModel,
  TableModel,
} from './stack-model.ts';
import {
  type CloudFormationTemplate,
  type StackEnvironment,
  TemplateSchema,
  UnsupportedTemplateError,
} from './template.ts';

/** A resource with its properties worked out and checked, and what it is called on this machine. */
interface Known<Properties> {
  readonly logicalId: string;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Properties;
}

/** One door to the template's resources of a type. */
interface Reader {
  readonly template: CloudFormationTemplate;
  readonly place: StackEnvironment;
  readonly resolve: Resolve;
}

function readAll<Schema extends z.ZodType>(
  { template, place, resolve }: Reader,
  type: string,
  schema: Schema,
): readonly Known<z.output<Schema>>[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, resource]) => {
      const { ref, attributes } = identifyResource(logicalId, resource, place);
      const parsed = schema.safeParse(resolve(resource.Properties, `${logicalId}.Properties`));
      if (parsed.success) return { logicalId, ref, arn: attributes.Arn ?? ref, properties: parsed.data };
      throw new UnsupportedTemplateError(
        `${logicalId} (${type}) is not imitated as it stands: ${z.prettifyError(parsed.error)}`,
      );
    });
}

const nameOf = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1);

const toQueue = ({ logicalId, ref, arn, properties }: Known<z.output<typeof QueueSchema>>): QueueModel => ({
  logicalId,
  name: nameOf(arn),
  arn,
  url: ref,
  attributes: {
    VisibilityTimeout: String(properties.VisibilityTimeout),
    DelaySeconds: String(properties.DelaySeconds),
    MaximumMessageSize: String(properties.MaximumMessageSize),
    MessageRetentionPeriod: String(properties.MessageRetentionPeriod),
    ReceiveMessageWaitTimeSeconds: String(properties.ReceiveMessageWaitTimeSeconds),
    ...(properties.RedrivePolicy && { RedrivePolicy: JSON.stringify(properties.RedrivePolicy) }),
  },
});

/** CDK names an asset's object after its hash, and its folder in the assembly too. */
const toFunction =
  (assemblyDir: string) =>
  ({ logicalId, ref, arn, properties }: Known<z.output<typeof FunctionSchema>>): FunctionModel => ({
    logicalId,
    name: ref,
    arn,
    codeDir: join(assemblyDir, `asset.${properties.Code.S3Key.replace(/\.zip$/, '')}`),
    handler: properties.Handler,
    timeoutMs: properties.Timeout * 1000,
    memoryMegabytes: properties.MemorySize,
    environment: properties.Environment.Variables,
  });

const toMapping =
  (place: StackEnvironment) =>
  ({ properties }: Known<z.output<typeof MappingSchema>>): MappingModel => ({
    functionArn: properties.FunctionName.startsWith('arn:')
      ? properties.FunctionName
      : `arn:${place.partition}:lambda:${place.region}:${place.account}:function:${properties.FunctionName}`,
    queueArn: properties.EventSourceArn,
    enabled: properties.Enabled,
    batchSize: properties.BatchSize,
    windowMs: properties.MaximumBatchingWindowInSeconds * 1000,
    maximumConcurrency: properties.ScalingConfig.MaximumConcurrency,
    reportsBatchItemFailures: properties.FunctionResponseTypes.length > 0,
  });

type KnownRule = Known<z.output<typeof RuleSchema>>;

function toBusRule({ logicalId, ref, arn, properties }: KnownRule): BusRule {
  const patternText = properties.EventPattern ?? '';
  return {
    name: ref,
    arn,
    description: properties.Description,
    state: properties.State,
    patternText,
    pattern: compilePattern(patternText),
    targets: properties.Targets.map(({ Id, Arn, InputTransformer, DeadLetterConfig, RetryPolicy, Input }) => {
      if (InputTransformer === undefined || Input !== undefined || !Arn.includes(':sqs:')) {
        throw new UnsupportedTemplateError(
          `${logicalId}: a target that is not a queue with an input template is not imitated`,
        );
      }
      return {
        id: Id,
        arn: Arn,
        inputTemplate: InputTransformer.InputTemplate,
        transform: createTransform(InputTransformer.InputTemplate),
        deadLetterArn: DeadLetterConfig?.Arn,
        retryPolicy: RetryPolicy,
      };
    }),
  };
}

function toSchedule({ logicalId, ref, arn, properties }: KnownRule): ScheduleRule {
  const expression = properties.ScheduleExpression ?? '';
  return {
    name: ref,
    arn,
    description: properties.Description,
    state: properties.State,
    expression,
    next: parseSchedule(expression),
    targets: properties.Targets.map(({ Id, Arn, Input, InputTransformer }) => {
      if (InputTransformer !== undefined || !Arn.includes(':lambda:')) {
        throw new UnsupportedTemplateError(`${logicalId}: a schedule's target that is not a function is not imitated`);
      }
      return { id: Id, functionArn: Arn, input: Input === undefined ? undefined : JSON.parse(Input) };
    }),
  };
}

const toTable = ({ ref, properties }: Known<z.output<typeof TableSchema>>): TableModel => ({
  name: ref,
  keySchema: properties.KeySchema,
  attributeDefinitions: properties.AttributeDefinitions,
});

const toArchive = ({ ref, arn, properties }: Known<z.output<typeof ArchiveSchema>>): ArchiveModel => ({
  name: ref,
  arn,
  pattern: compilePattern(JSON.stringify(properties.EventPattern)),
  retentionDays: properties.RetentionDays,
});

const READ_TYPES: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Events::Archive',
  'AWS::Events::Rule',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::SQS::Queue',
]);

function refuseUnknownTypes({ Resources }: CloudFormationTemplate): void {
  for (const [logicalId, { Type }] of Object.entries(Resources)) {
    if (!READ_TYPES.has(Type) && !RESOURCES_WITHOUT_PART.has(Type)) {
      throw new UnsupportedTemplateError(`${logicalId}: ${Type} is not imitated`);
    }
  }
}

/**
 * Reads what one machine has to run out of a synthesized template.
 *
 * @param assemblyDir the cloud assembly's folder, where the functions' code lies
 * @throws UnsupportedTemplateError for anything in it that is not imitated, or that its service would refuse.
 */
export function readTemplate(json: unknown, place: StackEnvironment, assemblyDir: string): StackModel {
  const template = TemplateSchema.parse(json);
  refuseUnknownTypes(template);
  const reader: Reader = { template, place, resolve: createResolver(template, place) };
  const rules = readAll(reader, 'AWS::Events::Rule', RuleSchema);
  const queues = readAll(reader, 'AWS::SQS::Queue', QueueSchema).map(toQueue);
  const functions = readAll(reader, 'AWS::Lambda::Function', FunctionSchema).map(toFunction(assemblyDir));
  const mappings = readAll(reader, 'AWS::Lambda::EventSourceMapping', MappingSchema).map((known) => {
    const mapping = toMapping(place)(known);
    refuseMapping({ logicalId: known.logicalId, mapping, queues, functions });
    return mapping;
  });

  return {
    region: place.region,
    account: place.account,
    rules: rules.filter(({ properties }) => properties.EventPattern !== undefined).map(toBusRule),
    schedules: rules.filter(({ properties }) => properties.ScheduleExpression !== undefined).map(toSchedule),
    queues,
    functions,
    mappings,
    tables: readAll(reader, 'AWS::DynamoDB::Table', TableSchema).map(toTable),
    archives: readAll(reader, 'AWS::Events::Archive', ArchiveSchema).map(toArchive),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs).map(([name, { Value }]) => [
        name,
        String(reader.resolve(Value, `Outputs.${name}`)),
      ]),
    ),
  };
}
