import process from 'node:process';
import { Command, InvalidArgumentError } from 'commander';
import { readContext } from '../../infra/context.ts';
import { ContextError } from '../../infra/context-error.ts';
import type { CliIo } from '../cli-io.ts';
import { withContextOptions } from '../context-options.ts';
import { type ContextOptions, contextValues } from '../context-values.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';

interface LocalFlags extends ContextOptions {
  readonly port: number;
  readonly awsPort: number;
  readonly input?: readonly string[];
  readonly sample: boolean;
  readonly speed: number;
  readonly slackWebhook?: string;
  readonly data?: string;
  readonly exit?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  notifier local                                   a day of broadcasting, on http://127.0.0.1:3000
  notifier local --input trail.json.gz --exit      tell what a log file holds, then leave
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

function parseWebhook(text: string): string {
  // The text may be a secret, so the message does not repeat it.
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new InvalidArgumentError('not a URL.');
  return text;
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

const asExitCode = (code: number): ExitCode => Object.values(EXIT_CODES).find((known) => known === code) ?? 1;

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
    .option('--slack-webhook <url>', 'post to a real Slack channel as well', parseWebhook)
    .option('--data <dir>', 'keep queues and what was told in a directory, for the next start')
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
    const { runLocal } = await import('../../local/run-local.ts');
    const code = await runLocal(
      {
        port: flags.port,
        awsPort: flags.awsPort,
        inputs: flags.input ?? [],
        sample: flags.sample,
        speed: flags.speed,
        slackWebhook: flags.slackWebhook,
        dataDir: flags.data,
        exit: flags.exit ?? false,
        json: flags.json ?? false,
        context,
      },
      io,
    );
    exit(asExitCode(code));
  });
}
