import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { contextValues } from '../../cli/context-values.ts';

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'context-'));
  await writeFile(
    join(cwd, 'cdk.json'),
    JSON.stringify({ app: 'node app', context: { '@aws-cdk/core:flag': true, 'notifier:digestMinutes': 5 } }),
  );
});
afterAll(() => rm(cwd, { recursive: true }));

const aFile = async (content: string): Promise<string> => {
  await writeFile(join(cwd, 'proposal.json'), content);
  return 'proposal.json';
};

describe('contextValues', () => {
  it('takes those of cdk.json', () => {
    expect(contextValues({}, cwd)).toEqual({ '@aws-cdk/core:flag': true, 'notifier:digestMinutes': 5 });
  });

  it("takes the project's own cdk.json where there is none", () => {
    expect(contextValues({}, '/')).toEqual(cdkJson.context);
  });

  it.each([
    ['keys with the prefix', { 'notifier:digestMinutes': 7 }],
    ['keys without it', { digestMinutes: 7 }],
    ['the form of cdk.json', { app: 'node app', context: { 'notifier:digestMinutes': 7 } }],
  ])('replaces them by those of a file with %s', async (_, content) => {
    expect(contextValues({ context: await aFile(JSON.stringify(content)) }, cwd)).toEqual({
      '@aws-cdk/core:flag': true,
      'notifier:digestMinutes': 7,
    });
  });

  it('takes a file with a byte order mark, and names UTF-16', async () => {
    const context = await aFile('\uFEFF{"digestMinutes":7}');
    expect(contextValues({ context }, cwd)).toMatchObject({ 'notifier:digestMinutes': 7 });
    await writeFile(join(cwd, 'utf16.json'), Buffer.from('\uFEFF{"digestMinutes":7}', 'utf16le'));
    expect(() => contextValues({ context: 'utf16.json' }, cwd)).toThrow('utf16.json: is UTF-16; save it as UTF-8');
  });

  it.each([
    ['{"rules":{"a":{},"b":{},"a":{"channel":"x"}}}', 1, 'rules.a'],
    ['{"notifier:rules":{},\n"x":[{"a":1},{"a":2}],\n"notifier:rules":{}}', 3, 'notifier:rules'],
    ['{"app":"x","context":{"notifier:rules":{"a":{"access":"any",\n"access":"any"}}}}', 2, 'notifier:rules.a.access'],
    ['{"rules":{"a\\"{":{},"a\\u0022{":{}}}', 1, 'rules.a"{'],
  ])('refuses a file in which %s', async (content, line, path) => {
    const context = await aFile(content);
    expect(() => contextValues({ context }, cwd)).toThrow(
      `: line ${line} has ${path} a second time, and JSON takes only the last`,
    );
  });

  it('leaves members of others that are there twice to whoever reads them', async () => {
    const context = await aFile(
      '{"context":{"@aws-cdk/core:flag":1,"@aws-cdk/core:flag":2,"notifier:rules":{"a":{"match":{"a":["a","a"]}}}}}',
    );
    expect(contextValues({ context }, cwd)).toMatchObject({ '@aws-cdk/core:flag': 2 });
  });

  it('says of a directory that it is one', () => {
    expect(() => contextValues({ context: '.' }, cwd)).toThrow(
      `${cwd}: is a directory, and no file of context values (one value is given with -c key=value)`,
    );
  });

  it('leaves a misspelled prefix as it is, so that what was meant can be said', async () => {
    const context = await aFile(
      '{"notifier.rules":{},"notifier_channels":{},"notifier":{"rules":{}},"digestMinutez":1}',
    );
    expect(Object.keys(contextValues({ context }, cwd))).toEqual([
      '@aws-cdk/core:flag',
      'notifier:digestMinutes',
      'notifier.rules',
      'notifier_channels',
      'notifier',
      'notifier:digestMinutez',
    ]);
  });

  it('replaces those by -c, of which the last wins, as text', async () => {
    const context = await aFile('{"digestMinutes":7,"archiveDays":3}');
    expect(contextValues({ context, c: ['notifier:digestMinutes=8', 'notifier:digestMinutes=9=9'] }, cwd)).toEqual({
      '@aws-cdk/core:flag': true,
      'notifier:digestMinutes': '9=9',
      'notifier:archiveDays': 3,
    });
  });

  it.each([
    ['rules={}', "-c rules=…: is no key; did you mean -c 'notifier:rules=…'?"],
    ['rules', '-c rules: is not key=value'],
  ])('refuses -c %s, which cdk would pass over', (text, line) => {
    expect(() => contextValues({ c: [text] }, cwd)).toThrow(line);
  });

  it('takes those of ~/.cdk.json where the project has no other, as cdk does', async () => {
    const home = await mkdtemp(join(tmpdir(), 'home-'));
    const context = { 'notifier:digestMinutes': 60, 'notifier:archiveDays': 9 };
    await writeFile(join(home, '.cdk.json'), JSON.stringify({ context }));
    expect(contextValues({}, cwd, home)).toMatchObject({ 'notifier:digestMinutes': 5, 'notifier:archiveDays': 9 });
    await rm(home, { recursive: true });
  });

  it('leaves keys of others as they are', async () => {
    const context = await aFile('{"@aws-cdk/core:flag":false,"aws:cdk:bundling-stacks":[]}');
    expect(contextValues({ context }, cwd)).toEqual({
      '@aws-cdk/core:flag': false,
      'aws:cdk:bundling-stacks': [],
      'notifier:digestMinutes': 5,
    });
  });

  it.each([
    ['{"rules":\n{},}', 'line 2 is not JSON: Expected double-quoted property name'],
    ['[]', 'holds no object of context values'],
  ])('refuses a file that holds %j', async (content, reason) => {
    const context = await aFile(content);
    expect(() => contextValues({ context }, cwd)).toThrow(`${join(cwd, context)}: ${reason}`);
  });
});
