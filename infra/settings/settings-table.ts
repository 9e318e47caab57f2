import type * as z from 'zod';
import { ContextSchema } from './context-schema.ts';
import { RULE_SHAPE } from './rule-schema.ts';
import { SETTING_WORDS } from './schema-parts.ts';

/** One setting as a person reads of it. */
export interface SettingRow {
  readonly key: string;
  /** What may stand there, in words. */
  readonly takes: string;
  /** As JSON, or words in its place; `undefined` where there is none. */
  readonly standard: string | undefined;
  readonly meaning: string;
}

/** The default of a schema that has one, as JSON. */
const standardOf = (schema: z.core.$ZodType): string | undefined => {
  const { def } = schema._zod as z.core.$ZodDefault['_zod'];
  return def.type === 'default' ? JSON.stringify(def.defaultValue) : undefined;
};

/** The rows of a schema's keys. A setting without words is a row without them, which a test refuses. */
const rowsOf = (shape: Readonly<Record<string, z.core.$ZodType>>): readonly SettingRow[] =>
  Object.entries(shape).map(([key, schema]) => ({
    key,
    takes: '',
    meaning: '',
    standard: standardOf(schema),
    ...SETTING_WORDS.get(schema),
  }));

/** Every setting of the context, by its key without the prefix `notifier:`. */
export const CONTEXT_KEYS: readonly SettingRow[] = rowsOf(ContextSchema.shape);

/** Every setting of a rule. */
export const RULE_KEYS: readonly SettingRow[] = rowsOf(RULE_SHAPE);

const cell = (text: string): string => text.replaceAll('|', '\\|');

const rowOf = (prefix: string, { key, takes, standard, meaning }: SettingRow): string => {
  const shown = standard === undefined ? '' : /^see /.test(standard) ? standard : `\`${standard}\``;
  return `| \`${prefix}${key}\` | ${cell(takes)} | ${shown} | ${cell(meaning)} |`;
};

const table = (title: string, prefix: string, rows: readonly SettingRow[]): string =>
  [
    `| ${title} | takes | default | meaning |`,
    '| --- | --- | --- | --- |',
    ...rows.map((row) => rowOf(prefix, row)),
  ].join('\n');

/** The settings as the README shows them, in Markdown. */
export const renderSettings = (): string =>
  `${table('context value', 'notifier:', CONTEXT_KEYS)}\n\n${table('in a rule', '', RULE_KEYS)}`;
