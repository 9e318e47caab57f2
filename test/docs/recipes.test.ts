import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** The recipes as a stranger reads them. */
const RECIPES = ['README.md', 'CONTRIBUTING.md'].map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');

/** Lines that stand behind another in a file. */
type Insertion = readonly [file: string, behind: string, lines: string];

/** A copy of the code, in which one recipe after another is tried. */
let tree = '';
const originals = new Map<string, string>();

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'recipe-'));
  for (const part of ['shared', 'infra', 'functions', 'local', 'cli', 'package.json'])
    cpSync(join(ROOT, part), join(tree, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  const types = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { incremental: true, tsBuildInfoFile: 'types' },
  };
  writeFileSync(join(tree, 'tsconfig.json'), JSON.stringify({ ...types, include: ['shared', 'infra'] }));
});
afterAll(() => rmSync(tree, { recursive: true }));
afterEach(() => {
  for (const [path, text] of originals) writeFileSync(path, text);
  originals.clear();
});

/** Follows a recipe, and returns how many files it touched; each is one that the recipes name. */
function follow(...insertions: readonly Insertion[]): number {
  for (const [file, behind, lines] of insertions) {
    expect(RECIPES).toContain(`\`${file}\``);
    const path = join(tree, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(behind);
    if (!originals.has(path)) originals.set(path, text);
    writeFileSync(
      path,
      text.replace(behind, () => `${behind}\n${lines}`),
    );
  }
  return originals.size;
}

/** What the compiler says of the tree. */
function typeErrors(): string {
  try {
    return execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit', '--project', tree], { encoding: 'utf8' });
  } catch (error) {
    return String((error as { readonly stdout?: unknown }).stdout);
  }
}

/** What a script prints as JSON in a process that reads that tree; `at` imports one of its files. */
function printedBy(script: string): unknown {
  const at = `const at = (path) => import(${JSON.stringify(pathToFileURL(tree).href)} + '/' + path);`;
  const args = ['--input-type=module', '-e', `${at}\n${script}`];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: tree }));
}

/** What a call on a flow is taken for and said as, and which impacts of rules mean it. */
const saidOf = (eventName: string): unknown =>
  printedBy(`
    const { classifyCall } = await at('shared/call/classify-call.ts');
    const { describeCall } = await at('shared/notification/sentence.ts');
    const { targetsOfCall } = await at('shared/notification/targets.ts');
    const { phraseText } = await at('shared/notification/notification.ts');
    const { accessByName, impactMeans, RULE_IMPACTS } = await at('infra/rules/by-name.ts');
    const flowArn = 'arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-abc:CupFinal';
    const record = { eventName: '${eventName}', eventSource: 'x', requestParameters: { flowArn } };
    const call = classifyCall(record);
    const targets = targetsOfCall(call.operation, call.resource, record);
    const facts = { call, targets, request: record.requestParameters, response: undefined, accountNames: {} };
    const { effect, sentence } = describeCall(facts);
    console.log(JSON.stringify({
      said: phraseText(effect) + ': ' + phraseText(sentence),
      access: [call.access, accessByName(record.eventName)],
      rules: RULE_IMPACTS.filter((impact) => impactMeans([impact], record.eventName)),
    }));`);

describe('an operation', () => {
  const OPERATIONS = 'shared/call/operations.ts';

  it('is added by one line', () => {
    follow([OPERATIONS, "  StopFlow: { resource: 'flow' },", "  RestartFlow: { resource: 'flow' },"]);
    expect(typeErrors()).toBe('');
    expect(saidOf('RestartFlow')).toEqual({
      said: 'Signal changed: flow CupFinal restarted',
      access: ['mutating', 'mutating'],
      rules: ['on-air', 'signal-changed'],
    });
  });

  it('with a new verb is added by one line more in the same file', () => {
    const files = follow(
      [OPERATIONS, "  Stop: mutates('off-air', 'stop', 'stopped'),", "  Pause: mutates('off-air', 'pause', 'paused'),"],
      [OPERATIONS, "  StopFlow: { resource: 'flow' },", "  PauseFlow: { resource: 'flow' },"],
    );
    expect([files, typeErrors()]).toEqual([1, '']);
    expect(saidOf('PauseFlow')).toEqual({
      said: 'Off air: flow CupFinal paused',
      access: ['mutating', 'mutating'],
      rules: ['on-air', 'off-air'],
    });
  });

  it('has without the line that it is new', () => {
    expect(saidOf('PauseFlow')).toEqual({
      said: 'New operation: PauseFlow called on flow CupFinal',
      access: ['mutating', null],
      rules: ['change'],
    });
  });
});

