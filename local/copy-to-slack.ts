import type { SlackMessage } from '../shared/slack/slack-message.ts';

/** Sends a copy of each message to a real webhook, one after another. The URL is a secret and never named. */
export function createCopyToSlack(webhookUrl: string, onNote: (note: string) => void, fetch = globalThis.fetch) {
  let last: Promise<void> = Promise.resolve();

  async function post(message: SlackMessage): Promise<void> {
    try {
      const response = await fetch(webhookUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(10_000),
      });
      if (!response.ok) onNote(`the real Slack answered ${response.status} ${(await response.text()).slice(0, 100)}`);
    } catch (error) {
      // Its message may quote the URL.
      onNote(`the real Slack did not answer (${error instanceof Error ? error.name : 'unknown error'})`);
    }
  }

  return (message: SlackMessage): void => {
    last = last.then(() => post(message));
  };
}
