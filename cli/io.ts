import { UserError } from '../infra/settings/user-error.ts';

/** The exit codes of every command. */
export const EXIT_CODES = {
  /** Done, and what was looked at is fine. */
  fine: 0,
  /** Done, but what was looked at is not fine: calls dead-lettered, some lines of the input not usable, a check that fails. */
  notFine: 1,
  /** Not done: wrong usage, wrong context values, or an input that cannot be used at all. */
  unusable: 2,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Text that came with an event may hold escape sequences, line breaks or characters that turn the line around. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Makes untrusted text safe to print on a terminal, on one line. */
export const sanitize = (text: string): string => text.replace(UNPRINTABLE, '\uFFFD');

/** The same for text of several lines. */
export const sanitizeLines = (text: string): string => text.split('\n').map(sanitize).join('\n');

const escapeUnits = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** A value as one line of JSON, which a terminal shows as it stands too: `JSON.stringify` escapes only the lowest controls. */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(UNPRINTABLE, escapeUnits);

/** The command was typed wrongly, in a way that its options' definitions do not catch. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}

/** What a command reads and writes; a test passes its own. */
export interface CliIo {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly writeLine: (line: string) => void;
  readonly writeErrorLine: (line: string) => void;
  /** Where a progress bar may be drawn; `undefined` when nobody watches. */
  readonly terminal: NodeJS.WritableStream | undefined;
  /** Columns that a line of the output may fill. */
  readonly width: number;
  /** The directory in which the command was typed. */
  readonly cwd: string;
  /** Aborted by Ctrl-C. A command that reads it has to end by itself; the others end with the signal. */
  readonly stop: AbortSignal;
}