describe('an option of rules', () => {
  const IN_SCHEMA: Insertion = [
    'infra/settings/rule-schema.ts',
    "    .register(SETTING_WORDS, { takes: 'list of account ids', meaning: 'in which accounts' }),",
    `  regions: listOf(z.string(), 'a list of AWS regions')
    .optional()
    .register(SETTING_WORDS, { takes: 'list of AWS regions', meaning: 'in which regions' }),`,
  ];
  const IN_PATTERN: Insertion = [
    'infra/rules/compile-rule.ts',
    "  accounts: ofClauses('accounts', '', ({ accounts }) => (accounts ? [{ account: accounts }] : ANY)),",
    "  regions: ofClauses('regions', '', ({ regions }) => (regions ? [{ region: regions }] : ANY)),",
  ];
  const compiled = (): unknown =>
    printedBy(`
      const { readContext } = await at('infra/settings/read-context.ts');
      const { compileRules } = await at('infra/rules/compile-rule.ts');
      const { RULE_KEYS } = await at('infra/settings/settings-table.ts');
      const rules = { here: { regions: ['eu-west-1'] }, anywhere: {} };
      console.log(JSON.stringify({
        regions: compileRules(readContext({ 'notifier:rules': rules, 'notifier:outcomes': 'off' })).map(({ pattern }) => pattern.region ?? null),
        row: RULE_KEYS.find(({ key }) => key === 'regions'),
      }));`);

  it('is added by its schema and what it makes of the pattern', () => {
    expect([follow(IN_SCHEMA, IN_PATTERN), typeErrors()]).toEqual([2, '']);
    expect(compiled()).toEqual({
      regions: [['eu-west-1'], null],
      row: { key: 'regions', takes: 'list of AWS regions', meaning: 'in which regions' },
    });
  });

  it('does not compile without the second, since it would restrict nothing', () => {
    follow(IN_SCHEMA);
    expect(typeErrors()).toMatch(/infra\/rules\/compile-rule\.ts\(.*'regions' is missing/);
  });
});

it('adds a setting by its schema with its prop, and its use', () => {
  const files = follow(
    [
      'infra/settings/context-schema.ts',
      '  readonly alarmEmail?: string;',
      `  /**
   * What to do, for whoever looks at the stack.
   * @default nothing is said
   */
  readonly runbook?: string;`,
    ],
    [
      'infra/settings/context-schema.ts',
      "      .register(SETTING_WORDS, { takes: 'e-mail address', meaning: 'who is notified of alarms' }),",
      `    runbook: textLike('an address', (address) => URL.canParse(address))
      .optional()
      .register(SETTING_WORDS, { takes: 'address', meaning: 'what to do, for whoever looks at the stack' }),`,
    ],
    [
      'infra/stack/notifier.ts',
      '      ...(dashboardName !== undefined && { DashboardName: dashboardName }),',
      '      ...(context.runbook !== undefined && { Runbook: context.runbook }),',
    ],
  );
  expect([files, typeErrors()]).toEqual([2, '']);
  const runbook = 'https://wiki.example.org/notifier';
  expect(
    printedBy(`
      const { createApp } = await at('infra/create-app.ts');
      const { CONTEXT_KEYS } = await at('infra/settings/settings-table.ts');
      const app = createApp({ 'aws:cdk:bundling-stacks': [], 'notifier:runbook': ${JSON.stringify(runbook)} });
      const [{ template }] = app.synth().stacks;
      console.log(JSON.stringify({ output: template.Outputs.Runbook, isListed: CONTEXT_KEYS.some(({ key }) => key === 'runbook') }));`),
  ).toEqual({ output: { Value: runbook }, isListed: true });
});

/** What the card of a call says in the tree. */
const cardOf = (detail: object): unknown =>
  printedBy(`
    const { classifyCall } = await at('shared/call/classify-call.ts');
    const { parseRouteEnvelope, routeEnvelopeText } = await at('shared/call/api-call-event.ts');
    const { enrich } = await at('shared/notification/enrich.ts');
    const { renderNotification } = await at('shared/slack/card.ts');
    const detail = { eventSource: 'mediaconnect.amazonaws.com', ...${JSON.stringify(detail)} };
    const event = { source: 'aws.mediaconnect', 'detail-type': 'AWS API Call via CloudTrail', detail };
    const routed = parseRouteEnvelope(routeEnvelopeText({ rule: 'reads', channel: 'default' }, event));
    const notification = enrich(routed, classifyCall(detail), { accountNames: {}, channels: {}, showParameters: [] });
    console.log(JSON.stringify(JSON.stringify(renderNotification(notification, {}))));`);

it('changes the layout of a card in one file', () => {
  const CARD = 'shared/slack/card.ts';
  const files = follow(
    [CARD, '    askedForLine(notification),', '    ruleLine(notification),'],
    [
      CARD,
      '/** Where to look further, and by which rule the call was sent here. */',
      "const ruleLine = ({ route: { rule } }: Notification): string => '*Rule*  ' + codeSpan(rule, CARD_LIMITS.name);\n",
    ],
  );
  expect([files, typeErrors()]).toEqual([1, '']);
  expect(cardOf({ eventName: 'ListFlows' })).toContain('*Rule*  `reads`');
});

it('shows a parameter by a line of the table', () => {
  const files = follow([
    'shared/notification/parameter-table.ts',
    "  show('Size', 'flowSize', token),",
    "  show('Studio', 'studio', token),",
  ]);
  expect([files, typeErrors()]).toEqual([1, '']);
  const detail = { eventName: 'CreateFlow', requestParameters: { name: 'CupFinal', studio: 'B' } };
  expect(cardOf(detail)).toContain('• Studio: `B`');
});

it('adds a command by its folder and a line', () => {
  mkdirSync(join(tree, 'cli', 'hello'));
  writeFileSync(
    join(tree, 'cli', 'hello', 'command.ts'),
    [
      "import { Command } from 'commander';",
      "import type { CliIo } from '../io.ts';",
      '',
      '/** `notifier hello` */',
      'export const createHelloCommand = (io: CliIo): Command =>',
      "  new Command('hello').description('Says hello.').action(() => io.writeLine('hello'));",
      '',
    ].join('\n'),
  );
  follow([
    'cli/commands.ts',
    'export const COMMANDS: readonly CommandEntry[] = [',
    `  {
    name: 'hello',
    summary: 'say hello',
    load: async () => (await import('./hello/command.ts')).createHelloCommand,
  },`,
  ]);
  const printed = printedBy(`
    const { runNotifier } = await at('cli/run-notifier.ts');
    const lines = [];
    const io = { writeLine: (line) => lines.push(line), writeErrorLine: (line) => lines.push(line), width: 80, cwd: '/', stop: new AbortController().signal };
    const code = await runNotifier(['hello'], io);
    const listed = [];
    await runNotifier(['--help'], { ...io, writeLine: (line) => listed.push(line) });
    console.log(JSON.stringify({ code, lines, isListed: listed.join('\\n').includes('say hello') }));`);
  expect(printed).toEqual({ code: 0, lines: ['hello'], isListed: true });
});
