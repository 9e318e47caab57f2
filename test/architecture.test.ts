import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * What each room may import: folders and files of this project, and packages (a trailing `*` stands for the rest; `*`
 * alone for every package). Of a file the narrowest room counts.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // Nothing but rooms stands in shared/, and each knows only those above it in this list.
  'shared/': [],
  'shared/call/': ['shared/call/', 'zod/mini'],
  'shared/eventbridge/': ['shared/eventbridge/', 'shared/call/'],
  'shared/notification/': ['shared/notification/', 'shared/call/', 'zod/mini'],
  'shared/outcome/': ['shared/outcome/', 'shared/notification/', 'shared/call/', 'zod/mini'],
  'shared/slack/': ['shared/slack/', 'shared/notification/', 'shared/call/', 'zod/mini', 'type @slack/types'],
  'shared/delivery/': ['shared/delivery/', 'shared/notification/', 'shared/call/'],

  'infra/': ['shared/', 'infra/', 'aws-cdk-lib*', 'constructs', 'esbuild', 'node:*'],
  // The admin's settings and the patterns are read and made without CDK, so that commands can.
  'infra/settings/': ['shared/', 'infra/settings/', 'infra/rules/', 'zod', 'fastest-levenshtein'],
  'infra/rules/': ['shared/', 'infra/rules/', 'infra/settings/'],
  // What is looked at is a template; how it came to be is nothing to its checks.
  'infra/template-checks/': ['shared/', 'infra/rules/', 'infra/template-checks/'],

  'functions/': [
    'shared/',
    'functions/',
    '@aws-sdk/*',
    '@aws-lambda-powertools/*',
    'zod/mini',
    'node:*',
    'type aws-lambda',
  ],
  'functions/ports.ts': ['shared/', 'type @slack/webhook'],
  'functions/aws/': ['shared/', 'functions/aws/', 'functions/ports.ts', '@aws-sdk/*', 'node:*'],
  'functions/slack/': ['shared/', 'functions/ports.ts', '@slack/webhook', 'node:*'],
  // What becomes of a call is decided without an SDK; the webhooks' turns need none.
  'functions/delivery/': ['shared/', 'functions/delivery/', 'functions/ports.ts', 'functions/slack/deliver-message.ts'],

  // The functions run from their bundles, as they do on Lambda.
  'local/': ['shared/', 'infra/settings/user-error.ts', 'local/', '*'],
  // What AWS and Slack are on this machine knows nothing of who watches; the page only of what the monitor saw.
  'local/template/': [
    'shared/',
    'infra/create-app.ts',
    'infra/template-checks/',
    'infra/settings/user-error.ts',
    'local/template/',
    '*',
  ],
  'local/aws/': [
    'shared/',
    'local/aws/',
    'local/lambda/read-samples.ts',
    'local/template/',
    'local/request-guard.ts',
    'local/local-start-error.ts',
    '*',
  ],
  'local/lambda/': ['shared/', 'local/lambda/', 'local/aws/', 'local/template/', 'local/clock.ts', '*'],
  'local/slack/': ['shared/', 'local/slack/', 'local/request-guard.ts', '*'],
  'local/sample-day/': ['shared/', 'local/sample-day/', 'local/aws/', '*'],
  'local/monitor/': [
    'shared/',
    'local/monitor/',
    'local/aws/',
    'local/lambda/',
    'local/slack/',
    'local/template/',
    '*',
  ],
  'local/page/': ['shared/', 'local/page/', 'local/monitor/', 'local/request-guard.ts', '*'],
  'local/page/client/': ['local/page/', 'local/monitor/'],

  'cli/': ['shared/', 'infra/settings/', 'infra/rules/', 'cli/', '*'],
  // One command runs the emulator; samples are those of its day.
  'cli/local/': ['infra/settings/', 'local/', 'cli/', '*'],
  'cli/input/samples.ts': ['infra/settings/', 'local/sample-day/', 'cli/', '*'],
  // The same limits on the SDK's patience as the functions have.
  'cli/aws/': ['shared/', 'infra/settings/', 'functions/aws/client.ts', 'cli/', '*'],

  // Makes the package of what is bundled by whoever deploys or serves it.
  'build/': ['infra/stack/bundle.ts', 'local/page/server.ts', 'node:*'],
};

const FOLDERS = ['shared', 'functions', 'infra', 'local', 'cli', 'build'];

const IMPORT =
  /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

