import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as cloudTrail from '@aws-sdk/client-cloudtrail';
import * as eventBridge from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import type { CliIo } from '../../cli/io.ts';
import { createApp } from '../../infra/create-app.ts';
import { CONTEXT_KEYS } from '../../infra/settings/settings-table.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { readStack, stacksOf, WITHOUT_BUNDLES } from '../infra/synthesize.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const OPERATIONS = read('docs/operations.md');
const TEXTS = { 'docs/operations.md': OPERATIONS, 'README.md': read('README.md') };

const rowsThatBegin = (cell: string): readonly string[] =>
  OPERATIONS.split('\n').filter((line) => line.startsWith(`| ${cell} |`));

/** Everything that is written as something to type: blocks of shell, and code within lines. A command may go on in the next line. */
const typedIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```|`([^`\n]+)`/gms)].flatMap(([, block, inLine = '']) =>
    (block ?? inLine).replace(/\\\n\s*/g, ' ').split('\n'),
  );

const TYPED = Object.values(TEXTS).flatMap(typedIn);

const matchesOf = (pattern: RegExp, texts: readonly string[] = Object.values(TEXTS)): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = '']) => found)));

const missing = (named: Iterable<string>, known: Iterable<string>): readonly string[] => {
  const all = new Set(known);
  return [...named].filter((name) => !all.has(name));
};

describe('the stacks', () => {
  const app = createApp({ ...WITHOUT_BUNDLES, 'notifier:createTrail': true });
  const [notifier] = stacksOf(app);

  it('are called as they are written', () => {
    const names = stacksOf(app).map(({ stackName }) => stackName);
    const named = [...matchesOf(/\b(?:destroy|stack-name) "(MediaConnectNotifier-[^"]+)"/g)];
    expect(named.length).toBe(2);
    expect(missing(new Set(named.map((name) => name.replace('$REGION', 'eu-west-1'))), names)).toEqual([]);
  });

  it('have every output that is named', () => {
    const outputs = Object.keys(readStack(notifier).outputs);
    const named = new Set([
      ...matchesOf(/\boutput ([A-Z]\w+)/g),
      ...matchesOf(/\b([A-Z]\w+(?:FunctionName|LogGroupName|RoleArn|RuleName|MappingId|SecretArn|QueueUrl))\b/g),
    ]);
    expect(named.size).toBeGreaterThan(9);
    expect(missing(named, outputs)).toEqual([]);
  });

  it('have the alarms that say what to type, and no others', () => {
    const ids = notifier?.node
      .findAll()
      .filter((construct) => construct instanceof Alarm)
      .map(({ node }) => node.id.replace(/-MediaConnectNotifier-.*$/, '-RULE'));
    const table = OPERATIONS.slice(OPERATIONS.indexOf('| alarm |'), OPERATIONS.indexOf('"Why was I (not) notified'));
    const rows = table.split('\n').slice(2);
    const named = matchesOf(
      /`([^`]+)`/g,
      rows.map((row) => row.split('|')[1] ?? ''),
    );
    expect([...named].toSorted()).toEqual([...new Set(ids)].toSorted());
  });
});

describe('the settings', () => {
  it('are all there', () => {
    const named = matchesOf(/notifier:([a-zA-Z]+)/g);
    expect(named.size).toBeGreaterThan(5);
    expect(
      missing(
        named,
        CONTEXT_KEYS.map(({ key }) => key),
      ),
    ).toEqual([]);
  });
});

describe('commands of the notifier', () => {
  const io: CliIo = {
    stdin: (async function* () {})(),
    writeLine: () => undefined,
    writeErrorLine: () => undefined,
    terminal: undefined,
    width: 80,
    cwd: ROOT,
    stop: new AbortController().signal,
  };
  const flagsOf = async (name: string): Promise<readonly string[]> => {
    const entry = COMMANDS.find((command) => command.name === name);
    const command = (await entry?.load())?.(io, () => undefined);
    return ['--help', ...(command?.options.flatMap(({ short, long }) => [short, long]) ?? [])].filter(
      (flag) => flag !== undefined && flag !== null,
    );
  };

  const typed = TYPED.flatMap((line) => [...line.matchAll(/\bnotifier ([a-z]+)\b([^&|#]*)/g)]).map(
    ([, name = '', rest = '']) => ({ name, flags: rest.match(/(?<=\s)--?[a-z][a-z-]*/g) ?? [] }),
  );

  it('are all there', () => {
    expect(
      missing(
        new Set(typed.map(({ name }) => name)),
        COMMANDS.map(({ name }) => name),
      ),
    ).toEqual([]);
  });

  it.each(COMMANDS.map(({ name }) => name))('have the options with which %s is typed', async (name) => {
    const used = typed.filter((each) => each.name === name).flatMap(({ flags }) => flags);
    expect(missing(used, await flagsOf(name))).toEqual([]);
  });

  it.each(COMMANDS.map(({ name }) => name))('have their exit codes: %s', (name) => {
    expect(rowsThatBegin(`\`notifier ${name}\``).length).toBe(1);
  });

  it('of npm are all there', () => {
    const named = matchesOf(/\bnpm run ([a-z:]+)/g);
    expect(missing(named, Object.keys(packageJson.scripts))).toEqual([]);
  });
});

describe('commands of the AWS CLI', () => {
  const SDKS: Readonly<Record<string, object>> = {
    cloudformation: cloudFormation,
    cloudtrail: cloudTrail,
    events: eventBridge,
    lambda,
    secretsmanager: secretsManager,
  };
  const typed = TYPED.flatMap((line) => line.match(/\baws [a-z0-9]+ [a-z0-9-]+.*$|\baws --endpoint-url .*$/g) ?? []);

  it.each(typed.filter((line) => line.split(' ').length > 3))('say for which region: %s', (line) => {
    // S3 buckets are found wherever they are.
    expect(line.startsWith('aws s3 ') || line.includes(' --region ')).toBe(true);
  });

  it('are operations that there are', () => {
    const named = typed.flatMap((line) => {
      const [, service = '', operation = ''] = /^aws ([a-z]+) ([a-z-]+)/.exec(line) ?? [];
      return service in SDKS ? [{ service, operation }] : [];
    });
    const unknown = named.filter(({ service, operation }) => {
      const name = operation.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return !(`${name}Command` in (SDKS[service] ?? {}));
    });
    expect(named.length).toBeGreaterThan(8);
    expect(unknown).toEqual([]);
  });

  it('never have the secret in them', () => {
    expect(typed.filter((line) => /--secret-string(?! file:\/\/)/.test(line))).toEqual([]);
    expect(read('.gitignore').split('\n')).toContain('webhooks.json');
  });
});

/** Where a command's calls to AWS are written, beside those that all of them make. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  doctor: ['cli/doctor', 'cli/aws/count-records.ts'],
  redrive: ['cli/redrive'],
  replay: ['cli/replay'],
  audit: ['cli/audit', 'cli/aws/count-records.ts'],
  send: ['cli/send'],
};

const filesOf = (path: string): readonly string[] =>
  path.endsWith('.ts') ? [path] : readdirSync(join(ROOT, path)).map((file) => `${path}/${file}`);

/** IAM has one permission for a call and its batch form. */
const actionOf = (operation: string): string =>
  operation === 'BatchGetItem' ? operation : operation.replace(/Batch$/, '');

it.each(Object.entries(SOURCES))('lists the permissions that %s needs', (name, sources) => {
  const text = sources.flatMap(filesOf).map(read).join('\n');
  const actions = [...text.matchAll(/\bsdk\.(\w+)Command\(/g)].map(([, operation = '']) => actionOf(operation));
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
