import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BacktestOptions, runBacktest } from '../../../cli/backtest/run-backtest.ts';
import { generateLogs } from '../../bench/synthetic-logs.ts';
import { anEvent, aRecord } from '../../builders.ts';
import { aRule, CHANGES, READS_DIGEST, SETTINGS } from './rules.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'backtest-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function aFile(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

const records = (...Records: unknown[]): Uint8Array => gzipSync(JSON.stringify({ Records }));
let made = 0;
const at = (eventTime: string, changes: Record<string, unknown> = {}) =>
  aRecord({ eventTime, eventID: `event ${made++}`, ...changes });
const aRead = (eventTime: string) => at(eventTime, { eventName: 'DescribeFlow', readOnly: true });

const CURRENT = { rules: [CHANGES, READS_DIGEST], settings: SETTINGS };
const OPTIONS: BacktestOptions = { ruleSets: [CURRENT], threads: 1 };

describe('runBacktest', () => {
  it('counts calls, messages and the busiest minute of each rule and channel', async () => {
    const file = await aFile(
      'counts.json.gz',
      records(
        at('2026-11-22T20:00:00Z'),
        at('2026-11-22T20:00:00Z'),
        at('2026-11-22T20:00:00Z'),
        at('2026-11-22T20:00:30Z'),
        at('2026-11-22T20:05:00Z'),
        aRead('2026-11-22T20:00:01Z'),
        aRead('2026-11-22T20:14:59Z'),
        aRead('2026-11-22T20:15:00Z'),
        at('2026-11-22T20:00:00Z', { eventSource: 'ec2.amazonaws.com', eventName: 'StopInstances' }),
      ),
    );
    const { ruleSets, ...result } = await runBacktest([file], OPTIONS);
    expect(ruleSets).toEqual([
      {
        rules: [
          { rule: CHANGES, calls: 5, messages: 4, busiestMinute: { at: '2026-11-22T20:00:00.000Z', calls: 4 } },
          { rule: READS_DIGEST, calls: 3, messages: 2, busiestMinute: { at: '2026-11-22T20:00:00.000Z', calls: 1 } },
        ],
        channels: [
          { channel: 'default', calls: 8, messages: 6, busiestMinute: { at: '2026-11-22T20:00:00.000Z', calls: 5 } },
        ],
        notified: 8,
        missed: 0,
      },
    ]);
    expect(result).toMatchObject({
      files: 1,
      records: 9,
      calls: 8,
      unusable: 0,
      unreadable: [],
      fromMs: Date.parse('2026-11-22T20:00:00Z'),
      days: 1,
      operations: [
        { name: 'StopFlow', calls: 5, notified: 5 },
        { name: 'DescribeFlow', calls: 3, notified: 3 },
      ],
      principals: [{ name: 'Operators/jane@example.org', calls: 8, notified: 8 }],
      flows: [{ name: 'AwardsShow', calls: 8, notified: 8 }],
    });
  });

  it('reports a call once in a channel that several rules send it to, and at once if one of them says so', async () => {
    const file = await aFile('twice.json.gz', records(at('2026-11-22T20:00:00Z'), at('2026-11-22T20:05:00Z')));
    const all = aRule('all', {}, { delivery: 'digest' });
    const { ruleSets } = await runBacktest([file], {
      ...OPTIONS,
      ruleSets: [{ rules: [all, CHANGES], settings: SETTINGS }],
    });
    expect(ruleSets[0]?.channels).toMatchObject([{ channel: 'default', calls: 2, messages: 2 }]);
    expect(ruleSets[0]?.rules).toMatchObject([
      { calls: 2, messages: 1 },
      { calls: 2, messages: 2 },
    ]);
  });

  it('does not show reads to rules whose state keeps them away, nor anything to disabled ones', async () => {
    const file = await aFile('states.json.gz', records(aRead('2026-11-22T20:00:00Z'), at('2026-11-22T20:00:00Z')));
    const rules = [aRule('a', {}, { state: 'ENABLED' }), aRule('b', {}, { state: 'DISABLED' })];
    const { ruleSets, missedOperations } = await runBacktest([file], {
      ...OPTIONS,
      ruleSets: [{ rules, settings: SETTINGS }],
    });
    expect(ruleSets[0]).toMatchObject({ notified: 1, missed: 1, rules: [{ calls: 1 }, { calls: 0 }] });
    expect(missedOperations).toEqual([{ name: 'DescribeFlow', calls: 1 }]);
  });

  it('does not count what no stack would report, in the set of rules that has none there', async () => {
    const file = await aFile(
      'regions.json.gz',
      records(at('2026-11-22T20:00:00Z', { awsRegion: 'us-east-1' }), at('2026-11-22T20:00:01Z')),
    );
    const { ruleSets, regions, dropped } = await runBacktest([file], {
      ...OPTIONS,
      ruleSets: [
        { rules: [CHANGES], settings: { ...SETTINGS, regions: ['eu-west-1', 'us-east-1'] } },
        { rules: [CHANGES], settings: { ...SETTINGS, regions: ['eu-west-1'] } },
      ],
    });
    expect({ notified: ruleSets.map(({ notified, missed }) => [notified, missed]), dropped, regions }).toEqual({
      notified: [
        [2, 0],
        [1, 1],
      ],
      dropped: 1,
      regions: [
        { name: 'eu-west-1', calls: 1, notified: 1 },
        { name: 'us-east-1', calls: 1, notified: 0 },
      ],
    });
  });

  it('lists lost calls by their effect on the signal, not by their time', async () => {
    const file = await aFile(
      'effects.json.gz',
      records(
        aRead('2026-11-22T20:00:00Z'),
        at('2026-11-22T20:00:01Z', { eventName: 'TagResource' }),
        at('2026-11-22T20:00:02Z', { eventName: 'StopFlow' }),
      ),
    );
    const nothing = { rules: [aRule('none', { eventName: ['None'] })], settings: SETTINGS };
    const { droppedCalls } = await runBacktest([file], { ...OPTIONS, ruleSets: [CURRENT, nothing] });
    expect(droppedCalls.map(({ operation, impact }) => [operation, impact])).toEqual([
      ['StopFlow', 'off-air'],
      ['TagResource', 'change'],
      ['DescribeFlow', 'none'],
    ]);
  });

  it('lists the calls that the proposed rules no longer report', async () => {
    const file = await aFile(
      'compare.json.gz',
      records(at('2026-11-22T20:00:01Z', { eventID: 'b', eventName: 'StartFlow' }), aRead('2026-11-22T20:00:00Z')),
    );
    const proposal = { rules: [READS_DIGEST], settings: SETTINGS };
    const { ruleSets, dropped, droppedCalls } = await runBacktest([file], {
      ...OPTIONS,
      ruleSets: [CURRENT, proposal],
    });
    expect(ruleSets.map(({ notified, missed }) => ({ notified, missed }))).toEqual([
      { notified: 2, missed: 0 },
      { notified: 1, missed: 1 },
    ]);
    expect({ dropped, droppedCalls }).toEqual({
      dropped: 1,
      droppedCalls: [
        {
          time: '2026-11-22T20:00:01Z',
          eventId: 'b',
          operation: 'StartFlow',
          impact: 'put-on-air',
          principal: 'Operators/jane@example.org',
          flow: 'AwardsShow',
          rules: ['changes'],
        },
      ],
    });
  });

  it.each([
    ['plain', JSON.stringify({ Records: [aRecord()] })],
    ['over several lines', JSON.stringify({ Records: [aRecord()] }, undefined, 2)],
    ['a line each', `${JSON.stringify(aRecord())}\n`],
    ['a list', gzipSync(JSON.stringify([aRecord()]))],
    ['EventBridge events', JSON.stringify(anEvent())],
    ['with eventVersion not first', JSON.stringify({ Records: [{ eventTime: '', ...aRecord() }] })],
    ['with a line break at the end', `${JSON.stringify({ Records: [aRecord()] })}\n`],
  ])('takes records %s', async (name, content) => {
    const { records: found, calls } = await runBacktest([await aFile(`forms/${name}`, content)], OPTIONS);
    expect({ found, calls }).toEqual({ found: 1, calls: 1 });
  });

  it('is not misled by text inside of a record that looks like the space between two', async () => {
    const odd = aRecord({ userAgent: '},{"eventVersion":"1.11","eventSource":"mediaconnect.amazonaws.com"}' });
    const other = { ...odd, eventSource: 'ec2.amazonaws.com' };
    const { records: found, calls } = await runBacktest([await aFile('odd.gz', records(other, odd, other))], OPTIONS);
    expect({ found, calls }).toEqual({ found: 3, calls: 1 });
  });

  it('names the files that cannot be used, and goes on', async () => {
    const good = await aFile('some/good.json.gz', records(aRecord()));
    const bad = [
      await aFile('some/damaged.json.gz', records(aRecord()).subarray(0, 100)),
      await aFile('some/other.json', '{"name":"x"}'),
      await aFile('some/text.json', 'hello'),
      await aFile('some/empty.json', ''),
    ];
    const { unreadable, unreadableFiles, calls } = await runBacktest([...bad, good], OPTIONS);
    expect({ unreadable, unreadableFiles, calls }).toEqual({
      unreadableFiles: 4,
      calls: 1,
      unreadable: [
        { file: bad[0], reason: 'not readable: its gzip data ends too early' },
        { file: bad[1], reason: expect.stringMatching(/^neither an EventBridge event .* \(line 1\)$/) },
        { file: bad[2], reason: "not JSON: Unexpected token 'h' (line 1)" },
        { file: bad[3], reason: 'is empty' },
      ],
    });
  });

  it('refuses when no file can be used', async () => {
    const bad = await aFile('none/text.json', 'hello');
    await expect(runBacktest([bad, bad], OPTIONS)).rejects.toThrow(
      `${bad}: not JSON: Unexpected token 'h' (line 1); none of the 2 files can be used`,
    );
  });

  it('counts a call once that is in two files, or twice in one', async () => {
    const [twice, once] = [at('2026-11-22T20:00:00Z'), at('2026-11-22T20:00:00Z')];
    const files = [
      await aFile('repeated/a.gz', records(twice, twice)),
      await aFile('repeated/b.gz', records(once, twice)),
    ];
    const { calls, repeated, records: found } = await runBacktest(files, OPTIONS);
    expect({ calls, repeated, found }).toEqual({ calls: 2, repeated: 2, found: 4 });
  });

  it('counts calls without an id each', async () => {
    const file = await aFile('no-id.gz', records(aRecord({ eventID: null }), aRecord({ eventID: null })));
    expect(await runBacktest([file], OPTIONS)).toMatchObject({ calls: 2, repeated: 0 });
  });

  it('sets a call without a name aside', async () => {
    const file = await aFile('no-name.gz', records(aRecord({ eventName: '' }), aRecord()));
    expect(await runBacktest([file], OPTIONS)).toMatchObject({
      calls: 1,
      unusable: 1,
      unusablePlaces: [`${file}:1: a call without a name`],
    });
  });

  it('says of the first files in which something is no event where the first of it is, whichever thread found it', async () => {
    const bad = `${JSON.stringify(aRecord())}\nhello\n{"a":1}\n`;
    const files = await Promise.all(
      Array.from({ length: 12 }, (_, index) => aFile(`places/${index + 10}.ndjson`, bad)),
    );
    const only = await aFile('places/only.json', 'hello');
    for (const threads of [1, 2]) {
      const found = await runBacktest([...files, only], { ...OPTIONS, threads, leastBytesForThreads: 0 });
      expect(found.unusablePlaces).toEqual(
        files.slice(0, 10).map((file) => `${file}:2: not JSON: Unexpected token 'h' (and 1 more in this file)`),
      );
      expect(found).toMatchObject({ unusable: 24, unreadable: [{ file: only }] });
    }
  });

  it('counts a line that is no JSON and goes on with the next', async () => {
    const lines = [JSON.stringify(aRecord()), '{"cut', JSON.stringify(aRecord({ eventID: 'next' }))].join('\n');
    const file = await aFile('lines.ndjson', lines);
    const { calls, unusable, unusablePlaces } = await runBacktest([file], OPTIONS);
    expect({ calls, unusable, unusablePlaces }).toEqual({
      calls: 2,
      unusable: 1,
      unusablePlaces: [`${file}:2: not JSON: a text is not closed`],
    });
  });

  it('counts only calls of the time asked for', async () => {
    const file = await aFile(
      'time.json.gz',
      records(at('2026-11-21T23:59:59Z'), at('2026-11-22T00:00:00Z'), at('2026-11-23T00:00:00Z')),
    );
    const { calls } = await runBacktest([file], {
      ...OPTIONS,
      sinceMs: Date.parse('2026-11-22'),
      untilMs: Date.parse('2026-11-23'),
    });
    expect(calls).toBe(1);
  });

  describe('on generated log files', () => {
    const FILES = 40;
    const fromMs = Date.parse('2026-11-01T00:00:00Z');
    let files: readonly string[] = [];
    beforeAll(() => {
      files = generateLogs({
        directory: join(directory, 'generated'),
        files: FILES,
        recordsPerFile: 50,
        fromMs,
        stepMs: 3_600_000,
        oneIn: 5,
      });
    });

    it('finds with threads what it finds without', async () => {
      const alone = await runBacktest(files, OPTIONS);
      expect(await runBacktest(files, { ...OPTIONS, threads: 3, leastBytesForThreads: 0 })).toEqual(alone);
      expect(alone).toMatchObject({ files: FILES, records: 50 * FILES, unreadableFiles: 0 });
    });

    it('finds the calls that parsing every record finds', async () => {
      const texts = await Promise.all(files.map(async (file) => gunzipSync(await readFile(file)).toString()));
      const names = texts
        .flatMap((text) => JSON.parse(text).Records as { eventSource: string }[])
        .filter(({ eventSource }) => eventSource === 'mediaconnect.amazonaws.com');
      expect((await runBacktest(files, OPTIONS)).calls).toBe(names.length);
    });

    it('leaves out files that by their name are of another time', async () => {
      const { files: read, skippedFiles } = await runBacktest(files, {
        ...OPTIONS,
        untilMs: Date.parse('2026-10-31T00:00:00Z'),
      });
      expect({ read, skippedFiles }).toEqual({ read: 1, skippedFiles: FILES - 1 });
    });

    it('reports its progress', async () => {
      const seen: number[] = [];
      await runBacktest(files, { ...OPTIONS, threads: 2, onProgress: (done) => seen.push(done) });
      expect(seen).toEqual(Array.from({ length: FILES }, (_, index) => index + 1));
    });

    it('stops when it is reported to', async () => {
      await expect(runBacktest(files, { ...OPTIONS, stop: AbortSignal.abort() })).rejects.toThrow('aborted');
    });
  });
});
