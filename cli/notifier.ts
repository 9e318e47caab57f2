import process from 'node:process';
import { runNotifier } from './run-notifier.ts';

// `notifier explain … | head` ends the reader before the writer; that is no mistake.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

/** Only a command that asks for it stops by itself; any other ends with the signal, as programs do. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  // The first signal stops cleanly, the second at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}
let stop: AbortSignal | undefined;

process.exitCode = await runNotifier(process.argv.slice(2), {
  stdin: process.stdin,
  writeLine: (line) => process.stdout.write(`${line}\n`),
  writeErrorLine: (line) => process.stderr.write(`${line}\n`),
  terminal: process.stderr.isTTY ? process.stderr : undefined,
  width: process.stdout.columns ?? 120,
  cwd: process.cwd(),
  get stop() {
    stop ??= stopSignal();
    return stop;
  },
});
