import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { anEvent } from '../builders.ts';
import { comparable, ownTemplate, STACK, TEN_LINES, type Template } from './ten-line-app.ts';

/*
 * The package as somebody gets it: packed, and unpacked beside what it depends on and nothing else. Without a registry:
 * its dependencies are those of this project.
 */

const ROOT = join(import.meta.dirname, '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'package-'));
const installed = join(directory, 'node_modules', packageJson.name);
let tarball = '';
let files: readonly string[] = [];

const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) =>
  existsSync(join(ROOT, 'examples', name, 'app.ts')),
);

const TSC = join(ROOT, 'node_modules', '.bin', 'tsc');

const AS_NODE_20 = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.20.0' } })`;

const must = (command: string, args: readonly string[], cwd: string): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}${stdout}`);
  return stdout;
};

beforeAll(() => {
  must(process.execPath, ['build/build-package.ts'], ROOT);
  must('npm', ['pack', '--ignore-scripts', '--offline', '--pack-destination', directory], ROOT);
  tarball = join(directory, readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? '');
  files = must('tar', ['-tzf', tarball], directory).trim().split('\n');
  mkdirSync(installed, { recursive: true });
  must('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], directory);
  for (const name of [...Object.keys(packageJson.dependencies), 'aws-cdk-lib', 'constructs']) {
    const link = join(directory, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  writeFileSync(join(directory, 'ten-lines.js'), TEN_LINES);
  for (const name of EXAMPLES) cpSync(join(ROOT, 'examples', name, 'app.ts'), join(directory, `${name}.ts`));
  run(['init', 'broadcast']);
  const { context } = JSON.parse(readFileSync(join(directory, 'broadcast', 'cdk.json'), 'utf8'));
  synthesizeAll({
    'ten-lines.js': {},
    ...Object.fromEntries(EXAMPLES.map((name) => [`${name}.ts`, {}])),
    'broadcast/app.ts': { ...context, 'notifier:createTrail': true },
  });
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs each app as `cdk synth` would, but all in one process: each for itself would load CDK anew. */
const SYNTHESIZE_ALL = `
for (const [app, outdir, context] of JSON.parse(process.argv[1])) {
  process.env.CDK_OUTDIR = outdir;
  process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
  await import(app);
}`;

type Context = Readonly<Record<string, unknown>>;

function synthesizeAll(apps: Readonly<Record<string, Context>>): void {
  const asked = Object.entries(apps).map(([app, context]) => [
    join(directory, app),
    `${join(directory, app)}.out`,
    context,
  ]);
  must(process.execPath, ['--input-type=module', '--eval', SYNTHESIZE_ALL, JSON.stringify(asked)], directory);
}

/** The templates that an app made, by stack. */
function templatesOf(app: string): Readonly<Record<string, Template>> {
  const outdir = join(directory, `${app}.out`);
  return Object.fromEntries(
    globSync('*.template.json', { cwd: outdir }).map((file) => [
      file.replace('.template.json', ''),
      JSON.parse(readFileSync(join(outdir, file), 'utf8')),
    ]),
  );
}

const run = (args: readonly string[], cwd = directory) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, 'cli/notifier.js'), ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

describe('the tarball', () => {
  it('is under 1.5 MB', () => {
    expect(statSync(tarball).size).toBeLessThan(1_500_000);
  });

  it('holds no test, no picture and no TypeScript but declarations', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => /(?:^package\/(?:test|docs)\/|\.png$|\.map$|(?<!\.d)\.ts$)/.test(file))).toEqual([]);
    expect(files.filter((file) => file.endsWith('/index.mjs')).length).toBe(3);
  });

  it('holds the licence, the README and what its manifest names', () => {
    const named = [
      packageJson.main,
      packageJson.types,
      ...packageJson.typesVersions['*'].trail,
      ...Object.values(packageJson.bin),
      ...Object.values(packageJson.exports).flatMap((entry) =>
        typeof entry === 'string' ? [entry] : Object.values(entry),
      ),
    ].map((path) => path.replace(/^\.\//, ''));
    const all = [...named, 'LICENSE', 'README.md', 'CHANGELOG.md'].map((path) => `package/${path}`);
    expect(all.filter((path) => !files.includes(path))).toEqual([]);
  });

  it('names no file of sources in what it imports', () => {
    const imports = /(?:from |import\()\s*['"]\.{1,2}\/[^'"]*\.ts['"]/;
    const text = (file: string): string => readFileSync(join(installed, file), 'utf8');
    const found = globSync('dist/{cli,infra,local,shared,functions}/**/*.{js,d.ts}', { cwd: installed });
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter((file) => imports.test(text(file)))).toEqual([]);
  });

  it('may be published', () => {
    expect(packageJson).not.toHaveProperty('private');
    expect(packageJson.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')).toContain(`\n## ${packageJson.version}\n`);
  });
});

