import type { KnownBlock } from '@slack/types';
import type { ChannelSettings } from '../display-settings.ts';
import type { Notification } from '../notification.ts';
import { context, message, section } from './blocks.ts';
import { codeSpan, inertText } from './escape-text.ts';
import { linkText } from './link-text.ts';
import { listWithin } from './list-within.ts';
import { lookOfCall } from './look-of-call.ts';
import { mentionFor, mentionText } from './mention-text.ts';
import { mrkdwnPhrase, spokenPhrase } from './phrase-text.ts';
import { loudWords, principalText, spokenPrincipal } from './principal-text.ts';
import type { SlackMessage } from './slack-message.ts';
import { durationText, localText } from './time-text.ts';

/**
 * Room for each part, in escaped characters. Slack refuses a section over 3,000, and a message whose blocks have more
 * than about 12,000 together; all of these and the labels around them stay below that.
 */
const ROOM = { name: 120, sentence: 900, line: 280, details: 2400, error: 1000, facts: 1200, remarks: 1500 } as const;

const joinWords = (...words: readonly string[]): string => words.filter((word) => word !== '').join(' ');
const joinLines = (lines: readonly (string | undefined)[]): string => lines.filter((line) => line).join('\n');

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
    mrkdwnPhrase(sentence, ROOM.sentence),
    mentionText(mentionFor(call, channel)),
  );
}

/** The same for a push notification and a screen reader. */
function spoken(notification: Notification, channel: ChannelSettings): string {
  const { principal, call, correction, sentence, account, region } = notification;
  const { emoji, words } = lookOfCall(call);
  const place = [account?.name ?? account?.id, region].filter((part) => part !== undefined);
  return joinWords(
    correction === undefined ? '' : '✏️ Correction:',
    emoji,
    `${joinWords(words, loudWords(principal))}:`,
    spokenPrincipal(principal, ROOM.name),
    spokenPhrase(sentence, ROOM.sentence),
    place.length === 0 ? '' : `(${inertText(place.join(', '), ROOM.name)})`,
    mentionText(mentionFor(call, channel)),
  );
}

function whenLine({ calledAtMs, lateByMs }: Notification): string {
  const when = calledAtMs === undefined ? 'CloudTrail does not say' : localText(calledAtMs);
  return `*When*  ${when}${lateByMs === undefined ? '' : ` · ⏰ *reached us ${durationText(lateByMs)} late*`}`;
}

function whereLine({ account, region }: Notification): string {
  const id = account === undefined ? 'account unknown' : codeSpan(account.id, ROOM.name);
  const named = account?.name === undefined ? id : `${inertText(account.name, ROOM.name)} (${id})`;
  return `*Where*  ${named}${region === undefined ? '' : ` · ${codeSpan(region, ROOM.name)}`}`;
}

function whoLine({ principal }: Notification): string {
  const via = principal.via === undefined ? '' : ` · ${principal.via.kind} ${codeSpan(principal.via.name, ROOM.name)}`;
  return `*Who*  ${principalText(principal, ROOM.name)}${via}`;
}

function howLine({ origin, sourceAddress }: Notification): string {
  const from = sourceAddress === undefined ? '' : ` from ${codeSpan(sourceAddress, ROOM.name)}`;
  return `*How*  ${mrkdwnPhrase(origin.label, ROOM.line)}${from}`;
}

function correctionLine({ correction }: Notification): string | undefined {
  if (correction === undefined) return undefined;
  const { originalEventId, updatedFields, reason } = correction;
  const which = originalEventId === undefined ? 'an earlier event' : `event ${codeSpan(originalEventId, ROOM.name)}`;
  const fields =
    updatedFields.length === 0
      ? ''
      : `: ${listWithin(updatedFields, (field) => codeSpan(field, ROOM.name), ', ', ROOM.line)}`;
  return `*Corrects*  ${which} (${inertText(reason, ROOM.name)})${fields}`;
}

const detailLines = ({ details }: Notification): string =>
  listWithin(
    details,
    ({ label, value }) => `• ${inertText(label, ROOM.name)}: ${mrkdwnPhrase(value, ROOM.line)}`,
    '\n',
    ROOM.details,
  );

function errorLine({ error }: Notification): string | undefined {
  if (error === undefined) return undefined;
  const { code, message: said } = error;
  return `*Error*  ${codeSpan(code, ROOM.name)}${said === undefined ? '' : `: ${codeSpan(said, ROOM.error)}`}`;
}

const principalFacts = ({ principal }: Notification): string =>
  listWithin(
    principal.facts,
    ({ label, value }) => `${inertText(label, ROOM.name)}: ${mrkdwnPhrase(value, ROOM.line)}`,
    ' · ',
    ROOM.facts,
  );

const remarkLines = ({ remarks }: Notification): string =>
  listWithin(remarks, (remark) => `ℹ️ ${mrkdwnPhrase(remark, ROOM.line)}`, '\n', ROOM.remarks);

function footer({ links, call, route, eventId }: Notification): string {
  const event = linkText(links.event, 'CloudTrail event') ?? `event ${codeSpan(eventId, ROOM.name)}`;
  const operation = codeSpan(call.operation, ROOM.name);
  const rule = `rule ${codeSpan(route.rule, ROOM.name)}`;
  return [linkText(links.resource, 'Open in MediaConnect'), event, operation, rule].filter((part) => part).join(' · ');
}

/** The message about one call. */
export function renderNotification(notification: Notification, channel: ChannelSettings): SlackMessage {
  const facts = joinLines([
    correctionLine(notification),
    whenLine(notification),
    whereLine(notification),
    whoLine(notification),
    howLine(notification),
    errorLine(notification),
  ]);
  const details = detailLines(notification);
  const small = joinLines([remarkLines(notification), principalFacts(notification)]);
  const blocks: KnownBlock[] = [section(facts)];
  if (details !== '') blocks.push(section(details));
  if (small !== '') blocks.push(context(small));
  blocks.push(context(footer(notification)));

  const text = spoken(notification, channel);
  return message({
    text,
    blocks: [section(headline(notification, channel))],
    attachments: [{ color: lookOfCall(notification.call).color, blocks }],
  });
}
