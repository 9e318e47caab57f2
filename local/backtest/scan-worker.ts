import { parentPort, workerData } from 'node:worker_threads';
import type { ScanRequest } from './file-scan.ts';
import { createScanLogFile } from './scan-log-file.ts';

/** The thread: takes lists of files, answers each with the scans of its files. */
const scanLogFile = createScanLogFile(workerData as ScanRequest);

parentPort?.on('message', async (files: readonly string[]) => {
  const scans = [];
  for (const file of files) scans.push(await scanLogFile(file));
  parentPort?.postMessage(scans);
});