interface Import {
  readonly file: string;
  /** A package, or a path of this project. */
  readonly target: string;
  readonly onlyTypes: boolean;
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
    const target = specifier.startsWith('.') ? join(dirname(file), specifier).split(sep).join('/') : specifier;
    return { file, target, onlyTypes: type !== undefined, shown: `${file} → ${specifier}` };
  });

const IMPORTS = FOLDERS.flatMap(sources).flatMap((file) => importsIn(file, readFileSync(join(ROOT, file), 'utf8')));

const isOurs = (target: string): boolean => /^(?:shared|infra|functions|local|cli|build|test)\//.test(target);

const allows = (rule: string, { target, onlyTypes }: Import): boolean => {
  if (rule.startsWith('type ')) return onlyTypes && target === rule.slice('type '.length);
  if (rule === '*') return !isOurs(target);
  if (rule.endsWith('/')) return target.startsWith(rule);
  return rule.endsWith('*') ? target.startsWith(rule.slice(0, -1)) : target === rule;
};

const roomOf = (file: string): string =>
  Object.keys(MAY_IMPORT)
    .filter((room) => file.startsWith(room))
    .reduce((narrowest, room) => (room.length > narrowest.length ? room : narrowest), '');

const breaches = (imports: readonly Import[]): readonly string[] =>
  imports
    .filter((each) => !(MAY_IMPORT[roomOf(each.file)] ?? []).some((rule) => allows(rule, each)))
    .map(({ shown }) => shown);

