import { statSync } from 'node:fs';
import { createScan } from './create-scan.ts';
import { scanInWorker } from './scan-in-worker.ts';
import type { ScanPart, ScanRequest, SecondsPage } from './scan-part.ts';
import { createSharedScan, filesDone, scanNextFiles, takeRest } from './shared-scan.ts';

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
