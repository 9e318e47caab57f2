import type { FunctionModel, MappingModel, QueueModel } from './stack-model.ts';
import { UnsupportedTemplateError } from './template.ts';

export interface MappingParts {
  readonly logicalId: string;
  readonly mapping: MappingModel;
  readonly queues: readonly QueueModel[];
  readonly functions: readonly FunctionModel[];
}

interface Limit {
  readonly what: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

const limitsOf = ({ batchSize, windowMs, maximumConcurrency }: MappingModel): readonly Limit[] => [
  { what: 'batch size', value: batchSize, least: 1, most: 10_000 },
  { what: 'batching window in seconds', value: windowMs / 1000, least: 0, most: 300 },
  { what: 'maximum concurrency', value: maximumConcurrency, least: 2, most: 1_000 },
];

/** A batch that nobody waits for is what one receive brings. */
const MOST_WITHOUT_WINDOW = 10;

const outOfLimits = (mapping: MappingModel): readonly string[] =>
  limitsOf(mapping)
    .filter(({ value, least, most }) => value < least || value > most)
    .map(({ what, value, least, most }) => `its ${what} is ${value}, ${least} to ${most} are allowed`);

function outOfStep({ mapping, queues, functions }: MappingParts): readonly string[] {
  const queue = queues.find(({ arn }) => arn === mapping.queueArn);
  const reader = functions.find(({ arn }) => arn === mapping.functionArn);
  if (queue === undefined || reader === undefined) return ['its queue or its function is not in the template'];
  const hidden = Number(queue.attributes.VisibilityTimeout);
  const timeout = reader.timeoutMs / 1000;
  if (timeout <= hidden) return [];
  return [`its queue's visibility timeout of ${hidden} s is less than its function's timeout of ${timeout} s`];
}

/**
 * Refuses an event source mapping that Lambda would refuse when it is deployed.
 *
 * @throws UnsupportedTemplateError
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function refuseMapping(parts: MappingParts): void {
  const { batchSize, windowMs } = parts.mapping;
  const needsWindow = windowMs === 0 && batchSize > MOST_WITHOUT_WINDOW;
  const [fault] = [
    ...outOfLimits(parts.mapping),
    ...(needsWindow ? [`a batch size of ${batchSize} needs a batching window of at least a second`] : []),
    ...outOfStep(parts),
  ];
  if (fault !== undefined) throw new UnsupportedTemplateError(`${parts.logicalId}: Lambda would refuse it: ${fault}`);
}
