import process from 'node:process';
import { Annotations, type App, Stack, Token } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { SettingProps } from './settings/context-schema.ts';
import { readContext } from './settings/read-context.ts';
import { type ReadProps, readProps } from './settings/read-props.ts';
import { ContextError, UserError } from './settings/user-error.ts';
import { packagedBundle } from './stack/bundle.ts';
import type { FunctionName } from './stack/function-settings.ts';
import { Notifier } from './stack/notifier.ts';

export type { NotifierChannel, NotifierLevel } from './settings/context-schema.ts';
export type { NotifierRule } from './settings/rule-schema.ts';

/**
 * The settings of a notifier. All of them are optional: without any, changes and denied calls are reported at once to the
 * channel `default`, other reads in a digest.
 */
export interface MediaConnectNotifierProps extends SettingProps {
  /**
   * What the names of its EventBridge rules begin with, and the dimension `service` of its metrics. A second notifier in one account and region needs
   * another name; up to 20 letters and digits.
   * @default MediaConnectNotifier
   */
  readonly name?: string;
  /**
   * The same, as a construct; the functions may then use its KMS key, too, if CDK knows it.
   * @default `slackSecretName`
   */
  readonly slackSecret?: ISecret;
  /**
   * A topic that is there already. Its policy is left as it is and must let `cloudwatch.amazonaws.com` publish, and so
   * must its KMS key if it has one: the AWS managed key does not.
   * @default a new topic, to which only the alarms of this stack may publish
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
   */
  readonly alarmTopic?: ITopic;
  /**
   * Whether there is a CloudWatch dashboard, which costs 3 USD a month after the account's first three.
   * @default true
   */
  readonly dashboard?: boolean;
  /**
   * The dashboard's name; an account has one list of them for all regions.
   * @default the names of stack, construct and region with hyphens between them
   */
  readonly dashboardName?: string;
}

function builtBundle(name: FunctionName): string {
  const directory = packagedBundle(name);
  if (directory === undefined) throw new Error(`the function ${name} is not built; run npm run build`);
  return directory;
}

/** As the package's `engines` has it. What is older is tried by nobody, and would fail anywhere, in words of its own. */
const OLDEST_NODE = 22;

function requireNode({ node } = process.versions): void {
  if (Number.parseInt(node, 10) >= OLDEST_NODE) return;
  throw new UserError(`mediaconnect-notifier needs Node ${OLDEST_NODE} or newer, this is ${node}`);
}

function readSettings(scope: Construct, id: string, props: MediaConnectNotifierProps): ReadProps {
  requireNode();
  const { region } = Stack.of(scope);
  try {
    return readProps(props, Token.isUnresolved(region) ? undefined : region, Token.isUnresolved);
  } catch (error) {
    if (!(error instanceof ContextError)) throw error;
    const path = [scope.node.path, id].filter((part) => part !== '').join('/');
    throw new ContextError([`MediaConnectNotifier ${path}: these props cannot be used.`, ...error.lines]);
  }
}

/** The names of stack, construct and region, none of them twice. */
function defaultDashboardName(scope: Construct, id: string): string {
  const { stackName, region } = Stack.of(scope);
  return [stackName, id === 'Default' ? '' : id, stackName.endsWith(region) ? '' : region].filter(Boolean).join('-');
}

/** What an app needs to be set up by the context values in its `cdk.json`, as the commands of this package are. */
export interface NotifierSettings {
  /** `notifier:regions`: each wants a stack. */
  readonly regions: readonly string[];
  /** `notifier:createTrail`: whether each region wants a trail, too. */
  readonly createTrail: boolean;
  /** The rest, for the notifier in each of them. */
  readonly props: MediaConnectNotifierProps;
}

/**
 * Reports in Slack who did what to which AWS Elemental MediaConnect flow, from where, and whether it worked: in the
 * region of its stack. EventBridge gets the calls only if a CloudTrail trail logs management events there.
 *
 * @example
 * new MediaConnectNotifier(stack, 'Notifier', {
 *   channels: { security: { mention: { denied: 'here' } } },
 *   rules: {
 *     changes: { access: 'mutating' },
 *     denied: { outcome: ['denied'], channel: 'security' },
 *   },
 * });
 * @throws ContextError when props hold a mistake: all mistakes at once, a line for each, with what is allowed.
 */
export class MediaConnectNotifier extends Notifier {
  /**
   * The settings in an app's context values, which are named `notifier:…` as the README has them.
   *
   * @throws ContextError when one of them holds a mistake: all mistakes at once.
   */
  static settings(app: App): NotifierSettings {
    requireNode();
    const values: Readonly<Record<string, unknown>> = app.node.getAllContext();
    const { regions, createTrail, ...settings } = readContext(values);
    // What is not set is left to the construct's own defaults.
    const given = Object.entries(settings).filter(([key]) => values[`notifier:${key}`] !== undefined);
    return { regions, createTrail, props: Object.fromEntries(given) };
  }

  constructor(scope: Construct, id: string, props: MediaConnectNotifierProps = {}) {
    const { name, context, dashboard, dashboardName, warnings } = readSettings(scope, id, props);
    super(scope, id, {
      context,
      notifier: name,
      bundle: builtBundle,
      slackSecret: props.slackSecret,
      alarmTopic: props.alarmTopic,
      dashboardName: dashboard ? (dashboardName ?? defaultDashboardName(scope, id)) : undefined,
    });
    for (const [index, line] of warnings.entries()) {
      Annotations.of(this).addWarningV2(`mediaconnect-notifier:props-${index}`, line);
    }
    this.#refuseNamesake();
  }

  /** EventBridge has one list of rules in an account and region: a second one of a name could not be made. */
  #refuseNamesake(): void {
    const stack = Stack.of(this);
    const isOneOf = (other: Construct): other is Notifier =>
      other instanceof Notifier && other !== this && other.notifierName === this.notifierName;
    const others = this.node.root.node.findAll().filter(isOneOf);
    const other = others.find((each) => Stack.of(each).environment === stack.environment);
    if (other === undefined) return;
    const line = `name: ${JSON.stringify(this.notifierName)} is that of ${other.node.path}`;
    // Two stacks that are bound to no account may still be deployed to different ones.
    if (Stack.of(other) !== stack && stack.environment.includes('unknown-')) {
      const where = `${line}, too; where both are in the same account and region, one needs another name`;
      Annotations.of(this).addWarningV2('mediaconnect-notifier:name', where);
    } else {
      const where = `${line} in the same account and region; allowed: another name`;
      throw new ContextError([`MediaConnectNotifier ${this.node.path}: ${where}`]);
    }
  }
}
