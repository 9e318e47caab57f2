import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';
import type { FunctionName } from './function-settings.ts';

const PROJECT = resolve(import.meta.dirname, '../..');

const CHUNKS = 'chunks';

/**
 * Where esbuild believes it writes. Fixed, because source maps hold paths relative to it: the same sources give the
 * same bytes, hence the same asset hash, wherever the files then go.
 */
const VIRTUAL_OUTPUT = join(PROJECT, 'bundle');

/** Modules that cost more than a function has of them, and what does their part; each says why. */
const STAND_INS = {
  'node:http': './functions/stand-ins/node-http.cjs',
  '@aws-sdk/credential-provider-node': './functions/stand-ins/credential-provider-node.ts',
  'cls-hooked/context': './functions/stand-ins/cls-hooked.ts',
  semver: './functions/stand-ins/semver.ts',
};

/**
 * How a function is bundled. The used parts of the AWS SDK are inside, although Lambda's runtime has the SDK: one file
 * loads in a part of the time that the SDK's own files take, and what was tested is what runs.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
 */
export const bundleOptions = (name: FunctionName) =>
  ({
    absWorkingDir: PROJECT,
    entryPoints: { index: `functions/${name}/handler.ts` },
    outdir: VIRTUAL_OUTPUT,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    chunkNames: `${CHUNKS}/[name]-[hash]`,
    alias: STAND_INS,
    minify: true,
    charset: 'utf8',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
    // CommonJS dependencies ask for Node's own modules by `require`, which an ES module does not have.
    banner: { js: 'const require=process.getBuiltinModule;' },
  }) as const satisfies BuildOptions;

/** Loaded when it is needed: the package brings its bundles along, and no bundler. */
export const bundler = (): typeof import('esbuild') => createRequire(import.meta.url)('esbuild');

/** Where the build of the package put a function's bundle; `undefined` where the sources are run as they stand. */
export function packagedBundle(name: FunctionName): string | undefined {
  const directory = join(PROJECT, 'bundles', name);
  return existsSync(directory) ? directory : undefined;
}

/**
 * Bundles one function into `outDir`: `index.mjs` exporting `handler`, chunks for what is imported when first
 * needed, source maps beside them.
 *
 * The maps are shipped but not switched on: `--enable-source-maps` makes every cold start read and parse them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export function bundleFunction(name: FunctionName, outDir: string): void {
  const { outputFiles } = bundler().buildSync(bundleOptions(name));
  // Chunks are named by their content: those of an earlier bundle would stay, be deployed, and change the asset's hash.
  rmSync(join(outDir, CHUNKS), { recursive: true, force: true });
  for (const { path, contents } of outputFiles) {
    const file = join(outDir, relative(VIRTUAL_OUTPUT, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
}
