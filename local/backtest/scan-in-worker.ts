import { Worker } from 'node:worker_threads';
import type { ScanPart, ScanRequest, SecondsPage } from './scan-part.ts';
import { dismissWorker, type SharedScan } from './shared-scan.ts';

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
  const thread = new Worker(new URL('./scan-worker.ts', import.meta.url), { workerData: task });
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
