import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction, bundleOptions } from '../../../infra/stack/bundle.ts';

const directories: string[] = [];
const bundle = (name: 'notifier' | 'digest' | 'summary'): string => {
  const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
  directories.push(directory);
  bundleFunction(name, directory);
  return directory;
};
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

const filesIn = (directory: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(mjs|map)$/.test(file))
      .sort()
      .map((file) => [file, readFileSync(join(directory, file), 'utf8')]),
  );

/** Every module that is loaded before the handler is there, but for the bundle's own files. */
function startImports(files: Readonly<Record<string, string>>, file = 'index.mjs'): ReadonlySet<string> {
  const specifiers = [...(files[file] ?? '').matchAll(/(?:\bfrom|\bimport)\s*["']([\w@./:-]+)["']/g)].map(
    ([, specifier = '']) => specifier,
  );
  return new Set(
    specifiers.flatMap((specifier) =>
      specifier.startsWith('.') ? [...startImports(files, join(dirname(file), specifier))] : [specifier],
    ),
  );
}

/** The names that the stack gives. */
const ENVIRONMENT = {
  SLACK_SECRET_ID: 'secret',
  LEDGER_TABLE_NAME: 'ledger',
  QUEUE_URL: 'http://127.0.0.1/queue',
  DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1/dead-letters',
  IMMEDIATE_QUEUE_URL: 'http://127.0.0.1/queue',
  DIGEST_MINUTES: '15',
  CHANNELS: '["default"]',
  DISPLAY_SETTINGS: '{"accountNames":{},"channels":{},"showParameters":[]}',
  POWERTOOLS_SERVICE_NAME: 'mediaconnect-notifier',
  POWERTOOLS_METRICS_NAMESPACE: 'MediaConnectNotifier',
};

it('leaves nothing of an earlier bundle in the directory', () => {
  const directory = bundle('summary');
  const files = filesIn(directory);
  writeFileSync(join(directory, 'chunks/old-ABCDEFGH.mjs'), '');
  bundleFunction('summary', directory);
  expect(filesIn(directory)).toEqual(files);
});

/** Every package whose code runs in the account, with why it is there. A new one is a decision. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@aws-lambda-powertools/commons': 'of the other Powertools',
  '@aws-lambda-powertools/logger': 'one structured line for each decision',
  '@aws-lambda-powertools/metrics': 'metrics by log line',
  '@aws-lambda-powertools/tracer': 'traces',
  '@aws-sdk/client-dynamodb': 'the ledger',
  '@aws-sdk/client-secrets-manager': 'the webhook URLs',
  '@aws-sdk/client-sqs': 'the queues',
  '@aws-sdk/core': 'of the clients',
  '@aws-sdk/credential-provider-env': 'credentials, which Lambda puts into the environment',
  '@aws-sdk/dynamodb-codec': 'of the client for DynamoDB',
  '@aws-sdk/endpoint-cache': 'of the client for DynamoDB',
  '@aws-sdk/middleware-endpoint-discovery': 'of the client for DynamoDB',
  '@aws-sdk/middleware-sdk-sqs': 'of the client for SQS: checks the digests of bodies',
  '@aws/lambda-invoke-store': 'of Powertools',
  '@slack/webhook': 'posts to Slack',
  '@smithy/core': 'of the clients: protocols, retries, schemas',
  '@smithy/node-http-handler': 'of the clients: requests by Node',
  '@smithy/service-error-classification': 'of the X-Ray SDK',
  '@smithy/signature-v4': 'of the clients: signatures',
  '@smithy/types': 'of the clients',
  'atomic-batcher': 'of the X-Ray SDK',
  'aws-xray-sdk-core': 'of the tracer',
  bowser: 'of the clients, for browsers: in a file that is never loaded',
  mnemonist: 'of the client for DynamoDB: a cache of endpoints',
  obliterator: 'of mnemonist',
  'p-retry': 'of the Slack webhook client',
  retry: 'of the Slack webhook client',
  zod: 'what enters is checked (zod/mini)',
};

it('holds the code of these packages and no others', () => {
  const packages = (['notifier', 'digest', 'summary'] as const).flatMap((name) => {
    const { metafile } = buildSync({ ...bundleOptions(name), metafile: true });
    const inputs = Object.values(metafile?.outputs ?? {}).flatMap((output) => Object.entries(output.inputs));
    return inputs.flatMap(([file, { bytesInOutput }]) => {
      const [, packageName] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
      return packageName === undefined || bytesInOutput === 0 ? [] : [packageName];
    });
  });
  expect([...new Set(packages)].sort()).toEqual(Object.keys(PACKAGES).sort());
});

describe.each(['notifier', 'digest', 'summary'] as const)('the bundle of the %s', (name) => {
  const directory = bundle(name);
  const files = filesIn(directory);
  const code = Object.entries(files).filter(([file]) => file.endsWith('.mjs'));

  it('is under 800 kB without source maps, with the SDK inside', () => {
    const bytes = code.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThan(800_000);
  });

  it('has a source map for each file of code', () => {
    expect(Object.keys(files).filter((file) => file.endsWith('.map'))).toEqual(code.map(([file]) => `${file}.map`));
  });

  it('imports nothing but itself and Node when it starts', () => {
    expect([...startImports(files)].filter((specifier) => !isBuiltin(specifier))).toEqual([]);
  });

  it('has the same bytes wherever it is written, so that nothing is deployed again without a change', () => {
    expect(filesIn(bundle(name))).toEqual(files);
  });

  it('holds no path of the machine it was made on', () => {
    expect(Object.values(files).filter((text) => text.includes(process.cwd()))).toEqual([]);
  });

  const runs = (program: string) => {
    const index = pathToFileURL(join(directory, 'index.mjs')).href;
    const args = ['--input-type=module', '--eval', `const loaded = await import('${index}'); ${program}`];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: ENVIRONMENT });
    return { stdout, stderr };
  };

  it('exports a handler, without anything beside it, also where no service can be asked', () => {
    expect(runs('console.log(typeof loaded.handler)')).toEqual({ stdout: 'function\n', stderr: '' });
  });

  it('does not have Node load its second HTTP client, nor watch every promise', () => {
    const program = `
      const undici = process.moduleLoadList.filter((name) => name.includes('undici'));
      console.log(JSON.stringify({ undici, isWatched: process.namespaces !== undefined }));`;
    expect(runs(program)).toEqual({ stdout: '{"undici":[],"isWatched":false}\n', stderr: '' });
  });
});
