import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { listSamples, SAMPLE_NAMES, sampleItems } from '../../../cli/input/samples.ts';
import { run } from '../capture-io.ts';

const NOW = Date.parse('2026-11-22T20:00:00Z');

describe('samples', () => {
  it('are told from files, and what could be a file is one', () => {
    expect(listSamples(['source-lost', '-', 'logs/source-lost', './alert', 'trail.json', 'route'])).toEqual({
      samples: ['source-lost', 'route'],
      paths: ['-', 'logs/source-lost', './alert', 'trail.json'],
    });
  });

  it('are what stands there, where a file has a plain name of its own', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'samples-'));
    const cwd = process.cwd();
    await writeFile(join(directory, 'events'), '');
    process.chdir(directory);
    try {
      expect(listSamples(['events'])).toEqual({ samples: [], paths: ['events'] });
    } finally {
      process.chdir(cwd);
      await rm(directory, { recursive: true });
    }
  });

  it.each<[word: string, line: string]>([
    ['source-lst', 'notifier: source-lst: neither a file nor a sample; did you mean "source-lost"? (samples: '],
    ['stop-flow', 'notifier: stop-flow: neither a file nor a sample (samples: '],
    ['constructor', 'notifier: constructor: neither a file nor a sample (samples: '],
  ])('are named to whoever types %s, by explain and by send alike', async (word, begins) => {
    const line = `${begins}${SAMPLE_NAMES.join(', ')}; a call: --sample)`;
    for (const command of ['explain', 'send']) {
      expect(await run([command, word])).toEqual({ code: 2, out: [], err: [line] });
    }
  });

  it('come with the call last, all of them in one region', () => {
    const items = sampleItems(['source-lost', 'alert'], { withCall: true, region: 'us-east-1' }, NOW);
    const seen = items.map((item) => item.kind === 'event' && [item.file, item.envelope.region, item.envelope.time]);
    expect(seen).toEqual([
      ['source-lost', 'us-east-1', '2026-11-22T19:59:59Z'],
      ['alert', 'us-east-1', '2026-11-22T19:59:59Z'],
      ['sample', 'us-east-1', '2026-11-22T19:59:58Z'],
    ]);
    expect(JSON.stringify(items[0])).toContain('"arn:aws:mediaconnect:us-east-1:');
  });
});

describe('notifier explain of a sample', () => {
  it.each(SAMPLE_NAMES)('says what %s is', async (name) => {
    const { code, out, err } = await run(['explain', name, '--json']);
    expect({ code, err, lines: out.map((line) => JSON.parse(line)) }).toMatchObject({
      code: 0,
      err: [],
      lines: [{ place: `${name}:1`, serviceEvent: { detailType: expect.stringMatching(/^MediaConnect /) } }],
    });
  });

  it('waits for no standard input where the call is asked for, and lists all samples in its help', async () => {
    const { code, out } = await run(['explain', '--sample', '--json'], { stdin: '{}' });
    expect({ code, lines: out.map((line) => JSON.parse(line)) }).toMatchObject({
      code: 0,
      lines: [{ operation: 'StartFlow', flowName: 'Smoke-Test-Of-The-Notifier', place: 'sample:1' }],
    });
    const help = (await run(['explain', '--help'])).out.join('\n');
    expect(SAMPLE_NAMES.filter((name) => !new RegExp(`\\s${name}[,.]`).test(help))).toEqual([]);
  });
});
