import type { KnownBlock } from '@slack/types';
import { memoizeFor } from '../call/json.ts';
import {
  type Before,
  type CallOutcome,
  type ChannelSettings,
  type Detail,
  type Notification,
  named,
  type Origin,
  type Phrase,
  type Principal,
  phrase,
  phraseText,
  sayingOf,
} from '../notification/notification.ts';
import { context, mentionsOf, message, type SlackMessage, section, withMentions } from './message.ts';
import {
  codeOrPlain,
  codeSpan,
  durationText,
  escapeText,
  fitted,
  joinWithin,
  linkText,
  localText,
  mrkdwnPhrase,
  phraseAsText,
  utcMinute,
  utcText,
  withShortNames,
} from './mrkdwn.ts';
import { newerAsText, newerText, principalAsText, principalText, sensitiveWords, styleOfCall } from './style.ts';

/**
 * Room for each part, in escaped characters. Slack refuses a section over 3,000, and a message whose blocks have more
 * than about 12,000 together; all of these and the labels around them stay below that.
 */
const CARD_LIMITS = {
  name: 120,
  sentence: 900,
  line: 280,
  outcome: 900,
  details: 2400,
  error: 1000,
  facts: 1200,
  notes: 1500,
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
  const id = account === undefined ? 'account unknown' : codeOrPlain(account.id, CARD_LIMITS.name);
  const named = account?.name === undefined ? id : `${escapeText(account.name, CARD_LIMITS.name)} (${id})`;
  return `*Where*  ${named}${region === undefined ? '' : `, ${codeOrPlain(region, CARD_LIMITS.name)}`}`;
}

/** Only what the headline does not say: of which other account. */
function whoLine({ principal: { name, accountId }, principal, account }: Notification): string | undefined {
  const isForeign = accountId !== undefined && accountId !== account?.id && accountId !== name;
  if (!isForeign) return undefined;
  return `*Who*  ${principalText(principal, CARD_LIMITS.name)} of account ${codeOrPlain(accountId, CARD_LIMITS.name)}`;
}

/** A role or permission set that the headline leaves out. What CloudTrail has as a SAML provider is a hash. */
function viaText({ via, said }: Principal): string | undefined {
  if (via === undefined || via.kind === 'identity provider') return undefined;
  const isSaid = said.some(({ kind, text }) => kind === 'name' && text === via.name);
  return isSaid ? undefined : `${via.kind} ${codeOrPlain(via.name, CARD_LIMITS.name)}`;
}

/** A service calls from an address that is its own name; any other address says something, also beside a service's agent. */
const isSaid = (address: string, { kind, label }: Origin): boolean =>
  ((kind === 'service' || kind === 'cloudformation') && address.endsWith('.amazonaws.com')) ||
  label.some(({ text }) => text.includes(address));

const programText = memoizeFor(({ label }: Origin) => mrkdwnPhrase(label, CARD_LIMITS.line, 'quiet numbers'));

/** By what program, by which role, from where; an address that is the program's own name is said once. */
function howLine({ origin, sourceAddress, principal }: Notification): string {
  const program = programText(origin);
  const from =
    sourceAddress === undefined || isSaid(sourceAddress, origin)
      ? undefined
      : codeOrPlain(sourceAddress, CARD_LIMITS.name);
  return `*How*  ${join(', ', program, viaText(principal), from)}`;
}

/** An event by its id, which can be searched for. Only what is an id has a link to it. */
const eventText = (id: string, url: string | undefined): string =>
  (url?.endsWith(id) === true && url.at(-id.length - 1) === '/' ? linkText(url, id) : undefined) ??
  codeOrPlain(id, CARD_LIMITS.name);

/** Of a name beside the one that it was before, and of all that was corrected. */
const OLD_NAME_LENGTH = 40;
const CORRECTED_LENGTH = 600;

/** Fields of a record as an operator knows them, and what is said of a call by them. */
const FIELDS: readonly (readonly [field: RegExp, words: string, said: (saying: Before) => Phrase])[] = [
  [/^userIdentity/, 'who', ({ who }) => who],
  [/^eventName|^requestParameters|^responseElements|^resources/, 'what', ({ what }) => what],
  [/^error/, 'whether it worked', ({ effect }) => effect],
  [/^sourceIPAddress/, 'from where', ({ from }) => from],
  [/^userAgent/, 'how', ({ how }) => how],
  [/^eventTime/, 'when', ({ calledAtMs }) => (calledAtMs === undefined ? [] : phrase(utcText(calledAtMs)))],
];

const orNothing = (said: Phrase): Phrase => (said.length === 0 ? phrase('not said') : said);

/** What is said now in the place of what was said before; empty where that is the same. */
function arrow(old: Phrase, corrected: Phrase): Phrase {
  if (phraseText(old) === phraseText(corrected)) return [];
  return withShortNames(phrase(': ', orNothing(old), ' → ', orNothing(corrected)), () => OLD_NAME_LENGTH);
}

