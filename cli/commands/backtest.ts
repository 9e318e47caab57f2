import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { compileRules } from '../../infra/compile-rules.ts';
import { readContext } from '../../infra/context.ts';
import type { NotifierContext } from '../../infra/notifier-context.ts';
import type { BacktestResult } from '../../local/backtest/backtest-result.ts';
import type { RuleSet } from '../../local/backtest/rule-set-counts.ts';
import { runBacktest } from '../../local/backtest/run-backtest.ts';
import { listInputFiles, passedOverText } from '../../local/input/list-input-files.ts';
import { backtestJson } from '../backtest/backtest-json.ts';
import { backtestText } from '../backtest/backtest-text.ts';
import { parseSince, parseUntil } from '../backtest/parse-moment.ts';
import type { CliIo } from '../cli-io.ts';
import { withContextOptions } from '../context-options.ts';
import { type ContextOptions, contextValues } from '../context-values.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { progressOfFiles } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

interface BacktestFlags extends ContextOptions {
  readonly compare?: boolean;
  readonly json?: boolean;
  readonly since?: number;
  readonly until?: number;
}

const DESCRIPTION = `Sends the calls of CloudTrail log files through the rules and counts what they would have told.
Takes files and directories: {"Records": [...]}, NDJSON or JSON, one after another, plain or gzip, in any layout, as in
S3, also inside of what AWS's tools and services put around records.`;

const NOTES = `
Examples:
  aws s3 sync s3://TRAIL-BUCKET/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11 logs
  notifier backtest logs
  notifier backtest logs --since 2026-11-01 --until 2026-11-07
  notifier backtest logs --context proposal.json --compare

Messages are counted, not rendered: when a channel was quiet the first call of a region is told alone, what follows it
is folded, a message a second at most and about a hundred calls in each; a digest is one message for each time it
finds calls.
An event that the files hold more than once is counted once, by its eventID, if its records are within a million calls.

Exit codes: 0 counted; 1 counted, but some files or lines could not be read; 2 nothing could be counted.`;

const ruleSetOf = (settings: NotifierContext): RuleSet => ({ rules: compileRules(settings), settings });

function contexts(flags: BacktestFlags, cwd: string): readonly [NotifierContext, ...NotifierContext[]] {
  const proposed = readContext(contextValues(flags, cwd));
  if (!flags.compare) return [proposed];
  if (flags.context === undefined && flags.c === undefined) {
    throw new UsageError('--compare needs a proposal: --context FILE or -c key=value');
  }
  return [readContext(contextValues({}, cwd)), proposed];
}

function write(result: BacktestResult, tried: readonly NotifierContext[], flags: BacktestFlags, io: CliIo): void {
  if (flags.json) {
    io.writeLine(JSON.stringify(backtestJson(result)));
    return;
  }
  const isTimeChosen = flags.since !== undefined || flags.until !== undefined;
  for (const line of backtestText(result, tried.at(-1)?.regions ?? [], isTimeChosen)) io.writeLine(line);
}

async function backtest(paths: readonly string[], flags: BacktestFlags, io: CliIo): Promise<ExitCode> {
  if (flags.since !== undefined && flags.until !== undefined && flags.since >= flags.until)
    throw new UsageError('--until is not after --since');
  if (paths.includes('-')) throw new UsageError('backtest reads files and directories, not standard input');
  const tried = contexts(flags, io.cwd);
  const { files, faults, ...passedOver } = await listInputFiles(paths);
  const note = passedOverText(passedOver);
  if (note !== undefined) io.writeErrorLine(`notifier: ${note}`);
  const progress = progressOfFiles(io.terminal);
  const result = await runBacktest(files, {
    faults,
    ruleSets: tried.map(ruleSetOf),
    sinceMs: flags.since,
    untilMs: flags.until,
    threads: availableParallelism(),
    onProgress: progress.update,
    stop: io.stop,
  }).finally(progress.end);

  write(result, tried, flags, io);
  return result.unreadableFiles + result.unusable === 0 ? EXIT_CODES.fine : EXIT_CODES.notFine;
}

/** `notifier backtest` */
export function createBacktestCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('backtest')
    .description(DESCRIPTION)
    .argument('<paths...>', 'log files, or directories that hold some')
    .option('--compare', 'print the current rules beside the proposed ones')
    .option('--since <time>', 'count calls from this day or moment on', parseSince)
    .option('--until <time>', 'count calls up to the end of this day, or before this moment', parseUntil)
    .option('--json', 'one JSON object')
    .addHelpText('after', NOTES);

  return withContextOptions(command).action(async (paths: readonly string[], flags: BacktestFlags) =>
    exit(await backtest(paths, flags, io)),
  );
}