describe('an app of ten lines', () => {
  it('makes what this project deploys, resource by resource', () => {
    const theirs = templatesOf('ten-lines.js')[STACK];
    expect(theirs && comparable(theirs)).toEqual(comparable(ownTemplate()));
    expect(Object.keys(theirs?.Resources ?? {}).length).toBeGreaterThan(50);
  });

  it('are all among these examples', () => {
    expect(EXAMPLES).toEqual(['existing', 'minimal', 'two-channels']);
  });

  it.each([
    ['minimal', 3],
    ['two-channels', 5],
    ['existing', 3],
  ])('of the examples: %s', (name, rules) => {
    const { Broadcast } = templatesOf(`${name}.ts`);
    const types = Object.values(Broadcast?.Resources ?? {}).map(({ Type }) => Type);
    // The schedules of digest and summary are rules, too, and so is that for MediaConnect's own events.
    expect(types.filter((type) => type === 'AWS::Events::Rule').length).toBe(rules + 3);
    expect(types.filter((type) => type === 'AWS::Lambda::Function').length).toBe(3);
    expect(types.includes('AWS::SNS::Topic')).toBe(name !== 'existing');
  });
});

describe('the commands', () => {
  it('read what this project reads, without a cdk.json', () => {
    const { status, stdout } = run(['rules', '--json']);
    expect({
      status,
      names: stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).name),
    }).toEqual({
      status: 0,
      names: ['changes', 'denied-reads', 'reads', '_signal'],
    });
  });

  it('explain and backtest a call', () => {
    writeFileSync(join(directory, 'event.json'), JSON.stringify(anEvent()));
    const explained = run(['explain', '--json', 'event.json']);
    expect({ status: explained.status, operation: explained.stdout.includes('StopFlow') }).toEqual({
      status: 0,
      operation: true,
    });
    const counted = run(['backtest', 'event.json', '--json']);
    expect({ status: counted.status, stderr: counted.stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each(['doctor', 'init', 'slack', 'redrive', 'send'])('say what %s does', (name) => {
    const { status, stdout } = run([name, '--help']);
    expect({ status, usage: stdout.startsWith(`Usage: notifier ${name}`) }).toEqual({ status: 0, usage: true });
  });

  it('say what to install for the pipeline on one machine', () => {
    const { status, stderr } = run(['local']);
    expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 2, lines: 1 });
    for (const name of Object.keys(packageJson.peerDependenciesMeta)) expect(stderr).toContain(` ${name}@`);
  });

  it('say which Node they need on an older one', () => {
    const args = ['--import', AS_NODE_20, join(installed, 'cli/notifier.js'), 'rules'];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'notifier: needs Node 22 or newer, this is 20.20.0\n' });
  });

  it('make an app that synthesizes', () => {
    const templates = templatesOf('broadcast/app.ts');
    expect(Object.keys(templates).sort()).toEqual([STACK, 'MediaConnectNotifier-trail-eu-west-1']);
    const theirs = templates[STACK];
    expect(theirs && comparable(theirs)).toEqual(comparable(ownTemplate()));
  });
});

describe('the module', () => {
  it('is there for what can require no ES module, such as Jest, which cdk init sets up', () => {
    const script = `console.log(['', '/trail'].map((path) => Object.keys(require('${packageJson.name}' + path))).join())`;
    const args = ['--no-experimental-require-module', '--input-type=commonjs', '--eval', script];
    expect(must(process.execPath, args, directory)).toBe('MediaConnectNotifier,TrailStack\n');
  });

  it('is named where compilers look that do not know of exports', () => {
    const { exports, main, types, typesVersions } = packageJson;
    expect({ default: main, types }).toEqual(exports['.']);
    expect(typesVersions['*'].trail).toEqual([exports['./trail'].types]);
  });

  it('says which Node it needs on an older one', () => {
    const script = `import { App, Stack } from 'aws-cdk-lib';
      import { MediaConnectNotifier } from '${packageJson.name}';
      const say = (make) => { try { make() } catch ({ message }) { console.log(message) } };
      const app = new App();
      say(() => new MediaConnectNotifier(new Stack(app, 'S'), 'N'));
      say(() => MediaConnectNotifier.settings(app));`;
    const said = must(process.execPath, ['--import', AS_NODE_20, '--input-type=module', '--eval', script], directory);
    expect(said.trim().split('\n')).toEqual(
      Array.from({ length: 2 }, () => 'mediaconnect-notifier needs Node 22 or newer, this is 20.20.0'),
    );
  });

  it('has types that hold in an app that checks those of its libraries, as modules and as CommonJS', () => {
    const settings = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', 'node', '--target', 'es2022'];
    symlinkSync(join(ROOT, 'node_modules', '@types'), join(directory, 'node_modules', '@types'));
    const files = ['module', 'commonjs'].flatMap((type) => {
      const app = join(directory, type);
      mkdirSync(app);
      writeFileSync(join(app, 'package.json'), JSON.stringify({ type }));
      for (const name of EXAMPLES) cpSync(join(directory, `${name}.ts`), join(app, `${name}.ts`));
      return EXAMPLES.map((name) => join(type, `${name}.ts`));
    });
    // Each file is taken as what is nearest to it says; one program reads CDK's types once.
    expect(must(TSC, [...settings, '--module', 'nodenext', ...files], directory)).toBe('');
  });

  it('declares what it has without any other library, and nothing as of any type', () => {
    const declarations = globSync('dist/construct/**/*.d.ts', { cwd: installed });
    expect(declarations).toContain('dist/construct/infra/media-connect-notifier.d.ts');
    const all = declarations.map((file) => readFileSync(join(installed, file), 'utf8')).join('');
    const libraries = [...all.matchAll(/(?:from |import\()['"]([^'"./][^'"/]*)/g)].map(([, name]) => name);
    expect(new Set(libraries)).toEqual(new Set(['aws-cdk-lib', 'constructs']));
    expect(all).not.toMatch(/[:<,|&] ?any\b/);
  });
});
