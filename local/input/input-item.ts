/** An event as EventBridge has it; what is inside is for the schema of whoever reads it. */
export type Envelope = Readonly<Record<string, unknown>>;

/** One thing found in the input: an event, or what stands in place of one and why it is none. */
export type InputItem =
  | { readonly kind: 'event'; readonly envelope: Envelope; readonly file: string; readonly line: number }
  | { readonly kind: 'error'; readonly error: string; readonly file: string; readonly line: number };
