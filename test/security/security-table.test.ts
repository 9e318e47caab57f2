import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const SECURITY = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
const [, table = ''] = SECURITY.split('## Threats, and the test of each');
const rows = (table.split('\n## ')[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'));

const testsIn = (row: string): readonly string[] => row.match(/test\/[\w./-]+\.test\.ts/g) ?? [];

it('has a row for each threat', () => {
  expect(rows.length).toBeGreaterThan(15);
});

it.each(rows.filter((row) => !row.startsWith('| ---')))('names tests that are there: %s', (row) => {
  const tests = testsIn(row.replace('the same, ', 'test/local/page/server.other-origins.test.ts '));
  expect(tests).not.toEqual([]);
  for (const file of tests) {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toMatch(/\b(?:it|test)\b/);
  }
});
