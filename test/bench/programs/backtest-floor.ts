import { readFileSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { listInputFiles } from '../../../cli/input/list-files.ts';

/** gunzip and `JSON.parse` of every file of a directory, by so many threads: `directory`, threads. */
interface Task {
  readonly files: readonly string[];
  readonly next: SharedArrayBuffer;
}

function parseAll({ files, next }: Task): void {
  const counter = new Int32Array(next);
  for (let index = Atomics.add(counter, 0, 1); index < files.length; index = Atomics.add(counter, 0, 1)) {
    JSON.parse(gunzipSync(readFileSync(files[index] ?? '')).toString('utf8'));
  }
}

async function measure(directory: string, threads: number): Promise<void> {
  const { files } = await listInputFiles([directory]);
  const startMs = performance.now();
  const task: Task = { files, next: new SharedArrayBuffer(4) };
  const workers = Array.from({ length: threads - 1 }, () => new Worker(import.meta.filename, { workerData: task }));
  const ended = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  parseAll(task);
  await Promise.all(ended);
  const tookMs = performance.now() - startMs;
  console.log(JSON.stringify({ tookMs, records: 0, peakBytes: process.resourceUsage().maxRSS * 1024 }));
}

if (isMainThread) await measure(process.argv[2] ?? '', Number(process.argv[3]));
else parseAll(workerData as Task);
