import type { SlackMessage } from '../shared/slack/slack-message.ts';
import { LocalStartError } from './local-start-error.ts';

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
const LONGEST_ANSWER_BYTES = 1024;
/** Slack's refusals are one word in lower case, e.g. `no_service`. */
const SLACKS_WORD = /^[a-z][a-z_]{1,60}$/;

/**
 * Takes the webhook that gets a copy of each message.
 *
 * @throws LocalStartError when it is no URL that messages may be sent to. The text may be a secret and is not repeated.
 */
export function readWebhookUrl(text: string): string {
  const url = URL.parse(text.trim());
  const isTrial = url?.protocol === 'http:' && LOOPBACK_NAMES.has(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !isTrial)) {
    throw new LocalStartError('the Slack webhook is not a https URL (http is taken for 127.0.0.1 only)');
  }
  return url.href;
}

async function startOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= LONGEST_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_ANSWER_BYTES).toString().trim();
}

/** What a person should know of an answer; `undefined` if Slack took the message. Never a text that could quote the URL. */
async function remarkOn(response: Response): Promise<string | undefined> {
  const { status } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return `the copy for the real Slack was answered with ${status}, a redirect, which is not followed: is the URL right?`;
  }
  const said = await startOf(response);
  if (status === 200 && said === 'ok') return undefined;
  if (status !== 200 && SLACKS_WORD.test(said)) return `the real Slack answered ${status} ${said}`;
  return `the copy for the real Slack was answered with ${status}, and not as Slack does: nothing says that it arrived`;
}

/**
 * Sends a copy of each message to a real webhook, one after another. The URL is a secret and never named; where it
 * leads to by a redirect is not asked, and what is there instead of Slack is not believed.
 */
export function createCopyToSlack(webhookUrl: string, onNote: (note: string) => void, fetch = globalThis.fetch) {
  const url = readWebhookUrl(webhookUrl);
  let last: Promise<void> = Promise.resolve();

  async function post(message: SlackMessage): Promise<void> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      });
      const remark = await remarkOn(response);
      if (remark !== undefined) onNote(remark);
    } catch (error) {
      // Its message may quote the URL.
      onNote(`the real Slack did not answer (${error instanceof Error ? error.name : 'unknown error'})`);
    }
  }

  return (message: SlackMessage): void => {
    last = last.then(() => post(message));
  };
}
