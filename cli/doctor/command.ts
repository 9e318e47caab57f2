import { Command } from 'commander';
import { readContext } from '../../infra/settings/read-context.ts';
import { type AwsFlags, awsSettings, withAwsOptions } from '../aws/clients.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import { type CliIo, EXIT_CODES, type ExitCode, jsonLine, sanitize } from '../io.ts';
import type { Check } from './check.ts';
import { runDoctor } from './run-doctor.ts';

interface DoctorFlags extends ContextOptions, AwsFlags {
  readonly json?: boolean;
  readonly post?: boolean;
}

const DESCRIPTION =
  'Looks at a deployed stack from outside and compares it with the context: region, trail, rules, targets, queues, functions, schedules, secret, alarms. One line for each check: ok, warning or failed, with what to do.';

const NOTES = `
Examples:
  notifier doctor --region eu-west-1
  notifier doctor --region eu-west-1 --json | jq -r 'select(.status == "failed") | .todo'
  notifier doctor --region eu-west-1 --post                   posts a test message to each channel
  notifier doctor --endpoint-url http://127.0.0.1:4566 -c notifier:health=trouble
    the pipeline of npm start, whose day asks for that

What an endpoint does not offer, or may not be looked at, is a warning that says so, never ok.

Exit codes: 0 nothing failed; 1 a check failed; 2 nothing could be checked: no credentials, no answer, no right to
see the stack.`;

const MARKS: Readonly<Record<Check['status'], string>> = { ok: 'ok     ', warning: 'warning', failed: 'failed ' };

const lineOf = ({ check, status, says, todo }: Check): string =>
  sanitize(`${MARKS[status]}  ${check}: ${says}${todo === undefined ? '' : ` → ${todo}`}`);

const countOf = (checks: readonly Check[], status: Check['status']): number =>
  checks.filter((check) => check.status === status).length;

/** `notifier doctor` */
export function createDoctorCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('doctor')
    .description(DESCRIPTION)
    .option('--json', 'one JSON line for each check')
    .option('--post', 'post a test message to each channel, too, and say what Slack answers');

  return withContextOptions(withAwsOptions(command))
    .addHelpText('after', NOTES)
    .action(async (flags: DoctorFlags) => {
      const context = readContext(contextValues(flags, io.cwd));
      const settings = awsSettings(flags, context.regions);
      const seen: Check[] = [];
      const { outputs, post = false } = flags;
      for await (const check of runDoctor({ settings, context, outputs, post, cwd: io.cwd, nowMs: Date.now() })) {
        seen.push(check);
        io.writeLine(flags.json ? jsonLine({ ...check, todo: check.todo ?? null }) : lineOf(check));
      }
      const faults = countOf(seen, 'failed');
      if (!flags.json) {
        io.writeLine(`${countOf(seen, 'ok')} ok, ${countOf(seen, 'warning')} warnings, ${faults} failed.`);
      }
      if (faults > 0) exit(EXIT_CODES.notFine);
    });
}
