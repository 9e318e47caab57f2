import { SingleBar } from 'cli-progress';

export interface Progress {
  /** So many are done; `of` how many, where that is known. */
  readonly update: (done: number, of?: number) => void;
  readonly end: () => void;
}

const NONE: Progress = { update: () => undefined, end: () => undefined };

function createProgress(stream: NodeJS.WritableStream, format: string): Progress {
  const bar = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: true });
  let started = false;
  return {
    update: (done, of = 0) => {
      if (!started) bar.start(of, done);
      else bar.update(done);
      started = true;
    },
    end: () => bar.stop(),
  };
}

/** A bar where somebody watches, and nothing where the output goes to a file or a pipe. */
export const progressOfFiles = (terminal: NodeJS.WritableStream | undefined): Progress =>
  terminal === undefined ? NONE : createProgress(terminal, '{bar} {value}/{total} files, {eta_formatted} left');

/** A number that grows to nobody knows what, where somebody watches. */
export const progressOf = (terminal: NodeJS.WritableStream | undefined, things: string): Progress =>
  terminal === undefined ? NONE : createProgress(terminal, `{value} ${things}, {duration_formatted}`);
