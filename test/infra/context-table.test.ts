import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readContext } from '../../infra/context.ts';
import { CONTEXT_KEYS, RULE_KEYS, renderSettings, type SettingRow } from '../../infra/context-table.ts';
import { ContextSchema } from '../../infra/settings/context-schema.ts';
import { RuleSchema } from '../../infra/settings/rule-schema.ts';

const keys = (rows: readonly SettingRow[]): readonly string[] => rows.map(({ key }) => key).toSorted();
const standards = (rows: readonly SettingRow[]): Record<string, unknown> =>
  Object.fromEntries(
    rows.flatMap(({ key, standard }) => (standard?.startsWith('see') ? [] : [[key, standard && JSON.parse(standard)]])),
  );

it('has a row for every setting of the schema', () => {
  expect(keys(CONTEXT_KEYS)).toEqual(Object.keys(ContextSchema.shape).toSorted());
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

it('has a row for every setting of a rule, with its default', () => {
  const error = RuleSchema.safeParse({ nonsense: 1 }).error?.issues[0]?.message ?? '';
  expect(keys(RULE_KEYS).filter((key) => !error.includes(key))).toEqual([]);
  expect(error.split('allowed: ')[1]?.split(';')[0]?.split(', ').toSorted()).toEqual(keys(RULE_KEYS));
  expect({ ...standards(RULE_KEYS), ...RuleSchema.parse({}) }).toEqual(standards(RULE_KEYS));
});

const MARKED = /<!-- settings -->\n+([\s\S]*?)\n+<!-- \/settings -->/;

it('is what the README shows between its markers', () => {
  const shown = MARKED.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))?.[1];
  expect(shown ?? renderSettings()).toBe(renderSettings());
});
