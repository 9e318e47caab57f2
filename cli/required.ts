import { UsageError } from './io.ts';

type Given<Values> = { readonly [Name in keyof Values]: Exclude<Values[Name], undefined> };

const andList = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/**
 * Takes all that a command cannot begin without, so that whoever left out several hears of them together. Commander's own
 * required options and arguments end with the first.
 *
 * @param values by what they are called where they are typed; `undefined`: not given
 * @param example a whole command
 * @throws UsageError that names all that is missing
 */
export function required<Values extends Readonly<Record<string, unknown>>>(
  command: string,
  values: Values,
  example: string,
): Given<Values> {
  const missing = Object.keys(values).filter((name) => values[name] === undefined);
  if (missing.length === 0) return values as Given<Values>;
  throw new UsageError(`${command} needs ${andList(missing)}, as in: ${example}`);
}

/** A list that is missing when it is empty. */
export const anyOf = <Each>(list: readonly Each[]): readonly Each[] | undefined => (list.length > 0 ? list : undefined);
