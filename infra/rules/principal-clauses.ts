import type { RuleSettings } from '../notifier-context.ts';
import { globMatcher, globMatches, hasGlob, noGlobMatcher } from './name-glob.ts';
import type { Clause, PatternValues } from './pattern-parts.ts';

type Principals = NonNullable<RuleSettings['principals']>;

/** A field of CloudTrail's `userIdentity` in which a principal is named. */
interface IdentityField {
  readonly path: string;
  /** What an entry of the rule is in this field. */
  readonly inField: (glob: string) => string;
}

const field = (path: string, inField = (glob: string) => glob): IdentityField => ({
  path: `detail.userIdentity.${path}`,
  inField,
});

/** `AROAEXAMPLE:jane@example.org`: the session of an assumed role, the name of a federated user. */
const sessionOf = (glob: string): string => `*:${glob}`;

const ISSUER = 'sessionContext.sessionIssuer';

/** What people write for a principal, and where the record has it. */
const FORMS: readonly { readonly is: (glob: string) => boolean; readonly fields: readonly IdentityField[] }[] = [
  { is: (glob) => glob.startsWith('arn:'), fields: [field('arn'), field(`${ISSUER}.arn`)] },
  { is: (glob) => glob.endsWith('.amazonaws.com'), fields: [field('invokedBy')] },
  { is: (glob) => glob === 'root', fields: [field('type', () => 'Root')] },
  {
    is: () => true,
    fields: [field('userName'), field(`${ISSUER}.userName`), field('principalId', sessionOf)],
  },
];

const fieldsOf = (glob: string): readonly IdentityField[] => FORMS.find(({ is }) => is(glob))?.fields ?? [];

/** The entries by the path in which they are looked for. */
function byPath(globs: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const glob of globs) {
    for (const { path, inField } of fieldsOf(glob)) found.set(path, [...(found.get(path) ?? []), inField(glob)]);
  }
  return found;
}

/** A text after the last colon: a suffix says it where the name has no `*`, as in `:jane@example.org`. */
const entryMatcher = (glob: string): unknown =>
  glob.startsWith('*:') && !hasGlob(glob.slice(1)) ? { suffix: glob.slice(1) } : globMatcher(glob);

const includeClauses = (globs: readonly string[]): readonly Clause[] =>
  [...byPath(globs)].map(([path, inField]) => ({ [path]: inField.map(entryMatcher) }));

const excludeClause = (globs: readonly string[]): Clause =>
  Object.fromEntries(
    [...byPath(globs)].map(([path, inField]): [string, PatternValues] => [
      path,
      [{ exists: false }, noGlobMatcher(inField)],
    ]),
  );

/** Who called, as clauses of an event pattern. A pattern holds one list a field, so a rule includes or excludes. */
export function principalClauses({ include, exclude }: Principals): readonly Clause[] {
  if (include !== undefined) return includeClauses(include);
  return exclude === undefined ? [{}] : [excludeClause(exclude)];
}

function textAt(record: unknown, path: string): string | undefined {
  let at: unknown = { detail: record };
  for (const step of path.split('.')) at = (at as Readonly<Record<string, unknown>> | null | undefined)?.[step];
  return typeof at === 'string' ? at : undefined;
}

const named = (globs: readonly string[], record: unknown): boolean =>
  globs.some((glob) =>
    fieldsOf(glob).some(({ path, inField }) => {
      const text = textAt(record, path);
      return text !== undefined && globMatches(inField(glob), text);
    }),
  );

/** Whether the caller of a record is one that the rule tells of. */
export const principalsMean = ({ include, exclude }: Principals, record: unknown): boolean =>
  (include === undefined || named(include, record)) && !named(exclude ?? [], record);
