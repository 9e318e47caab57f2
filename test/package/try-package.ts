import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { comparable, ownTemplate, STACK, TEN_LINES, type Template } from './ten-line-app.ts';

/*
 * `npm run try-package [NODE…]`: the package as somebody gets it. Packs the tarball; installs it by npm into an empty folder beside
 * aws-cdk-lib and constructs and nothing else; makes an app of ten lines, and another by `notifier init`; and synthesizes
 * both, and the examples, under each plain Node that is named, else under the package's oldest and this project's own. Both
 * apps have to make what this project deploys.
 *
 * Exit codes: 0 fine; 1 something is not; 3 the registry did not answer, so that nothing is known.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const NO_ANSWER = 3;
/** npm asks again and again. */
const PATIENCE_MS = 180_000;
/** What npm says when nobody is there, or does not have what everybody has. */
const OF_THE_REGISTRY = /npm error code (?:E40[134]|E5\d\d|ETARGET|ENOTFOUND|ENOTCACHED|EAI_AGAIN|ECONN\w+|ETIMEDOUT)/;

class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** One Node, and the versions of CDK that are tried with it. */
interface Plain {
  readonly node: string;
  readonly libraries: readonly string[];
}

/** What `npm run` tells of this project, and what changes how any Node runs. */
const OURS = /^(?:npm_(?!config_)|npm_config_local_prefix$|NODE_(?:OPTIONS|PATH|ENV|COMPILE_CACHE)$|INIT_CWD$)/;

/** This process's environment without this project's programs, and without what is told of them. */
function plainEnvironment(node: string): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(delimiter).filter((part) => !part.includes(`${sep}node_modules${sep}`));
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name))),
    PATH: [dirname(node), ...path].join(delimiter),
  };
}

interface Asked {
  readonly cwd: string;
  readonly node?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly status?: number;
}

/** Runs a program to its end, and gives back all that it said. */
function run(command: string, { cwd, node = process.execPath, env = {}, status = 0 }: Asked): string {
  const ended = spawnSync(command, {
    cwd,
    shell: true,
    encoding: 'utf8',
    env: { ...plainEnvironment(node), ...env },
    timeout: PATIENCE_MS,
  });
  const said = `${ended.stdout}${ended.stderr}`;
  if (ended.status === status) return said;
  if (/^np[mx] /.test(command) && OF_THE_REGISTRY.test(said)) throw new NoAnswerError(`${command}: ${said}`);
  throw new Error(`${command} in ${cwd} ended with ${ended.status}, not ${status}:\n${said}`);
}

const work = mkdtempSync(join(tmpdir(), 'try-package-'));

function emptyFolder(name: string): string {
  const folder = join(work, name);
  mkdirSync(folder);
  return folder;
}

const NPM_INSTALL = 'npm install --no-audit --no-fund --prefer-offline';

function fetchNode(major: number): string {
  const cwd = emptyFolder(`node-${major}`);
  writeFileSync(join(cwd, 'package.json'), '{}');
  run(`${NPM_INSTALL} node@${major}`, { cwd });
  return join(cwd, 'node_modules', 'node', 'bin', 'node');
}

/** The least version of a range such as `^2.260.0`. */
const least = (range: string): string => range.replace(/^\^/, '');

const { devDependencies, peerDependencies } = packageJson;
const OLDEST = ['aws-cdk-lib', 'constructs'] as const;
const oldest = OLDEST.map((name) => `${name}@${least(peerDependencies[name])}`);
const ours = OLDEST.map((name) => `${name}@${devDependencies[name]}`);

/** The oldest Node with the oldest CDK, and this project's own with its own. */
const plainNodes = (): readonly Plain[] => [
  { node: fetchNode(Number.parseInt(packageJson.engines.node.replace('>=', ''), 10)), libraries: oldest },
  { node: join(ROOT, 'node_modules', 'node', 'bin', 'node'), libraries: ours },
];

/** As it is written: without what is undefined. */
const own: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(comparable(ownTemplate())));

function requireSame(outdir: string): void {
  const template: Template = JSON.parse(readFileSync(join(outdir, `${STACK}.template.json`), 'utf8'));
  const theirs = comparable(template);
  const differing = [...new Set([...Object.keys(own), ...Object.keys(theirs)])].filter(
    (id) => !isDeepStrictEqual(own[id], theirs[id]),
  );
  if (differing.length > 0) throw new Error(`${outdir}: not what this project deploys: ${differing.join(', ')}`);
}

