import { isObject, type JsonObject } from '../../shared/call/json.ts';
import { numberText } from '../../shared/slack/mrkdwn.ts';
import { listOf, objectOf, ofType, type Template, type TemplateResource } from './template.ts';

/** One policy document, and where it is. */
interface Policy {
  readonly place: string;
  readonly document: JsonObject;
}

const policyOf = ({ id, properties }: TemplateResource, property: string): Policy => ({
  place: `Resources.${id}.Properties.${property}`,
  document: objectOf(properties[property]),
});

const statementsOf = ({ document }: Policy): readonly JsonObject[] => listOf(document.Statement).map(objectOf);

const identityPolicies = (template: Template): readonly Policy[] => [
  ...ofType(template, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').map((resource) =>
    policyOf(resource, 'PolicyDocument'),
  ),
  ...ofType(template, 'AWS::IAM::Role').flatMap(({ id, properties }) =>
    listOf(properties.Policies).map((policy, index) => ({
      place: `Resources.${id}.Properties.Policies[${index}].PolicyDocument`,
      document: objectOf(objectOf(policy).PolicyDocument),
    })),
  ),
];

const trustPolicies = (template: Template): readonly Policy[] =>
  ofType(template, 'AWS::IAM::Role').map((resource) => policyOf(resource, 'AssumeRolePolicyDocument'));

/** Policies of what is accessed, with the bytes that the service takes. */
const RESOURCE_POLICIES: Readonly<Record<string, number>> = {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
  'AWS::S3::BucketPolicy': 20_480,
  // https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
  'AWS::SNS::TopicPolicy': 30_720,
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
  'AWS::SQS::QueuePolicy': 8192,
};

const resourcePolicies = (template: Template): readonly Policy[] =>
  ofType(template, ...Object.keys(RESOURCE_POLICIES)).map((resource) => policyOf(resource, 'PolicyDocument'));

/** IAM counts no white space, and JSON of ours has none. */
const sizeOf = (document: unknown): number => Buffer.byteLength(JSON.stringify(document));

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || (isObject(value) ? Object.keys(value) : listOf(value)).length === 0;

interface Shape {
  /** Of each pair one must be there. */
  readonly needs: readonly (readonly [string, string])[];
  readonly lacks: readonly string[];
}

const IDENTITY: Shape = {
  needs: [
    ['Action', 'NotAction'],
    ['Resource', 'NotResource'],
  ],
  lacks: ['Principal', 'NotPrincipal'],
};
const TRUST: Shape = {
  needs: [
    ['Action', 'NotAction'],
    ['Principal', 'NotPrincipal'],
  ],
  lacks: ['Resource', 'NotResource'],
};
const OF_RESOURCE: Shape = { needs: [...IDENTITY.needs, ['Principal', 'NotPrincipal']], lacks: [] };

function shapeBreaches(statement: JsonObject, { needs, lacks }: Shape): readonly string[] {
  const { Effect } = statement;
  return [
    ...(Effect === 'Allow' || Effect === 'Deny' ? [] : ['Effect is neither Allow nor Deny']),
    ...needs.filter((names) => names.every((name) => isEmpty(statement[name]))).map((names) => `has no ${names[0]}`),
    ...lacks.filter((name) => statement[name] !== undefined).map((name) => `has ${name}, which is not allowed there`),
  ];
}

const malformedIn =
  (shape: Shape) =>
  (policy: Policy): readonly string[] =>
    statementsOf(policy).length === 0
      ? [`${policy.place}: has no statement`]
      : statementsOf(policy).flatMap((statement, index) =>
          shapeBreaches(statement, shape).map((breach) => `${policy.place}.Statement[${index}]: ${breach}`),
        );

export const malformedStatements = (template: Template): readonly string[] => [
  ...identityPolicies(template).flatMap(malformedIn(IDENTITY)),
  ...trustPolicies(template).flatMap(malformedIn(TRUST)),
  ...resourcePolicies(template).flatMap(malformedIn(OF_RESOURCE)),
];

