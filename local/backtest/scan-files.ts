import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FileScan, ScanRequest } from './file-scan.ts';
import { createScanLogFile } from './scan-log-file.ts';

/** Files that a thread takes at a time: few enough that no thread is left with the rest alone. */
const FILES_AT_A_TIME = 8;
/** Starting threads takes longer than reading fewer files than this. */
const FEWEST_FILES_FOR_THREADS = 16;

export interface ScanFilesOptions {
  readonly threads: number;
  readonly onScan: (scan: FileScan) => void;
  readonly stop?: AbortSignal;
}

async function scanHere(files: readonly string[], request: ScanRequest, { onScan, stop }: ScanFilesOptions) {
  const scanLogFile = createScanLogFile(request);
  for (const file of files) {
    stop?.throwIfAborted();
    onScan(await scanLogFile(file));
    // Reading is synchronous; Ctrl-C and the progress bar need a turn.
    await new Promise(setImmediate);
  }
}

async function scanInThread(next: () => readonly string[], request: ScanRequest, { onScan, stop }: ScanFilesOptions) {
  const worker = new Worker(new URL('./scan-worker.ts', import.meta.url), { workerData: request });
  try {
    for (let files = next(); files.length > 0; files = next()) {
      worker.postMessage(files);
      const [scans] = (await once(worker, 'message', stop ? { signal: stop } : {})) as [readonly FileScan[]];
      scans.forEach(onScan);
    }
  } finally {
    await worker.terminate();
  }
}

/** Scans files, with several threads where that is quicker, and never holds more than a few files' counts at once. */
export async function scanFiles(
  files: readonly string[],
  request: ScanRequest,
  options: ScanFilesOptions,
): Promise<void> {
  if (options.threads < 2 || files.length < FEWEST_FILES_FOR_THREADS) {
    await scanHere(files, request, options);
    return;
  }
  let taken = 0;
  const next = (): readonly string[] => {
    taken += FILES_AT_A_TIME;
    return files.slice(taken - FILES_AT_A_TIME, taken);
  };
  await Promise.all(Array.from({ length: options.threads }, () => scanInThread(next, request, options)));
}
