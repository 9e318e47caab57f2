import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type * as z from 'zod';

const PROGRAMS = join(import.meta.dirname, '../programs');
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
