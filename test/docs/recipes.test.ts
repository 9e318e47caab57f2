import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const TREES: string[] = [];

afterEach(() => {
  for (const tree of TREES.splice(0)) rmSync(tree, { recursive: true });
});

/** A copy of the tree's code in which a line stands behind another in one file. */
function treeWith(file: string, insertions: readonly (readonly [behind: string, line: string])[]): string {
  const tree = mkdtempSync(join(tmpdir(), 'recipe-'));
  TREES.push(tree);
  for (const part of ['shared', 'infra', 'package.json', 'tsconfig.json']) {
    cpSync(join(ROOT, part), join(tree, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  const path = join(tree, file);
  const changed = insertions.reduce(
    (text, [behind, line]) => {
      expect(text).toContain(behind);
      return text.replace(behind, `${behind}\n${line}`);
    },
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, changed);
  return tree;
}

/** What a call on a flow is taken for and said as, and which impacts of rules mean it, in a process that reads that tree. */
function saidIn(tree: string, eventName: string): unknown {
  const at = (path: string): string => JSON.stringify(pathToFileURL(join(tree, path)).href);
  const script = `
    const { classifyCall } = await import(${at('shared/call/classify-call.ts')});
    const { describeCall } = await import(${at('shared/notification/sentence.ts')});
    const { targetsOfCall } = await import(${at('shared/notification/targets.ts')});
    const { phraseText } = await import(${at('shared/notification/notification.ts')});
    const { accessByName } = await import(${at('infra/rules/by-name.ts')});
    const { impactMeans, RULE_IMPACTS } = await import(${at('infra/rules/by-name.ts')});
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
    }));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

const FILE = 'shared/call/operations.ts';
const typesOf = (tree: string): string =>
  execFileSync(join(tree, 'node_modules/.bin/tsc'), ['--noEmit', '--project', tree], { encoding: 'utf8' });

it('adds an operation by one line', () => {
  const tree = treeWith(FILE, [["  StopFlow: { resource: 'flow' },", "  RestartFlow: { resource: 'flow' },"]]);
  expect(typesOf(tree)).toBe('');
  expect(saidIn(tree, 'RestartFlow')).toEqual({
    said: 'Signal changed: flow CupFinal restarted',
    access: ['mutating', 'mutating'],
    rules: ['on-air', 'signal-changed'],
  });
});

it('adds an operation with a new verb by one line more in the same file', () => {
  const tree = treeWith(FILE, [
    ["  Stop: mutates('off-air', 'stop', 'stopped'),", "  Pause: mutates('off-air', 'pause', 'paused'),"],
    ["  StopFlow: { resource: 'flow' },", "  PauseFlow: { resource: 'flow' },"],
  ]);
  expect(typesOf(tree)).toBe('');
  expect(saidIn(tree, 'PauseFlow')).toEqual({
    said: 'Off air: flow CupFinal paused',
    access: ['mutating', 'mutating'],
    rules: ['on-air', 'off-air'],
  });
});

it('has without the line an operation that is new', () => {
  expect(saidIn(treeWith(FILE, []), 'PauseFlow')).toEqual({
    said: 'New operation: PauseFlow (new to this notifier) called on flow CupFinal',
    access: ['mutating', null],
    rules: ['change'],
  });
});
