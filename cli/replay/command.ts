import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { type AwsFlags, awsSettings, createAwsClients, neededRegion, withAwsOptions } from '../aws/clients.ts';
import { readDeployedStack } from '../aws/deployed-stack.ts';
import { parseSince, parseUntil } from '../backtest/command.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import { type CliIo, EXIT_CODES, type ExitCode, jsonLine, sanitize, UsageError } from '../io.ts';
import { progressOf } from '../output.ts';
import { required } from '../required.ts';
import { followReplay, type ReplayEnd, type ReplayPeriod, startReplay } from './replay.ts';

interface ReplayFlags extends ContextOptions, AwsFlags {
  readonly from?: number;
  readonly to?: number;
  readonly follow?: string;
  readonly json?: boolean;
}

const DESCRIPTION = `Replays what the stack's archive keeps of a time to the stack's rules, and follows it. Calls that were reported
before are not reported again; the others say how late they are.`;

const EXAMPLE = 'notifier replay --region eu-west-1 --from 2026-11-22T18:00Z --to 2026-11-22T23:00Z';

const NOTES = `
Examples:
  ${EXAMPLE}
  notifier replay --region eu-west-1 --follow MediaConnectNotifier-20261123T081500Z

EventBridge needs some minutes to archive an event. It fills an archive by a rule that gets no read-only calls, so reads
(Describe, Get, List) are most likely not in it: notifier audit --notify has those reported that were missed, from CloudTrail's
log files. Ctrl-C ends the following, not the replay.

Exit codes: 0 the replay is complete; 1 it failed, was cancelled, or is not followed to its end; 2 it could not be
started: no archive, no credentials, no such stack, not allowed.`;

/** @throws UsageError that names all that is missing, unless a replay is followed, which needs no period */
function periodOf(flags: ReplayFlags, regions: readonly string[]): ReplayPeriod | undefined {
  const region = neededRegion(flags, regions);
  if (flags.follow !== undefined) {
    required('replay', region, `notifier replay --region eu-west-1 --follow ${flags.follow}`);
    return undefined;
  }
  const needed = { ...region, '--from': flags.from, '--to': flags.to };
  const { '--from': fromMs, '--to': toMs } = required('replay', needed, `${EXAMPLE} (or --follow a replay)`);
  if (toMs <= fromMs) throw new UsageError('--to is not after --from');
  return { fromMs, toMs };
}

/** `20261123T081500Z` */
const stamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');

function writeEnd(name: string, region: string, { state, reason }: ReplayEnd, json: boolean, io: CliIo): void {
  if (json) {
    io.writeLine(jsonLine({ replay: name, state, reason: reason ?? null }));
    return;
  }
  if (state === 'COMPLETED') {
    io.writeLine(`The replay ${name} is complete.`);
  } else if (state === 'STOPPED FOLLOWING') {
    io.writeErrorLine(
      `notifier: the replay goes on; follow it with notifier replay --follow ${name} --region ${region}`,
    );
  } else {
    io.writeErrorLine(sanitize(`notifier: the replay ${name} ended as ${state}: ${reason ?? 'no reason was given'}`));
  }
}

const NO_READS =
  'Reads are most likely not in the archive, so none was replayed: notifier audit --notify has those reported that were missed.';

const notifiesReads = (context: NotifierContext): boolean =>
  compileRules(context).some(({ state }) => state === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');

async function replay(flags: ReplayFlags, io: CliIo): Promise<ExitCode> {
  const context = readContext(contextValues(flags, io.cwd));
  const period = periodOf(flags, context.regions);
  const settings = awsSettings(flags, context.regions);
  const name = flags.follow ?? `MediaConnectNotifier-${stamp(Date.now())}`;
  const clients = createAwsClients(settings);
  if (period !== undefined) {
    const stack = await readDeployedStack(clients, settings, { outputs: flags.outputs, cwd: io.cwd });
    await startReplay(clients, stack, period, name);
    if (!flags.json) io.writeLine(`The replay ${name} has started.`);
  }
  const progress = progressOf(io.terminal, '% replayed');
  const end = await followReplay(clients, {
    name,
    wait: (ms) => delay(ms, undefined, { signal: io.stop }).catch(() => undefined),
    stop: io.stop,
    onProgress: (done) => progress.update(Math.round(done * 100)),
  }).finally(progress.end);
  writeEnd(name, settings.region, end, flags.json ?? false, io);
  if (!flags.json && end.state === 'COMPLETED' && notifiesReads(context)) io.writeLine(NO_READS);
  return end.state === 'COMPLETED' ? EXIT_CODES.fine : EXIT_CODES.notFine;
}

/** `notifier replay` */
export function createReplayCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('replay')
    .description(DESCRIPTION)
    .option('--from <time>', 'calls from this day or moment on', parseSince)
    .option('--to <time>', 'calls up to the end of this day, or before this moment', parseUntil)
    .option('--follow <name>', 'follow a replay that was started before')
    .option('--json', 'one JSON line when it ends');

  return withContextOptions(withAwsOptions(command))
    .addHelpText('after', NOTES)
    .action(async (flags: ReplayFlags) => exit(await replay(flags, io)));
}
