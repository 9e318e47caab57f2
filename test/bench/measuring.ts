import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { readTemplate } from '../../local/template/read-template.ts';
import { synthesizeStack } from '../../local/template/synthesize-stack.ts';
import { METRICS } from '../../shared/delivery/metrics.ts';

/** CPU time of this process while `work` runs, microseconds: what others do on the machine counts little. */
export function cpuTimeUs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** What the stack asks of AWS by default, as far as it decides what reporting calls costs and how long it takes. */
export interface TemplateSettings {
  readonly batchSize: number;
  readonly windowMs: number;
  /** Invocations of the notifier that can run at once. */
  readonly concurrency: number;
  readonly memoryMegabytes: number;
  readonly digestMinutes: number;
  readonly alarms: number;
  readonly dashboards: number;
  /** Metrics of our own that a stack can write. */
  readonly metrics: number;
  /** What the notifier finds in `DISPLAY_SETTINGS`. */
  readonly displaySettings: string;
}

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

/** `rate(15 minutes)` → 15 */
function minutesOf(expression: string): number | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const minutes = MINUTES[unit];
  return minutes === undefined ? undefined : Number(count) * minutes;
}

const TemplateSchema = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) });

function countOf(template: unknown, type: string): number {
  return Object.values(TemplateSchema.parse(template).Resources).filter(({ Type }) => Type === type).length;
}

/** Reads them from the template as it is synthesized without any context value. */
export async function templateSettings(): Promise<TemplateSettings> {
  const { stackName, region, template, assemblyDir } = await synthesizeStack({});
  const place = { stackName, region, account: '111122223333', partition: 'aws', endpoint: 'http://127.0.0.1' };
  const { mappings, functions, schedules } = readTemplate(template, place, assemblyDir);
  const [mapping] = mappings;
  const [digestMinutes] = schedules.map(({ expression }) => minutesOf(expression)).filter((one) => one !== undefined);
  const notifier = functions.find(({ arn }) => arn === mapping?.functionArn);
  const displaySettings = notifier?.environment.DISPLAY_SETTINGS;
  if (!(mapping && notifier && displaySettings) || digestMinutes === undefined) {
    throw new Error('the template has no event source mapping, or no digest');
  }
  return {
    batchSize: mapping.batchSize,
    windowMs: mapping.windowMs,
    concurrency: mapping.maximumConcurrency,
    memoryMegabytes: notifier.memoryMegabytes,
    digestMinutes,
    alarms: countOf(template, 'AWS::CloudWatch::Alarm'),
    dashboards: countOf(template, 'AWS::CloudWatch::Dashboard'),
    metrics: Object.keys(METRICS).length,
    displaySettings,
  };
}

const PROGRAMS = join(import.meta.dirname, 'programs');
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface ProgramOptions {
  readonly args?: readonly (string | number)[];
  readonly nodeOptions?: readonly string[];
  /** The whole environment: nothing is inherited, so that no setting of this shell is measured along. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs one of the programs in a fresh process; its last line of output is what it measured, as JSON. */
export async function runProgram<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  { args = [], nodeOptions = [], environment = {} }: ProgramOptions = {},
): Promise<z.output<Schema>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...nodeOptions, join(PROGRAMS, file), ...args.map(String)],
    { env: { ...environment }, maxBuffer: MOST_OUTPUT_BYTES },
  );
  return schema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}
