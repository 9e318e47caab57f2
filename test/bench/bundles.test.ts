import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { bundleContents } from './bundles.ts';

describe.each(['notifier', 'digest'] as const)('the bundle of the %s', (name) => {
  const { bytes, atStart, parts, importedAtStart } = bundleContents(name);

  it('counts every byte once, the SDK’s too', () => {
    const inParts = parts.reduce((sum, part) => sum + part.bytes, 0);
    expect(atStart).toBeLessThan(bytes);
    // The rest is what esbuild writes between the modules.
    expect(inParts / bytes).toBeGreaterThan(0.95);
  });

  it('says what is in it', () => {
    const found = new Map(parts.map(({ part, bytes: size }) => [part, size]));
    expect(found.get('@aws-sdk/client-dynamodb')).toBeGreaterThan(10_000);
    expect(found.get('zod')).toBeLessThan(40_000);
  });

  it('imports nothing at start that is not Node', () => {
    expect(importedAtStart.filter((specifier) => !isBuiltin(specifier))).toEqual([]);
  });
});
