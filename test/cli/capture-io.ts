import { Readable } from 'node:stream';
import type { CliIo } from '../../cli/io.ts';
import { runNotifier } from '../../cli/run-notifier.ts';

export interface Ran {
  readonly code: number;
  /** Lines written to standard output. */
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Runs a command as typed in `cwd`, without a process of its own. */
export async function run(
  args: readonly string[],
  {
    stdin = '',
    cwd = '/',
    stop = new AbortController().signal,
  }: { stdin?: string; cwd?: string; stop?: AbortSignal } = {},
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    stdin: Readable.from([Buffer.from(stdin)]),
    writeLine: (text) => out.push(...text.split('\n')),
    writeErrorLine: (text) => err.push(...text.split('\n')),
    terminal: undefined,
    width: 120,
    cwd,
    stop,
  };
  return { code: await runNotifier(args, io), out, err };
}
