import { Command, CommanderError } from 'commander';
import { UserError, withoutWebhooks } from '../infra/settings/user-error.ts';
import packageJson from '../package.json' with { type: 'json' };
import { COMMANDS } from './commands.ts';
import { fitHelp } from './help-text.ts';
import { type CliIo, EXIT_CODES, type ExitCode, sanitizeLines } from './io.ts';

const EXIT_CODES_HELP = `
Exit codes: 0 fine; 1 done, but what was looked at is not fine; 2 wrong usage or unusable input.`;

/** `notifier help explain` and `notifier explain …` both need the whole of `explain`. */
const chosenName = (args: readonly string[]): string | undefined => args.filter((arg) => arg !== 'help')[0];

/** Commander's error as one line; of an option that is nothing like those of the command, where they are listed. */
function errorLine(text: string, chosen: string | undefined): string {
  const line = text
    .trim()
    .replace(/^error: /, 'notifier: ')
    .replace(/\n\(Did you mean (.+)\?\)$/s, '; did you mean $1?');
  const isUnknownOption = line.startsWith('notifier: unknown option') && !line.endsWith('?');
  return isUnknownOption ? `${line}; ${['notifier', chosen, '--help'].filter(Boolean).join(' ')} lists them` : line;
}

async function createProgram(args: readonly string[], io: CliIo, exit: (code: ExitCode) => void): Promise<Command> {
  const chosen = COMMANDS.find(({ name }) => name === chosenName(args));
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
      outputError: (text, write) => write(withoutWebhooks(errorLine(text, chosen?.name))),
    });
  for (const { name, summary, load } of COMMANDS) {
    const command = name === chosen?.name ? (await load())(io, exit) : new Command(name);
    program.addCommand(command.name(name).summary(summary).copyInheritedSettings(program));
  }
  return program;
}

/** Of a command that there is none of, help is not to be had either. */
const withoutVainHelp = (args: readonly string[]): readonly string[] =>
  args[0] === 'help' && args[1] !== undefined && !COMMANDS.some(({ name }) => name === args[1]) ? args.slice(1) : args;

/** What was typed, and names of files, stand in errors as they are: nothing of that commands the terminal. */
const withCleanErrors = (io: CliIo): CliIo => ({
  stdin: io.stdin,
  writeLine: io.writeLine,
  writeErrorLine: (line) => io.writeErrorLine(sanitizeLines(line)),
  terminal: io.terminal,
  width: io.width,
  cwd: io.cwd,
  // Only a command that asks for it ends by itself.
  get stop() {
    return io.stop;
  },
});

/** Says what a person has to know of an error, and with which code the program ends. Here alone that is decided. */
function exitCodeOf(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT_CODES.fine : EXIT_CODES.unusable;
  }
  if (io.stop.aborted) {
    io.writeErrorLine('notifier: interrupted');
    return EXIT_CODES.unusable;
  }
  if (!(error instanceof UserError)) throw error;
  for (const line of error.lines) io.writeErrorLine(`notifier: ${line}`);
  return EXIT_CODES.unusable;
}

/** Runs one command and gives its exit code. Only an error of our own making is thrown. */
export async function runNotifier(args: readonly string[], given: CliIo): Promise<ExitCode> {
  const io = withCleanErrors(given);
  let code: ExitCode = EXIT_CODES.fine;
  try {
    const program = await createProgram(args, io, (ended) => {
      code = ended;
    });
    await program.parseAsync([...withoutVainHelp(args)], { from: 'user' });
  } catch (error) {
    return exitCodeOf(error, io);
  }
  return code;
}
