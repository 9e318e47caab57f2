import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readContext } from '../../infra/settings/read-context.ts';
import { ContextError } from '../../infra/settings/user-error.ts';
import { SLACK_FAULTS, type SlackFault } from '../../local/monitor/pipeline-state.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import { type CliIo, type ExitCode, UsageError } from '../io.ts';

interface LocalFlags extends ContextOptions {
  readonly port: number;
  readonly awsPort: number;
  readonly input?: readonly string[];
  readonly sample: boolean;
  readonly speed: number;
  readonly slackWebhook?: string | true;
  readonly slackAnswers?: SlackFault;
  readonly data?: string;
  readonly exit?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  notifier local                                   a day of broadcasting, on http://127.0.0.1:3000
  notifier local --input trail.json.gz --exit      report what a log file holds, then leave
  notifier local --no-sample                       wait for events, e.g. of aws events put-events
  notifier local -c notifier:batchingWindowSeconds=5    as Lambda gathers then: a lone call may wait 20 seconds`;

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('a port is 0 to 65535.');
  return port;
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!Number.isFinite(speed) || speed <= 0) throw new InvalidArgumentError('a speed is a number over 0.');
  return speed;
}

const WEBHOOK_VARIABLE = 'NOTIFIER_SLACK_WEBHOOK';

/** A command line is read by every program of the machine, and kept in the history of the shell. */
function parseWebhookFile(path: string): string {
  if (/^[a-z]+:/i.test(path) && !/^[a-z]:[\\/]/i.test(path)) {
    // Not a refusal of commander, which repeats the argument.
    throw new UsageError(
      `a webhook URL is a secret and does not belong on a command line: put it into a file and name that, or into the environment variable ${WEBHOOK_VARIABLE}`,
    );
  }
  return path;
}

/** The URL in the file that was named or in the environment; `undefined` if no copies were asked for. */
function webhookUrlOf(flag: string | true | undefined): string | undefined {
  if (flag === undefined) return undefined;
  const { [WEBHOOK_VARIABLE]: inEnvironment } = process.env;
  // Nothing that is started from here needs it.
  delete process.env[WEBHOOK_VARIABLE];
  if (flag === true) {
    if (inEnvironment) return inEnvironment;
    throw new UsageError(`--slack-webhook without a file takes the URL from ${WEBHOOK_VARIABLE}, which is not set`);
  }
  try {
    return readFileSync(flag, 'utf8').trim();
  } catch (error) {
    // What was given could be a secret without its `https:`.
    throw new UsageError(
      `the file of --slack-webhook cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
  }
}

/** What the pipeline takes of it; `stop` is asked for when it is needed. */
const ioOf = (io: CliIo) => ({
  stdin: io.stdin,
  writeLine: io.writeLine,
  writeErrorLine: io.writeErrorLine,
  stop: io.stop,
});

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The command that was typed, on any free ports. */
export function withFreePorts(args: readonly string[]): string {
  const others = args.slice(1).filter((word, index, words) => {
    const isOfPort = /^--(?:aws-)?port(?:=|$)/;
    return !isOfPort.test(word) && !/^--(?:aws-)?port$/.test(words[index - 1] ?? '');
  });
  return ['npx notifier local', ...others.map(quoted), '--port 0 --aws-port 0'].join(' ');
}

/** The regions that are left out, since one machine is one region. A mistake in the context is said by the run. */
function otherRegions(context: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    return readContext(context).regions.slice(1);
  } catch (error) {
    if (error instanceof ContextError) return [];
    throw error;
  }
}

/** What only this command needs, so that whoever installs the package does without. */
const ONLY_HERE = ['dynalite', 'fastify', 'fauxqs', 'react', 'react-dom', 'slack-blocks-to-jsx'] as const;

/** Looked for before they are loaded, so that nothing is loaded in vain, and all that is missing is said at once. */
const isInstalled = (name: string): boolean => {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
};

/** @throws UsageError when the package came without what only this command needs: the line that installs it. */
function requireInstalled(): void {
  const missing = ONLY_HERE.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const { peerDependencies } = packageJson;
  const packages = missing.map((name) => `${name}@${peerDependencies[name]}`).join(' ');
  throw new UsageError(
    `this command runs AWS and Slack on this machine; install what they need: npm install --save-dev ${packages}`,
  );
}

/** `notifier local`, which is also `npm start`. */
export function createLocalCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('local')
    .description(
      'Runs the whole pipeline on this machine: EventBridge, SQS, the functions, Slack, and a page that shows it.',
    )
    .option('--port <port>', 'port of the page and of Slack (0: any)', parsePort, 3000)
    .option('--aws-port <port>', 'port of the AWS endpoints (0: any)', parsePort, 4566)
    .option('--input <file...>', 'play the events of these files (- is standard input) instead of the built-in day')
    .option('--no-sample', 'play nothing')
    .option('--speed <factor>', 'pace of the built-in day and of schedules', parseSpeed, 1)
    .option(
      '--slack-webhook [file]',
      `post to a real Slack channel as well; its URL is in the file, or in ${WEBHOOK_VARIABLE}`,
      parseWebhookFile,
    )
    .addOption(
      new Option('--slack-answers <answer>', 'what Slack on this machine answers, until the page says otherwise')
        .choices(SLACK_FAULTS)
        .default('ok'),
    )
    .option('--data <dir>', 'keep queues and what was reported in a directory, for the next start')
    .option('--exit', 'leave when everything is delivered; 1 if anything was dead-lettered')
    .option('--json', 'one JSON line when ready, then one for each outcome')
    .addHelpText('after', EXAMPLES);

  return withContextOptions(command).action(async (flags: LocalFlags) => {
    const context = contextValues(flags, io.cwd);
    const others = otherRegions(context);
    if (others.length > 0) {
      io.writeErrorLine(
        `Warning: notifier:regions: this machine runs the first; left out: ${others.join(', ')} (-c notifier:regions=REGION runs another)`,
      );
    }
    // The page is drawn by React, which is twice as slow when it takes itself to be under development.
    process.env.NODE_ENV ??= 'production';
    // Whole events are kept, and written to files that the stores make by themselves.
    if (flags.data !== undefined) process.umask(0o077);
    requireInstalled();
    const { runLocal } = await import('./run-local.ts');
    const code = await runLocal(
      {
        port: flags.port,
        awsPort: flags.awsPort,
        inputs: flags.input ?? [],
        sample: flags.sample,
        speed: flags.speed,
        slackWebhook: webhookUrlOf(flags.slackWebhook),
        slackAnswers: flags.slackAnswers ?? 'ok',
        dataDir: flags.data,
        exit: flags.exit ?? false,
        json: flags.json ?? false,
        commandWithFreePorts: withFreePorts(command.parent?.args ?? []),
        context,
      },
      { ...ioOf(io), exitNow: process.exit },
    );
    exit(code);
  });
}
