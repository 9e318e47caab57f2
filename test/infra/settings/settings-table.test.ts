import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readContext } from '../../../infra/settings/read-context.ts';
import { RuleSchema } from '../../../infra/settings/rule-schema.ts';
import { CONTEXT_KEYS, RULE_KEYS, renderSettings, type SettingRow } from '../../../infra/settings/settings-table.ts';

const standards = (rows: readonly SettingRow[]): Record<string, unknown> =>
  Object.fromEntries(
    rows.flatMap(({ key, standard }) => (standard?.startsWith('see') ? [] : [[key, standard && JSON.parse(standard)]])),
  );

it.each([...CONTEXT_KEYS, ...RULE_KEYS])('says what $key takes and means', ({ takes, meaning }) => {
  expect([takes, meaning].map((words) => words.length > 0)).toEqual([true, true]);
});

it('says the defaults of the schema', () => {
  const { rules, channels, ...defaults } = readContext({});
  // The channel `default` is always there.
  expect({ ...defaults, channels: {} }).toEqual(standards(CONTEXT_KEYS));
  expect({ rules: Object.keys(rules), channels }).toEqual({
    rules: ['changes', 'denied-reads', 'reads'],
    channels: { default: {} },
  });
});

it('says the defaults of a rule', () => {
  expect({ ...standards(RULE_KEYS), ...RuleSchema.parse({}) }).toEqual(standards(RULE_KEYS));
});

const MARKED = /<!-- settings -->\n+([\s\S]*?)\n+<!-- \/settings -->/;

it('is what the README shows between its markers', () => {
  const shown = MARKED.exec(readFileSync(new URL('../../../README.md', import.meta.url), 'utf8'))?.[1];
  expect(shown ?? renderSettings()).toBe(renderSettings());
});
