import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleFunction } from '../infra/stack/bundle.ts';
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

/** The compiler leaves the endings in declarations as they are written; nobody has these files. */
function nameDeclarations(): void {
  for (const file of globSync('**/*.d.ts', { cwd: DIST })) {
    const path = join(DIST, file);
    const text = readFileSync(path, 'utf8').replace(/((?:from |import\()['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2');
    writeFileSync(path, text);
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
nameDeclarations();
writeManifest();
await writeClient();
for (const name of ['notifier', 'digest', 'summary'] as const) bundleFunction(name, join(DIST, 'bundles', name));
