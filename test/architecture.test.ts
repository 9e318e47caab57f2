import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What each part may import: folders of this project, and packages (a trailing `*` stands for the rest). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared/', 'zod/mini', 'type @slack/types'],
  infra: [
    'shared/',
    'infra/',
    'aws-cdk-lib*',
    'constructs',
    'zod',
    'cdk-nag',
    'esbuild',
    'fastest-levenshtein',
    'node:*',
  ],
  functions: [
    'shared/',
    'functions/',
    '@aws-sdk/*',
    '@aws-lambda-powertools/*',
    '@slack/webhook',
    'zod/mini',
    'node:*',
    'type aws-lambda',
  ],
  local: ['shared/', 'infra/', 'functions/', 'local/', '*'],
  cli: ['shared/', 'infra/', 'functions/', 'local/', 'cli/', '*'],
};

const IMPORT =
  /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

interface Import {
  readonly file: string;
  /** `type ` in front where only types are imported. */
  readonly target: string;
  readonly shown: string;
}

const sources = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));

/** Comments hold example code; only what runs counts. */
const withoutComments = (text: string): string => text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');

const importsIn = (file: string, text: string): readonly Import[] =>
  [...withoutComments(text).matchAll(IMPORT)].map(([, type, from, dynamic]) => {
    const specifier = from ?? dynamic ?? '';
    const path = specifier.startsWith('.') ? join(dirname(file), specifier).split(sep).join('/') : specifier;
    return { file, target: type === undefined ? path : `type ${path}`, shown: `${file} → ${specifier}` };
  });

const allows = (rule: string, target: string): boolean => {
  const bare = target.replace(/^type /, '');
  if (rule.startsWith('type ')) return target === rule;
  if (rule === '*') return !/^(?:shared|infra|functions|local|cli|test)\//.test(bare);
  if (rule.endsWith('/')) return bare.startsWith(rule);
  return rule.endsWith('*') ? bare.startsWith(rule.slice(0, -1)) : bare === rule;
};

const breaches = (folder: string, imports: readonly Import[]): readonly string[] =>
  imports
    .filter(({ target }) => !(MAY_IMPORT[folder] ?? []).some((rule) => allows(rule, target)))
    .map(({ shown }) => shown);

it.each(Object.keys(MAY_IMPORT))('%s imports only what the design lets it', (folder) => {
  const imports = sources(folder).flatMap((file) => importsIn(file, readFileSync(join(ROOT, file), 'utf8')));
  expect(breaches(folder, imports)).toEqual([]);
});

it.each([
  ['shared', 'shared/x.ts', "import { y } from '../functions/y.ts';", ['shared/x.ts → ../functions/y.ts']],
  ['shared', 'shared/x.ts', "import { readFileSync } from 'node:fs';", ['shared/x.ts → node:fs']],
  ['shared', 'shared/x.ts', "import { Block } from '@slack/types';", ['shared/x.ts → @slack/types']],
  ['shared', 'shared/x.ts', "import type { Block } from '@slack/types';", []],
  [
    'functions',
    'functions/n/x.ts',
    "const m = await import('../../local/m.ts');",
    ['functions/n/x.ts → ../../local/m.ts'],
  ],
  ['infra', 'infra/x.ts', "export { y } from '../cli/y.ts';", ['infra/x.ts → ../cli/y.ts']],
  ['local', 'local/x.ts', "import { c } from '../cli/c.ts';", ['local/x.ts → ../cli/c.ts']],
  ['local', 'local/x.ts', "import {\n  a,\n  b,\n} from '../test/builders.ts';", ['local/x.ts → ../test/builders.ts']],
])('names a breach in %s: %s with %j', (folder, file, text, expected) => {
  expect(breaches(folder, importsIn(file, text))).toEqual(expected);
});
