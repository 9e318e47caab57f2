import * as z from 'zod';
import { isObject } from '../../shared/call/json.ts';
import { DEFAULT_NOTIFIER } from '../../shared/eventbridge/rule.ts';
import { ContextSchema, type NotifierContext } from './context-schema.ts';
import { keyOf, shown } from './issue-line.ts';
import { contextWarnings, deployable, parseSettings } from './read-context.ts';
import { warningOfRegion } from './regions.ts';
import { rulesOfOtherRegions } from './rule-checks.ts';
import { flag, strict, textLike } from './schema-parts.ts';
import { ContextError } from './user-error.ts';

/** Where a stack is, and whether it has a trail, is said by whoever makes the stack. */
const { regions: _regions, createTrail: _createTrail, ...SHARED } = ContextSchema.shape;

/** EventBridge takes 64 characters for the name of a rule, and a rule of ours may have 43 and a hyphen. */
const NOTIFIER_NAME = /^[A-Za-z][A-Za-z0-9]{0,19}$/;

/** A construct, known by what it has: nothing here knows CDK, and another copy of CDK may have made it. */
const constructWith = (member: string, words: string) =>
  z
    .custom<object>((value) => isObject(value) && typeof value[member] === 'string', {
      error: `is not allowed; allowed: ${words}`,
    })
    .optional();

/** A region that is known only at deployment may be part of it, as CDK writes that into a text. */
const DASHBOARD_NAME = /^(?:[\w-]|\$\{Token\[[^\]]+\]\}){1,255}$/;

/** The construct's props: the settings of the context, its name, and what only CDK knows. */
const PropsSchema = strict(
  {
    ...SHARED,
    name: textLike('a name of up to 20 letters and digits, the first a letter', (text) =>
      NOTIFIER_NAME.test(text),
    ).default(DEFAULT_NOTIFIER),
    slackSecret: constructWith(
      'secretArn',
      'a secret of aws-cdk-lib/aws-secretsmanager; a name is given as slackSecretName',
    ),
    alarmTopic: constructWith('topicArn', 'a topic of aws-cdk-lib/aws-sns, such as Topic.fromTopicArn gives'),
    dashboard: flag.default(true),
    dashboardName: textLike('a name of letters, digits, _ and -', (text) => DASHBOARD_NAME.test(text)).optional(),
  },
  'props',
);

/** The keys of the construct's props. */
export const PROP_KEYS: readonly string[] = Object.keys(PropsSchema.shape);

const CONTEXT_KEY = new RegExp(`^notifier:|notifier:(?=(?:${Object.keys(ContextSchema.shape).join('|')})\\b)`, 'g');

/** A line about a context value as one about a prop. */
const ofProp = (line: string): string => line.replace(CONTEXT_KEY, '');

type Values = Readonly<Record<string, unknown>>;

/** One thing twice, in two ways that could contradict each other. */
const twoSecrets = ({ slackSecret, slackSecretName }: Values): readonly string[] =>
  slackSecret === undefined || slackSecretName === undefined
    ? []
    : ['slackSecret, slackSecretName: both are given; allowed: one of them'];

/** These take what CDK knows only at deployment. */
const MAY_BE_UNRESOLVED: readonly string[] = ['slackSecret', 'alarmTopic', 'dashboardName'];

type IsUnresolved = (value: unknown) => boolean;

/** Where something stands that is known only at deployment. */
function unresolvedIn(value: unknown, isUnresolved: IsUnresolved, path: readonly PropertyKey[]): readonly string[] {
  if (isUnresolved(value)) return [keyOf(path)];
  if (Array.isArray(value)) return value.flatMap((item, index) => unresolvedIn(item, isUnresolved, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    isUnresolved(key) ? [keyOf([...path, key])] : unresolvedIn(item, isUnresolved, [...path, key]),
  );
}

const SAME_AS_CONSTRUCT = '; a secret of an app is given as slackSecret';

/**
 * A pattern could not be completed with such a value, so that it would silently match nothing; a number or the form of a
 * name could not be looked at.
 */
const unresolvedLine = (key: string): string =>
  `${key}: is known only at deployment (a token of CDK); allowed: what is known at synthesis${key === keyOf(['slackSecretName']) ? SAME_AS_CONSTRUCT : ''}`;

/** The settings of a construct, and what is deployed all the same and most likely not meant. */
export interface ReadProps {
  readonly name: string;
  readonly context: NotifierContext;
  readonly dashboard: boolean;
  readonly dashboardName: string | undefined;
  readonly warnings: readonly string[];
}

/** What is said of a value that nobody can look at is said of it once. */
const withoutThoseOf = (keys: readonly string[], lines: readonly string[]): readonly string[] => {
  const said = new Set(keys.map(unresolvedLine));
  return lines.filter((line) => said.has(line) || !keys.some((key) => line.startsWith(`${key}: `)));
};

/**
 * Reads the construct's props by the schema of the context values.
 *
 * @param region of its stack; `undefined` if that is known only when it is deployed
 * @param isUnresolved whether CDK knows a value only at deployment
 * @throws ContextError with a line for each mistake, all at once; each begins with the prop.
 */
export function readProps(props: unknown, region: string | undefined, isUnresolved: IsUnresolved): ReadProps {
  if (!isObject(props)) throw new ContextError([`props: ${shown(props)} is not allowed; allowed: an object`]);
  const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
  const unresolved = Object.entries(given).flatMap(([key, value]) =>
    MAY_BE_UNRESOLVED.includes(key) ? [] : unresolvedIn(value, isUnresolved, [key]),
  );
  try {
    const {
      name,
      dashboard,
      dashboardName,
      slackSecret: _secret,
      alarmTopic: _topic,
      ...settings
    } = parseSettings(PropsSchema, given, [...twoSecrets(given), ...unresolved.map(unresolvedLine)]);
    const regions = region === undefined ? [] : [region];
    const context = deployable({ ...settings, regions, createTrail: false });
    const lines = [
      ...contextWarnings(context),
      // The same rules may stand in several regions, so this is no mistake.
      ...(region === undefined ? [] : rulesOfOtherRegions(context)),
    ].map(ofProp);
    const ofRegion = region === undefined ? undefined : warningOfRegion(region)?.replace('notifier:regions', 'region');
    const warnings = ofRegion === undefined ? lines : [ofRegion, ...lines];
    return { name, context, dashboard, dashboardName, warnings };
  } catch (error) {
    if (!(error instanceof ContextError)) throw error;
    throw new ContextError(withoutThoseOf(unresolved, error.lines).map(ofProp));
  }
}
