import type { KnownBlock } from '@slack/types';
import type { ChannelSettings } from '../display-settings.ts';
import type { Notification, Phrase } from '../notification.ts';
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

/** "*Off air*", "*Failed,* `SolarFlareException`": what came with the event stays out of the bold. */
function boldEffect([first, ...rest]: Phrase): string {
  if (first === undefined) return '';
  const more = mrkdwnPhrase(rest, ROOM.name);
  return joinWords(`*${inertText(first.text.trim(), ROOM.name)}*`, more);
}

/** A correction tells nobody anything that calls for haste. */
const calledFor = ({ call, correction }: Notification, channel: ChannelSettings): string =>
  correction === undefined ? mentionText(mentionFor(call, channel)) : '';

/** The line that a desktop shows: the effect, what was done, who did it. */
function headline(notification: Notification, channel: ChannelSettings): string {
  const { principal, call, correction, effect, sentence, by } = notification;
  const { emoji } = lookOfCall(call);
  const loud = loudWords(principal);
  return joinWords(
    correction === undefined ? '' : '✏️ *Correction:*',
    emoji,
    boldEffect(effect),
    loud === '' ? '' : `🚨 *${loud}*`,
    '—',
    `${mrkdwnPhrase(sentence, ROOM.sentence, 'quiet numbers')}${by}${principalText(principal, ROOM.name)}${newerText(notification)}`,
    calledFor(notification, channel),
  );
}

/** The same words in the same order for a phone's push notification and a screen reader. */
function spoken(notification: Notification, channel: ChannelSettings): string {
  const { principal, call, correction, effect, sentence, by, account, region, lateByMs } = notification;
  const { emoji } = lookOfCall(call);
  const late = lateByMs === undefined ? undefined : `${durationText(lateByMs)} late`;
  const place = [account?.name ?? account?.id, region, late].filter((part) => part !== undefined);
  return joinWords(
    correction === undefined ? '' : '✏️ Correction:',
    emoji,
    `${joinWords(spokenPhrase(effect, ROOM.name), loudWords(principal))}:`,
    `${spokenPhrase(sentence, ROOM.sentence)}${by}${spokenPrincipal(principal, ROOM.name)}`,
    spokenNewer(notification),
    place.length === 0 ? '' : `(${inertText(place.join(', '), ROOM.name)})`,
    calledFor(notification, channel),
  );
}

/** The message about one call. */
export function renderNotification(notification: Notification, channel: ChannelSettings): SlackMessage {
  const details = detailLines(notification);
  const small = smallPrint(notification);
  const blocks: KnownBlock[] = [section(factLines(notification))];
  if (details !== '') blocks.push(section(details));
  blocks.push(context(footer(notification)));
  if (small !== '') blocks.push(context(small));

  return message({
    text: spoken(notification, channel),
    blocks: [section(headline(notification, channel))],
    attachments: [{ color: lookOfCall(notification.call).color, blocks }],
  });
}
