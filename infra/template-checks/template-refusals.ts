import { isObject } from '../../shared/call/json.ts';
import {
  badStatementIds,
  crowdedQueuePolicies,
  foreignCharacters,
  longPolicies,
  malformedStatements,
} from './policies.ts';
import { beyondLimits } from './property-limits.ts';
import {
  badAlarms,
  badDashboards,
  badPatterns,
  badVariables,
  largeBatches,
  largeEnvironments,
  patternsOfArchives,
  rulesWithoutCause,
  shortVisibility,
} from './services.ts';
import { readForChecks, type TemplateCheck } from './template.ts';
import {
  badNames,
  circles,
  longDescriptions,
  nulls,
  outputsWithoutText,
  sameNames,
  tooLarge,
  tooMany,
  unknownSections,
  unresolved,
} from './whole-template.ts';

const DOCS = 'https://docs.aws.amazon.com';
const CLOUDFORMATION = `${DOCS}/AWSCloudFormation/latest/UserGuide`;
const QUOTAS = `${CLOUDFORMATION}/cloudformation-limits.html`;
const IAM = `${DOCS}/IAM/latest/UserGuide`;
const LAMBDA = `${DOCS}/lambda/latest`;

/** What is refused, and by which of AWS's documents. CDK synthesizes, and linters pass, most of it. */
export const TEMPLATE_CHECKS = {
  nulls: {
    refuses: 'null, anywhere: "\'null\' values are not allowed in templates"',
    source: `${DOCS}/eventbridge/latest/userguide/eb-event-patterns-null-values.html`,
    find: ({ raw }) => nulls(raw),
  },
  counts: {
    refuses: 'more than 500 resources, 200 outputs, 200 parameters or 200 mappings',
    source: QUOTAS,
    find: tooMany,
  },
  size: { refuses: 'a template of more than 1 MB', source: QUOTAS, find: tooLarge },
  sections: {
    refuses: 'a section of the template, or an attribute of a resource, that CloudFormation does not know',
    source: `${CLOUDFORMATION}/template-anatomy.html`,
    find: unknownSections,
  },
  names: {
    refuses: 'a logical id of other characters than letters and digits, or of more than 255',
    source: `${CLOUDFORMATION}/resources-section-structure.html`,
    find: badNames,
  },
  descriptions: {
    refuses: 'a description of the template, an output or a parameter of more than 1,024 bytes',
    source: QUOTAS,
    find: longDescriptions,
  },
  outputs: {
    refuses: 'an output that is no text',
    source: `${CLOUDFORMATION}/outputs-section-structure.html`,
    find: outputsWithoutText,
  },
  references: {
    refuses: 'a reference to what is not in the template',
    source: `${DOCS}/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html`,
    find: unresolved,
  },
  circles: {
    refuses: 'resources that need each other in a circle',
    source: `${CLOUDFORMATION}/troubleshooting.html`,
    find: circles,
  },
  'same-names': {
    refuses: 'two resources of one name',
    source: `${DOCS}/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html`,
    find: sameNames,
  },
  limits: {
    refuses: 'a name, description, number or list beyond what its service takes',
    source: 'each type has its own: PROPERTY_LIMITS',
    find: beyondLimits,
  },
  patterns: {
    refuses: 'an event pattern of more than 2,048 characters, or that EventBridge cannot read',
    source: `${DOCS}/eventbridge/latest/userguide/eb-quota.html`,
    find: badPatterns,
  },
  'archive-patterns': {
    refuses: "an archive's event pattern as text: only a rule's may be",
    source: `${DOCS}/AWSCloudFormation/latest/TemplateReference/aws-resource-events-archive.html`,
    find: patternsOfArchives,
  },
  'rule-causes': {
    refuses: 'a rule with neither pattern nor schedule',
    source: `${DOCS}/eventbridge/latest/APIReference/API_PutRule.html`,
    find: rulesWithoutCause,
  },
  statements: {
    refuses:
      'a policy statement without effect, action, and resource (identity) or principal (trust) or both (queue, topic, bucket); a principal in an identity policy; a resource in a trust policy',
    source: `${IAM}/reference_policies_elements.html`,
    find: malformedStatements,
  },
  'statement-ids': {
    refuses: 'in a role a statement id of other characters than letters and digits, or twice in one policy',
    source: `${IAM}/reference_policies_elements_sid.html`,
    find: badStatementIds,
  },
  'policy-characters': {
    refuses: 'in a role a policy with characters beyond Latin',
    source: `${DOCS}/IAM/latest/APIReference/API_PutRolePolicy.html`,
    find: foreignCharacters,
  },
  'policy-sizes': {
    refuses:
      "inline policies of a role of more than 10,240 characters together, a trust policy of more than 2,048, a queue's of more than 8,192, a bucket's of more than 20 KB, a topic's of more than 30 KB",
    source: `${IAM}/reference_iam-quotas.html`,
    find: longPolicies,
  },
  'queue-policies': {
    refuses: 'a queue policy of more than 20 statements, 50 principals or 10 conditions, or 7 actions in a statement',
    source: `${DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html`,
    find: crowdedQueuePolicies,
  },
  environments: {
    refuses: "a function's environment of more than 4 KB",
    source: `${LAMBDA}/dg/gettingstarted-limits.html`,
    find: largeEnvironments,
  },
  variables: {
    refuses: 'an environment variable whose name Lambda keeps for itself, or that is no name',
    source: `${LAMBDA}/dg/configuration-envvars.html`,
    find: badVariables,
  },
  batches: {
    refuses: 'batches of more than 10 without a batching window',
    source: `${LAMBDA}/api/API_CreateEventSourceMapping.html`,
    find: largeBatches,
  },
  visibility: {
    refuses: 'a queue that hides a record for less than its function may take',
    source: `${LAMBDA}/dg/services-sqs-configure.html`,
    find: shortVisibility,
  },
  alarms: {
    refuses:
      'an alarm that looks back more than a day (a week with periods of an hour), or has a period that CloudWatch does not know',
    source: `${DOCS}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
    find: badAlarms,
  },
  dashboards: {
    refuses:
      'a dashboard of more than 500 widgets, 2,500 metrics, 500 metrics in a widget or 100 alarms in a widget, with a graph of nothing, or that is no JSON',
    source: `${DOCS}/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html`,
    find: badDashboards,
  },
} as const satisfies Readonly<Record<string, TemplateCheck>>;

export type TemplateCheckName = keyof typeof TEMPLATE_CHECKS;

/**
 * Why CloudFormation, or a service behind it, would refuse the template: a line for each breach, its place first; none
 * for a template that can be deployed, as far as a template can tell.
 */
export function templateRefusals(template: unknown): readonly string[] {
  if (!isObject(template)) return ['the template: is no object'];
  const read = readForChecks(template);
  return Object.values<TemplateCheck>(TEMPLATE_CHECKS).flatMap(({ find }) => find(read));
}
