import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeLargeFile } from '../../../local/backtest/take-large-file.ts';
import { aRecord } from '../../builders.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'large-'));
});
afterAll(() => rm(directory, { recursive: true }));

const other = (eventID: string) => aRecord({ eventSource: 'ec2.amazonaws.com', eventID });
const call = (eventID: string) => aRecord({ eventID });
const RECORDS = [call('a'), other('b'), call('c'), other('d')];

async function take(content: string | Uint8Array) {
  const path = join(directory, 'file');
  await writeFile(path, content);
  const taken: unknown[] = [];
  const { others } = await takeLargeFile(path, (value) => taken.push(value));
  return { taken: taken.length, others };
}

describe('takeLargeFile', () => {
  it.each([
    ['gzip', gzipSync(JSON.stringify({ Records: RECORDS })), { taken: 2, others: 2 }],
    ['plain', JSON.stringify({ Records: RECORDS }), { taken: 2, others: 2 }],
    ['over several lines', JSON.stringify({ Records: RECORDS }, undefined, 2), { taken: 4, others: 0 }],
    ['a record a line', RECORDS.map((record) => JSON.stringify(record)).join('\n'), { taken: 4, others: 0 }],
  ])('takes the records of a file %s', async (_, content, expected) => {
    expect(await take(content)).toEqual(expected);
  });

  it('takes thousands of records piece by piece', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => call(`ä${index}`));
    expect(await take(gzipSync(JSON.stringify({ Records: many })))).toEqual({ taken: 3000, others: 0 });
  });

  it.each([
    ['that is cut', JSON.stringify({ Records: RECORDS }).slice(0, -2), 'not JSON: it ends too early'],
    ['whose gzip is cut', gzipSync(JSON.stringify({ Records: RECORDS })).subarray(0, 90), 'ends too early'],
    ['that is empty', '', 'not JSON: it ends too early'],
  ])('refuses a file %s', async (_, content, reason) => {
    await expect(take(content)).rejects.toThrow(reason);
  });
});
