import { isObject, type JsonObject } from '../../shared/call/json.ts';
import { numberText } from '../../shared/slack/mrkdwn.ts';
import { intrinsicOf, listOf, objectOf, type Template } from './template.ts';

/**
 * The quotas of a template.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MOST_ITEMS = { Resources: 500, Outputs: 200, Parameters: 200, Mappings: 200 } as const;
/** "1 MB" is read as the smaller of what that can mean. */
const MOST_BYTES = 1_000_000;
const MOST_NAME_CHARACTERS = 255;
const MOST_DESCRIPTION_BYTES = 1024;

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Hooks',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
];

const ATTRIBUTES = [
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
];

export function nulls(value: unknown, place = ''): readonly string[] {
  if (value === null) return [`${place}: null, which CloudFormation takes nowhere`];
  if (Array.isArray(value)) return value.flatMap((item, index) => nulls(item, `${place}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => nulls(member, place === '' ? key : `${place}.${key}`));
}

export const tooMany = ({ raw }: Template): readonly string[] =>
  Object.entries(MOST_ITEMS).flatMap(([section, most]) => {
    const count = Object.keys(objectOf(raw[section])).length;
    return count > most ? [`${section}: ${count}, of which ${most} are allowed`] : [];
  });

export function tooLarge({ raw }: Template): readonly string[] {
  const bytes = Buffer.byteLength(JSON.stringify(raw));
  return bytes > MOST_BYTES
    ? [`the template: ${numberText(bytes)} bytes, of which ${numberText(MOST_BYTES)} are allowed`]
    : [];
}

const unknownKeys = (place: string, value: unknown, known: readonly string[]): readonly string[] =>
  Object.keys(objectOf(value))
    .filter((key) => !known.includes(key))
    .map((key) => `${place}${key}: is nothing that CloudFormation knows there`);

export const unknownSections = ({ raw, resources }: Template): readonly string[] => [
  ...unknownKeys('', raw, SECTIONS),
  ...resources.flatMap((resource) => unknownKeys(`Resources.${resource.id}.`, resource.raw, ATTRIBUTES)),
];

export const badNames = ({ raw }: Template): readonly string[] =>
  Object.keys(MOST_ITEMS).flatMap((section) =>
    Object.keys(objectOf(raw[section]))
      .filter((name) => !/^[A-Za-z0-9]+$/.test(name) || name.length > MOST_NAME_CHARACTERS)
      .map((name) => `${section}.${name}: is no name of at most ${MOST_NAME_CHARACTERS} letters and digits`),
  );

const descriptionsIn = ({ Description, Outputs, Parameters }: JsonObject): readonly (readonly [string, unknown])[] => [
  ['Description', Description],
  ...Object.entries({ ...objectOf(Outputs), ...objectOf(Parameters) }).map(
    ([name, item]) => [`${name}.Description`, objectOf(item).Description] as const,
  ),
];

export const longDescriptions = ({ raw }: Template): readonly string[] =>
  descriptionsIn(raw).flatMap(([place, text]) => {
    const bytes = typeof text === 'string' ? Buffer.byteLength(text) : 0;
    return bytes > MOST_DESCRIPTION_BYTES
      ? [`${place}: ${numberText(bytes)} bytes, of which ${numberText(MOST_DESCRIPTION_BYTES)} are allowed`]
      : [];
  });

/** Outputs and parameters hold text; a list or an object there fails when everything else is made already. */
export const outputsWithoutText = ({ raw }: Template): readonly string[] =>
  Object.entries(objectOf(raw.Outputs)).flatMap(([name, output]) => {
    const { Value } = objectOf(output);
    return typeof Value === 'string' || intrinsicOf(Value) !== undefined ? [] : [`Outputs.${name}.Value: is no text`];
  });

/** The logical ids that a value refers to. */
function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const [name, argument] = intrinsicOf(value) ?? [];
  if (name === 'Ref') return [String(argument)];
  if (name === 'Fn::GetAtt') return [String(listOf(argument)[0]).split('.')[0] ?? ''];
  return Object.values(value).flatMap(referencesIn);
}

const referencesOf = (resource: JsonObject): readonly string[] => [
  ...listOf(resource.DependsOn).map(String),
  ...referencesIn(resource.Properties),
];

export function unresolved({ raw, resources }: Template): readonly string[] {
  const ids = new Set([...Object.keys(objectOf(raw.Resources)), ...Object.keys(objectOf(raw.Parameters))]);
  const missing = (place: string, references: readonly string[]): readonly string[] =>
    references
      .filter((id) => !ids.has(id) && !id.startsWith('AWS::'))
      .map((id) => `${place}: refers to ${id}, which is not there`);
  return [
    ...resources.flatMap((resource) => missing(`Resources.${resource.id}`, referencesOf(resource.raw))),
    ...missing('Outputs', referencesIn(raw.Outputs)),
  ];
}

/** What is left of the resources when all that need none of the others are taken away, again and again. */
export function circles({ resources }: Template): readonly string[] {
  const ids = new Set(resources.map(({ id }) => id));
  let left = resources.map(({ id, raw }) => ({ id, needs: referencesOf(raw).filter((other) => ids.has(other)) }));
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const waiting = new Set(left.map(({ id }) => id));
    left = left.filter(({ needs }) => needs.some((id) => waiting.has(id)));
  }
  return left.length === 0 ? [] : [`Resources: need each other in a circle: ${left.map(({ id }) => id).join(', ')}`];
}

/** Properties by which a service knows a resource, where the template may give them. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::Archive': 'ArchiveName',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SecretsManager::Secret': 'Name',
};

export function sameNames({ resources }: Template): readonly string[] {
  const named = resources.flatMap(({ id, type, properties }) => {
    const name = properties[NAMES[type] ?? ''];
    return name === undefined ? [] : [{ id, name: `${type} ${name}` }];
  });
  return named.flatMap(({ id, name }, index) => {
    const earlier = named.slice(0, index).find((other) => other.name === name);
    return earlier === undefined ? [] : [`Resources.${id}: has the name of ${earlier.id}`];
  });
}
