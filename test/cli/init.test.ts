import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextValues } from '../../cli/context-values.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { CONTEXT_KEYS } from '../../infra/settings/settings-table.ts';
import { run } from './capture-io.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'init-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const FILES = ['.gitignore', 'README.md', 'app.ts', 'cdk.json', 'package.json'];
const read = (name: string, directory = cwd): string => readFileSync(join(directory, name), 'utf8');

describe('notifier init', () => {
  it('writes a small app, and says what to type', async () => {
    const { code, out, err } = await run(['init'], { cwd });
    expect({ code, err, files: readdirSync(cwd).sort() }).toEqual({ code: 0, err: [], files: FILES });
    expect(out).toEqual([
      'Written: package.json, cdk.json, app.ts, .gitignore, README.md.',
      '',
      'Next: npm install && npx cdk synth --quiet; README.md has the rest.',
    ]);
    expect(read('app.ts').trim().split('\n').length).toBeLessThanOrEqual(12);
    expect(JSON.parse(read('package.json'))).toMatchObject({
      private: true,
      type: 'module',
      dependencies: { 'mediaconnect-notifier': expect.stringMatching(/^\^\d+\.\d+\.\d+$/) },
    });
  });

  it('writes every setting with its default beside it, where CDK does not read it', async () => {
    await run(['init', '--region', 'us-east-1'], { cwd });
    const { context, '//': notes } = JSON.parse(read('cdk.json'));
    expect(context).toEqual({ 'notifier:regions': ['us-east-1'] });
    const keys = (notes as readonly string[]).slice(1).map((note) => note.split(':').slice(0, 2).join(':'));
    expect(keys).toEqual(CONTEXT_KEYS.map(({ key }) => `"notifier:${key}"`).filter((key) => !key.includes('regions')));
    expect(readContext(contextValues({}, cwd, '/nowhere')).regions).toEqual(['us-east-1']);
  });

  it('makes the directory that is named', async () => {
    const { out } = await run(['init', 'live/broadcast'], { cwd });
    const directory = join(cwd, 'live/broadcast');
    expect(readdirSync(directory).sort()).toEqual(FILES);
    expect(out.at(-1)).toMatch(/^Next: cd live\/broadcast && npm install/);
    expect(JSON.parse(read('package.json', directory)).name).toBe('broadcast');
  });

  it('writes over nothing, and then nothing at all', async () => {
    writeFileSync(join(cwd, 'app.ts'), 'mine');
    const { code, err } = await run(['init'], { cwd });
    expect({ code, err, files: readdirSync(cwd), app: read('app.ts') }).toEqual({
      code: 2,
      err: [`notifier: ${cwd}: has app.ts already, and nothing was written`],
      files: ['app.ts'],
      app: 'mine',
    });
  });

  it('takes a region that there is', async () => {
    const { code, err } = await run(['init', '--region', 'eu-wst-1'], { cwd });
    expect({ code, err, files: readdirSync(cwd) }).toEqual({
      code: 2,
      err: ['notifier: eu-wst-1: is no AWS region; did you mean "eu-west-1"?'],
      files: [],
    });
  });
});