/** One import that is not allowed, and why not is plain. */
const PLANTED: readonly (readonly [file: string, text: string])[] = [
  ['shared/x.ts', "import { y } from './call/y.ts';"],
  ['shared/call/x.ts', "import { y } from '../../functions/y.ts';"],
  ['shared/call/x.ts', "import { readFileSync } from 'node:fs';"],
  ['shared/call/x.ts', "import type { Phrase } from '../notification/notification.ts';"],
  ['shared/eventbridge/x.ts', "import { y } from '../notification/y.ts';"],
  ['shared/eventbridge/x.ts', "import type { CompiledRule } from '../../infra/settings/settings.ts';"],
  ['shared/notification/x.ts', "import { y } from '../slack/y.ts';"],
  ['shared/notification/x.ts', "import type { Y } from '../delivery/y.ts';"],
  ['shared/outcome/x.ts', "import { y } from '../delivery/y.ts';"],
  ['shared/outcome/x.ts', "import type { Y } from '../slack/y.ts';"],
  ['shared/notification/x.ts', "import type { Y } from '../outcome/y.ts';"],
  ['shared/slack/x.ts', "import { y } from '../delivery/y.ts';"],
  ['shared/slack/x.ts', "import { y } from '../eventbridge/y.ts';"],
  ['shared/slack/x.ts', "import { Block } from '@slack/types';"],
  ['shared/delivery/x.ts', "import { y } from '../slack/card.ts';"],
  ['infra/x.ts', "export { y } from '../cli/y.ts';"],
  ['infra/settings/x.ts', "import { Duration } from 'aws-cdk-lib';"],
  ['infra/settings/x.ts', "import type { Y } from '../stack/y.ts';"],
  ['infra/rules/x.ts', "import { Rule } from 'aws-cdk-lib/aws-events';"],
  ['infra/stack/x.ts', "import { y } from '../../functions/y.ts';"],
  ['functions/n/x.ts', "const m = await import('../../local/m.ts');"],
  ['functions/ports.ts', "import { createLedger } from './aws/ledger.ts';"],
  ['functions/aws/x.ts', "import { y } from '../delivery/y.ts';"],
  ['functions/aws/x.ts', "import type { Y } from '../slack/y.ts';"],
  ['functions/slack/x.ts', "import { y } from '../aws/y.ts';"],
  ['functions/slack/x.ts', "import { y } from '../delivery/y.ts';"],
  ['functions/delivery/x.ts', "import { y } from '../aws/y.ts';"],
  ['functions/delivery/x.ts', "import { y } from '../slack/slack-client.ts';"],
  ['functions/delivery/x.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
  ['local/x.ts', "import { c } from '../cli/c.ts';"],
  ['local/aws/x.ts', "import type { Ledger } from '../../functions/ports.ts';"],
  ['local/x.ts', "import { y } from '../infra/stack/y.ts';"],
  ['local/x.ts', "import { y } from '../infra/settings/read-context.ts';"],
  ['cli/run-notifier.ts', "import { y } from '../local/y.ts';"],
  ['local/x.ts', "import {\n  a,\n  b,\n} from '../test/builders.ts';"],
  ['cli/doctor/x.ts', "import { y } from '../../infra/stack/y.ts';"],
  ['shared/delivery/x.ts', "import type { SlackAnswer } from '../slack/webhook.ts';"],
  ['cli/doctor/x.ts', "import { y } from '../../local/y.ts';"],
  ['cli/audit/x.ts', "import { y } from '../../functions/aws/ledger.ts';"],
  ['cli/local/x.ts', "import { y } from '../../functions/y.ts';"],
  ['cli/send/x.ts', "import { y } from '../../test/y.ts';"],
  ['infra/template-checks/x.ts', "import { Stack } from 'aws-cdk-lib';"],
  ['infra/template-checks/x.ts', "import { y } from '../settings/y.ts';"],
  ['local/template/x.ts', "import { y } from '../aws/y.ts';"],
  ['local/aws/x.ts', "import { y } from '../page/server.ts';"],
  ['local/aws/x.ts', "import type { Y } from '../monitor/monitor.ts';"],
  ['local/lambda/x.ts', "import { y } from '../slack/y.ts';"],
  ['local/slack/x.ts', "import { y } from '../page/server.ts';"],
  ['local/sample-day/x.ts', "import { y } from '../monitor/y.ts';"],
  ['local/monitor/x.ts', "import type { PageSource } from '../page/page-source.ts';"],
  ['local/page/x.ts', "import { y } from '../aws/y.ts';"],
  ['local/page/client/x.ts', "import { y } from '../../../shared/call/y.ts';"],
  ['local/page/client/x.ts', "import { readFileSync } from 'node:fs';"],
  ['cli/input/samples.ts', "import { y } from '../../local/start-pipeline.ts';"],
  ['cli/aws/x.ts', "import { y } from '../../functions/aws/ledger.ts';"],
  ['build/x.ts', "import { y } from '../cli/y.ts';"],
];

describe('the walls', () => {
  it.each(Object.keys(MAY_IMPORT))('%s imports only what the design lets it', (room) => {
    expect(breaches(IMPORTS.filter(({ file }) => roomOf(file) === room))).toEqual([]);
  });

  it.each(Object.keys(MAY_IMPORT).filter((room) => room !== 'shared/'))('%s has somebody in it', (room) => {
    expect(FOLDERS.flatMap(sources).filter((file) => roomOf(file) === room)).not.toEqual([]);
  });

  it.each(Object.keys(MAY_IMPORT))('%s is tried with a planted breach', (room) => {
    expect(PLANTED.filter(([file]) => roomOf(file) === room)).not.toEqual([]);
  });

  it('have no door that nobody uses', () => {
    const unused = Object.entries(MAY_IMPORT).flatMap(([room, rules]) => {
      const within = IMPORTS.filter(({ file }) => roomOf(file) === room);
      return rules
        .filter((rule) => rule !== '*' && !within.some((each) => allows(rule, each)))
        .map((rule) => `${room} → ${rule}`);
    });
    expect(unused).toEqual([]);
  });

  it.each(PLANTED)('name a breach: %s with %j', (file, text) => {
    expect(breaches(importsIn(file, text))).toEqual([`${file} → ${/'(.+?)'/.exec(text)?.[1]}`]);
  });

  it.each([
    ['shared/slack/x.ts', "import type { Block } from '@slack/types';"],
    ['shared/slack/x.ts', "// import { y } from '../delivery/y.ts';"],
    ['shared/delivery/x.ts', "import type { Notification } from '../notification/notification.ts';"],
    ['infra/rules/x.ts', "import type { RuleSettings } from '../settings/settings.ts';"],
    ['local/template/x.ts', "const { createApp } = await import('../../infra/create-app.ts');"],
    ['cli/local/x.ts', "import { y } from '../../local/y.ts';"],
  ])('let through: %s with %j', (file, text) => {
    expect(breaches(importsIn(file, text))).toEqual([]);
  });
});

/** The first way found that leads from a file back to itself, types included. */
function circleIn(imports: readonly Import[]): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const { file, target } of imports) {
    const known = targets.get(file);
    if (known === undefined) targets.set(file, [target]);
    else known.push(target);
  }
  const done = new Set<string>();
  const search = (file: string, way: readonly string[]): readonly string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const target of targets.get(file) ?? []) {
      const found = search(target, [...way, file]);
      if (found.length > 0) return found;
    }
    done.add(file);
    return [];
  };
  for (const file of targets.keys()) {
    const found = search(file, []);
    if (found.length > 0) return found;
  }
  return [];
}

