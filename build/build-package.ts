import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleFunction, bundler } from '../infra/stack/bundle.ts';
import { bundleClient } from '../local/page/server.ts';

/*
 * `npm run build`: what the package needs of this project where no TypeScript runs. Node refuses to strip types under
 * node_modules, so that everything there has to be JavaScript, and whoever synthesizes has neither esbuild nor our sources.
 */

const ROOT = dirname(import.meta.dirname);
const DIST = join(ROOT, 'dist');

function compile(): void {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the sources do not compile');
}

/** What an app imports: the package's `exports`. */
const CONSTRUCTS = ['infra/media-connect-notifier', 'infra/stack/trail-stack'] as const;
/** Two folders above the first of them is `dist`, as it is for the sources' project; so the bundles are found. */
const CONSTRUCT = join(DIST, 'construct');

/**
 * The constructs as CommonJS, as all of CDK is: an ES module can be required in Node, but not in Jest, which `cdk init` sets
 * up for an app's tests, nor under ts-node.
 */
function bundleConstructs(): void {
  bundler().buildSync({
    absWorkingDir: ROOT,
    entryPoints: CONSTRUCTS.map((name) => `${name}.ts`),
    outbase: ROOT,
    outdir: CONSTRUCT,
    bundle: true,
    packages: 'external',
    format: 'cjs',
    platform: 'node',
    // The oldest in which it has to say which Node it needs.
    target: 'node20',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
    logLevel: 'warning',
  });
  writeFileSync(join(CONSTRUCT, 'package.json'), '{"type":"commonjs"}\n');
}

const RELATIVE_IMPORT = /((?:from |import\()['"])(\.{1,2}\/[^'"]*)\.ts(['"])/g;

/**
 * The declarations of the constructs, and what these name. The compiler leaves the endings in them as they are written;
 * nobody has these files.
 */
function writeDeclarations(names: readonly string[], written = new Set<string>()): void {
  for (const name of names.filter((each) => !written.has(each))) {
    written.add(name);
    const text = readFileSync(join(DIST, 'declarations', `${name}.d.ts`), 'utf8');
    const file = join(CONSTRUCT, `${name}.d.ts`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.replace(RELATIVE_IMPORT, '$1$2.js$3'));
    const named = [...text.matchAll(RELATIVE_IMPORT)].map(([, , path = '']) => join(dirname(name), path));
    writeDeclarations(named, written);
  }
}

/** The page's own files, which the sources make anew at each start. */
async function writeClient(): Promise<void> {
  const { html, script, styles } = await bundleClient();
  const client = join(DIST, 'local', 'page', 'client');
  mkdirSync(client, { recursive: true });
  writeFileSync(join(client, 'page.html'), html);
  writeFileSync(join(client, 'page.js'), script);
  writeFileSync(join(client, 'styles.css'), styles);
}

/** What the program says of itself, and what goes with it; the whole of it would have `dist` taken for a package. */
function writeManifest(): void {
  const { version, description, peerDependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const manifest = {
    type: 'module',
    version,
    description,
    peerDependencies,
    devDependencies: { 'aws-cdk': devDependencies['aws-cdk'] },
  };
  writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(manifest)}\n`);
}

rmSync(DIST, { recursive: true, force: true });
compile();
bundleConstructs();
writeDeclarations(CONSTRUCTS);
rmSync(join(DIST, 'declarations'), { recursive: true });
writeManifest();
await writeClient();
for (const name of ['notifier', 'digest', 'summary'] as const) bundleFunction(name, join(DIST, 'bundles', name));
