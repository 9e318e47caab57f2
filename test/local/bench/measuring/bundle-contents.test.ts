import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../../../infra/bundle.ts';
import { bundleContents } from '../../../../local/bench/measuring/bundle-contents.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-contents-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Prints what a program asks Node for while it loads the file. */
const LOADED = `
import { registerHooks } from 'node:module';
const asked = [];
registerHooks({ resolve: (specifier, context, next) => (asked.push(specifier), next(specifier, context)) });
await import(process.argv[1]);
console.log(JSON.stringify(asked));
`;

const ENVIRONMENT = {
  SLACK_SECRET_ID: 'secret',
  LEDGER_TABLE_NAME: 'ledger',
  QUEUE_URL: 'http://127.0.0.1/queue',
  DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1/dead-letters',
  DISPLAY_SETTINGS: '{"accountNames":{},"channels":{},"showParameters":[]}',
  POWERTOOLS_SERVICE_NAME: 'test',
  POWERTOOLS_METRICS_NAMESPACE: 'Test',
};

describe.each(['notifier', 'digest'] as const)('the bundle of the %s', (name) => {
  const { bytes, atStart, parts, importedAtStart } = bundleContents(name);

  it('is under 300 kB, all of it accounted for', () => {
    const inParts = parts.reduce((sum, part) => sum + part.bytes, 0);
    expect(bytes).toBeLessThan(300_000);
    expect(atStart).toBeLessThanOrEqual(bytes);
    // The rest is what esbuild writes between the modules.
    expect(inParts / bytes).toBeGreaterThan(0.95);
  });

  it('holds no SDK, and of Zod the small variant', () => {
    const found = Object.fromEntries(parts.map(({ part, bytes: size }) => [part, size]));
    expect(Object.keys(found).filter((part) => part.startsWith('@aws-sdk/'))).toEqual([]);
    expect(found.zod).toBeLessThan(40_000);
  });

  it('imports nothing at start that is not Node', () => {
    expect(importedAtStart.filter((specifier) => !isBuiltin(specifier))).toEqual([]);
  });

  it('asks for no SDK when it is loaded', () => {
    const directory = join(folder, name);
    bundleFunction(name, directory);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', LOADED, pathToFileURL(join(directory, 'index.mjs')).href],
      { encoding: 'utf8', env: ENVIRONMENT },
    );
    const asked = JSON.parse(stdout) as readonly string[];
    expect({ stderr, sdk: asked.filter((specifier) => specifier.includes('aws-sdk/client')) }).toEqual({
      stderr: '',
      sdk: [],
    });
    expect(asked.length).toBeGreaterThan(0);
  });
});
