import {
  formOfPrincipal,
  isPersonalName,
  NOBODY_NAMED,
  PERMISSION_SET_ROLE,
} from '../../shared/notification/principal-words.ts';
import type { Principals } from '../rules/principals.ts';

const ALLOWED =
  'is not allowed; allowed: a role, permission set or user, ROLE/SESSION, a service (…amazonaws.com), an ARN, an account id or root; * stands for any text, but not alone';

/** What is shown of callers without a name, and why a rule cannot say it. */
const NOT_WRITABLE: readonly { readonly is: RegExp; readonly because: string }[] = [
  {
    is: new RegExp(`^(?:${NOBODY_NAMED}|somebody unknown|hidden by AWS)`),
    because: 'is shown of callers whom the record does not name, so there is nothing that a rule could look for',
  },
  {
    is: /^(?:AKIA|ASIA)[A-Z0-9]{12,}$/,
    because: 'is an access key id, which is no caller; allowed: the name of the user or role whose key it is',
  },
  {
    // Of users and roles; IAM gives them and no name of a person or a program looks like one.
    is: /^(?:AIDA|AROA)[A-Z0-9]{7,}(?::.*)?$/s,
    because: 'is an id, which is not looked for; allowed: the name of the user or role, ROLE/SESSION or an ARN',
  },
  {
    is: /^(?:session|role|user):/,
    because: `${ALLOWED} (a session of any role is */SESSION)`,
  },
  {
    is: /^(?!arn:)(?!.*\.amazonaws\.com$)[^/]*\/(?:.*\/.*)?$|^\//,
    because: 'is no ROLE/SESSION; a user is written without its path',
  },
];

/** Why a text cannot be a principal of a rule, as the end of a line; `undefined` if it can. */
export function reasonAgainstPrincipal(written: string): string | undefined {
  if (!/[^*/]/.test(written)) return ALLOWED;
  return NOT_WRITABLE.find(({ is }) => is.test(written))?.because;
}

/** Whether an ARN with `*` may be that of a session whose name its caller chose. */
function mayBeSessionArn(written: string): boolean {
  const start = written.split('*', 1)[0] ?? '';
  const sts = 'arn:aws:sts::';
  if (!start.startsWith(sts)) return written.includes('*') && sts.startsWith(start);
  return !written.includes(`:assumed-role/${PERMISSION_SET_ROLE}`);
}

const SESSION =
  'names sessions, and whoever may assume the role chooses the name of the session, so that they can keep their own calls from being reported; surer is the role alone';

/** What an admin should know who keeps calls of this principal from being reported; `undefined`: callers cannot choose it. */
function warningOfExcluded(written: string): string | undefined {
  const form = formOfPrincipal(written);
  if (form === 'session' && !written.startsWith(PERMISSION_SET_ROLE)) return SESSION;
  if (form === 'arn' && mayBeSessionArn(written)) return SESSION;
  if (form !== 'name' || !isPersonalName(written)) return undefined;
  return 'is also looked for in source identities, which whoever may assume a role states for themselves where its trust policy allows sts:SetSourceIdentity without naming the value';
}

/** What an admin should know of the principals of a rule: a line for each that lets callers silence themselves. */
export const warningsOfPrincipals = (name: string, principals: Principals | undefined): readonly string[] =>
  (principals?.exclude ?? []).flatMap((written, index) => {
    const warning = warningOfExcluded(written);
    return warning === undefined
      ? []
      : [`notifier:rules.${name}.principals.exclude[${index}]: ${JSON.stringify(written)} ${warning}`];
  });
