import * as z from 'zod';
import { suggestion } from './nearest-name.ts';
import { takeFlag, takeList, takeNumber, takeObject } from './take-text.ts';

/*
 * Each message is the end of a line that begins with the key and the value: it says what is allowed, and which valid
 * name is nearest.
 */

const allowed = (words: string): { readonly error: string } => ({ error: `is not allowed; allowed: ${words}` });

/** A text of a certain form; of `names`, the nearest is suggested. */
export const textLike = (words: string, fits: (text: string) => boolean, names: readonly string[] = []) =>
  z.string(allowed(words)).refine(fits, { error: ({ input }) => `${allowed(words).error}${suggestion(input, names)}` });

export const oneOf = <const Name extends string>(names: readonly Name[]) =>
  z.enum(names, { error: ({ input }) => `${allowed(names.join(', ')).error}${suggestion(input, names)}` });

export const listOf = <Item extends z.ZodType>(item: Item, words: string) =>
  z.preprocess(takeList, z.array(item, allowed(words)).min(1, allowed(words)));

export const wholeNumber = (words: string, min: number, max: number) =>
  z.preprocess(takeNumber, z.int(allowed(words)).min(min, allowed(words)).max(max, allowed(words)));

export const flag = z.preprocess(takeFlag, z.boolean(allowed('true or false')));

/** An object with these keys only. The message has a line for each key that is none of them. */
export const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape, words: string) => {
  const keys = Object.keys(shape);
  const unknownKey = (key: string): string => `is no key; allowed: ${keys.join(', ')}${suggestion(key, keys)}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map(unknownKey).join('\n') : allowed(words).error,
  });
};

/** An object whose keys are names that the admin chose; they have a form too. */
export const namedBy = <Value extends z.ZodType>(fits: RegExp, keyWords: string, value: Value, words: string) =>
  z.preprocess(takeObject, z.record(z.string().regex(fits, allowed(keyWords)), value, allowed(words)));
