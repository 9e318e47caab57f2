import { writeSync } from 'node:fs';
import process from 'node:process';
import { EXIT_CODES } from './io.ts';
import { runNotifier } from './run-notifier.ts';

// `notifier explain … | head` ends the reader before the writer; that is no mistake. A disk that is full is one.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    writeSync(2, `notifier: cannot write its output: ${error.code}\n`);
    process.exit(EXIT_CODES.unusable);
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

/** What a command gets to end cleanly when whoever started it is gone. */
const LAST_GRACE_MS = 10_000;

// Killed, a launcher passes on no signal: without this its ports and its data would stay with an orphan.
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), LAST_GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();

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

// A terminal or a pipe that says nothing more would keep the program alive.
process.stdin.destroy();
