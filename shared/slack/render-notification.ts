import type { KnownBlock } from '@slack/types';
import type { ChannelSettings } from '../display-settings.ts';
import type { Notification } from '../notification.ts';
import { context, message, section } from './blocks.ts';
import { detailLines, factLines, footer, smallPrint } from './card-facts.ts';
import { CARD_ROOM as ROOM } from './card-room.ts';
import { inertText } from './escape-text.ts';
import { lookOfCall } from './look-of-call.ts';
import { mentionFor, mentionText } from './mention-text.ts';
import { newerText, spokenNewer } from './newer-call.ts';
import { mrkdwnPhrase, spokenPhrase } from './phrase-text.ts';
import { loudWords, principalText, spokenPrincipal } from './principal-text.ts';
import type { SlackMessage } from './slack-message.ts';
import { durationText } from './time-text.ts';

function joinWords(...words: readonly string[]): string {
  let joined = '';
  for (const word of words) if (word !== '') joined += joined === '' ? word : ` ${word}`;
  return joined;
}

/** The line that a phone shows: sign and first words, the human, what was done. */
function headline(notification: Notification, channel: ChannelSettings): string {
  const { principal, call, correction, sentence } = notification;
  const { emoji, words } = lookOfCall(call);
  const loud = loudWords(principal);
  return joinWords(
    correction === undefined ? '' : '✏️ *Correction:*',
    `${emoji} *${words}*`,
    loud === '' ? '' : `🚨 *${loud}*`,
    '—',
    principalText(principal, ROOM.name),
    `${mrkdwnPhrase(sentence, ROOM.sentence)}${newerText(notification)}`,
    mentionText(mentionFor(call, channel)),
  );
}

/** The same for a push notification and a screen reader. */
function spoken(notification: Notification, channel: ChannelSettings): string {
  const { principal, call, correction, sentence, account, region, lateByMs } = notification;
  const { emoji, words } = lookOfCall(call);
  const late = lateByMs === undefined ? undefined : `${durationText(lateByMs)} late`;
  const place = [account?.name ?? account?.id, region, late].filter((part) => part !== undefined);
  return joinWords(
    correction === undefined ? '' : '✏️ Correction:',
    emoji,
    `${joinWords(words, loudWords(principal))}:`,
    spokenPrincipal(principal, ROOM.name),
    spokenPhrase(sentence, ROOM.sentence),
    spokenNewer(notification),
    place.length === 0 ? '' : `(${inertText(place.join(', '), ROOM.name)})`,
    mentionText(mentionFor(call, channel)),
  );
}

/** The message about one call. */
export function renderNotification(notification: Notification, channel: ChannelSettings): SlackMessage {
  const details = detailLines(notification);
  const small = smallPrint(notification);
  const blocks: KnownBlock[] = [section(factLines(notification))];
  if (details !== '') blocks.push(section(details));
  if (small !== '') blocks.push(context(small));
  blocks.push(context(footer(notification)));

  return message({
    text: spoken(notification, channel),
    blocks: [section(headline(notification, channel))],
    attachments: [{ color: lookOfCall(notification.call).color, blocks }],
  });
}