/** "who: «sam» → «jane»" for each field, where the channel was told something else before; otherwise "who". */
function correctedIn(notification: Notification): readonly Phrase[] {
  const { updatedFields = [], before } = notification.correction ?? {};
  const now = sayingOf(notification);
  const words = updatedFields.map((field): readonly [string, Phrase] => {
    const [, known, said] = FIELDS.find(([pattern]) => pattern.test(field)) ?? [];
    if (known === undefined || said === undefined) return [field, phrase(named(field))];
    return [known, before === undefined ? phrase(known) : phrase(known, arrow(said(before), said(now)))];
  });
  return [...new Map(words).values()];
}

/** The record holds what is true now; what was told of the earlier one is remembered for some days, and a link away. */
function correctionLine(notification: Notification): string | undefined {
  const { correction, links } = notification;
  if (correction === undefined) return undefined;
  const { originalEventId, reason } = correction;
  const which =
    originalEventId === undefined ? 'an earlier event' : `event ${eventText(originalEventId, links.original)}`;
  const words = correctedIn(notification);
  const write = (one: Phrase): string => mrkdwnPhrase(one, CARD_LIMITS.line, 'quiet numbers');
  const fields = words.length === 0 ? '' : `${joinWithin(words, write, ', ', CORRECTED_LENGTH)} in `;
  return `*Corrects*  ${fields}${which} (${escapeText(reason, CARD_LIMITS.name)}); this card says what is right`;
}

/** "who: «sam» → «jane»": what the channel was told otherwise before; empty where that is not known. */
export function toldOtherwise(
  notification: Notification,
  write: (one: Phrase) => string,
  maxLength: number = CORRECTED_LENGTH,
): string {
  if (notification.correction?.before === undefined) return '';
  return joinWithin(correctedIn(notification), write, ', ', maxLength);
}

/** The same for a push notification. */
function correctedAsText(notification: Notification): string {
  const words = toldOtherwise(notification, (one) => phraseAsText(one, CARD_LIMITS.line));
  return words === '' ? '' : `(${words})`;
}

const isAskedFor = ({ label }: Detail): boolean => label === 'Asked for';

/** What a call that did not work would have set, where that is one line. */
function askedForLine({ details }: Notification): string | undefined {
  const asked = details.find(isAskedFor);
  return asked && `*Asked for*  ${mrkdwnPhrase(asked.value, CARD_LIMITS.line, 'quiet numbers')}`;
}

/** What the call's own parameters say, by allow-list. */
const detailLines = ({ details }: Notification): string =>
  joinWithin(
    details.filter((detail) => !isAskedFor(detail)),
    ({ label, value }) =>
      `• ${escapeText(label, CARD_LIMITS.name)}: ${mrkdwnPhrase(value, CARD_LIMITS.line, 'quiet numbers')}`,
    '\n',
    CARD_LIMITS.details,
  );

/** IAM's sentence repeats who, what and on what before it says why. */
const WHY = / (?:because (no .{1,300})|(with an explicit deny .{1,300}))$/;

/** The same sentence where it gives no reason. */
const NO_WHY = /^User: \S{1,300} is not authorized to perform: \S{1,200}(?: on resource: \S{1,1000})?$/;

/**
 * What only AWS can read, and is a screen long; the event has it whole.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
const ENCODED = /(Encoded authorization failure message: )[\w+/=-]{40,}/;

/** Why it did not work. */
function errorLine({ error }: Notification): string | undefined {
  if (error === undefined) return undefined;
  const { code, message } = error;
  const why = message === undefined ? undefined : WHY.exec(message);
  const other = message === undefined || NO_WHY.test(message) ? undefined : message.replace(ENCODED, '$1…');
  const said = why?.[1] ?? why?.[2] ?? other;
  return `*Why*  ${codeSpan(code, CARD_LIMITS.name)}${said === undefined ? '' : `: ${codeSpan(said, CARD_LIMITS.error)}`}`;
}

const factsOf = memoizeFor((principal: Principal): string =>
  joinWithin(
    principal.facts,
    ({ label, value }) =>
      `${label === '' ? '' : `${escapeText(label, CARD_LIMITS.name)}: `}${mrkdwnPhrase(value, CARD_LIMITS.line, 'quiet numbers')}`,
    ' · ',
    CARD_LIMITS.facts,
  ),
);

const remarkLines = ({ notes }: Notification): string =>
  joinWithin(notes, (remark) => `ℹ️ ${mrkdwnPhrase(remark, CARD_LIMITS.line)}`, '\n', CARD_LIMITS.notes);

/** What a link opens: the flow itself, else MediaConnect's home. */
const openWords = (url: string | undefined): string => (url?.includes('#/flows/') ? 'Open flow' : 'Open MediaConnect');

