import * as z from 'zod';
import { ruleNameInBus } from '../../infra/rule-name-in-bus.ts';
import { parseJson } from '../../local/input/parse-json.ts';

const oneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const principal = z.union([z.string(), z.record(z.string(), oneOrMany)]);
const condition = z.union([z.string(), z.boolean()]).transform(String);

const StatementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Action: oneOrMany.optional(),
  NotAction: oneOrMany.optional(),
  Resource: oneOrMany.optional(),
  NotResource: oneOrMany.optional(),
  Condition: z
    .record(z.string(), z.record(z.string(), z.union([condition.transform((one) => [one]), z.array(condition)])))
    .default({}),
});
type Statement = z.output<typeof StatementSchema>;

const PolicySchema = z.object({
  Statement: z.union([StatementSchema.transform((one) => [one]), z.array(StatementSchema)]),
});

const EVENT_BRIDGE = 'events.amazonaws.com';
const SEND = 'sqs:sendmessage';

/** IAM's wildcards: `*` for any text, `?` for one character. Steps back to the last `*` only, so it is never slow. */
function isLike(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let restart = 0;
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      restart = index;
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      restart += 1;
      index = restart;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

const isAction = (pattern: string): boolean => isLike(pattern.toLowerCase(), SEND);

/** Whether a statement is about sending at all. */
const touchesSending = ({ Action, NotAction = [] }: Statement): boolean =>
  Action === undefined ? !NotAction.some(isAction) : Action.some(isAction);

const isSendingOnly = ({ Action = [] }: Statement): boolean =>
  Action.length > 0 && Action.every((action) => action.toLowerCase() === SEND);

/** EventBridge and nobody beside it. */
const isForEventBridge = ({ Principal, NotPrincipal }: Statement): boolean => {
  if (NotPrincipal !== undefined || typeof Principal !== 'object') return false;
  const all = Object.entries(Principal).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`));
  return all.length > 0 && all.every((each) => each === `Service ${EVENT_BRIDGE}`);
};

interface Wanted {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

const wantsOf = ({ Condition }: Statement): readonly Wanted[] =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    // Names of conditions are the same in any case.
    Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values })),
  );

const SOURCE_OPERATORS: ReadonlySet<string> = new Set(['ArnLike', 'ArnEquals', 'StringLike', 'StringEquals']);
const isSource = ({ operator, key }: Wanted): boolean => key === 'aws:sourcearn' && SOURCE_OPERATORS.has(operator);

/** The refusal of plain HTTP, which CDK adds to every queue. */
const isTransportOnly = (statement: Statement): boolean => {
  const [only, ...others] = wantsOf(statement);
  return (
    others.length === 0 &&
    only?.operator === 'Bool' &&
    only.key === 'aws:securetransport' &&
    only.values.join() === 'false'
  );
};

/** What all our rules' ARNs begin with, read off the queue's own. */
function rulesPrefix(queueArn: string): string {
  const [, partition, , region, account] = queueArn.split(':');
  return `arn:${partition}:events:${region}:${account}:rule/`;
}

/**
 * Whether only rules of this stack can be meant by a pattern. What stands before its first wildcard must settle place
 * and name; without a queue's ARN only that both are settled.
 */
function isOurs(pattern: string, queueArn: string | undefined): boolean {
  const settled = pattern.split(/[*?]/, 1)[0] ?? '';
  if (queueArn !== undefined) return settled.startsWith(rulesPrefix(queueArn) + ruleNameInBus(''));
  return (
    /^arn:[^:]+:events:[^:]+:[^:]+:rule\//.test(settled) &&
    settled.split('/')[1]?.startsWith(ruleNameInBus('')) === true
  );
}

/** For which of our rules a statement does what the stack's own does. */
function letsIn(statement: Statement, ruleName: string, queueArn: string | undefined): boolean {
  const wants = wantsOf(statement);
  const { Resource, NotResource } = statement;
  const isHere =
    NotResource === undefined &&
    (queueArn === undefined || Resource === undefined || Resource.some((resource) => isLike(resource, queueArn)));
  const reaches = (pattern: string): boolean =>
    queueArn === undefined
      ? isLike(pattern.slice(pattern.lastIndexOf('/') + 1), ruleName)
      : isLike(pattern, rulesPrefix(queueArn) + ruleName);
  return (
    statement.Effect === 'Allow' &&
    touchesSending(statement) &&
    isForEventBridge(statement) &&
    isHere &&
    wants.every((want) => isSource(want) && want.values.some(reaches))
  );
}

function faultOfDeny(statement: Statement): string | undefined {
  if (isTransportOnly(statement)) return undefined;
  return touchesSending(statement)
    ? 'its policy denies sending, which may shut our rules out'
    : 'its policy denies what the stack does not';
}

function faultOfOpening(statement: Statement, queueArn: string | undefined): string | undefined {
  const wants = wantsOf(statement);
  if (!wants.some(isSource)) return 'its policy lets every EventBridge rule send';
  const foreign = wants.filter(isSource).flatMap(({ values }) => values.filter((value) => !isOurs(value, queueArn)));
  if (foreign.length > 0) return `its policy lets rules send that are not this stack's: ${foreign.join(', ')}`;
  const more = wants.filter((want) => !isSource(want)).map(({ key }) => key);
  return more.length > 0 ? `its policy asks our rules for what the stack does not: ${more.join(', ')}` : undefined;
}

/** How a statement differs from all that the stack makes. */
function faultOf(statement: Statement, isOpen: boolean, queueArn: string | undefined): string | undefined {
  if (statement.Effect === 'Deny') return faultOfDeny(statement);
  if (!touchesSending(statement)) return 'its policy lets others use the queue';
  if (!isForEventBridge(statement) || !isOpen) return 'its policy lets others than our rules send';
  if (!isSendingOnly(statement)) return 'its policy lets EventBridge do more than send';
  return faultOfOpening(statement, queueArn);
}

/**
 * What is wrong with a queue's policy, compared with the one that the stack makes: our rules may send, nobody else may
 * do anything, and plain HTTP is refused. Whatever else is in it is named, since a policy is an easy place to open a
 * queue or to shut rules out.
 *
 * @param ruleNames as EventBridge knows them; none for a queue that no rule sends to
 * @param queueArn tells ours from another account's or region's; without it only names are compared
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function policyFaults(policyText: string, ruleNames: readonly string[], queueArn?: string): readonly string[] {
  const parsed = parseJson(policyText);
  const policy = PolicySchema.safeParse(parsed.ok ? parsed.value : undefined);
  if (!policy.success) return ['its policy is not one that we can read'];
  const { Statement } = policy.data;
  const shutOut = ruleNames.filter((name) => !Statement.some((statement) => letsIn(statement, name, queueArn)));
  const faults = Statement.flatMap((statement) => faultOf(statement, ruleNames.length > 0, queueArn) ?? []);
  return [
    ...(shutOut.length > 0 ? [`its policy does not let EventBridge send for ${shutOut.join(', ')}`] : []),
    ...new Set(faults),
  ];
}
