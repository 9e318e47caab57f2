import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import { isForCalls } from '../../infra/rules/signal-rule.ts';
import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { wantsSignals } from '../../infra/settings/signal-settings.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import { listInputFiles, passedOverText } from '../input/list-files.ts';
import { type CliIo, EXIT_CODES, type ExitCode, jsonLine, UsageError } from '../io.ts';
import { progressOfFiles } from '../output.ts';
import { anyOf, required } from '../required.ts';
import { backtestJson } from './json.ts';
import type { RuleSet } from './rule-set-counts.ts';
import { type BacktestResult, runBacktest } from './run-backtest.ts';
import { backtestText } from './text.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const DAY_MS = 86_400_000;

/** Whether the month has that day: the 31st of November would else be taken for the 1st of December. */
function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** A moment without a zone is UTC, as a day is and as CloudTrail writes it; JavaScript would take this machine's zone. */
function millisecondsOf(text: string): number {
  if (!isDay(text.slice(0, 10))) return Number.NaN;
  if (DAY.test(text)) return Date.parse(text);
  const moment = MOMENT.exec(text);
  return moment === null ? Number.NaN : Date.parse(moment[1] === undefined ? `${text}Z` : text);
}

function parseMoment(text: string): number {
  const ms = millisecondsOf(text);
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('a time is 2026-11-22 or 2026-11-22T20:00Z; without a zone it is UTC.');
  return ms;
}

/** `--since`: from the start of the day, or from a moment. */
export const parseSince = (text: string): number => parseMoment(text);

/** `--until`: a day is meant with all its hours. */
export const parseUntil = (text: string): number => parseMoment(text) + (DAY.test(text) ? DAY_MS : 0);

interface BacktestFlags extends ContextOptions {
  readonly compare?: boolean;
  readonly json?: boolean;
  readonly since?: number;
  readonly until?: number;
}

const DESCRIPTION = `Sends the calls of CloudTrail log files through the rules and counts what they would have reported.
Takes files and directories: {"Records": [...]}, NDJSON or JSON, one after another, plain or gzip, in any layout, as in
S3, also inside of what AWS's tools and services put around records.`;

const COMPARE_EXAMPLE = 'notifier backtest logs --context proposal.json --compare';

const NOTES = `
Examples:
  aws s3 sync s3://TRAIL-BUCKET/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11 logs
  notifier backtest logs
  notifier backtest logs --since 2026-11-01 --until 2026-11-07
  ${COMPARE_EXAMPLE}

Messages are counted, not rendered: when a channel was quiet the first call of a region is reported alone, what follows it
is folded, a message a second at most and about a hundred calls in each; a digest is one message for each time it
finds calls.
Log files hold calls. What MediaConnect says by itself, of what they came to and of the signal, is in none of them, so that
nothing here is counted of notifier:outcomes and notifier:health.
An event that the files hold more than once is counted once, by its eventID, if its records are within a million calls.

Exit codes: 0 counted; 1 counted, but some files or lines could not be read; 2 nothing could be counted.`;

const ruleSetOf = (settings: NotifierContext): RuleSet => ({
  rules: compileRules(settings).filter(isForCalls),
  settings,
});

function contexts(flags: BacktestFlags, cwd: string): readonly [NotifierContext, ...NotifierContext[]] {
  const proposed = readContext(contextValues(flags, cwd));
  if (!flags.compare) return [proposed];
  return [readContext(contextValues({}, cwd)), proposed];
}

function write(result: BacktestResult, tried: readonly NotifierContext[], flags: BacktestFlags, io: CliIo): void {
  if (flags.json) {
    io.writeLine(jsonLine(backtestJson(result)));
    return;
  }
  const isTimeChosen = flags.since !== undefined || flags.until !== undefined;
  const deployed = tried.at(-1);
  const asked = {
    regions: deployed?.regions ?? [],
    isTimeChosen,
    wantsSignals: deployed !== undefined && wantsSignals(deployed),
  };
  for (const line of backtestText(result, asked)) io.writeLine(line);
}

/** @throws UsageError that names all that is missing */
function pathsOf(words: readonly string[], flags: BacktestFlags): readonly string[] {
  const isProposed = !flags.compare || flags.context !== undefined || flags.c !== undefined;
  const needed = {
    'log files': anyOf(words),
    'a proposal for --compare (--context FILE or -c key=value)': isProposed ? true : undefined,
  };
  return required('backtest', needed, flags.compare ? COMPARE_EXAMPLE : 'notifier backtest logs')['log files'];
}

async function backtest(words: readonly string[], flags: BacktestFlags, io: CliIo): Promise<ExitCode> {
  const paths = pathsOf(words, flags);
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
    .usage('[options] <paths...>')
    .argument('[paths...]', 'log files, or directories that hold some')
    .option('--compare', 'print the current rules beside the proposed ones')
    .option('--since <time>', 'count calls from this day or moment on', parseSince)
    .option('--until <time>', 'count calls up to the end of this day, or before this moment', parseUntil)
    .option('--json', 'one JSON object')
    .addHelpText('after', NOTES);

  return withContextOptions(command).action(async (paths: readonly string[], flags: BacktestFlags) =>
    exit(await backtest(paths, flags, io)),
  );
}
