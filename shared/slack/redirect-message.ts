import { context, message } from './blocks.ts';
import { codeSpan, inertText } from './escape-text.ts';
import type { SlackMessage } from './slack-message.ts';

const NAME_LENGTH = 80;
const WHY_LENGTH = 160;
const BLOCKS = 50;

/** All mentions in a message are its channel's own: what came with an event is escaped. */
const withoutMentions = (text: string): string => text.replaceAll(/ ?<[!@](?!date\^)[^>]*>/g, '');

const quiet = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (key, inner) =>
    key === 'text' && typeof inner === 'string' ? withoutMentions(inner) : inner,
  );

/**
 * The message for the channel that stands in for one that Slack does not let us post to, with a line that says so. It
 * mentions nobody: mentions are a setting of the channel that it was meant for.
 */
export function redirectMessage(original: SlackMessage, fromChannel: string, why: string): SlackMessage {
  const { text, blocks = [], attachments } = quiet(original);
  const line = context(`↪️ Meant for channel ${codeSpan(fromChannel, NAME_LENGTH)}: ${inertText(why, WHY_LENGTH)}`);
  const spoken = `${text} ↪️ Meant for channel ${inertText(fromChannel, NAME_LENGTH)}: ${inertText(why, WHY_LENGTH)}`;
  // A message without blocks shows its text, and one that has all it may have keeps what it says.
  const hasRoom = blocks.length > 0 && blocks.length < BLOCKS;
  return message({
    text: spoken,
    ...(hasRoom ? { blocks: [...blocks.slice(0, 1), line, ...blocks.slice(1)] } : original.blocks && { blocks }),
    ...(attachments && { attachments }),
  });
}
