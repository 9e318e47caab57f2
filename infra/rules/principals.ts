import type { CloudTrailRecord } from '../../shared/call/api-call-event.ts';
import {
  FEDERATED,
  formOfPrincipal,
  isPersonalName,
  PERMISSION_SET_ROLE,
  type PrincipalForm,
  type PrincipalWord,
  principalWords,
  TYPES_WITHOUT_OWN_NAME,
} from '../../shared/notification/principal-words.ts';
import { type Clause, globMatcher, globMatches, hasGlob, noGlobMatcher, type PatternValues } from './clause.ts';

/** Whom a rule is about, as it is written. A pattern holds one list a field, so it includes or excludes. */
export interface Principals {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

const ISSUER = 'sessionContext.sessionIssuer';

/** Fields of CloudTrail's `userIdentity` in which a principal is named. */
const FIELDS = {
  arn: 'arn',
  issuerArn: `${ISSUER}.arn`,
  issuerName: `${ISSUER}.userName`,
  userName: 'userName',
  sourceIdentity: 'sessionContext.sourceIdentity',
  invokedBy: 'invokedBy',
  userId: 'onBehalfOf.userId',
  accountId: 'accountId',
  type: 'type',
} as const;

type Field = keyof typeof FIELDS;

const at = (field: Field): string => `detail.userIdentity.${FIELDS[field]}`;

/** Where a written principal is looked for, as globs of the field. */
interface Place {
  readonly field: Field;
  readonly glob: string;
  /**
   * Which callers it holds for: those whose ARN ends in a name that is not their own choice, users other than root,
   * callers from another account, or people in roles of permission sets.
   */
  readonly of?: 'named people' | 'users' | 'accounts' | 'sets';
}

/**
 * The role of a permission set is named after it, with a tail of hexadecimal digits that nobody knows beforehand. A
 * pattern cannot ask for digits, so this is also the role of a set whose name goes on with an underscore.
 */
const roleOfSet = (set: string): string => `${PERMISSION_SET_ROLE}${set}_*`;

const OF_SETS = { of: 'sets' } as const;

function placesOfName(glob: string): readonly Place[] {
  return [
    { field: 'issuerName', glob, ...(glob.startsWith(PERMISSION_SET_ROLE) && OF_SETS) },
    // No permission set has an @, and every glob with a * in its midst costs one of few.
    ...(isPersonalName(glob)
      ? [{ field: 'sourceIdentity' as const, glob }]
      : [{ field: 'issuerName' as const, glob: roleOfSet(glob), ...OF_SETS }]),
    { field: 'userName', glob, of: 'users' },
    // A * would also stand for the path of a user and go on in the name.
    ...(hasGlob(glob)
      ? [{ field: 'arn' as const, glob: `*:assumed-role/${PERMISSION_SET_ROLE}*/${glob}`, ...OF_SETS }]
      : [{ field: 'arn' as const, glob: `*/${glob}`, of: 'named people' as const }]),
  ];
}

function placesOfSession(glob: string): readonly Place[] {
  if (glob.startsWith(FEDERATED)) return [{ field: 'arn', glob: `*:${glob}` }];
  const [role = '', session = ''] = glob.split('/', 2);
  const place = (one: string): Place => ({ field: 'arn', glob: `*:assumed-role/${one}/${session}` });
  if (role.startsWith(PERMISSION_SET_ROLE)) return [{ ...place(role), ...OF_SETS }];
  return role.startsWith('*') ? [place(role)] : [place(role), { ...place(roleOfSet(role)), ...OF_SETS }];
}

const PLACES: Readonly<Record<PrincipalForm, (glob: string) => readonly Place[]>> = {
  arn: (glob) => [
    { field: 'arn', glob },
    { field: 'issuerArn', glob },
  ],
  service: (glob) => [{ field: 'invokedBy', glob }],
  root: () => [{ field: 'type', glob: 'Root' }],
  account: (glob) => [{ field: 'accountId', glob, of: 'accounts' }],
  'user id': (glob) => [{ field: 'userId', glob }],
  session: placesOfSession,
  name: placesOfName,
};

const placesOf = (globs: readonly string[]): readonly Place[] =>
  globs.flatMap((glob) => PLACES[formOfPrincipal(glob)](glob));

/** The globs by the field in which they are looked for. */
function byField(places: readonly Place[]): readonly (readonly [field: Field, globs: readonly string[]])[] {
  const found = new Map<Field, string[]>();
  for (const { field, glob } of places) found.set(field, [...(found.get(field) ?? []), glob]);
  return [...found];
}

const USERS: Clause = { [at('type')]: [{ exists: false }, { 'anything-but': [...TYPES_WITHOUT_OWN_NAME] }] };
const ACCOUNTS: Clause = { [at('type')]: ['AWSAccount'] };
/**
 * The path of roles that IAM Identity Center makes, in every partition and with or without a region. Other roles cannot have
 * it, but can be called like one of these, or have this text further on in a path of their own.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
const ROLES_OF_SETS = '*:role/aws-reserved/sso.amazonaws.com/*';
const NO_ROLE_OF_A_SET = '*:role/*:role/*';
const PERMISSION_SETS: Clause = { [at('issuerArn')]: [globMatcher(ROLES_OF_SETS)] };

const matching = (places: readonly Place[]): readonly Clause[] =>
  byField(places).map(([field, globs]) => ({ [at(field)]: globs.map(globMatcher) }));

function includeClauses(globs: readonly string[]): readonly Clause[] {
  const places = placesOf(globs);
  const of = (which: Place['of']) => matching(places.filter((place) => place.of === which));
  const people = of('named people');
  return [
    ...of(undefined),
    ...[...of('users'), ...people].map((clause) => ({ ...USERS, ...clause })),
    ...[...of('sets'), ...people].map((clause) => ({ ...PERMISSION_SETS, ...clause })),
    ...of('accounts').map((clause) => ({ ...ACCOUNTS, ...clause })),
  ];
}

const refusing = (places: readonly Place[]): Clause =>
  Object.fromEntries(
    byField(places).map(([field, globs]): [string, PatternValues] => [
      at(field),
      [
        { exists: false },
        noGlobMatcher(globs),
        ...(globs.includes(ROLES_OF_SETS) ? [globMatcher(NO_ROLE_OF_A_SET)] : []),
      ],
    ]),
  );

/** All that a record of another account has of a caller, beside its id. */
const OF_ANY_ACCOUNT: readonly Field[] = ['invokedBy', 'userId'];

/**
 * A call is reported if any of the clauses lets it pass. The first refuses every name, wherever it stands; the second lets
 * those pass whose names are their own choice, for whom only what they cannot choose counts; the third lets other
 * accounts pass, which have nothing but their id.
 */
function excludeClauses(globs: readonly string[]): readonly Clause[] {
  const places = placesOf(globs);
  const anywhere = places.filter(({ of }) => of === undefined);
  const accounts = places.filter(({ of }) => of === 'accounts');
  const names = places.filter(({ of }) => of !== 'accounts');
  const types = TYPES_WITHOUT_OWN_NAME.filter((type) => type !== 'Root' || !globs.includes('root'));
  const noAccount: readonly Place[] = accounts.length === 0 ? [] : [{ field: 'type', glob: 'AWSAccount' }];
  const ownChoice: Clause = {
    ...refusing([...anywhere, { field: 'issuerArn', glob: ROLES_OF_SETS }]),
    [at('type')]: types,
  };
  const otherAccounts: Clause = {
    ...refusing([...accounts, ...anywhere.filter(({ field }) => OF_ANY_ACCOUNT.includes(field))]),
    ...ACCOUNTS,
  };
  return [
    refusing([...names, ...noAccount]),
    ...(names.length > anywhere.length ? [ownChoice] : []),
    ...(accounts.length > 0 ? [otherAccounts] : []),
  ];
}

/** Who called, as clauses of an event pattern. */
export function principalClauses({ include, exclude }: Principals): readonly Clause[] {
  if (include !== undefined) return includeClauses(include);
  return exclude === undefined ? [{}] : excludeClauses(exclude);
}

/** Words that come from certain places are only compared with some of what people write. */
const COMPARED: Readonly<Record<NonNullable<PrincipalWord['from']>, (glob: string) => boolean>> = {
  arn: (glob) => !hasGlob(glob),
  'source identity': isPersonalName,
  federation: (glob) => glob.startsWith(FEDERATED),
  'look-alike': (glob) => !glob.startsWith(PERMISSION_SET_ROLE),
};

function means(glob: string, record: CloudTrailRecord): boolean {
  const form = formOfPrincipal(glob);
  return principalWords(record).some(
    (word) =>
      word.form === form && (word.from === undefined || COMPARED[word.from](glob)) && globMatches(glob, word.text),
  );
}

/** Whether the caller of a record is one whose calls the rule reports, by the words that are shown of callers. */
export const principalsMean = ({ include, exclude }: Principals, record: CloudTrailRecord): boolean =>
  (include === undefined || include.some((glob) => means(glob, record))) &&
  !(exclude ?? []).some((glob) => means(glob, record));
