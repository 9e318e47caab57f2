import { Command } from 'commander';
import { compileRules, postedChannels } from '../../infra/rules/compile-rule.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { type AwsFlags, type AwsSettings, awsSettings, withAwsOptions } from '../aws/clients.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import type { CliIo } from '../io.ts';

interface SlackFlags extends ContextOptions, AwsFlags {
  readonly json?: boolean;
}

/**
 * A Slack app that can post by incoming webhooks and nothing else. The scope makes Slack ask for a channel when the app
 * is installed.
 *
 * @see https://docs.slack.dev/reference/app-manifest
 */
const MANIFEST = {
  display_information: {
    name: 'MediaConnect notifier',
    description: 'Says who did what to which MediaConnect flow, and whether it worked',
    background_color: '#1d1c1d',
  },
  features: { bot_user: { display_name: 'MediaConnect notifier', always_online: true } },
  oauth_config: { scopes: { bot: ['incoming-webhook'] } },
  settings: {
    incoming_webhooks: { incoming_webhooks_enabled: true },
    org_deploy_enabled: false,
    socket_mode_enabled: false,
    token_rotation_enabled: false,
  },
} as const;

/** The link that makes the app in whatever workspace whoever opens it is signed in to. */
export const manifestLink = (): string =>
  `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(MANIFEST))}`;

const EXAMPLES = `
Examples:
  notifier slack --region eu-west-1
  notifier slack --json | jq -r .link

Asks neither AWS nor Slack. No webhook URL is ever typed on a command line, where the history of the shell would keep it.

Exit codes: 0 said; 2 a mistake in the context.`;

const fileOf = (channels: readonly string[]): string =>
  `{ ${channels.map((channel) => `"${channel}": "https://hooks.slack.com/services/…"`).join(', ')} }`;

/** The output of the secret begins with the construct's id; a stack with one notifier has one of them. */
const outputIs = (notifierId: string | undefined): string =>
  notifierId === undefined ? "ends_with(OutputKey, 'SlackSecretArn')" : `OutputKey=='${notifierId}SlackSecretArn'`;

function putCommand({ region, stackName, notifierId }: AwsSettings, secretName: string | undefined): string {
  const secret =
    secretName ??
    `"$(aws cloudformation describe-stacks --region ${region} --stack-name ${stackName} --query "Stacks[0].Outputs[?${outputIs(notifierId)}].OutputValue" --output text)"`;
  return `aws secretsmanager put-secret-value --region ${region} --secret-id ${secret} --secret-string file://webhooks.json`;
}

/** For the notifier that is meant here. */
const doctorCommand = ({ stack, notifier }: AwsFlags, region: string): string =>
  [
    `npx notifier doctor --post --region ${region}`,
    ...(stack === undefined ? [] : [`--stack ${stack}`]),
    ...(notifier === undefined ? [] : [`--notifier ${notifier}`]),
  ].join(' ');

function* linesOf(channels: readonly string[], put: string, doctor: string): Generator<string> {
  const [, ...others] = channels;
  yield '1. Open this link, choose the workspace, and press Next and Create:';
  yield '';
  yield `   ${manifestLink()}`;
  yield '';
  yield '2. Press Install to Workspace, and choose the Slack channel of "default".';
  if (others.length > 0) {
    yield `   For each of ${others.join(', ')}: Incoming Webhooks, Add New Webhook, and its channel.`;
  }
  yield '';
  yield '3. Copy what stands under Incoming Webhooks into the file webhooks.json, which no repository should keep:';
  yield '';
  yield `   ${fileOf(channels)}`;
  yield '';
  yield '4. Put it into the secret of the deployed stack, and look whether Slack takes it:';
  yield '';
  yield `   ${put}`;
  yield '   rm webhooks.json';
  yield `   ${doctor}`;
}

/** `notifier slack` */
export function createSlackCommand(io: CliIo): Command {
  const command = new Command('slack')
    .description('Says how the Slack app is made, and how its webhooks get to the notifier.')
    .option('--json', 'one JSON object: link, manifest, channels, commands')
    .addHelpText('after', EXAMPLES);

  return withContextOptions(withAwsOptions(command)).action((flags: SlackFlags) => {
    const context = readContext(contextValues(flags, io.cwd));
    const settings = awsSettings(flags, context.regions);
    const channels = postedChannels(context, compileRules(context));
    const put = putCommand(settings, context.slackSecretName);
    const doctor = doctorCommand(flags, settings.region);
    if (flags.json) {
      io.writeLine(JSON.stringify({ link: manifestLink(), manifest: MANIFEST, channels, commands: [put, doctor] }));
    } else for (const line of linesOf(channels, put, doctor)) io.writeLine(line);
  });
}
