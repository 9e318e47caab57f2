import { SingleBar } from 'cli-progress';

export interface Progress {
  /** So many are done; how many there will be is not known. */
  readonly count: (done: number) => void;
  readonly end: () => void;
}

const NONE: Progress = { count: () => undefined, end: () => undefined };

/** Counts where somebody watches, and nothing where the output goes to a file or a pipe. */
export function createProgress(terminal: NodeJS.WritableStream | undefined, things: string): Progress {
  if (terminal === undefined) return NONE;
  const bar = new SingleBar({
    stream: terminal,
    format: `{value} ${things}, {duration_formatted}`,
    clearOnComplete: true,
    hideCursor: true,
  });
  let started = false;
  return {
    count: (done) => {
      if (!started) bar.start(0, done);
      else bar.update(done);
      started = true;
    },
    end: () => bar.stop(),
  };
}
