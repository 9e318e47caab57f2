import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createScan, type Scan } from './scan.ts';
import type { ScanPart, ScanRequest, SecondsPage } from './scan-part.ts';
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
const dismissWorker = ({ progress }: SharedScan, worker: number): boolean =>
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

export interface WorkerTask {
  readonly request: ScanRequest;
  readonly shared: SharedScan;
  /** Its number among the workers. */
  readonly worker: number;
}

export type WorkerMessage =
  | { readonly kind: 'pages'; readonly pages: readonly SecondsPage[] }
  | { readonly kind: 'part'; readonly part: ScanPart };

export interface ScanWorker {
  /** What it found; nothing if it was not needed. */
  readonly part: Promise<ScanPart | undefined>;
  /** Lets it go if it has not begun. */
  readonly dismiss: () => void;
  readonly end: () => Promise<void>;
}

/** Starts a thread that helps with the scan. */
export function scanInWorker(task: WorkerTask, onPages: (pages: readonly SecondsPage[]) => void): ScanWorker {
  const thread = new Worker(new URL(`./scan-worker${extname(import.meta.filename)}`, import.meta.url), {
    workerData: task,
  });
  const { promise: part, resolve, reject } = Promise.withResolvers<ScanPart | undefined>();
  thread.on('message', (message: WorkerMessage) => {
    if (message.kind === 'pages') onPages(message.pages);
    else resolve(message.part);
  });
  thread.on('error', reject);
  return {
    part,
    dismiss: () => {
      if (dismissWorker(task.shared, task.worker)) resolve(undefined);
    },
    end: async () => {
      await thread.terminate();
    },
  };
}

/** Starting a thread takes about as long as reading this much. */
const LEAST_BYTES_FOR_THREADS = 4 * 1024 * 1024;

export interface ScanFilesOptions {
  readonly threads: number;
  /** Fewer bytes are read by one thread. @default 4 MB */
  readonly leastBytesForThreads?: number;
  readonly onPages: (pages: readonly SecondsPage[]) => void;
  readonly onProgress: (files: number) => void;
  readonly stop?: AbortSignal;
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function holdAtLeast(files: readonly string[], bytes: number): boolean {
  let sum = 0;
  return files.some((file) => {
    sum += sizeOf(file);
    return sum >= bytes;
  });
}

/** Scans files, with several threads where that is quicker; this thread is one of them. */
export async function scanFiles(
  files: readonly string[],
  request: ScanRequest,
  options: ScanFilesOptions,
): Promise<readonly ScanPart[]> {
  const { threads, leastBytesForThreads = LEAST_BYTES_FOR_THREADS, onPages, onProgress, stop } = options;
  const wanted = Math.min(threads, files.length) - 1;
  const others = wanted > 0 && holdAtLeast(files, leastBytesForThreads) ? wanted : 0;
  const shared = createSharedScan(files, others);
  const workers = Array.from({ length: others }, (_, worker) => scanInWorker({ request, shared, worker }, onPages));

  const scanHere = async (): Promise<ScanPart> => {
    const scan = createScan(request, shared.seen, onPages);
    const afterFile = async (): Promise<void> => {
      onProgress(filesDone(shared));
      // The progress bar and the other threads' pages need a turn.
      await new Promise(setImmediate);
      stop?.throwIfAborted();
    };
    await scanNextFiles(shared, scan, afterFile, stop);
    for (const { dismiss } of workers) dismiss();
    return scan.part();
  };

  try {
    stop?.throwIfAborted();
    const parts = await Promise.all([scanHere(), ...workers.map(({ part }) => part)]);
    if (others > 0) onProgress(files.length);
    return parts.filter((part) => part !== undefined);
  } finally {
    takeRest(shared);
    await Promise.all(workers.map(({ end }) => end()));
  }
}
