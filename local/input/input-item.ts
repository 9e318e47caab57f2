/** An event as EventBridge has it; what is inside is for the schema of whoever reads it. */
export type Envelope = Readonly<Record<string, unknown>>;

/** Where something was found. */
export interface Place {
  /** As it was named, or `standard input`. */
  readonly file: string;
  /** Counted from 1; `undefined` for what is said of a whole file. */
  readonly line: number | undefined;
  /** Which of the file's records, counted from 1: in a log file, all are on one line. */
  readonly record: number | undefined;
}

/** One thing found in the input: an event, or what stands in place of one and why it is none. */
export type InputItem =
  | (Place & { readonly kind: 'event'; readonly envelope: Envelope })
  | (Place & { readonly kind: 'error'; readonly error: string });

/** `calls.json:12`, and which record where the line does not say it: `trail.json.gz:1, record 7`. */
export function placeText({ file, line, record }: Place): string {
  if (line === undefined) return file;
  return record === undefined || record === line ? `${file}:${line}` : `${file}:${line}, record ${record}`;
}

/** What is wrong, with its place: one line. */
export const faultText = (item: Extract<InputItem, { kind: 'error' }>): string => `${placeText(item)}: ${item.error}`;