/** Where to look further, and by which rule the call was sent here. */
function footer({ links, call, route, eventId }: Notification): string {
  const operation = codeOrPlain(call.operation, CARD_LIMITS.name);
  const rule = `by rule ${codeSpan(route.rule, CARD_LIMITS.name)}`;
  const first = join(' · ', linkText(links.resource, openWords(links.resource)), operation, rule);
  return `${first}\nEvent ${eventText(eventId, links.event)}`;
}

/** Where, when, who, how, what was asked for, and why it did not work. */
const factLines = (notification: Notification): string =>
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

/** "now *standby*, 3 s after the call" */
function stateText({ before, words, more = '', after }: NonNullable<CallOutcome['state']>): string {
  const text = mrkdwnPhrase(words, CARD_LIMITS.line, 'quiet numbers');
  return `${before}${words.every(({ kind }) => kind === 'plain') ? `*${text}*` : text}${more}${after}`;
}

/** What MediaConnect itself says came of the call; empty where it said nothing yet. */
function outcomeLines({ outcome }: Notification): string {
  if (outcome === undefined) return '';
  const troubles = joinWithin(
    outcome.troubles,
    ({ words }) => mrkdwnPhrase(words, CARD_LIMITS.line, 'quiet numbers'),
    '\n',
    CARD_LIMITS.outcome,
  );
  return join('\n', outcome.state && stateText(outcome.state), troubles);
}

/** The same without markup. */
function outcomeAsText({ outcome }: Notification): string {
  if (outcome === undefined) return '';
  const { state, troubles } = outcome;
  const now = state && `${state.before}${phraseAsText(state.words, CARD_LIMITS.line)}${state.more ?? ''}${state.after}`;
  return join('; ', now, ...troubles.map(({ words }) => phraseAsText(words, CARD_LIMITS.line)));
}

/** Our own remarks, and what CloudTrail says of the principal. */
const smallPrint = (notification: Notification): string =>
  join('\n', remarkLines(notification), factsOf(notification.principal));

function joinWords(...words: readonly string[]): string {
  let joined = '';
  for (const word of words) if (word !== '') joined += joined === '' ? word : ` ${word}`;
  return joined;
}

/** "*Off air*", "*Failed,* `SolarFlareException`": what came with the event stays out of the bold. */
function boldEffect([first, ...rest]: Phrase, name: number): string {
  if (first === undefined) return '';
  const more = mrkdwnPhrase(rest, name);
  return joinWords(`*${escapeText(first.text.trim(), name)}*`, more);
}

/** The line that a desktop shows: the effect, what was done, who did it. Whom it calls is said by the channel. */
export function headline(
  notification: Notification,
  limits: Pick<Readonly<Record<keyof typeof CARD_LIMITS, number>>, 'name' | 'sentence'> = CARD_LIMITS,
): string {
  const { principal, call, correction, effect, sentence, by } = notification;
  const { emoji } = styleOfCall(call);
  const sensitive = sensitiveWords(principal);
  return joinWords(
    correction === undefined ? '' : '✏️ *Correction:*',
    emoji,
    boldEffect(effect, limits.name),
    sensitive === '' ? '' : `🚨 *${sensitive}*`,
    '—',
    `${mrkdwnPhrase(fitted(sentence, limits.sentence), limits.sentence, 'quiet numbers')}${by}${principalText(principal, limits.name)}${newerText(notification)}`,
  );
}

/** The same words in the same order, without the place and without markup. */
export function headlineAsText(notification: Notification): string {
  const { principal, call, correction, effect, sentence, by } = notification;
  return joinWords(
    correction === undefined ? '' : '✏️ Correction:',
    styleOfCall(call).emoji,
    `${joinWords(phraseAsText(effect, CARD_LIMITS.name), sensitiveWords(principal))}:`,
    `${phraseAsText(sentence, CARD_LIMITS.sentence)}${by}${principalAsText(principal, CARD_LIMITS.name)}`,
    newerAsText(notification),
  );
}

/** For a phone's push notification and a screen reader: the same with the place, and how late it is. */
function fallbackText(notification: Notification): string {
  const { account, region, lateByMs } = notification;
  const late = lateByMs === undefined ? undefined : `${durationText(lateByMs)} late`;
  const place = [account?.name ?? account?.id, region, late].filter((part) => part !== undefined);
  const outcome = outcomeAsText(notification);
  return joinWords(
    headlineAsText(notification),
    correctedAsText(notification),
    place.length === 0 ? '' : `(${escapeText(place.join(', '), CARD_LIMITS.name)})`,
    outcome === '' ? '' : `– ${outcome}`,
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

  const card = message({
    text: fallbackText(notification),
    blocks: [section(join('\n', headline(notification), outcomeLines(notification)))],
    attachments: [{ color: styleOfCall(notification.call).color, blocks }],
  });
  return withMentions(card, mentionsOf([notification], channel));
}
