import { join, resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { bundleOptions } from '../../infra/stack/bundle.ts';
import type { FunctionName } from '../../infra/stack/function-settings.ts';

const PROJECT = resolve(import.meta.dirname, '../..');

/** All of Zod, and the clients that the functions use, made when the file is loaded: the way most functions are written. */
const naive = (name: 'notifier' | 'digest'): string => `
import { z } from 'zod';
import { DigestEnvironmentSchema, QueueReaderEnvironmentSchema, createNotifying, createOutside, createPowertools, createTelemetry, readEnvironment, withPowertools } from './functions/create-dependencies.ts';
import { createHandler } from './functions/${name === 'digest' ? 'digest/send-digests' : 'notifier/notify-batch'}.ts';

globalThis.all = z;
const powertools = createPowertools();
const environment = readEnvironment(${name === 'digest' ? 'DigestEnvironmentSchema' : 'QueueReaderEnvironmentSchema'}, process.env);
const notifying = createNotifying(environment, {
  outside: { ...createOutside(), fetch: globalThis.fetch },
  telemetry: createTelemetry(powertools),
  captureClient: (client) => powertools.tracer.captureAWSv3Client(client),
});
export const handler = withPowertools(powertools, createHandler({ ...notifying, digestMinutes: environment.DIGEST_MINUTES }));
`;

/**
 * Bundles the same handler naively: one file, the SDK's clients loaded and made at start, all of Zod. Bundled and
 * minified with the SDK inside, which loads sooner than the SDK's own files would.
 */
export function bundleNaively(name: 'notifier' | 'digest', outDir: string): void {
  buildSync({
    absWorkingDir: PROJECT,
    stdin: {
      contents: naive(name),
      resolveDir: PROJECT,
      loader: 'ts',
    },
    outfile: join(outDir, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: { 'zod/mini': 'zod' },
    minify: true,
    logLevel: 'silent',
    banner: { js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);" },
  });
}

/** What a function's bundle holds, in bytes of minified code. */
export interface BundleContents {
  readonly bytes: number;
  /** Of these, what is loaded before the handler is there. */
  readonly atStart: number;
  /** By package, the project's own code as `functions` and `shared`; largest first. */
  readonly parts: readonly { readonly part: string; readonly bytes: number }[];
  /** Packages that are not bundled but imported at start. */
  readonly importedAtStart: readonly string[];
}

const PACKAGE = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;

const partOf = (input: string): string => PACKAGE.exec(input)?.[1] ?? input.split('/')[0] ?? input;

/** The files that are loaded with `file`, itself included, and what they import from outside the bundle. */
function loadedWith(outputs: Metafile['outputs'], file: string, loaded: Set<string>, outside: Set<string>): void {
  if (loaded.has(file)) return;
  loaded.add(file);
  for (const { path, kind, external } of outputs[file]?.imports ?? []) {
    if (kind !== 'import-statement') continue;
    if (external) outside.add(path);
    else loadedWith(outputs, path, loaded, outside);
  }
}

/** Builds a function's bundle as it is deployed, and says what is in it. */
export function bundleContents(name: FunctionName): BundleContents {
  const { metafile } = buildSync({ ...bundleOptions(name), metafile: true });
  if (metafile === undefined) throw new Error('esbuild gave no metafile');
  const code = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.mjs'));
  const index = code.find(([, { entryPoint }]) => entryPoint?.startsWith('functions/'))?.[0] ?? '';
  const loaded = new Set<string>();
  const outside = new Set<string>();
  loadedWith(metafile.outputs, index, loaded, outside);

  const parts = new Map<string, number>();
  for (const [, { inputs }] of code) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const part = partOf(input);
      parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
    }
  }
  const bytesOf = (files: typeof code): number => files.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  return {
    bytes: bytesOf(code),
    atStart: bytesOf(code.filter(([file]) => loaded.has(file))),
    parts: [...parts].map(([part, bytes]) => ({ part, bytes })).sort((one, other) => other.bytes - one.bytes),
    importedAtStart: [...outside].sort(),
  };
}
