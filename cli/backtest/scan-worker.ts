import { parentPort, workerData } from 'node:worker_threads';
import { createScan } from './scan.ts';
import { beginWorker, scanNextFiles, type WorkerMessage, type WorkerTask } from './scan-files.ts';

/** The thread: scans files until none is left, and then says what it found. */
const { request, shared, worker } = workerData as WorkerTask;

const post = (message: WorkerMessage, moved: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, [...moved]);

if (beginWorker(shared, worker)) {
  const scan = createScan(request, shared.seen, (pages) =>
    post(
      { kind: 'pages', pages },
      pages.map(({ calls }) => calls.buffer),
    ),
  );
  await scanNextFiles(shared, scan);
  post({ kind: 'part', part: scan.part() });
}
