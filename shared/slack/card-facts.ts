import type { Detail, Notification, Origin, Principal } from '../notification.ts';
import { CARD_ROOM as ROOM } from './card-room.ts';
import { codeSpan, inertText, quietText } from './escape-text.ts';
import { linkText } from './link-text.ts';
import { listWithin } from './list-within.ts';
import { mrkdwnPhrase } from './phrase-text.ts';
import { principalText } from './principal-text.ts';
import { durationText, localText, utcMinute } from './time-text.ts';

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
  const id = account === undefined ? 'account unknown' : quietText(account.id, ROOM.name);
  const named = account?.name === undefined ? id : `${inertText(account.name, ROOM.name)} (${id})`;
  return `*Where*  ${named}${region === undefined ? '' : `, ${quietText(region, ROOM.name)}`}`;
}

/** Only what the headline does not say: of which other account. */
function whoLine({ principal: { name, accountId }, principal, account }: Notification): string | undefined {
  const isForeign = accountId !== undefined && accountId !== account?.id && accountId !== name;
  if (!isForeign) return undefined;
  return `*Who*  ${principalText(principal, ROOM.name)} of account ${quietText(accountId, ROOM.name)}`;
}

/** A role or permission set that the headline leaves out. What CloudTrail has as a SAML provider is a hash. */
function viaText({ via, said }: Principal): string | undefined {
  if (via === undefined || via.kind === 'identity provider') return undefined;
  const isSaid = said.some(({ kind, text }) => kind === 'name' && text === via.name);
  return isSaid ? undefined : `${via.kind} ${quietText(via.name, ROOM.name)}`;
}

/** A service calls from an address that is its own name; any other address says something, also beside a service's agent. */
const isSaid = (address: string, { kind, label }: Origin): boolean =>
  (kind === 'service' && address.endsWith('.amazonaws.com')) || label.some(({ text }) => text.includes(address));

/** By what program, by which role, from where; an address that is the program's own name is said once. */
function howLine({ origin, sourceAddress, principal }: Notification): string {
  const program = mrkdwnPhrase(origin.label, ROOM.line, 'quiet numbers');
  const from =
    sourceAddress === undefined || isSaid(sourceAddress, origin) ? undefined : quietText(sourceAddress, ROOM.name);
  return `*How*  ${join(', ', program, viaText(principal), from)}`;
}

const EVENT_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** An event by its id, which can be searched for; what is no id is no text of a link either. */
const eventText = (id: string, url: string | undefined): string =>
  (EVENT_ID.test(id) ? linkText(url, id) : undefined) ?? quietText(id, ROOM.name);

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
  FIELD_WORDS.find(([pattern]) => pattern.test(field))?.[1] ?? codeSpan(field, ROOM.name);

/** The record holds what is true now and not what the earlier one said; that one is a link away. */
function correctionLine({ correction, links }: Notification): string | undefined {
  if (correction === undefined) return undefined;
  const { originalEventId, updatedFields, reason } = correction;
  const which =
    originalEventId === undefined ? 'an earlier event' : `event ${eventText(originalEventId, links.original)}`;
  const words = [...new Set(updatedFields.map(fieldText))];
  const fields = words.length === 0 ? '' : `${listWithin(words, (text) => text, ', ', ROOM.line)} in `;
  return `*Corrects*  ${fields}${which} (${inertText(reason, ROOM.name)}); this card says what is right`;
}

const isAskedFor = ({ label }: Detail): boolean => label === 'Asked for';

/** What a call that did not work would have set, where that is one line. */
function askedForLine({ details }: Notification): string | undefined {
  const asked = details.find(isAskedFor);
  return asked && `*Asked for*  ${mrkdwnPhrase(asked.value, ROOM.line, 'quiet numbers')}`;
}

/** What the call's own parameters say, by allow-list. */
export const detailLines = ({ details }: Notification): string =>
  listWithin(
    details.filter((detail) => !isAskedFor(detail)),
    ({ label, value }) => `• ${inertText(label, ROOM.name)}: ${mrkdwnPhrase(value, ROOM.line, 'quiet numbers')}`,
    '\n',
    ROOM.details,
  );

/** IAM's sentence repeats who, what and on what before it says why. */
const WHY = / (?:because (no .{1,300})|(with an explicit deny .{1,300}))$/;

/** Why it did not work. */
function errorLine({ error }: Notification): string | undefined {
  if (error === undefined) return undefined;
  const { code, message } = error;
  const why = message === undefined ? undefined : WHY.exec(message);
  const said = why?.[1] ?? why?.[2] ?? message;
  return `*Why*  ${codeSpan(code, ROOM.name)}${said === undefined ? '' : `: ${codeSpan(said, ROOM.error)}`}`;
}

const principalFacts = ({ principal }: Notification): string =>
  listWithin(
    principal.facts,
    ({ label, value }) =>
      `${label === '' ? '' : `${inertText(label, ROOM.name)}: `}${mrkdwnPhrase(value, ROOM.line, 'quiet numbers')}`,
    ' · ',
    ROOM.facts,
  );

const remarkLines = ({ remarks }: Notification): string =>
  listWithin(remarks, (remark) => `ℹ️ ${mrkdwnPhrase(remark, ROOM.line)}`, '\n', ROOM.remarks);

/** What a link opens: the flow itself, else MediaConnect's home. */
const openWords = (url: string | undefined): string => (url?.includes('#/flows/') ? 'Open flow' : 'Open MediaConnect');

/** Where to look further, and by which rule the call was sent here. */
export function footer({ links, call, route, eventId }: Notification): string {
  const operation = quietText(call.operation, ROOM.name);
  const rule = `by rule ${codeSpan(route.rule, ROOM.name)}`;
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
