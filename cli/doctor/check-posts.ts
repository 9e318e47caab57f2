import { postedChannels } from '../../infra/rules/compile-rule.ts';
import {
  classifySlackAnswer,
  type HttpAnswer,
  noAnswer,
  parseWebhookUrls,
  type SlackAnswer,
  WebhookSecretError,
  type WebhookUrls,
  webhookUrlOf,
} from '../../shared/slack/webhook.ts';
import { type Check, failed, look, ok, type Subject, warning } from './check.ts';
import { putIt, readSecret } from './check-parts.ts';

/** Slack answers within a second or two; whoever waits for doctor should not wait much longer. */
const PATIENCE_MS = 10_000;

/** More than Slack ever says; what answers in its place may never come to an end. */
const MOST_BYTES = 1024;

async function readBeginning({ body }: Response): Promise<Required<Pick<HttpAnswer, 'body' | 'isWhole'>>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, MOST_BYTES).toString(), isWhole: bytes <= MOST_BYTES };
}

/** No call is behind it, and it says so: somebody on duty reads it, too. */
const testMessage = (channel: string): string =>
  JSON.stringify({
    text: `Test of the MediaConnect notifier, channel "${channel}": nothing happened. Somebody ran \`notifier doctor --post\`.`,
  });

/** Posts once, and repeats nothing of what a network error says: that may quote the webhook's address. */
async function post(url: string, body: string): Promise<SlackAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return classifySlackAnswer({
      status: response.status,
      ...(await readBeginning(response)),
      retryAfter: response.headers.get('retry-after'),
      hasSlackHeader: [...response.headers.keys()].some((name) => name.startsWith('x-slack-')),
    });
  } catch (error) {
    return noAnswer(error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'no connection');
  }
}

const checkOf = (subject: Subject, name: string, answer: SlackAnswer): Check => {
  if (answer.kind === 'accepted') return ok(name, 'Slack took a test message');
  const says = `Slack did not take a test message: ${answer.reason}`;
  return answer.kind === 'transient'
    ? warning(name, says, 'ask again in a minute')
    : failed(name, says, putIt(subject));
};

const nameOf = (channel: string): string => `post to ${channel}`;

async function postToEach(subject: Subject, webhooks: WebhookUrls): Promise<readonly Check[]> {
  const channels = postedChannels(subject.context, subject.rules);
  if (webhooks.kind === 'one') {
    return [checkOf(subject, nameOf(channels.join(', ')), await post(webhooks.url, testMessage(channels.join(', '))))];
  }
  const checks = channels.map(async (channel): Promise<Check> => {
    const url = webhookUrlOf(webhooks, channel);
    if (url === undefined) return failed(nameOf(channel), 'the secret has no webhook URL for it', putIt(subject));
    return checkOf(subject, nameOf(channel), await post(url, testMessage(channel)));
  });
  return Promise.all(checks);
}

/**
 * Posts a test message to each channel by the webhooks in the secret, and says what Slack answered: the one thing about
 * them that cannot be seen.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export async function checkPosts(subject: Subject): Promise<readonly Check[]> {
  return look('posts', async () => {
    const text = await readSecret(subject);
    if (text === undefined) return [failed('posts', 'the slack secret has no value', putIt(subject))];
    try {
      return await postToEach(subject, parseWebhookUrls(text));
    } catch (error) {
      if (!(error instanceof WebhookSecretError)) throw error;
      return [failed('posts', error.message, putIt(subject))];
    }
  });
}
