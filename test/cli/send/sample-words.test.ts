import { describe, expect, it } from 'vitest';
import { SAMPLE_NAMES, sampleItems } from '../../../cli/input/samples.ts';
import { type ReceiverLevels, sampleWords } from '../../../cli/send/sample-words.ts';
import type { NotifierContext } from '../../../infra/settings/context-schema.ts';
import { readContext } from '../../../infra/settings/read-context.ts';

type Level = ReceiverLevels['health']['say'];

const levels = (outcomes: Level, health: Level): ReceiverLevels => ({
  outcomes: { say: outcomes },
  health: { say: health },
});

function wordsOf(name: string, receiver: ReceiverLevels | undefined, withCall = false): string {
  const [item] = sampleItems([name], { withCall: false, region: 'eu-west-1' }, Date.now());
  if (item?.kind !== 'event') throw new Error(`${name} is no sample`);
  const context: NotifierContext = readContext({});
  const words = sampleWords(item.envelope, { context, receiver, withCall });
  return words.kind === 'at once' ? words.kind : `${words.kind}: ${words.text}`;
}

const LATER = 'later: will be posted after 1 min, or with a call that touched it, if one turns up';
const ALONE = 'quiet: nothing will be posted of it alone';
const NEVER = `${ALONE}, whatever the context: it says what a call came to, or that a trouble is over`;

describe('what is said of a sample that was sent', () => {
  it.each<[name: string, outcomes: Level, health: Level, says: string]>([
    ['source-lost', 'trouble', 'off', `${ALONE}: notifier:health is off there; trouble or all would post it`],
    ['source-lost', 'off', 'off', `${ALONE}: notifier:health is off there; trouble or all would post it`],
    ['source-lost', 'off', 'trouble', LATER],
    ['source-lost', 'all', 'all', LATER],
    ['maintenance', 'trouble', 'trouble', `${ALONE}: notifier:health is trouble there; all would post it`],
    ['maintenance', 'trouble', 'all', 'at once'],
    ['router-input-failover', 'off', 'off', `${ALONE}: notifier:health is off there; all would post it`],
    ['flow-active', 'all', 'all', NEVER],
    ['source-back', 'off', 'off', NEVER],
    [
      'metadata',
      'all',
      'all',
      'quiet: nothing will be posted of it, whatever the context: its kind is taken by no rule',
    ],
  ])('%s, to a notifier with outcomes %s and health %s', (name, outcomes, health, says) => {
    expect(wordsOf(name, levels(outcomes, health))).toBe(says);
  });

  it.each<[name: string, outcomes: Level, says: string]>([
    ['flow-active', 'trouble', 'at once'],
    ['source-lost', 'trouble', 'at once'],
    [
      'flow-active',
      'off',
      'quiet: nothing will be posted of it: notifier:outcomes is off there; trouble or all would post it',
    ],
    ['router-output-lost', 'trouble', `${ALONE}: notifier:health is off there; trouble or all would post it`],
  ])('%s together with the call, to a notifier with outcomes %s', (name, outcomes, says) => {
    expect(wordsOf(name, levels(outcomes, 'off'), true)).toBe(says);
  });

  it('goes by the context where the receiver is not known, and says so', () => {
    expect(wordsOf('alert', undefined)).toBe(
      `${ALONE}: notifier:health is off in the context here; trouble or all would post it`,
    );
  });

  it.each(SAMPLE_NAMES)('has words for %s with every setting', (name) => {
    const all: readonly Level[] = ['off', 'trouble', 'all'];
    const said = all.flatMap((outcomes) => all.map((health) => wordsOf(name, levels(outcomes, health))));
    expect(said.filter((words) => !/^(?:at once$|later: |quiet: )/.test(words))).toEqual([]);
    expect(said[0]).toMatch(/^quiet: /);
  });
});
