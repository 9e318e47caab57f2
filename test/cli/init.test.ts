import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextValues } from '../../cli/context-values.ts';
import { versionToInstall } from '../../cli/init/write-app.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { CONTEXT_KEYS } from '../../infra/settings/settings-table.ts';
import packageJson from '../../package.json' with { type: 'json' };
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

  it('writes every setting and its default where CDK does not read it, as a line to be moved', async () => {
    await run(['init', '--region', 'us-east-1'], { cwd });
    const { context, '//': defaults, ...others } = JSON.parse(read('cdk.json'));
    expect(context).toEqual({ 'notifier:regions': ['us-east-1'] });
    const keys = CONTEXT_KEYS.map(({ key }) => key).filter((key) => key !== 'regions');
    const names = Object.keys(defaults);
    expect(names.filter((name) => /^# /.test(name)).map((name) => name.slice(2))).toEqual(keys);
    const lines = Object.fromEntries(Object.entries(defaults).filter(([name]) => name.startsWith('notifier:')));
    expect(keys.filter((key) => !Object.hasOwn(lines, `notifier:${key}`))).toEqual(['slackSecretName', 'alarmEmail']);
    const withDefaults = readContext(contextValues({}, cwd, '/nowhere'));
    writeFileSync(join(cwd, 'cdk.json'), JSON.stringify({ ...others, context: { ...context, ...lines } }));
    expect(readContext(contextValues({}, cwd, '/nowhere'))).toEqual(withDefaults);
  });

  it('makes no directory of an address, which may be a webhook, and does not repeat that', async () => {
    const { code, out, err } = await run(['init', 'https://hooks.slack.com/services/T0/B0/MARK'], { cwd });
    expect({ code, out, err, files: readdirSync(cwd) }).toEqual({
      code: 2,
      out: [],
      err: ['notifier: (a webhook, not shown) is an address, and no directory'],
      files: [],
    });
  });

  it('makes the directory that is named', async () => {
    const { out } = await run(['init', 'live/broadcast'], { cwd });
    const directory = join(cwd, 'live/broadcast');
    expect(readdirSync(directory).sort()).toEqual(FILES);
    expect(out.at(-1)).toMatch(/^Next: cd live\/broadcast && npm install/);
    expect(JSON.parse(read('package.json', directory)).name).toBe('broadcast');
  });

  it.each([['Live events'], ['apps\\live'], ['Bühne']])('says how to get into %s as a shell takes it', async (name) => {
    const { out } = await run(['init', name], { cwd });
    expect(out.at(-1)).toBe(`Next: cd "${name}" && npm install && npx cdk synth --quiet; README.md has the rest.`);
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

  it('keeps the manifest that npm install wrote, and says what it lacks', async () => {
    const mine = JSON.stringify({ dependencies: { 'mediaconnect-notifier': '^0.2.0', constructs: '^10.6.0' } });
    writeFileSync(join(cwd, 'package.json'), mine);
    const { code, out } = await run(['init'], { cwd });
    expect({ code, files: readdirSync(cwd).sort(), manifest: read('package.json') }).toEqual({
      code: 0,
      files: FILES,
      manifest: mine,
    });
    expect(out.slice(0, 2)).toEqual([
      'Written: cdk.json, app.ts, .gitignore, README.md.',
      'Kept as they are: package.json.',
    ]);
    expect(out.at(-1)).toMatch(
      /^Next: npm pkg set type=module && npm install aws-cdk-lib@\^2\.\d+\.0 && npm install --save-dev aws-cdk@\^2[\d.]+ && npx cdk synth --quiet; README\.md has the rest\.$/,
    );
  });

  it('says what to keep out of the repository where .gitignore is there already', async () => {
    writeFileSync(join(cwd, '.gitignore'), 'node_modules/');
    const { out } = await run(['init'], { cwd });
    expect(out).toContain('Add webhooks.json to .gitignore: webhook URLs are secrets.');
    expect(read('.gitignore')).toBe('node_modules/');
  });

  it.each([
    ['^0.2.0', `^${packageJson.version}`],
    ['file:../builds/notifier.tgz', (root: string) => `file:${join(root, '../builds/notifier.tgz')}`],
    ['file:/builds/notifier.tgz', 'file:/builds/notifier.tgz'],
    ['github:example/notifier#main', 'github:example/notifier#main'],
    [undefined, `^${packageJson.version}`],
  ])('depends on the build that wrote it: %s', (asked, expected) => {
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ dependencies: { 'mediaconnect-notifier': asked } }));
    const from = join(cwd, 'node_modules', 'mediaconnect-notifier', 'dist', 'cli', 'init');
    expect(versionToInstall(from)).toBe(typeof expected === 'string' ? expected : expected(cwd));
  });

  it('says in words where it cannot write', async () => {
    const { code, err } = await run(['init', 'package.json'], { cwd: process.cwd() });
    const path = join(process.cwd(), 'package.json');
    expect({ code, err }).toEqual({
      code: 2,
      err: [`notifier: ${path}: cannot be written to: it is a file, or something came to be there just now`],
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
