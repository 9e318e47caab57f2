import type { Phrase, PhrasePart } from '../notification/notification.ts';

/** So many days the ledger keeps what names people: a day's summary comes minutes after it, a correction within days. */
export const PEOPLE_KEPT_DAYS = 3;

/** A phrase as short as it can be read again: our own words as text, names in a list, with what else is known of them. */
export type WrittenPhrase = readonly (string | readonly string[])[];

export const writtenPhrase = (
  phrase: Phrase,
  written: (name: string) => readonly string[] = (name) => [name],
): WrittenPhrase => phrase.map(({ kind, text }) => (kind === 'name' ? written(text) : text));

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** The parts of what was written, of names with what stood beside them. What is no phrase has none. */
export const writtenParts = (value: unknown): readonly { readonly part: PhrasePart; readonly beside: unknown }[] =>
  (isList(value) ? value : []).map((part) =>
    isList(part)
      ? { part: { kind: 'name', text: String(part[0]) }, beside: part[1] }
      : { part: { kind: 'plain', text: String(part) }, beside: undefined },
  );

export const readPhrase = (value: unknown): Phrase => writtenParts(value).map(({ part }) => part);
