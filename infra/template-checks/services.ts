import { isObject, type JsonObject } from '../../shared/call/json.ts';
import { compilePattern } from '../../shared/eventbridge/compile-pattern.ts';
import { checkServiceLimits } from '../../shared/eventbridge/limits.ts';
import { InvalidEventPatternException } from '../../shared/eventbridge/matcher.ts';
import { numberText } from '../../shared/slack/mrkdwn.ts';
import { MAX_PATTERN_LENGTH } from '../rules/clause.ts';
import { listOf, objectOf, ofType, type Template, type TemplateResource } from './template.ts';

const placeOf = ({ id }: TemplateResource, property: string): string => `Resources.${id}.Properties.${property}`;

/** What EventBridge would say of the pattern. */
function patternBreach(pattern: unknown): string | undefined {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  if (text.length > MAX_PATTERN_LENGTH) {
    return `${numberText(text.length)} characters, of which ${numberText(MAX_PATTERN_LENGTH)} are allowed`;
  }
  try {
    checkServiceLimits(compilePattern(text), text);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidEventPatternException)) throw error;
    return error.message;
  }
}

export const badPatterns = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Events::Rule', 'AWS::Events::Archive').flatMap((resource) => {
    const { EventPattern } = resource.properties;
    const breach = EventPattern === undefined ? undefined : patternBreach(EventPattern);
    return breach === undefined ? [] : [`${placeOf(resource, 'EventPattern')}: ${breach}`];
  });

/** A rule may have its pattern as text, which CloudFormation hands on; an archive may not. */
export const patternsOfArchives = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Events::Archive')
    .filter(({ properties }) => properties.EventPattern !== undefined && !isObject(properties.EventPattern))
    .map((resource) => `${placeOf(resource, 'EventPattern')}: is no object`);

export const rulesWithoutCause = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Events::Rule')
    .filter(({ properties }) => properties.EventPattern === undefined && properties.ScheduleExpression === undefined)
    .map(({ id }) => `Resources.${id}: has neither EventPattern nor ScheduleExpression`);

const MOST_ENVIRONMENT_BYTES = 4096;

const variablesOf = ({ properties }: TemplateResource): JsonObject =>
  objectOf(objectOf(properties.Environment).Variables);

export const largeEnvironments = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Lambda::Function').flatMap((resource) => {
    const text = Object.entries(variablesOf(resource)).flat().map(String).join('');
    const bytes = Buffer.byteLength(text);
    return bytes > MOST_ENVIRONMENT_BYTES
      ? [
          `${placeOf(resource, 'Environment')}: ${numberText(bytes)} bytes, of which ${numberText(MOST_ENVIRONMENT_BYTES)} are allowed`,
        ]
      : [];
  });

/** Names that Lambda keeps for itself, or that are no names. */
const RESERVED =
  /^(?:_HANDLER|_X_AMZN_TRACE_ID|AWS_(?:DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_LAMBDA_\w*|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;

export const badVariables = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Lambda::Function').flatMap((resource) =>
    Object.keys(variablesOf(resource))
      .filter((name) => !/^[A-Za-z]\w+$/.test(name) || RESERVED.test(name))
      .map((name) => `${placeOf(resource, 'Environment')}: ${name} is no name that a variable may have`),
  );

export const largeBatches = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Lambda::EventSourceMapping')
    .filter(
      ({ properties: { BatchSize = 10, MaximumBatchingWindowInSeconds = 0 } }) =>
        Number(BatchSize) > 10 && Number(MaximumBatchingWindowInSeconds) < 1,
    )
    .map((resource) => `${placeOf(resource, 'BatchSize')}: more than 10 need a batching window of a second or more`);

/** The resource that a property refers to, by the text that stands for the reference. */
const referredTo = ({ resources }: Template, reference: unknown): TemplateResource | undefined =>
  resources.find(({ id }) => reference === id || reference === `${id}.Arn`);

/** A record would come to a second function while the first still has it. */
export const shortVisibility = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Lambda::EventSourceMapping').flatMap(({ id, properties }) => {
    const queue = referredTo(template, properties.EventSourceArn);
    const lambda = referredTo(template, properties.FunctionName);
    if (queue?.type !== 'AWS::SQS::Queue' || lambda === undefined) return [];
    const visibility = Number(queue.properties.VisibilityTimeout ?? 30);
    const timeout = Number(lambda.properties.Timeout ?? 3);
    return visibility < timeout
      ? [`Resources.${id}: ${queue.id} hides a record for ${visibility} s, and ${lambda.id} may take ${timeout} s`]
      : [];
  });

