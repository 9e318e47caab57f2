#!/usr/bin/env node
// Plain JavaScript on purpose: this file has to run on any Node there is, and finds the one that runs TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** What `npm run build` makes of the program; in a package there are no sources beside this file. */
const BUILT = new URL('../dist/cli/notifier.js', import.meta.url);
const PROGRAM = fileURLToPath(new URL('./notifier.ts', import.meta.url));
const WRONG_USAGE = 2;
/** Code as Node last compiled it: halves the start of a command. Node goes without where it cannot be written. */
const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/mediaconnect-notifier/compiled', import.meta.url));

/** The Node that the npm package `node` brings, `undefined` if it is not installed. */
function bundledNode() {
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return [path, `${path}.exe`].find((candidate) => existsSync(candidate));
  } catch {
    return undefined;
  }
}

/** Runs the program in `node`, as if it were this process. */
function runIn(node) {
  const child = spawn(node, [PROGRAM, ...process.argv.slice(2)], {
    // The channel says nothing; its end tells the other process that this one is gone, whatever ended it.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both processes by itself; twice would mean "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`notifier: ${node} does not start: ${error.message}\n`);
    process.exitCode = WRONG_USAGE;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** The oldest Node that runs the built program, as package.json says. */
const OLDEST_NODE = 22;

const nodeVersion = Number.parseInt(process.versions.node, 10);

if (!existsSync(PROGRAM)) {
  if (nodeVersion >= OLDEST_NODE) {
    module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? COMPILE_CACHE);
    await import(BUILT.href);
  } else {
    process.stderr.write(`notifier: needs Node ${OLDEST_NODE} or newer, this is ${process.versions.node}\n`);
    process.exitCode = WRONG_USAGE;
  }
} else if (nodeVersion >= 24) {
  // Passed on to the threads that read logs.
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? COMPILE_CACHE);
  await import('./notifier.ts');
} else {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `notifier: needs Node 24, this is ${process.versions.node}; run npm install, which brings it as the package "node"\n`,
    );
    process.exitCode = WRONG_USAGE;
  } else {
    runIn(node);
  }
}
