import { Command, InvalidArgumentError } from 'commander';
import { compileRules } from '../../infra/compile-rules.ts';
import { readContext } from '../../infra/context.ts';
import { createAwsClients } from '../aws/aws-clients.ts';
import { AwsCallError } from '../aws/aws-failure.ts';
import { type AwsFlags, withAwsOptions } from '../aws/aws-options.ts';
import { awsSettings } from '../aws/aws-settings.ts';
import { readDeployedStack } from '../aws/deployed-stack.ts';
import { counted } from '../backtest/figures.ts';
import type { CliIo } from '../cli-io.ts';
import { withContextOptions } from '../context-options.ts';
import { type ContextOptions, contextValues } from '../context-values.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { progressOf } from '../progress.ts';
import { type BringBackOptions, bringBack, type Redriven } from '../redrive/bring-back.ts';
import { type DeadLetterStore, deadLetterStores } from '../redrive/dead-letter-store.ts';
import { lettersText, redrivenJson } from '../redrive/redrive-text.ts';
import { wayBack } from '../redrive/way-back.ts';

interface RedriveFlags extends ContextOptions, AwsFlags {
  readonly dryRun?: boolean;
  readonly reason?: readonly string[];
  readonly eventId?: readonly string[];
  readonly max?: number;
  readonly json?: boolean;
}

const DESCRIPTION = `Shows what lies in the dead-letter queues and brings it back into the queue that it was meant for. A record
is sent first and deleted only when it was accepted there, so nothing is lost if this is interrupted: run it again.`;

const NOTES = `
Examples:
  notifier redrive --region eu-west-1 --dry-run                what lies there, and why
  notifier redrive --region eu-west-1                          bring everything back
  notifier redrive --region eu-west-1 --reason channel_not_found --max 10
  notifier redrive --region eu-west-1 --event-id 987abc65-1a2b-4c4d-9d6e-987abc654def

A call that was told in its channel before is recognised and not told again. A record that cannot be read is given
up again for the same reason.

Exit codes: 0 nothing lies there, or all that was chosen is back; 1 records lie there (--dry-run) or some stayed;
2 it could not begin: no credentials, no such stack, not allowed.`;

function parseMax(text: string): number {
  const max = Number(text);
  if (!Number.isInteger(max) || max < 1) throw new InvalidArgumentError('a number of records is 1 or more.');
  return max;
}

function writeText(redriven: readonly Redriven[], dryRun: boolean, io: CliIo): void {
  const shown = redriven.filter(({ result }) => result !== 'left').map(({ letter }) => letter);
  const left = redriven.filter(({ result }) => result === 'left');
  const came = left.filter(({ reason }) => reason !== undefined);
  if (redriven.length === 0) {
    io.writeLine('Nothing lies in the dead-letter queues.');
    return;
  }
  if (shown.length > 0) for (const line of lettersText(shown)) io.writeLine(line);
  const count = (result: Redriven['result']): number => redriven.filter((each) => each.result === result).length;
  if (dryRun) {
    io.writeLine(
      `${counted(shown.length, 'record')} would be brought back, ${left.length} would be left. Nothing was moved.`,
    );
  } else {
    io.writeLine(
      `${counted(count('moved') + count('sent'), 'record')} brought back, ${count('stays') + left.length} left.`,
    );
  }
  if (came.length > 0)
    io.writeLine(`${counted(came.length, 'record')} came back at once: given up again, or there twice.`);
}

/** Why records did not go back, each reason once. */
function writeFaults(redriven: readonly Redriven[], io: CliIo): void {
  const faults = redriven.filter(({ result, reason }) => reason !== undefined && result !== 'left');
  const byReason = Map.groupBy(
    faults,
    ({ result, reason = '' }) => `${result === 'sent' ? 'sent back, but ' : ''}${reason}`,
  );
  for (const [reason, { length }] of byReason)
    io.writeErrorLine(printable(`notifier: ${counted(length, 'record')}: ${reason}`));
}

/**
 * Goes through both queues.
 *
 * @returns why it broke off half-way
 */
async function bringAllBack(
  stores: readonly DeadLetterStore[],
  options: BringBackOptions,
  progress: { readonly done: readonly Redriven[] },
): Promise<AwsCallError | undefined> {
  let left = options.choice.max;
  try {
    for (const store of stores)
      left -= await bringBack(store, { ...options, choice: { ...options.choice, max: left } });
    return undefined;
  } catch (error) {
    if (error instanceof AwsCallError && progress.done.length > 0) return error;
    throw error;
  }
}

async function redrive(flags: RedriveFlags, io: CliIo): Promise<ExitCode> {
  const context = readContext(contextValues(flags, io.cwd));
  const rules = compileRules(context);
  const settings = awsSettings(flags, context.regions);
  const clients = createAwsClients(settings);
  const { outputs } = await readDeployedStack(clients, settings, { outputs: flags.outputs, cwd: io.cwd });
  const dryRun = flags.dryRun ?? false;
  const { stop } = io;

  const done: Redriven[] = [];
  const progress = progressOf(io.terminal, 'records');
  const options: BringBackOptions = {
    choice: { reasons: flags.reason ?? [], eventIds: flags.eventId ?? [], max: flags.max ?? Number.POSITIVE_INFINITY },
    wayBack: (letter) => wayBack(letter, rules, outputs),
    dryRun,
    stop,
    onRedriven: (redriven) => {
      done.push(redriven);
      progress.update(done.length);
      if (flags.json) io.writeLine(redrivenJson(redriven));
    },
  };
  const brokenOff = await bringAllBack(deadLetterStores(clients, outputs), options, { done }).finally(progress.end);
  if (!flags.json) writeText(done, dryRun, io);
  writeFaults(done, io);
  if (brokenOff !== undefined) io.writeErrorLine(printable(`notifier: ${brokenOff.message}`));
  const isWhole = brokenOff === undefined && !stop.aborted;
  if (!isWhole) io.writeErrorLine('notifier: broken off: what was not brought back is still there; run it again');
  // What was not chosen is left for no reason.
  return isWhole &&
    done.every(({ result, reason }) => result === 'moved' || (result === 'left' && reason === undefined))
    ? EXIT_CODES.fine
    : EXIT_CODES.notFine;
}

/** `notifier redrive` */
export function createRedriveCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('redrive')
    .description(DESCRIPTION)
    .option('--dry-run', 'only show; nothing is sent or deleted')
    .option('--reason <reason...>', 'only records given up for these reasons')
    .option('--event-id <id...>', 'only these events')
    .option('--max <number>', 'at most so many records', parseMax)
    .option('--json', 'one JSON line for each record');

  return withContextOptions(withAwsOptions(command))
    .addHelpText('after', NOTES)
    .action(async (flags: RedriveFlags) => exit(await redrive(flags, io)));
}