/** Identity policies take letters and digits alone in a statement's id, and each id once. */
export const badStatementIds = (template: Template): readonly string[] =>
  [...identityPolicies(template), ...trustPolicies(template)].flatMap((policy) => {
    const sids = statementsOf(policy)
      .map(({ Sid }) => Sid)
      .filter((sid) => sid !== undefined);
    return sids
      .filter((sid, index) => !/^[A-Za-z0-9]*$/.test(String(sid)) || sids.indexOf(sid) !== index)
      .map((sid) => `${policy.place}: the Sid ${sid} has other characters than letters and digits, or is there twice`);
  });

/** IAM's policies are Latin text. */
export const foreignCharacters = (template: Template): readonly string[] =>
  [...identityPolicies(template), ...trustPolicies(template)]
    .filter(({ document }) => /[^\t\n\r\x20-\xff]/.test(JSON.stringify(document)))
    .map(({ place }) => `${place}: has a character beyond U+00FF`);

const MOST_OF_ROLE = 10_240;
const MOST_OF_TRUST = 2048;

const tooLong = (place: string, size: number, most: number): readonly string[] =>
  size > most ? [`${place}: ${numberText(size)} characters, of which ${numberText(most)} are allowed`] : [];

function inlineSizes(template: Template): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { properties } of ofType(template, 'AWS::IAM::Policy')) {
    for (const role of listOf(properties.Roles).map(String)) {
      sizes.set(role, (sizes.get(role) ?? 0) + sizeOf(properties.PolicyDocument));
    }
  }
  return sizes;
}

export const longPolicies = (template: Template): readonly string[] => [
  ...[...inlineSizes(template)].flatMap(([role, size]) =>
    tooLong(`Resources.${role}: its inline policies`, size, MOST_OF_ROLE),
  ),
  ...trustPolicies(template).flatMap(({ place, document }) => tooLong(place, sizeOf(document), MOST_OF_TRUST)),
  ...Object.entries(RESOURCE_POLICIES).flatMap(([type, most]) =>
    ofType(template, type).flatMap((resource) => {
      const { place, document } = policyOf(resource, 'PolicyDocument');
      return tooLong(place, sizeOf(document), most);
    }),
  ),
];

const countOf = (value: unknown): number =>
  isObject(value) ? Object.values(value).flatMap(listOf).length : listOf(value).length;

const conditionsIn = ({ Condition }: JsonObject): number =>
  Object.values(objectOf(Condition)).reduce<number>((sum, keys) => sum + Object.keys(objectOf(keys)).length, 0);

/** What SQS counts in the policy of a queue, and how many of it are allowed. */
const COUNTS: readonly { readonly of: string; readonly most: number; readonly count: (policy: Policy) => number }[] = [
  { of: 'statements', most: 20, count: (policy) => statementsOf(policy).length },
  {
    of: 'actions in a statement',
    most: 7,
    count: (policy) => Math.max(0, ...statementsOf(policy).map(({ Action }) => countOf(Action))),
  },
  {
    of: 'principals',
    most: 50,
    count: (policy) => statementsOf(policy).reduce((sum, { Principal }) => sum + countOf(Principal), 0),
  },
  {
    of: 'conditions',
    most: 10,
    count: (policy) => statementsOf(policy).reduce((sum, statement) => sum + conditionsIn(statement), 0),
  },
];

export const crowdedQueuePolicies = (template: Template): readonly string[] =>
  ofType(template, 'AWS::SQS::QueuePolicy').flatMap((resource) => {
    const policy = policyOf(resource, 'PolicyDocument');
    return COUNTS.filter(({ most, count }) => count(policy) > most).map(
      ({ of, most, count }) => `${policy.place}: ${count(policy)} ${of}, of which ${most} are allowed`,
    );
  });
