import { Command, CommanderError } from 'commander';
import { withoutWebhooks } from '../infra/settings/without-webhooks.ts';
import { LocalStartError } from '../local/local-start-error.ts';
import packageJson from '../package.json' with { type: 'json' };
import { AwsCallError } from './aws/failure.ts';
import { COMMANDS } from './commands.ts';
import { fitHelp } from './help-text.ts';
import { InputError } from './input/list-files.ts';
import { type CliIo, EXIT_CODES, type ExitCode, UsageError } from './io.ts';

const EXIT_CODES_HELP = `
Exit codes: 0 fine; 1 done, but what was looked at is not fine; 2 wrong usage or unusable input.`;

/** `notifier help explain` and `notifier explain …` both need the whole of `explain`. */
const chosenName = (args: readonly string[]): string | undefined => args.filter((arg) => arg !== 'help')[0];

async function createProgram(args: readonly string[], io: CliIo, exit: (code: ExitCode) => void): Promise<Command> {
  const program = new Command('notifier')
    .description(packageJson.description)
    .version(packageJson.version)
    .addHelpText('after', EXIT_CODES_HELP)
    .exitOverride()
    // Commander wraps each line of a description by itself.
    .configureHelp({ minWidthToWrap: 20, commandDescription: (command) => command.description().replaceAll('\n', ' ') })
    .configureOutput({
      // Only help and version are written so.
      writeOut: (text) => io.writeLine(fitHelp(text.trimEnd(), io.width)),
      getOutHelpWidth: () => io.width,
      writeErr: (text) => io.writeErrorLine(text.trimEnd()),
      outputError: (text, write) => write(withoutWebhooks(text.replace(/^error: /, 'notifier: '))),
    });
  const chosen = chosenName(args);
  for (const { name, summary, load } of COMMANDS) {
    const command = name === chosen ? (await load())(io, exit) : new Command(name);
    program.addCommand(command.name(name).summary(summary).copyInheritedSettings(program));
  }
  return program;
}

/** Errors that say everything a person needs in their message: no stack for these. */
const isForPeople = (error: unknown): error is Error =>
  error instanceof InputError ||
  error instanceof UsageError ||
  error instanceof LocalStartError ||
  error instanceof AwsCallError ||
  (error instanceof Error && error.name === 'ContextError');

function exitCodeOf(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT_CODES.fine : EXIT_CODES.unusable;
  }
  if (io.stop.aborted) {
    io.writeErrorLine('notifier: interrupted');
    return EXIT_CODES.unusable;
  }
  if (!isForPeople(error)) throw error;
  for (const line of error.message.split('\n')) io.writeErrorLine(`notifier: ${withoutWebhooks(line)}`);
  return EXIT_CODES.unusable;
}

/** Runs one command and gives its exit code. Only an error of our own making is thrown. */
export async function runNotifier(args: readonly string[], io: CliIo): Promise<ExitCode> {
  let code: ExitCode = EXIT_CODES.fine;
  try {
    const program = await createProgram(args, io, (ended) => {
      code = ended;
    });
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    return exitCodeOf(error, io);
  }
  return code;
}
