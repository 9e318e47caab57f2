import type { Classification } from '../classify-call.ts';
import type { ChannelSettings, Mention, MentionKey } from '../display-settings.ts';
import type { Impact } from '../operations.ts';

const GROUP_ID = /^@S[A-Z0-9]+$/;
const USER_ID = /^@[UW][A-Z0-9]+$/;

/** What is called for where a channel says so; what is new to us may take off air too. */
const KEYS: Partial<Readonly<Record<Impact, readonly MentionKey[]>>> = {
  'off-air': ['off-air', 'on-air'],
  unknown: ['off-air', 'on-air'],
  'signal-changed': ['signal-changed'],
  'put-on-air': ['put-on-air'],
};

/** Whom the channel wants called for such a call: what touched the signal, as far as it asks for that, and refusals. */
export function mentionFor(
  { impact, outcome, isDoubtful }: Classification,
  { mention = {} }: ChannelSettings,
): Mention | undefined {
  if (outcome === 'denied') return mention.denied;
  if (outcome !== 'succeeded' || isDoubtful) return undefined;
  return KEYS[impact]?.map((key) => mention[key]).find((called) => called !== undefined);
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
