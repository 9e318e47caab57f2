/** A list of values that a field may have, as an event pattern writes it. */
export type PatternValues = readonly unknown[];

/** Fields of one clause by their dotted path in the event, such as `detail.eventName`. */
export type Clause = Readonly<Record<string, PatternValues>>;

/** Every path that some of the clauses decide. */
export const pathsOf = (clauses: readonly Clause[]): readonly string[] => [...new Set(clauses.flatMap(Object.keys))];