const requireWords = (said: string, words: string): void => {
  if (!said.includes(words)) throw new Error(`nothing of ${JSON.stringify(words)} in:\n${said}`);
};

function tryTenLines(tarball: string, { node, libraries }: Plain, cwd: string): void {
  writeFileSync(join(cwd, 'package.json'), '{"type":"module"}');
  run(`${NPM_INSTALL} ${[tarball, ...libraries].join(' ')}`, { cwd, node });
  writeFileSync(join(cwd, 'app.js'), TEN_LINES);
  run('node app.js', { cwd, node, env: { CDK_OUTDIR: 'cdk.out' } });
  requireSame(join(cwd, 'cdk.out'));
}

/** Commands that ask nobody, and a word of each answer. */
const COMMANDS: readonly (readonly [string, string])[] = [
  ['--version', packageJson.version],
  ['rules', 'denied-reads'],
  ['explain event.json', 'Off air: flow'],
  ['backtest trail.json.gz', 'Every call is reported by a rule.'],
  ['doctor --help', 'Usage: notifier doctor'],
  ['slack --region eu-west-1', 'https://api.slack.com/apps?new_app=1&manifest_json='],
];

function tryCommands({ node }: Plain, cwd: string): void {
  for (const file of ['event.json', 'trail.json.gz']) copyFileSync(join(ROOT, 'examples', file), join(cwd, file));
  for (const [command, words] of COMMANDS) requireWords(run(`npx --no -- notifier ${command}`, { cwd, node }), words);
  requireWords(run('npx --no -- notifier local', { cwd, node, status: 2 }), 'npm install --save-dev dynalite@');
}

/** What `notifier local` asks for is installed, and it reports a log file. */
function tryLocal({ node }: Plain, cwd: string): void {
  const [, install] =
    /install what they need: (npm install .*)/.exec(run('npx --no -- notifier local', { cwd, node, status: 2 })) ?? [];
  run(`${install} --no-audit --no-fund --prefer-offline`, { cwd, node });
  const said = run('npx --no -- notifier local --input trail.json.gz --exit --port 0 --aws-port 0', { cwd, node });
  for (const words of ['Received: 73 events.', 'Posted: 3 messages, with 73 calls', 'Waiting: nothing.'])
    requireWords(said, words);
}

function tryInit(tarball: string, { node }: Plain, cwd: string): void {
  run(`npx --yes --package ${tarball} notifier init`, { cwd, node });
  run(NPM_INSTALL, { cwd, node });
  const said = run('npx --no -- cdk synth --quiet', { cwd, node });
  if (said.trim() !== '') throw new Error(`cdk synth has something to say of what init wrote:\n${said}`);
  requireSame(join(cwd, 'cdk.out'));
}

function tryExamples({ node }: Plain, cwd: string): void {
  const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of examples) {
    copyFileSync(join(ROOT, 'examples', name, 'app.ts'), join(cwd, `${name}.ts`));
    run(`node ${name}.ts`, { cwd, node, env: { CDK_OUTDIR: `${name}.out` } });
  }
}

function tryUnder(tarball: string, plain: Plain): void {
  const version = run('node --version', { cwd: work, node: plain.node }).trim();
  const step = (name: string, what: (cwd: string) => void, cwd: string): void => {
    const startedMs = performance.now();
    what(cwd);
    process.stdout.write(`ok  ${version}  ${name} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)\n`);
  };
  const tenLines = emptyFolder(`ten-lines-${version}`);
  const app = emptyFolder(`init-${version}`);
  step(`an app of ten lines with ${plain.libraries.join(', ')}`, (cwd) => tryTenLines(tarball, plain, cwd), tenLines);
  step('the commands', (cwd) => tryCommands(plain, cwd), tenLines);
  step('notifier init, npm install, cdk synth', (cwd) => tryInit(tarball, plain, cwd), app);
  step('the examples', (cwd) => tryExamples(plain, cwd), app);
  step('notifier local, with what it says to install', (cwd) => tryLocal(plain, cwd), tenLines);
}

try {
  run('npm run build', { cwd: ROOT });
  run(`npm pack --ignore-scripts --pack-destination ${work}`, { cwd: ROOT });
  const tarball = join(work, `${packageJson.name}-${packageJson.version}.tgz`);
  const named = process.argv.slice(2).map((node): Plain => ({ node: resolve(node), libraries: ours }));
  for (const plain of named.length > 0 ? named : plainNodes()) tryUnder(tarball, plain);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof NoAnswerError ? NO_ANSWER : 1;
} finally {
  rmSync(work, { recursive: true });
}
