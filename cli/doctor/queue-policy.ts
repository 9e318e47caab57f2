import * as z from 'zod';
import { parseJson } from '../../local/input/parse-json.ts';

const oneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const StatementSchema = z.object({
  Effect: z.string(),
  Principal: z.union([z.string(), z.record(z.string(), oneOrMany)]).optional(),
  Action: oneOrMany.default([]),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMany)).default({}),
});
type Statement = z.output<typeof StatementSchema>;

const PolicySchema = z.object({
  Statement: z.union([StatementSchema.transform((one) => [one]), z.array(StatementSchema)]),
});

const EVENT_BRIDGE = 'events.amazonaws.com';

const principalsOf = ({ Principal = {} }: Statement): readonly string[] =>
  typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat();

const letsSend = ({ Effect, Action }: Statement): boolean =>
  Effect === 'Allow' && Action.some((action) => /^(?:\*|sqs:(?:\*|Send\*|SendMessage))$/i.test(action));

/** The rules' ARNs that a statement is for; none if it does not say. */
const sourceArns = ({ Condition }: Statement): readonly string[] =>
  ['ArnLike', 'ArnEquals', 'StringLike', 'StringEquals'].flatMap(
    (operator) => Condition[operator]?.['aws:SourceArn'] ?? [],
  );

const isLike = (pattern: string, text: string): boolean => {
  const [first = '', ...rest] = pattern.split('*');
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const found = index === rest.length - 1 ? text.lastIndexOf(part) : text.indexOf(part, at);
    if (found < at) return false;
    at = found + part.length;
  }
  return rest.length === 0 || rest.at(-1) === '' ? at <= text.length : at === text.length;
};

const ruleOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/**
 * What is wrong with a queue's policy: it must let our rules send, and nobody else.
 *
 * @param ruleNames as EventBridge knows them
 */
export function policyFaults(policyText: string, ruleNames: readonly string[]): readonly string[] {
  const parsed = parseJson(policyText);
  const policy = PolicySchema.safeParse(parsed.ok ? parsed.value : undefined);
  if (!policy.success) return ['its policy is not one that we can read'];
  const sending = policy.data.Statement.filter(letsSend);
  const ours = sending.filter((statement) => principalsOf(statement).includes(EVENT_BRIDGE));
  const patterns = ours.flatMap(sourceArns).map(ruleOf);
  const shutOut = ruleNames.filter((name) => !patterns.some((pattern) => isLike(pattern, name)));
  const others = sending.filter((statement) => principalsOf(statement).some((principal) => principal !== EVENT_BRIDGE));
  return [
    ...(shutOut.length > 0 ? [`its policy does not let EventBridge send for ${shutOut.join(', ')}`] : []),
    ...(ours.some((statement) => sourceArns(statement).length === 0)
      ? ['its policy lets every EventBridge rule send']
      : []),
    ...(others.length > 0 ? ['its policy lets others than our rules send'] : []),
  ];
}
