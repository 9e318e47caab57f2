import { parseWebhookUrls, WebhookSecretError, type WebhookUrls, webhookUrlOf } from '../../shared/webhook-urls.ts';
import { awsFailure } from '../aws/aws-failure.ts';
import { type Check, failed, look, ok, warning } from './check.ts';
import type { Examined } from './examined.ts';

const CHECK = 'slack secret';

const putIt = ({ settings, stack }: Examined): string =>
  `put it: aws secretsmanager put-secret-value --secret-id ${stack.outputs.SlackSecretArn} --secret-string file://webhooks.json --region ${settings.region}`;

async function readSecret({ clients, stack }: Examined): Promise<string | undefined> {
  const { sdk, client } = await clients.secretsManager();
  try {
    const SecretId = stack.outputs.SlackSecretArn;
    return (await client.send(new sdk.GetSecretValueCommand({ SecretId }))).SecretString;
  } catch (error) {
    if (awsFailure(error).kind === 'not-found') return undefined;
    throw error;
  }
}

function checkChannels(examined: Examined, webhooks: WebhookUrls): readonly Check[] {
  if (webhooks.kind === 'one') return [ok(CHECK, 'one well-formed webhook URL serves every channel')];
  const asked = new Set(examined.rules.filter(({ state }) => state !== 'DISABLED').map(({ channel }) => channel));
  const without = [...asked].filter((channel) => webhookUrlOf(webhooks, channel) === undefined);
  if (without.length > 0) {
    return [failed(CHECK, `no well-formed webhook URL for ${without.join(', ')}`, putIt(examined))];
  }
  const unasked = [...webhooks.urls.keys()].filter((name) => !Object.hasOwn(examined.context.channels, name));
  if (unasked.length > 0) {
    return [
      warning(CHECK, `has webhook URLs for names that are no channels: ${unasked.join(', ')}`, 'is one misspelled?'),
    ];
  }
  return [ok(CHECK, `well-formed webhook URLs for ${[...asked].join(', ')}`)];
}

/** Whether the secret is filled for every channel. What is in it is never said. */
export async function checkSecret(examined: Examined): Promise<readonly Check[]> {
  return look(CHECK, async () => {
    const text = await readSecret(examined);
    if (text === undefined) return [failed(CHECK, 'has no value', putIt(examined))];
    try {
      return checkChannels(examined, parseWebhookUrls(text));
    } catch (error) {
      if (!(error instanceof WebhookSecretError)) throw error;
      return [failed(CHECK, error.message, putIt(examined))];
    }
  });
}
