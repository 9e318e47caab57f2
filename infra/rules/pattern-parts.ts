/** A list of values that a field may have, as an event pattern writes it. */
export type PatternValues = readonly unknown[];

/** Fields of one clause by their dotted path in the event, such as `detail.eventName`. */
export type Clause = Readonly<Record<string, PatternValues>>;

/** One setting of a rule as an event pattern says it: any of the clauses. */
export interface PatternPart {
  /** The key of the rule that it comes from. */
  readonly setting: string;
  readonly clauses: readonly Clause[];
}

/** Every path that a part decides. */
export const pathsOf = ({ clauses }: PatternPart): readonly string[] => [...new Set(clauses.flatMap(Object.keys))];
