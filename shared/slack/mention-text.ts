import type { Classification } from '../classify-call.ts';
import type { ChannelSettings, Mention } from '../display-settings.ts';

const GROUP_ID = /^@S[A-Z0-9]+$/;
const USER_ID = /^@[UW][A-Z0-9]+$/;

/** Whom the channel wants called for such a call: only what went on or off air, and what was refused. */
export function mentionFor({ impact, outcome }: Classification, { mention }: ChannelSettings): Mention | undefined {
  if (outcome === 'denied') return mention?.denied;
  return outcome === 'succeeded' && impact === 'on-air' ? mention?.['on-air'] : undefined;
}

/**
 * Slack's syntax for a configured mention; nothing for an id that is none.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text#mentioning-groups
 */
export function mentionText(mention: Mention | undefined): string {
  if (mention === undefined) return '';
  if (mention === 'here' || mention === 'channel') return `<!${mention}>`;
  if (GROUP_ID.test(mention)) return `<!subteam^${mention.slice(1)}>`;
  return USER_ID.test(mention) ? `<${mention}>` : '';
}
