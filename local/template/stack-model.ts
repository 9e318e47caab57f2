import type { CompiledPattern } from '../../shared/eventbridge/compile-pattern.ts';
import type { RuleState } from '../../shared/eventbridge/rule.ts';
import type { Transform } from './input-transformer.ts';
import type { NextRun } from './schedule-expression.ts';

/** Where a matched event goes. */
export interface RuleTarget {
  readonly id: string;
  /** ARN of a queue of the stack. */
  readonly arn: string;
  readonly inputTemplate: string;
  readonly transform: Transform;
  /** ARN of the queue that takes what could not be delivered. */
  readonly deadLetterArn: string | undefined;
  readonly retryPolicy: Readonly<Record<string, unknown>> | undefined;
}

/** A rule of the default bus, as deployed. */
export interface BusRule {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly state: RuleState;
  /** The event pattern as JSON text, as `DescribeRule` gives it. */
  readonly patternText: string;
  readonly pattern: CompiledPattern;
  readonly targets: readonly RuleTarget[];
}

/** A rule that calls a function by the clock. */
export interface ScheduleRule {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly state: RuleState;
  readonly expression: string;
  readonly next: NextRun;
  readonly targets: readonly { readonly id: string; readonly functionArn: string; readonly input: unknown }[];
}

export interface QueueModel {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** Attributes in SQS's own names and spelling. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface FunctionModel {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Folder of the built code. */
  readonly codeDir: string;
  /** `file.export`, as Lambda has it. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** How Lambda reads a queue for a function. */
export interface MappingModel {
  readonly functionArn: string;
  readonly queueArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maximumConcurrency: number;
  readonly reportsBatchItemFailures: boolean;
}

/** Keeps the events that match a pattern, to be replayed. */
export interface ArchiveModel {
  readonly name: string;
  readonly arn: string;
  readonly pattern: CompiledPattern;
  readonly retentionDays: number;
}

export interface TableModel {
  readonly name: string;
  readonly keySchema: readonly unknown[];
  readonly attributeDefinitions: readonly unknown[];
}

/** What one machine runs of a synthesized stack. */
export interface StackModel {
  readonly region: string;
  readonly account: string;
  readonly rules: readonly BusRule[];
  readonly schedules: readonly ScheduleRule[];
  readonly queues: readonly QueueModel[];
  readonly functions: readonly FunctionModel[];
  readonly mappings: readonly MappingModel[];
  readonly tables: readonly TableModel[];
  readonly archives: readonly ArchiveModel[];
  readonly outputs: Readonly<Record<string, string>>;
}
