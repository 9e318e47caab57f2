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
