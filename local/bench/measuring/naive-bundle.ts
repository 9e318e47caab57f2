import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** All of Zod, and the clients that the functions use, made when the file is loaded: the way most functions are written. */
const naive = (name: 'notifier' | 'digest'): string => `
import { z } from 'zod';
import { createTelling } from './functions/create-dependencies.ts';
import { DigestEnvironmentSchema, QueueReaderEnvironmentSchema, readEnvironment } from './functions/environment.ts';
import { createHandler } from './functions/${name}/create-handler.ts';
import { createOutside } from './functions/outside.ts';
import { createPowertools, createTelemetry, withPowertools } from './functions/powertools.ts';

globalThis.all = z;
const powertools = createPowertools();
const environment = readEnvironment(${name === 'digest' ? 'DigestEnvironmentSchema' : 'QueueReaderEnvironmentSchema'}, process.env);
const telling = createTelling(environment, {
  outside: { ...createOutside(), fetch: globalThis.fetch },
  telemetry: createTelemetry(powertools),
  captureClient: (client) => powertools.tracer.captureAWSv3Client(client),
});
export const handler = withPowertools(powertools, createHandler({ ...telling, digestMinutes: environment.DIGEST_MINUTES }));
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
