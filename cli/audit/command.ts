import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import { isForCalls } from '../../infra/rules/signal-rule.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { deployRule } from '../../shared/eventbridge/rule.ts';
import {
  type AwsClients,
  type AwsFlags,
  awsSettings,
  createAwsClients,
  neededRegion,
  withAwsOptions,
} from '../aws/clients.ts';
import { type DeployedStack, readDeployedStack } from '../aws/deployed-stack.ts';
import { parseSince, parseUntil } from '../backtest/command.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import { listInputFiles, passedOverText } from '../input/list-files.ts';
import { type CliIo, EXIT_CODES, type ExitCode, jsonLine, sanitize, UsageError } from '../io.ts';
import { progressOfFiles } from '../output.ts';
import { DISCARDED_FILE, readDiscarded } from '../redrive/discard.ts';
import { anyOf, required } from '../required.ts';
import { missingReason, readCircumstances } from './reason.ts';
import { type AuditResult, type AuditScope, notifyLate, runAudit } from './run-audit.ts';
import { auditJson, auditText, type Finding } from './text.ts';

interface AuditFlags extends ContextOptions, AwsFlags {
  readonly from?: number;
  readonly to?: number;
  readonly notify?: boolean;
  readonly discarded?: string;
  readonly json?: boolean;
}

const DESCRIPTION = `Reconciles CloudTrail log files, the complete record of what was called, with the ledger of what was reported.
Lists every MediaConnect call that a rule of the context would have reported and that was not, with its reason as far as
known: EventBridge delivers CloudTrail's events as best effort, and none over 256 KB.`;

const EXAMPLE = 'notifier audit --region eu-west-1 --from 2026-11-01 --to 2026-11-30 logs';

const NOTES = `
Examples:
  aws s3 sync s3://TRAIL-BUCKET/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11 logs
  ${EXAMPLE}
  notifier audit --region eu-west-1 --from 2026-11-22T18:00Z --to 2026-11-22T23:00Z --notify logs

--notify sends them into the queue of their rule as if they came only now, so their messages say how late they are.
The ledger remembers 400 days. The rules are those of the context now; a rule that was another one then is not known.

Calls that redrive --discard gave up are known by the file that it keeps; --notify leaves them.

Exit codes: 0 every call was reported, was discarded by hand, or has been sent by --notify; 1 some were not, or some files could not be read; 2 it
could not begin: no credentials, no such stack, not allowed, no such file.`;

/** The file that was named must be there; the usual one need not. */
function discardedCalls({ discarded }: AuditFlags, cwd: string): ReadonlyMap<string, string> {
  if (discarded !== undefined) return readDiscarded(resolve(cwd, discarded));
  const usual = resolve(cwd, DISCARDED_FILE);
  return existsSync(usual) ? readDiscarded(usual) : new Map();
}

interface Repair {
  readonly clients: AwsClients;
  readonly stack: DeployedStack;
  readonly notify: boolean;
  readonly discarded: ReadonlyMap<string, string>;
  readonly stop: AbortSignal;
}

/** Every call that was not reported, with the reason, and sent if that is wanted. */
async function findingsOf(
  { missed }: AuditResult,
  { clients, stack, notify, discarded, stop }: Repair,
): Promise<readonly Finding[]> {
  if (missed.length === 0) return [];
  const nowMs = Date.now();
  const circumstances = await readCircumstances(clients, stack, { nowMs, stop });
  const findings: Finding[] = [];
  for (const { call, state } of missed) {
    const because = discarded.get(call.key);
    const reason = because ?? missingReason(call, circumstances, state);
    const isToBeSent = notify && because === undefined && !stop.aborted;
    const notified = isToBeSent ? await notifyLate(clients, stack.outputs, call, nowMs) : undefined;
    findings.push({ call, reason, notified, isDiscarded: because !== undefined });
  }
  return findings;
}

function writeFaults({ unusable }: AuditResult, findings: readonly Finding[], io: CliIo): void {
  for (const text of unusable) io.writeErrorLine(sanitize(`notifier: ${text}; what it holds was not audited`));
  const refusals = findings.flatMap(({ notified }) => (notified?.sent === false ? [notified.reason] : []));
  for (const reason of new Set(refusals)) io.writeErrorLine(sanitize(`notifier: not sent: ${reason}`));
  if (io.stop.aborted) io.writeErrorLine('notifier: interrupted: the audit is not whole; run it again');
}

async function audit(words: readonly string[], flags: AuditFlags, io: CliIo): Promise<ExitCode> {
  const context = readContext(contextValues(flags, io.cwd));
  const { regions } = context;
  const {
    '--from': fromMs,
    '--to': toMs,
    'log files': paths,
  } = required(
    'audit',
    {
      ...neededRegion(flags, regions),
      '--from': flags.from,
      '--to': flags.to,
      'log files': anyOf(words),
    },
    EXAMPLE,
  );
  if (toMs <= fromMs) throw new UsageError('--to is not after --from');
  const settings = awsSettings(flags, regions);
  const discarded = discardedCalls(flags, io.cwd);
  const input = await listInputFiles(paths);
  const note = passedOverText(input);
  if (note !== undefined) io.writeErrorLine(`notifier: ${note}`);
  const clients = createAwsClients(settings);
  const stack = await readDeployedStack(clients, settings, { outputs: flags.outputs, cwd: io.cwd });
  const rules = compileRules(context).filter(isForCalls).map(deployRule);
  const scope: AuditScope = { region: settings.region, fromMs, toMs, rules };
  const { stdin, stop } = io;

  const progress = progressOfFiles(io.terminal);
  const result = await runAudit({ input, scope, clients, stack, stdin, stop, onProgress: progress.update }).finally(
    progress.end,
  );
  const notify = flags.notify ?? false;
  const findings = await findingsOf(result, { clients, stack, notify, discarded, stop });
  if (flags.json) io.writeLine(jsonLine(auditJson(result, findings, scope)));
  else
    for (const line of auditText(result, findings, { notify, digestMinutes: context.digestMinutes }))
      io.writeLine(line);
  writeFaults(result, findings, io);

  const isFine =
    result.unusable.length === 0 &&
    !stop.aborted &&
    findings.every(({ notified, isDiscarded }) => isDiscarded || notified?.sent === true);
  return isFine ? EXIT_CODES.fine : EXIT_CODES.notFine;
}

/** `notifier audit` */
export function createAuditCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('audit')
    .description(DESCRIPTION)
    .usage('[options] --from <time> --to <time> <logs...>')
    .argument('[logs...]', 'log files, or directories that hold some')
    .option('--from <time>', 'calls from this day or moment on', parseSince)
    .option('--to <time>', 'calls up to the end of this day, or before this moment', parseUntil)
    .option('--notify', 'have the calls reported that were not, marked as late')
    .option('--discarded <file>', `what redrive --discard kept (default: ${DISCARDED_FILE}, if it is there)`)
    .option('--json', 'one JSON object');

  return withContextOptions(withAwsOptions(command))
    .addHelpText('after', NOTES)
    .action(async (paths: readonly string[], flags: AuditFlags) => exit(await audit(paths, flags, io)));
}
