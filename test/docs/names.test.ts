import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { CONTEXT_KEYS } from '../../infra/settings/settings-table.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { run } from '../cli/capture-io.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Every text of the project that names parts of it: documents, workflows and sources with their comments. */
const TEXTS = globSync(
  [
    '*.md',
    '.ci/*',
    '.github/**/*.{md,yml}',
    '{shared,functions,infra,local,cli,build,test,docs,examples}/**/*.{ts,js,md}',
  ],
  { cwd: ROOT },
)
  .map((file) => file.replaceAll('\\', '/'))
  // What is planted there is not there.
  .filter((file) => !['test/architecture.test.ts', 'test/docs/names.test.ts', 'CHANGELOG.md'].includes(file))
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

interface Named {
  readonly file: string;
  readonly name: string;
}

const namedBy = (pattern: RegExp, texts: readonly { readonly file: string; readonly text: string }[]) =>
  texts.flatMap(({ file, text }) => [...text.matchAll(pattern)].map(([, name = '']): Named => ({ file, name })));

/** A path below one of our folders. Placeholders and patterns have characters that no path of ours has. */
const PATH =
  /(?<![\w./-])((?:shared|functions|infra|local|cli|build|test|docs|examples)\/[\w./-]*\.(?:[jt]s|md|json|gz|png|html|css))(?![\w*])/g;
const SCRIPT = /\bnpm run (?!build`?:)([a-z][\w:-]*)/g;
const SETTING = /\bnotifier:([a-zA-Z]+)\b(?!:)/g;

const missing = (named: readonly Named[], isThere: (name: string) => boolean): readonly string[] =>
  named.filter(({ name }) => !isThere(name)).map(({ file, name }) => `${file}: ${name}`);

describe('what is named is there', () => {
  const isFile = (path: string): boolean => existsSync(join(ROOT, path));

  it('files, in documents and comments', () => {
    const named = namedBy(PATH, TEXTS);
    expect(named.length).toBeGreaterThan(100);
    expect(missing(named, isFile)).toEqual([]);
  });

  it('scripts of npm', () => {
    const named = namedBy(SCRIPT, TEXTS);
    expect(named.length).toBeGreaterThan(20);
    expect(missing(named, (name) => name in packageJson.scripts)).toEqual([]);
  });

  it('a file or a script that is not there is found', () => {
    const texts = [
      { file: 'README.md', text: 'Look at `shared/call/gone.ts`, then `npm run gone`; see shared/call/json.ts.' },
    ];
    expect(missing(namedBy(PATH, texts), isFile)).toEqual(['README.md: shared/call/gone.ts']);
    expect(missing(namedBy(SCRIPT, texts), (name) => name in packageJson.scripts)).toEqual(['README.md: gone']);
  });
});

describe('the help', () => {
  const texts = Promise.all(
    COMMANDS.map(async ({ name }) => ({ file: name, text: (await run([name, '--help'])).out.join('\n') })),
  );

  it('names only settings that there are', async () => {
    const keys = new Set(CONTEXT_KEYS.map(({ key }) => key));
    const documents = TEXTS.filter(({ file }) => /\.md$|^(?:cli|local)\//.test(file));
    const named = namedBy(SETTING, [...documents, ...(await texts)]);
    expect(named.length).toBeGreaterThan(40);
    expect(missing(named, (name) => keys.has(name))).toEqual([]);
  });

  it.each(COMMANDS.map(({ name }) => name))('types %s with options that it has', async (name) => {
    const all = await texts;
    const own = all.find(({ file }) => file === name)?.text ?? '';
    const has = new Set(
      [...own.matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)|^ {2}(-\w) /gm)].flatMap((match) => match.slice(1)),
    );
    const typed = all.flatMap(({ text }) =>
      [...text.matchAll(new RegExp(`\\bnotifier ${name}\\b([^\\n|;&]*)`, 'g'))].map(
        ([, rest = '']) => rest.split(/ {2,}/)[0] ?? '',
      ),
    );
    const flags = typed.flatMap((rest) => rest.match(/(?<=\s)--?[a-z][a-z-]*/g) ?? []);
    expect(has.size).toBeGreaterThan(1);
    expect(flags.filter((flag) => flag !== '--help' && !has.has(flag))).toEqual([]);
  });
});
