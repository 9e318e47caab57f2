import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** Clients that the functions use, made when the file is loaded: the way most functions are written. */
const EAGER_CLIENTS = `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { z } from 'zod';
globalThis.eager = [new DynamoDBClient({}), new SQSClient({}), new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient({}) }), z];
`;

/**
 * Bundles the same handler naively: one file, the SDK's clients loaded and made at start, all of Zod. Bundled and
 * minified with the SDK inside, which loads sooner than the SDK's own files would.
 */
export function bundleNaively(name: 'notifier' | 'digest', outDir: string): void {
  buildSync({
    absWorkingDir: PROJECT,
    stdin: {
      contents: `${EAGER_CLIENTS}\nexport { handler } from './functions/${name}/handler.ts';`,
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
