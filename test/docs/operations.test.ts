import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const OPERATIONS = read('docs/operations.md');

const rowsThatBegin = (cell: string): readonly string[] =>
  OPERATIONS.split('\n').filter((line) => line.startsWith(`| ${cell} |`));

it.each(COMMANDS.map(({ name }) => name))('has the exit codes of %s', (name) => {
  expect(rowsThatBegin(`\`notifier ${name}\``).length).toBe(1);
});

/** As they stand in template strings. */
const [NAME, RULE_NAME] = ['name', 'ruleName'].map((variable) => `$\{${variable}}`) as [string, string];

it('says for every alarm what to type', () => {
  const ids = [...read('infra/alarm-list.ts').matchAll(/\bid: ['`]([^'`]+)['`]/g)].flatMap(([, id = '']) =>
    id.includes(NAME)
      ? ['Notifier', 'Digest', 'Summary'].map((name) => id.replace(NAME, name))
      : [id.replace(RULE_NAME, 'RULE')],
  );
  const inTable = OPERATIONS.slice(OPERATIONS.indexOf('| alarm |'), OPERATIONS.indexOf('"Why was I (not) told'));
  expect(ids.length).toBeGreaterThan(10);
  expect(ids.filter((id) => !inTable.includes(`\`${id}\``))).toEqual([]);
});

/** Where a command's calls to AWS are written, beside those that all of them make. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  doctor: ['cli/doctor'],
  redrive: ['cli/redrive'],
  replay: ['cli/replay'],
  audit: ['cli/audit'],
  send: ['cli/send'],
};

/** IAM has one permission for a call and its batch form. */
const actionOf = (operation: string): string =>
  operation === 'BatchGetItem' ? operation : operation.replace(/Batch$/, '');

it.each(Object.entries(FOLDERS))('lists the permissions that %s needs', (name, folders) => {
  const sources = folders.flatMap((folder) => readdirSync(join(ROOT, folder)).map((file) => read(`${folder}/${file}`)));
  const actions = [...sources.join('\n').matchAll(/\bsdk\.(\w+)Command\(/g)].map(([, operation = '']) =>
    actionOf(operation),
  );
  const [row = ''] = rowsThatBegin(`\`${name}\``);
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter((action) => !row.includes(`:${action}\``))).toEqual([]);
});

it('links only to parts of itself that there are', () => {
  const headings = new Set(
    [...OPERATIONS.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
  const links = [...OPERATIONS.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  expect(links.filter((anchor) => !headings.has(anchor))).toEqual([]);
});
