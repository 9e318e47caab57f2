import type { KnownBlock } from '@slack/types';
import type { Detail, Notification, Origin, Phrase, Principal } from '../notification/notification.ts';
import type { ChannelSettings } from '../notification/settings.ts';
import { codeSpan, inertText, quietText } from './escape-text.ts';
import { context, message, type SlackMessage, section } from './message.ts';
import { durationText, linkText, listWithin, localText, mrkdwnPhrase, spokenPhrase, utcMinute } from './mrkdwn.ts';
import {
  lookOfCall,
  loudWords,
  mentionFor,
  mentionText,
  newerText,
  principalText,
  spokenNewer,
  spokenPrincipal,
} from './style.ts';

/**
 * Room for each part, in escaped characters. Slack refuses a section over 3,000, and a message whose blocks have more
 * than about 12,000 together; all of these and the labels around them stay below that.
 */
export const CARD_ROOM = {
  name: 120,
  sentence: 900,
  line: 280,
  details: 2400,
  error: 1000,
  facts: 1200,
  remarks: 1500,
} as const;

/** Joins what there is. */
function join(separator: string, ...pieces: readonly (string | undefined)[]): string {
  let joined = '';
  for (const piece of pieces) if (piece) joined += joined === '' ? piece : separator + piece;
  return joined;
}

function whenLine({ calledAtMs, lateByMs }: Notification): string {
  const when =
    calledAtMs === undefined ? 'CloudTrail does not say' : `${localText(calledAtMs)} (${utcMinute(calledAtMs)})`;
  return `*When*  ${when}${lateByMs === undefined ? '' : ` · ⏰ *reached us ${durationText(lateByMs)} late*`}`;
}

function whereLine({ account, region }: Notification): string {
  const id = account === undefined ? 'account unknown' : quietText(account.id, CARD_ROOM.name);
  const named = account?.name === undefined ? id : `${inertText(account.name, CARD_ROOM.name)} (${id})`;
  return `*Where*  ${named}${region === undefined ? '' : `, ${quietText(region, CARD_ROOM.name)}`}`;
}

/** Only what the headline does not say: of which other account. */
function whoLine({ principal: { name, accountId }, principal, account }: Notification): string | undefined {
  const isForeign = accountId !== undefined && accountId !== account?.id && accountId !== name;
  if (!isForeign) return undefined;
  return `*Who*  ${principalText(principal, CARD_ROOM.name)} of account ${quietText(accountId, CARD_ROOM.name)}`;
}

/** A role or permission set that the headline leaves out. What CloudTrail has as a SAML provider is a hash. */
function viaText({ via, said }: Principal): string | undefined {
  if (via === undefined || via.kind === 'identity provider') return undefined;
  const isSaid = said.some(({ kind, text }) => kind === 'name' && text === via.name);
  return isSaid ? undefined : `${via.kind} ${quietText(via.name, CARD_ROOM.name)}`;
}

/** A service calls from an address that is its own name; any other address says something, also beside a service's agent. */
const isSaid = (address: string, { kind, label }: Origin): boolean =>
  (kind === 'service' && address.endsWith('.amazonaws.com')) || label.some(({ text }) => text.includes(address));

/** By what program, by which role, from where; an address that is the program's own name is said once. */
function howLine({ origin, sourceAddress, principal }: Notification): string {
  const program = mrkdwnPhrase(origin.label, CARD_ROOM.line, 'quiet numbers');
  const from =
    sourceAddress === undefined || isSaid(sourceAddress, origin) ? undefined : quietText(sourceAddress, CARD_ROOM.name);
  return `*How*  ${join(', ', program, viaText(principal), from)}`;
}

const EVENT_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** An event by its id, which can be searched for; what is no id is no text of a link either. */
const eventText = (id: string, url: string | undefined): string =>
  (EVENT_ID.test(id) ? linkText(url, id) : undefined) ?? quietText(id, CARD_ROOM.name);

/** Fields of a record as an operator knows them; what the card says of these is what was corrected. */
const FIELD_WORDS: readonly (readonly [field: RegExp, words: string])[] = [
  [/^userIdentity/, 'who'],
  [/^eventName/, 'what'],
  [/^requestParameters|^resources/, 'on what'],
  [/^responseElements/, 'the answer'],
  [/^error/, 'whether it worked'],
  [/^sourceIPAddress/, 'from where'],
  [/^userAgent/, 'how'],
  [/^eventTime/, 'when'],
];

const fieldText = (field: string): string =>
  FIELD_WORDS.find(([pattern]) => pattern.test(field))?.[1] ?? codeSpan(field, CARD_ROOM.name);

