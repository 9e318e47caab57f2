import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SHIM = fileURLToPath(new URL('../../cli/notifier.js', import.meta.url));
/** Makes the program believe that an older Node runs it. */
const AS_NODE_20 = [
  '--import',
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.20.0' } })`,
];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the shim as a process; `whenReady` is called at its first output. */
function runShim(
  nodeArgs: readonly string[],
  args: readonly string[],
  {
    stdin = '',
    whenReady,
  }: { stdin?: string | undefined; whenReady?: (kill: (signal: NodeJS.Signals) => void) => void },
): Promise<Ended> {
  const child = spawn(process.execPath, [...nodeArgs, SHIM, ...args], { stdio: 'pipe' });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (out === '') whenReady?.((signal) => child.kill(signal));
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdin.write(stdin);
  if (whenReady === undefined) child.stdin.end();
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}

describe.each([
  ['by Node 24', []],
  ['by an older Node', AS_NODE_20],
])('notifier.js, run %s', (_, nodeArgs) => {
  it('passes on arguments, standard input, output and exit code', async () => {
    const { code, out } = await runShim(nodeArgs, ['explain', '--json', '-'], { stdin: 'hello\n' });
    expect({ code, out }).toEqual({
      code: 2,
      out: `{"error":"not JSON: Unexpected token 'h'","line":1,"place":"standard input:1"}\n`,
    });
  });

  it('passes on the refusal of a wrong flag', async () => {
    const { code, err } = await runShim(nodeArgs, ['rules', '--jsn'], {});
    expect({ code, err }).toEqual({ code: 2, err: "notifier: unknown option '--jsn'; did you mean --json?\n" });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends in one line and the documented code at %s', async (signal) => {
    const { out, ...ended } = await runShim(nodeArgs, ['explain', '--json', '-'], {
      stdin: '{"a":1}\n{"a":1}\n',
      whenReady: (kill) => kill(signal),
    });
    expect({ ...ended, started: out.startsWith('{"error"') }).toEqual({
      code: 2,
      signal: null,
      err: 'notifier: interrupted\n',
      started: true,
    });
  });
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it.skipIf(process.platform !== 'linux')('leaves nobody behind when it is killed', async () => {
  const child = spawn(process.execPath, [...AS_NODE_20, SHIM, 'explain', '--json', '-'], { stdio: 'pipe' });
  child.stdin.write('{"a":1}\n{"a":1}\n');
  await once(child.stdout, 'data');
  const inner = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
  expect(isAlive(inner)).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => isAlive(inner)).toBe(false);
});

it('says what is missing where no Node 24 is installed', async () => {
  const withoutModules = `data:text/javascript,import module from 'node:module'; const create = module.createRequire; module.createRequire = (from) => Object.assign(create(from), { resolve: () => { throw new Error('not found'); } }); module.syncBuiltinESMExports();`;
  const { code, err } = await runShim([...AS_NODE_20, '--import', withoutModules], ['rules'], {});
  expect({ code, err }).toEqual({
    code: 2,
    err: 'notifier: needs Node 24, this is 20.20.0; run npm install, which brings it as the package "node"\n',
  });
});

it.runIf(existsSync('/dev/full'))('says in one line that its output cannot be written', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [SHIM, 'rules'], { stdio: ['ignore', full, 'pipe'] });
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = await once(child, 'close');
  closeSync(full);
  expect({ code, err }).toEqual({ code: 2, err: 'notifier: cannot write its output: ENOSPC\n' });
});
