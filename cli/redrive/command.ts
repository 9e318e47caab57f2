import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { type AwsFlags, awsSettings, createAwsClients, neededRegion, withAwsOptions } from '../aws/clients.ts';
import { readDeployedStack } from '../aws/deployed-stack.ts';
import { AwsCallError } from '../aws/failure.ts';
import { counted } from '../backtest/text.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import { type CliIo, EXIT_CODES, type ExitCode, sanitize, UsageError } from '../io.ts';
import { progressOf } from '../output.ts';
import { required } from '../required.ts';
import { type DeadLetterStore, deadLetterStores } from './dead-letter-store.ts';
import { DISCARDED_FILE, keepDiscarded } from './discard.ts';
import { namesRecords, type Redriven, type RedriveOptions, redriveRecords, type Selection } from './redrive.ts';
import { redriveTarget } from './target.ts';
import { lettersText, letterText, redrivenJson } from './text.ts';

interface RedriveFlags extends ContextOptions, AwsFlags {
  readonly dryRun?: boolean;
  readonly show?: boolean;
  readonly discard?: string;
  readonly keep: string;
  readonly reason?: readonly string[];
  readonly eventId?: readonly string[];
  readonly messageId?: readonly string[];
  readonly max?: number;
  readonly json?: boolean;
}

const DESCRIPTION = `Shows what lies in the dead-letter queues and brings it back into the queue that it was meant for. A record
is sent first and deleted only when it was accepted there, so nothing is lost if this is interrupted: run it again.`;

const DISCARD_EXAMPLE =
  'notifier redrive --region eu-west-1 --discard "sent by hand, for a test" --message-id 5fea7756-0ea4-451a-a703-a558b933e274';

const NOTES = `
Examples:
  notifier redrive --region eu-west-1 --dry-run                what lies there, and why
  notifier redrive --region eu-west-1                          bring everything back
  notifier redrive --region eu-west-1 --reason channel_not_found --max 10
  notifier redrive --region eu-west-1 --show --event-id 987abc65-1a2b-4c4d-9d6e-987abc654def
  ${DISCARD_EXAMPLE}

A call that was reported in its channel before is recognised and not reported again. A record that cannot be read (malformed)
would be given up again for the same reason: it stays, unless it is named or --reason malformed asks for it.

Exit codes: 0 nothing lies there, or all that was chosen is back or discarded; 1 records lie there (--dry-run, --show)
or some stayed;
2 it could not begin: no credentials, no such stack, not allowed.`;

function parseMax(text: string): number {
  const max = Number(text);
  if (!Number.isInteger(max) || max < 1) throw new InvalidArgumentError('a number of records is 1 or more.');
  return max;
}

const UNREADABLE = 'malformed';
const STAYS_UNREADABLE =
  'cannot be read and would be given up again; after an update bring it back with --reason malformed, else look at it with --show and --discard it';

function writeText(redriven: readonly Redriven[], dryRun: boolean, io: CliIo): void {
  const shown = redriven.filter(({ result }) => result !== 'left').map(({ letter }) => letter);
  const left = redriven.filter(({ result }) => result === 'left');
  const came = left.filter(({ reason }) => reason !== undefined);
  if (redriven.length === 0) {
    io.writeLine('Nothing lies in the dead-letter queues.');
    return;
  }
  if (shown.length > 0) for (const line of lettersText(shown)) io.writeLine(line);
  io.writeLine(summaryOf(redriven, left.length, dryRun));
  if (came.length > 0)
    io.writeLine(`${counted(came.length, 'record')} came back at once: given up again, or there twice.`);
}

function summaryOf(redriven: readonly Redriven[], left: number, dryRun: boolean): string {
  const count = (result: Redriven['result']): number => redriven.filter((each) => each.result === result).length;
  const going = redriven.filter(({ result, reason }) => result === 'seen' && reason === undefined).length;
  const staying = count('seen') - going + left;
  if (dryRun) return `${counted(going, 'record')} would be brought back, ${staying} would be left. Nothing was moved.`;
  if (count('discarded') > 0) {
    return `${counted(count('discarded'), 'record')} discarded, ${count('stays') + left} left.`;
  }
  return `${counted(count('moved') + count('sent'), 'record')} brought back, ${count('stays') + left} left.`;
}

/** The chosen records, whole. */
function writeWhole(redriven: readonly Redriven[], io: CliIo): void {
  const seen = redriven.filter(({ result }) => result === 'seen');
  if (seen.length === 0) io.writeLine('No such record lies in the dead-letter queues.');
  for (const { letter } of seen) for (const line of letterText(letter)) io.writeLine(line);
}

/** Why records did not go back, each reason once. */
function writeFaults(redriven: readonly Redriven[], io: CliIo): void {
  const faults = redriven.filter(({ result, reason }) => reason !== undefined && result !== 'left');
  const byReason = Map.groupBy(
    faults,
    ({ result, reason = '' }) => `${result === 'sent' ? 'sent back, but ' : ''}${reason}`,
  );
  for (const [reason, { length }] of byReason)
    io.writeErrorLine(sanitize(`notifier: ${counted(length, 'record')}: ${reason}`));
}

/**
 * Goes through both queues.
 *
 * @returns why it broke off half-way
 */
