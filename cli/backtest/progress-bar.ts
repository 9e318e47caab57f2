import { SingleBar } from 'cli-progress';

export interface Progress {
  readonly update: (done: number, of: number) => void;
  readonly end: () => void;
}

const NONE: Progress = { update: () => undefined, end: () => undefined };

/** A bar where somebody watches, and nothing where the output goes to a file or a pipe. */
export function createProgress(terminal: NodeJS.WritableStream | undefined): Progress {
  if (terminal === undefined) return NONE;
  const bar = new SingleBar({
    stream: terminal,
    format: '{bar} {value}/{total} files, {eta_formatted} left',
    clearOnComplete: true,
    hideCursor: true,
  });
  let started = false;
  return {
    update: (done, of) => {
      if (!started) bar.start(of, done);
      else bar.update(done);
      started = true;
    },
    end: () => bar.stop(),
  };
}
