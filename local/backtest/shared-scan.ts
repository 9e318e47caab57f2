import type { Scan } from './create-scan.ts';
import { createSeenMemory } from './seen-calls.ts';

/** Where the numbers stand that all threads share. */
const TAKEN = 0;
const DONE = 1;
const FIRST_WORKER = 2;

/** A worker has either begun, or was told that nothing is left for it. */
const BEGUN = 1;
const DISMISSED = 2;

/** What threads that scan the same files share. Plain data: it travels to the worker threads. */
export interface SharedScan {
  readonly files: readonly string[];
  readonly progress: Int32Array<SharedArrayBuffer>;
  /** Calls that were seen. */
  readonly seen: SharedArrayBuffer;
}

export function createSharedScan(files: readonly string[], workers: number): SharedScan {
  const bytes = (FIRST_WORKER + workers) * Int32Array.BYTES_PER_ELEMENT;
  return { files, progress: new Int32Array(new SharedArrayBuffer(bytes)), seen: createSeenMemory() };
}

/** Files that are done, by any thread. */
export const filesDone = ({ progress }: SharedScan): number => Atomics.load(progress, DONE);

/** Leaves nothing to take. */
export const takeRest = ({ files, progress }: SharedScan): void => {
  Atomics.store(progress, TAKEN, files.length);
};

/** Whether a worker is still wanted when it is ready. */
export const beginWorker = ({ progress }: SharedScan, worker: number): boolean =>
  Atomics.compareExchange(progress, FIRST_WORKER + worker, 0, BEGUN) === 0;

/** Whether a worker had not begun yet; it does not begin then any more. */
export const dismissWorker = ({ progress }: SharedScan, worker: number): boolean =>
  Atomics.compareExchange(progress, FIRST_WORKER + worker, 0, DISMISSED) === 0;

/** Scans one file after another, each thread the next that none has taken, so that none waits for another. */
export async function scanNextFiles(
  shared: SharedScan,
  { scanFile }: Scan,
  afterFile: () => Promise<void> | void = () => undefined,
  stop?: AbortSignal,
): Promise<void> {
  const { files, progress } = shared;
  for (;;) {
    const at = Atomics.add(progress, TAKEN, 1);
    const file = files[at];
    if (file === undefined) return;
    await scanFile(file, at, stop);
    Atomics.add(progress, DONE, 1);
    await afterFile();
  }
}