async function bringAllBack(
  stores: readonly DeadLetterStore[],
  options: RedriveOptions,
  progress: { readonly done: readonly Redriven[] },
): Promise<AwsCallError | undefined> {
  let left = options.selection.max;
  try {
    for (const store of stores)
      left -= await redriveRecords(store, { ...options, selection: { ...options.selection, max: left } });
    return undefined;
  } catch (error) {
    if (error instanceof AwsCallError && progress.done.length > 0) return error;
    throw error;
  }
}

/** What still lies there; nothing where it cannot be counted. */
async function leftWords(stores: readonly DeadLetterStore[]): Promise<string> {
  try {
    const counts = await Promise.all(stores.map((store) => store.count()));
    const left = counts.reduce((sum, count) => sum + count, 0);
    return `about ${counted(left, 'record')} still ${left === 1 ? 'lies' : 'lie'} there`;
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return 'what was not brought back is still there';
  }
}

const choiceOf = ({
  reason = [],
  eventId = [],
  messageId = [],
  max = Number.POSITIVE_INFINITY,
}: RedriveFlags): Selection => ({
  reasons: reason,
  eventIds: eventId,
  messageIds: messageId,
  max,
});

/** How chosen records are discarded, if they are to be. */
function discarding({ discard, keep }: RedriveFlags, io: CliIo): RedriveOptions['keepDiscarded'] {
  if (discard === undefined) return undefined;
  if (discard.trim() === '') throw new UsageError('--discard takes the reason, which is kept with the record');
  const file = resolve(io.cwd, keep);
  return (letter) => keepDiscarded(file, letter, { reason: discard, atMs: Date.now() });
}

function report(
  done: readonly Redriven[],
  { flags: { json = false, show = false }, dryRun }: { readonly flags: RedriveFlags; readonly dryRun: boolean },
  io: CliIo,
): void {
  if (show && !json) writeWhole(done, io);
  else if (!json) writeText(done, dryRun, io);
  writeFaults(done, io);
}

/** What was not chosen is left for no reason. */
const isFine = ({ result, reason }: Redriven): boolean =>
  result === 'moved' || result === 'discarded' || (result === 'left' && reason === undefined);

/** @throws UsageError that names all that is missing */
function checkRequired(flags: RedriveFlags, selection: Selection, regions: readonly string[]): void {
  const isOpen = flags.discard !== undefined && !namesRecords(selection);
  required(
    'redrive',
    {
      ...neededRegion(flags, regions),
      // A reason is for the record that somebody has looked at, and not for whatever else lies there by now.
      'the records for --discard (--event-id or --message-id)': isOpen ? undefined : selection,
    },
    flags.discard === undefined ? 'notifier redrive --region eu-west-1 --dry-run' : DISCARD_EXAMPLE,
  );
}

async function redrive(flags: RedriveFlags, io: CliIo): Promise<ExitCode> {
  const selection = choiceOf(flags);
  const context = readContext(contextValues(flags, io.cwd));
  checkRequired(flags, selection, context.regions);
  const keepDiscardedIn = discarding(flags, io);
  const rules = compileRules(context);
  const settings = awsSettings(flags, context.regions);
  const clients = createAwsClients(settings);
  const { outputs } = await readDeployedStack(clients, settings, { outputs: flags.outputs, cwd: io.cwd });
  const dryRun = (flags.dryRun ?? false) || (flags.show ?? false);
  const { stop } = io;
  const mayBeUnreadable = namesRecords(selection) || selection.reasons.includes(UNREADABLE);

  const done: Redriven[] = [];
  const progress = progressOf(io.terminal, 'records');
  const options: RedriveOptions = {
    selection,
    redriveTarget: (letter) =>
      letter.reason === UNREADABLE && !mayBeUnreadable
        ? { kind: 'stays', reason: STAYS_UNREADABLE }
        : redriveTarget(letter, rules, outputs),
    keepDiscarded: keepDiscardedIn,
    dryRun,
    stop,
    onRedriven: (redriven) => {
      done.push(redriven);
      progress.update(done.length);
      if (flags.json) io.writeLine(redrivenJson(redriven));
    },
  };
  const stores = deadLetterStores(clients, outputs);
  const brokenOff = await bringAllBack(stores, options, { done }).finally(progress.end);
  report(done, { flags, dryRun }, io);
  if (brokenOff !== undefined) io.writeErrorLine(sanitize(`notifier: ${brokenOff.message}`));
  const isWhole = brokenOff === undefined && !stop.aborted;
  if (!isWhole) io.writeErrorLine(`notifier: broken off: ${await leftWords(stores)}; run it again`);
  return isWhole && done.every(isFine) ? EXIT_CODES.fine : EXIT_CODES.notFine;
}

/** `notifier redrive` */
export function createRedriveCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('redrive')
    .description(DESCRIPTION)
    .option('--dry-run', 'only show; nothing is sent or deleted')
    .option('--show', 'show the chosen records whole; nothing is sent or deleted')
    .option('--discard <reason>', 'delete the named records for good, for this reason; they are kept in a file')
    .option('--keep <file>', 'where discarded records are kept, one JSON line for each', DISCARDED_FILE)
    .option('--reason <reason...>', 'only records given up for these reasons')
    .option('--event-id <id...>', 'only these events')
    .option('--message-id <id...>', 'only these messages of the queues, e.g. of records without an event')
    .option('--max <number>', 'at most so many records', parseMax)
    .option('--json', 'one JSON line for each record');

  return withContextOptions(withAwsOptions(command))
    .addHelpText('after', NOTES)
    .action(async (flags: RedriveFlags) => exit(await redrive(flags, io)));
}