const HOUR = 3600;
const DAY = 24 * HOUR;

const alarmBreach = ({ Period, EvaluationPeriods, DatapointsToAlarm }: JsonObject): string | undefined => {
  const period = Number(Period);
  const periods = Number(EvaluationPeriods);
  if (Period !== undefined && ![10, 20, 30].includes(period) && period % 60 !== 0) {
    return `a period of ${period} s; allowed are 10, 20, 30 and multiples of 60`;
  }
  const most = period < HOUR ? DAY : 7 * DAY;
  if (period * periods > most) return `looks back ${period * periods} s, where ${most} are allowed`;
  return Number(DatapointsToAlarm ?? periods) > periods ? 'needs more datapoints than it looks at' : undefined;
};

export const badAlarms = (template: Template): readonly string[] =>
  ofType(template, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
    const breach = alarmBreach(properties);
    return breach === undefined ? [] : [`Resources.${id}: ${breach}`];
  });

const MOST_WIDGETS = 500;
const MOST_METRICS = 2500;
const MOST_METRICS_IN_WIDGET = 500;
const MOST_ALARMS_IN_WIDGET = 100;
const GRID = { width: 24, height: 1000 };

const propertyList = (widget: JsonObject, name: string): readonly unknown[] =>
  listOf(objectOf(widget.properties)[name]);

const metricsOf = (widget: JsonObject): number => propertyList(widget, 'metrics').length;

const fits = (value: unknown, most: number): boolean =>
  value === undefined || (Number(value) >= 1 && Number(value) <= most);

function widgetBreaches(widget: JsonObject): readonly string[] {
  const { type, width, height } = widget;
  const alarms = propertyList(widget, 'alarms').length;
  return [
    ...(type === 'alarm' && (alarms < 1 || alarms > MOST_ALARMS_IN_WIDGET)
      ? [`${alarms} alarms, where 1 to ${MOST_ALARMS_IN_WIDGET} are allowed`]
      : []),
    ...(metricsOf(widget) > MOST_METRICS_IN_WIDGET
      ? [`${metricsOf(widget)} metrics, of which ${MOST_METRICS_IN_WIDGET} are allowed`]
      : []),
    ...(type === 'metric' && metricsOf(widget) === 0 ? ['a graph without a metric'] : []),
    ...(fits(width, GRID.width) && fits(height, GRID.height) ? [] : [`is ${width} × ${height}`]),
  ];
}

function bodyOf(text: unknown): JsonObject | undefined {
  try {
    const body: unknown = JSON.parse(String(text));
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function dashboardBreaches(text: unknown): readonly string[] {
  const body = bodyOf(text);
  if (body === undefined) return ['is no JSON object'];
  const widgets = listOf(body.widgets).map(objectOf);
  const metrics = widgets.reduce((sum, widget) => sum + metricsOf(widget), 0);
  return [
    ...(widgets.length > MOST_WIDGETS ? [`${widgets.length} widgets, of which ${MOST_WIDGETS} are allowed`] : []),
    ...(metrics > MOST_METRICS
      ? [`${numberText(metrics)} metrics, of which ${numberText(MOST_METRICS)} are allowed`]
      : []),
    ...widgets.flatMap((widget, index) => widgetBreaches(widget).map((breach) => `widgets[${index}]: ${breach}`)),
  ];
}

export const badDashboards = (template: Template): readonly string[] =>
  ofType(template, 'AWS::CloudWatch::Dashboard').flatMap((resource) =>
    dashboardBreaches(resource.properties.DashboardBody).map(
      (breach) => `${placeOf(resource, 'DashboardBody')}: ${breach}`,
    ),
  );
