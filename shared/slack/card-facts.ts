import type { Notification } from '../notification.ts';
import { CARD_ROOM as ROOM } from './card-room.ts';
import { codeSpan, inertText, quietText } from './escape-text.ts';
import { linkText } from './link-text.ts';
import { listWithin } from './list-within.ts';
import { mrkdwnPhrase } from './phrase-text.ts';
import { principalText } from './principal-text.ts';
import { durationText, localText } from './time-text.ts';

/** Joins what there is. */
function join(separator: string, ...pieces: readonly (string | undefined)[]): string {
  let joined = '';
  for (const piece of pieces) if (piece) joined += joined === '' ? piece : separator + piece;
  return joined;
}

function whenLine({ calledAtMs, lateByMs }: Notification): string {
  const when = calledAtMs === undefined ? 'CloudTrail does not say' : localText(calledAtMs);
  return `*When*  ${when}${lateByMs === undefined ? '' : ` · ⏰ *reached us ${durationText(lateByMs)} late*`}`;
}

function whereLine({ account, region }: Notification): string {
  const id = account === undefined ? 'account unknown' : quietText(account.id, ROOM.name);
  const named = account?.name === undefined ? id : `${inertText(account.name, ROOM.name)} (${id})`;
  return `*Where*  ${region === undefined ? '' : `${quietText(region, ROOM.name)} · `}${named}`;
}

function whoLine({ principal: { name, via, accountId }, principal, account }: Notification): string {
  const isForeign = accountId !== undefined && accountId !== account?.id && accountId !== name;
  return join(
    ' · ',
    `*Who*  ${principalText(principal, ROOM.name)}`,
    via && `${via.kind} ${quietText(via.name, ROOM.name)}`,
    isForeign ? `of account ${quietText(accountId, ROOM.name)}` : undefined,
  );
}

function howLine({ origin, sourceAddress }: Notification): string {
  const from = sourceAddress === undefined ? '' : ` from ${quietText(sourceAddress, ROOM.name)}`;
  return `*How*  ${mrkdwnPhrase(origin.label, ROOM.line, 'quiet numbers')}${from}`;
}

function correctionLine({ correction }: Notification): string | undefined {
  if (correction === undefined) return undefined;
  const { originalEventId, updatedFields, reason } = correction;
  const which = originalEventId === undefined ? 'an earlier event' : `event ${quietText(originalEventId, ROOM.name)}`;
  const fields =
    updatedFields.length === 0
      ? ''
      : `: ${listWithin(updatedFields, (field) => codeSpan(field, ROOM.name), ', ', ROOM.line)}`;
  return `*Corrects*  ${which} (${inertText(reason, ROOM.name)})${fields}`;
}

/** What the call's own parameters say, by allow-list. */
export const detailLines = ({ details }: Notification): string =>
  listWithin(
    details,
    ({ label, value }) => `• ${inertText(label, ROOM.name)}: ${mrkdwnPhrase(value, ROOM.line, 'quiet numbers')}`,
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
    ({ label, value }) => `${inertText(label, ROOM.name)}: ${mrkdwnPhrase(value, ROOM.line, 'quiet numbers')}`,
    ' · ',
    ROOM.facts,
  );

const remarkLines = ({ remarks }: Notification): string =>
  listWithin(remarks, (remark) => `ℹ️ ${mrkdwnPhrase(remark, ROOM.line)}`, '\n', ROOM.remarks);

/** Where to look further, and how the call came to be told here. */
export function footer({ links, call, route, eventId }: Notification): string {
  const event = linkText(links.event, 'CloudTrail event') ?? `event ${quietText(eventId, ROOM.name)}`;
  const operation = quietText(call.operation, ROOM.name);
  const rule = `rule ${quietText(route.rule, ROOM.name)}`;
  return join(' · ', linkText(links.resource, 'Open in MediaConnect'), event, operation, rule);
}

/** When, where, who, how, and what went wrong. */
export const factLines = (notification: Notification): string =>
  join(
    '\n',
    correctionLine(notification),
    whenLine(notification),
    whereLine(notification),
    whoLine(notification),
    howLine(notification),
    errorLine(notification),
  );

/** Our own remarks, and what CloudTrail says of the principal. */
export const smallPrint = (notification: Notification): string =>
  join('\n', remarkLines(notification), principalFacts(notification));
