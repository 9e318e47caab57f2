import type { TemplateResource } from './cloudformation-template.ts';
import type { Place } from './place.ts';
import { UnsupportedTemplateError } from './unsupported-template-error.ts';

/** What `Ref` and `Fn::GetAtt` of a resource give. */
export interface ResourceIdentity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Identify = (name: string, place: Place) => ResourceIdentity;

const arn = ({ partition, region, account }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** A resource whose `Ref` is its name and whose ARN is `service` with `prefix` and the name. */
const named =
  (service: string, prefix: string): Identify =>
  (name, place) => ({ ref: name, attributes: { Arn: arn(place, service, `${prefix}${name}`) } });

const queue: Identify = (name, place) => ({
  ref: `${place.endpoint}/${place.account}/${name}`,
  attributes: { Arn: arn(place, 'sqs', name), QueueName: name, QueueUrl: `${place.endpoint}/${place.account}/${name}` },
});

const secret: Identify = (name, place) => {
  const secretArn = arn(place, 'secretsmanager', `secret:${name}-LoCaL1`);
  return { ref: secretArn, attributes: { Id: secretArn, Arn: secretArn } };
};

const topic: Identify = (name, place) => ({
  ref: arn(place, 'sns', name),
  attributes: { TopicName: name, TopicArn: arn(place, 'sns', name) },
});

const role: Identify = (name, { partition, account }) => ({
  ref: name,
  attributes: { Arn: `arn:${partition}:iam::${account}:role/${name}` },
});

const mapping: Identify = (name, place) => ({
  ref: name,
  attributes: { Id: name, EventSourceMappingArn: arn(place, 'lambda', `event-source-mapping:${name}`) },
});

const IDENTITIES: Readonly<Record<string, { readonly nameProperty: string; readonly identify: Identify }>> = {
  'AWS::CloudWatch::Alarm': { nameProperty: 'AlarmName', identify: named('cloudwatch', 'alarm:') },
  'AWS::CloudWatch::Dashboard': { nameProperty: 'DashboardName', identify: named('cloudwatch', 'dashboard/') },
  'AWS::DynamoDB::GlobalTable': { nameProperty: 'TableName', identify: named('dynamodb', 'table/') },
  'AWS::DynamoDB::Table': { nameProperty: 'TableName', identify: named('dynamodb', 'table/') },
  'AWS::Events::Archive': { nameProperty: 'ArchiveName', identify: named('events', 'archive/') },
  'AWS::Events::Rule': { nameProperty: 'Name', identify: named('events', 'rule/') },
  'AWS::IAM::Role': { nameProperty: 'RoleName', identify: role },
  'AWS::Lambda::EventSourceMapping': { nameProperty: 'none', identify: mapping },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', identify: named('lambda', 'function:') },
  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', identify: named('logs', 'log-group:') },
  'AWS::SNS::Topic': { nameProperty: 'TopicName', identify: topic },
  'AWS::SQS::Queue': { nameProperty: 'QueueName', identify: queue },
  'AWS::SecretsManager::Secret': { nameProperty: 'Name', identify: secret },
};

/** The name and ARN that a resource of the template has on this machine. */
export function identifyResource(logicalId: string, { Type, Properties }: TemplateResource, place: Place) {
  const kind = Object.hasOwn(IDENTITIES, Type) ? IDENTITIES[Type] : undefined;
  if (kind === undefined) throw new UnsupportedTemplateError(`${logicalId}: a reference to ${Type} is not imitated`);
  const given = Properties[kind.nameProperty];
  return kind.identify(typeof given === 'string' ? given : `${place.stackName}-${logicalId}`, place);
}
