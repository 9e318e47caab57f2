import { describe, expect, it } from 'vitest';
import { createApp } from '../../infra/create-app.ts';
import { ContextError } from '../../infra/settings/user-error.ts';
import { run } from '../cli/capture-io.ts';
import { WITHOUT_BUNDLES } from './synthesize.ts';

/** Rules of which nobody would ever hear, and the key at which that is said. */
const NEVER: readonly (readonly [rule: object, key: string])[] = [
  [{ access: 'read-only', operations: ['StopFlow'] }, ''],
  [{ resources: ['gateway'], impact: ['off-air'], access: 'read-only' }, ''],
  [{ impact: ['none'], access: 'mutating', operations: ['Start*'] }, ''],
  [{ match: { detail: { eventName: ['StopFlow'] } } }, '.match.detail'],
  [{ match: { eventName: ['StopFlwo'] } }, '.match.eventName'],
  [{ match: { readOnly: ['true'] } }, '.match.readOnly'],
  [{ match: { requestParameters: ['x'] } }, '.match.requestParameters'],
  [{ match: { awsRegion: ['us-east-1'] } }, '.match.awsRegion'],
];

const contextOf = (rule: object) => ({ 'notifier:rules': { x: rule } });

function synthesisError(rule: object): readonly string[] {
  try {
    createApp({ ...WITHOUT_BUNDLES, ...contextOf(rule) });
    return [];
  } catch (error) {
    if (error instanceof ContextError) return error.lines;
    throw error;
  }
}

describe('a rule that can never match is the same mistake everywhere', () => {
  it.each(NEVER)('%j', async (rule, key) => {
    const lines = synthesisError(rule);
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^notifier:rules\\.x${key}: can (?:never match|match nothing)`)),
    ]);

    const context = ['-c', `notifier:rules=${JSON.stringify(contextOf(rule)['notifier:rules'])}`];
    const err = lines.map((line) => `notifier: ${line}`);
    const answers = [
      await run(['rules', ...context]),
      await run(['doctor', '--region', 'eu-west-1', ...context]),
      await run(['explain', ...context], { stdin: '{}' }),
      await run(['backtest', '/', ...context]),
    ];
    expect(answers).toEqual(answers.map(() => ({ code: 2, out: [], err })));
  });
});