describe('circles', () => {
  it('are nowhere', () => {
    expect(circleIn(IMPORTS)).toEqual([]);
  });

  it('are named when there are some', () => {
    const imports = [
      ...importsIn('shared/call/a.ts', "import { b } from './b.ts';\nimport { c } from './c.ts';"),
      ...importsIn('shared/call/c.ts', "import {\n  b,\n} from './b.ts';\nimport type { A } from './a.ts';"),
    ];
    expect(circleIn(imports)).toEqual(['shared/call/a.ts', 'shared/call/c.ts', 'shared/call/a.ts']);
  });
});

/**
 * A test stands in the room of the module that it tests, and is called like it, with an aspect behind a dot where there
 * are several: `shared/call/json.ts` is tested by `test/shared/call/json.test.ts`. What tests a room as a whole is called
 * like the room; what tests several rooms stands a floor higher.
 */
const isNamedAfterModule = (test: string): boolean => {
  const room = relative('test', dirname(test)).split(sep).join('/');
  const [name = ''] = basename(test).split('.');
  if (!room.includes('/') || !existsSync(join(ROOT, room))) return true;
  return name === basename(room) || [`${name}.ts`, name].some((module) => existsSync(join(ROOT, room, module)));
};

describe('tests', () => {
  const tests = sources('test').filter((file) => file.endsWith('.test.ts'));

  it('are called after modules that there are', () => {
    expect(tests.length).toBeGreaterThan(200);
    expect(tests.filter((test) => !isNamedAfterModule(test))).toEqual([]);
  });

  it.each([
    ['test/shared/call/json.test.ts', true],
    ['test/shared/call/json.reading.property.test.ts', true],
    ['test/cli/doctor/doctor.test.ts', true],
    ['test/cli/several-commands.test.ts', true],
    ['test/shared/call/memoize.test.ts', false],
    ['test/shared/delivery/json.test.ts', false],
  ])('are told from others: %s', (test, is) => {
    expect(isNamedAfterModule(test)).toBe(is);
  });
});

/** What starts a program, or is asked for by name from outside, is imported by nobody. */
const ENTRY_POINTS: ReadonlySet<string> = new Set(['handler']);

const EXPORT = /^export\s+(?:async\s+)?(?:abstract\s+)?(?:function\*?|const|class)\s+(\w+)/gm;

interface Source {
  readonly file: string;
  readonly text: string;
}

/** A test exports nothing; what looks like it stands in code that it plants. */
const exportsOf = ({ file, text }: Source): readonly string[] =>
  [...(file.endsWith('.test.ts') ? '' : text).matchAll(EXPORT)]
    .map(([, name = '']) => name)
    .filter((name) => !ENTRY_POINTS.has(name));

/** What is exported, and named in no file that names the module. Shapes of what is exported are exported beside it. */
function deadExports(all: readonly Source[]): readonly string[] {
  const words = new Map(all.map(({ file, text }) => [file, text.match(/[\w$]+/g) ?? []]));
  return all.flatMap((source) => {
    const readers = all.filter(({ file, text }) => file !== source.file && text.includes(basename(source.file)));
    const named = new Set(readers.flatMap(({ file }) => words.get(file) ?? []));
    return exportsOf(source)
      .filter((name) => !named.has(name))
      .map((name) => `${source.file}: ${name}`);
  });
}

describe('what is exported', () => {
  const read = (file: string): Source => ({ file, text: readFileSync(join(ROOT, file), 'utf8') });

  it('is taken by somebody', () => {
    const all = [...FOLDERS, 'test'].flatMap(sources).map(read);
    const isStandIn = ({ file }: Source): boolean => file.startsWith('functions/stand-ins/');
    expect(all.flatMap(exportsOf).length).toBeGreaterThan(500);
    expect(deadExports(all.filter((source) => !isStandIn(source)))).toEqual([]);
  });

  it('is named where nobody takes it', () => {
    const all = [
      {
        file: 'shared/call/a.ts',
        text: 'export const taken = 1;\nexport function left() {}\nexport interface Shape {}',
      },
      { file: 'shared/call/b.ts', text: "import { taken } from './a.ts';" },
      { file: 'shared/call/c.ts', text: 'const left = 1;' },
    ];
    expect(deadExports(all)).toEqual(['shared/call/a.ts: left']);
  });
});