/** The record holds what is true now and not what the earlier one said; that one is a link away. */
function correctionLine({ correction, links }: Notification): string | undefined {
  if (correction === undefined) return undefined;
  const { originalEventId, updatedFields, reason } = correction;
  const which =
    originalEventId === undefined ? 'an earlier event' : `event ${eventText(originalEventId, links.original)}`;
  const words = [...new Set(updatedFields.map(fieldText))];
  const fields = words.length === 0 ? '' : `${listWithin(words, (text) => text, ', ', CARD_ROOM.line)} in `;
  return `*Corrects*  ${fields}${which} (${inertText(reason, CARD_ROOM.name)}); this card says what is right`;
}

const isAskedFor = ({ label }: Detail): boolean => label === 'Asked for';

/** What a call that did not work would have set, where that is one line. */
function askedForLine({ details }: Notification): string | undefined {
  const asked = details.find(isAskedFor);
  return asked && `*Asked for*  ${mrkdwnPhrase(asked.value, CARD_ROOM.line, 'quiet numbers')}`;
}

/** What the call's own parameters say, by allow-list. */
export const detailLines = ({ details }: Notification): string =>
  listWithin(
    details.filter((detail) => !isAskedFor(detail)),
    ({ label, value }) =>
      `• ${inertText(label, CARD_ROOM.name)}: ${mrkdwnPhrase(value, CARD_ROOM.line, 'quiet numbers')}`,
    '\n',
    CARD_ROOM.details,
  );

/** IAM's sentence repeats who, what and on what before it says why. */
const WHY = / (?:because (no .{1,300})|(with an explicit deny .{1,300}))$/;

/** Why it did not work. */
function errorLine({ error }: Notification): string | undefined {
  if (error === undefined) return undefined;
  const { code, message } = error;
  const why = message === undefined ? undefined : WHY.exec(message);
  const said = why?.[1] ?? why?.[2] ?? message;
  return `*Why*  ${codeSpan(code, CARD_ROOM.name)}${said === undefined ? '' : `: ${codeSpan(said, CARD_ROOM.error)}`}`;
}

const principalFacts = ({ principal }: Notification): string =>
  listWithin(
    principal.facts,
    ({ label, value }) =>
      `${label === '' ? '' : `${inertText(label, CARD_ROOM.name)}: `}${mrkdwnPhrase(value, CARD_ROOM.line, 'quiet numbers')}`,
    ' · ',
    CARD_ROOM.facts,
  );

const remarkLines = ({ remarks }: Notification): string =>
  listWithin(remarks, (remark) => `ℹ️ ${mrkdwnPhrase(remark, CARD_ROOM.line)}`, '\n', CARD_ROOM.remarks);

/** What a link opens: the flow itself, else MediaConnect's home. */
const openWords = (url: string | undefined): string => (url?.includes('#/flows/') ? 'Open flow' : 'Open MediaConnect');

/** Where to look further, and by which rule the call was sent here. */
export function footer({ links, call, route, eventId }: Notification): string {
  const operation = quietText(call.operation, CARD_ROOM.name);
  const rule = `by rule ${codeSpan(route.rule, CARD_ROOM.name)}`;
  const first = join(' · ', linkText(links.resource, openWords(links.resource)), operation, rule);
  return `${first}\nEvent ${eventText(eventId, links.event)}`;
}

/** Where, when, who, how, what was asked for, and why it did not work. */
export const factLines = (notification: Notification): string =>
  join(
    '\n',
    correctionLine(notification),
    whereLine(notification),
    whenLine(notification),
    whoLine(notification),
    howLine(notification),
    askedForLine(notification),
    errorLine(notification),
  );

/** Our own remarks, and what CloudTrail says of the principal. */
export const smallPrint = (notification: Notification): string =>
  join('\n', remarkLines(notification), principalFacts(notification));

function joinWords(...words: readonly string[]): string {
  let joined = '';
  for (const word of words) if (word !== '') joined += joined === '' ? word : ` ${word}`;
  return joined;
}

/** "*Off air*", "*Failed,* `SolarFlareException`": what came with the event stays out of the bold. */
function boldEffect([first, ...rest]: Phrase): string {
  if (first === undefined) return '';
  const more = mrkdwnPhrase(rest, CARD_ROOM.name);
  return joinWords(`*${inertText(first.text.trim(), CARD_ROOM.name)}*`, more);
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
    `${mrkdwnPhrase(sentence, CARD_ROOM.sentence, 'quiet numbers')}${by}${principalText(principal, CARD_ROOM.name)}${newerText(notification)}`,
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
    `${joinWords(spokenPhrase(effect, CARD_ROOM.name), loudWords(principal))}:`,
    `${spokenPhrase(sentence, CARD_ROOM.sentence)}${by}${spokenPrincipal(principal, CARD_ROOM.name)}`,
    spokenNewer(notification),
    place.length === 0 ? '' : `(${inertText(place.join(', '), CARD_ROOM.name)})`,
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
