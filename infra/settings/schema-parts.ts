import * as z from 'zod';
import { statedFlag } from '../../shared/call/classify-call.ts';
import { suggestion } from './issue-line.ts';
import { withoutWebhooks } from './user-error.ts';

/**
 * What `cdk -c key=value` gives for a value that `cdk.json` has as JSON: only text. Text that cannot be taken is left
 * as it is, for the schema to refuse.
 */
type Take = (value: unknown) => unknown;

const ofText =
  (take: (text: string) => unknown): Take =>
  (value) =>
    typeof value === 'string' ? take(value.trim()) : value;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const takeObject: Take = ofText(json);

/** JSON, or names with commas between them. */
const takeList: Take = ofText((text) => (text.startsWith('[') ? json(text) : text.split(/\s*,\s*/).filter(Boolean)));

const takeNumber: Take = ofText((text) => (/^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text));

const coerceFlag: Take = ofText((text) => statedFlag(text) ?? text);

/** What the README says of a setting. */
export interface SettingWords {
  /** What may stand there, in words. */
  readonly takes: string;
  readonly meaning: string;
  /**
   * What stands for the default where JSON would be too long.
   * @default the schema's default as JSON
   */
  readonly standard?: string;
}

/** The words of every setting, kept beside its schema so that neither is changed without the other. */
export const SETTING_WORDS = z.registry<SettingWords>();

/*
 * Each message is the end of a line that begins with the key and the value: it says what is allowed, and which valid
 * name is nearest.
 */

const allowed = (words: string): { readonly error: string } => ({ error: `is not allowed; allowed: ${words}` });

/** Finds what somebody meant who wrote another text. */
type Meant = (written: string) => string | undefined;

const didYouMean = (input: unknown, names: readonly string[], meant: Meant): string => {
  const known = typeof input === 'string' ? meant(input) : undefined;
  return known === undefined ? suggestion(input, names) : `; did you mean ${JSON.stringify(known)}?`;
};

/** What people write in place of names, in lower case. */
type Synonyms<Name extends string> = Readonly<Partial<Record<Name, readonly string[]>>>;

const meantBy =
  <Name extends string>(names: readonly Name[], synonyms: Synonyms<Name> | undefined): Meant =>
  (written) =>
    names.find((name) => synonyms?.[name]?.includes(written.toLowerCase()));

/** A text of a certain form; of `names`, the nearest is suggested unless `meant` knows better. */
export const textLike = (
  words: string,
  fits: (text: string) => boolean,
  names: readonly string[] = [],
  meant: Meant = () => undefined,
) =>
  z
    .string(allowed(words))
    .refine(fits, { error: ({ input }) => `${allowed(words).error}${didYouMean(input, names, meant)}` });

/** One of the names; where a synonym is written, its name is suggested. */
export const oneOf = <const Name extends string>(names: readonly Name[], synonyms?: Synonyms<Name>) =>
  z.enum(names, {
    error: ({ input }) => `${allowed(names.join(', ')).error}${didYouMean(input, names, meantBy(names, synonyms))}`,
  });

export const listOf = <Item extends z.ZodType>(item: Item, words: string, atLeast = 1) =>
  z.preprocess(takeList, z.array(item, allowed(words)).min(atLeast, allowed(words)).readonly());

export const wholeNumber = (words: string, min: number, max: number) =>
  z.preprocess(takeNumber, z.int(allowed(words)).min(min, allowed(words)).max(max, allowed(words)));

export const flag = z.preprocess(coerceFlag, z.boolean(allowed('true or false')));

/**
 * An object with these keys only. The message has a line for each key that is none of them; `meant` ends the one of a
 * value that is no object.
 */
export const strict = <Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  words: string,
  meant: (input: unknown) => string = () => '',
  synonyms?: Synonyms<string>,
) => {
  const keys = Object.keys(shape);
  const unknownKey = (key: string): string =>
    `is no key; allowed: ${keys.join(', ')}${didYouMean(key, keys, meantBy(keys, synonyms))}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(unknownKey).join('\n')
        : `${allowed(words).error}${meant(issue.input)}`,
  });
};

/** A name as the admin most likely meant it: as Slack and consoles show it, with their signs, spaces and hyphens. */
const meantName =
  (fits: RegExp): Meant =>
  (written) => {
    // A webhook that stands in place of a name would be repeated in another spelling.
    if (withoutWebhooks(written) !== written || written.startsWith('arn:')) return undefined;
    const bare = written.replace(/^[#@]+/, '');
    const joined = bare.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '');
    return [bare, joined, written.replace(/\D/g, '')].find((name) => fits.test(name));
  };

/** An object whose keys are names that the admin chose; they have a form too. */
export const namedBy = <Value extends z.ZodType>(fits: RegExp, keyWords: string, value: Value, words: string) =>
  z.preprocess(
    takeObject,
    z.record(
      textLike(keyWords, (name) => fits.test(name), [], meantName(fits)),
      value,
      allowed(words),
    ),
  );
