import type { MadeMention, Notification } from '../notification/notification.ts';
import type { ChannelSettings } from '../notification/settings.ts';
import { context, type SlackMessage, section } from './message.ts';
import { localText, TIME } from './mrkdwn.ts';
import { CALLS, countText, mentionFor, mentionText, styleNameOf } from './style.ts';

/** So long after a mention nobody is called again for the same cause in the same channel. */
export const BETWEEN_MENTIONS_MS = 10 * 60_000;

/** DynamoDB's keys have 2,048 bytes at most. */
const KEY_LENGTH = 400;

/**
 * For what somebody is called: the effect, and the thing that it is on. What was refused is one cause for the whole
 * channel, since it takes no permission to be refused, and whoever is refused chooses the flow: with a cause for each, as
 * many mentions could be had as names can be made up. No refusal uses up the mention of a call that worked.
 */
function causeOf({ call, subject }: Notification): string {
  const style = styleNameOf(call);
  return style === 'denied' ? style : `${style}#${subject.key.slice(0, KEY_LENGTH)}`;
}

/** A correction tells nobody anything that calls for haste. */
const askedFor = ({ call, correction }: Notification, channel: ChannelSettings): string =>
  correction === undefined ? mentionText(mentionFor(call, channel)) : '';

/** Key in the ledger of the mention that a call asks for; `undefined` if it asks for none. */
export const mentionKey = (notification: Notification, channel: ChannelSettings): string | undefined =>
  askedFor(notification, channel) === '' ? undefined : `mention#${notification.route.channel}#${causeOf(notification)}`;

/** What is remembered of a cause. */
interface Remembered {
  readonly mention?: MadeMention;
}

/** The mentions of one message. */
export interface Mentions {
  /** In Slack's syntax, each once. */
  readonly made: readonly string[];
  /** How many calls asked for one that is not made, since it was made last, and when that was. */
  readonly heldBack: { readonly calls: number; readonly sinceMs: number } | undefined;
  /** What is to be remembered, by key, if Slack has taken the message: when it did, somebody was called. */
  readonly memoryAt: (acceptedMs: number) => ReadonlyMap<string, Remembered>;
}

interface Cause {
  readonly text: string;
  readonly calls: number;
}

function causesOf(notifications: readonly Notification[], channel: ChannelSettings): ReadonlyMap<string, Cause> {
  const causes = new Map<string, Cause>();
  for (const notification of notifications) {
    const key = mentionKey(notification, channel);
    if (key === undefined) continue;
    const calls = (causes.get(key)?.calls ?? 0) + 1;
    causes.set(key, { text: askedFor(notification, channel), calls });
  }
  return causes;
}

/** Whether it is so lately that somebody was called; a time that a wrong clock wrote is not believed for ever. */
const isLately = (madeAtMs: number, nowMs: number): boolean => Math.abs(nowMs - madeAtMs) < BETWEEN_MENTIONS_MS;

/**
 * Decides whom a message of one channel calls: each mention at most once, and only where the last one for the same cause
 * is ten minutes ago. What is not known was not made: rather twice than never.
 */
export function mentionsOf(
  notifications: readonly Notification[],
  channel: ChannelSettings,
  { known, nowMs }: { readonly known: ReadonlyMap<string, Remembered>; readonly nowMs: number },
): Mentions {
  const made = new Set<string>();
  const held: { readonly text: string; readonly calls: number; readonly sinceMs: number }[] = [];
  const memories: (readonly [string, (acceptedMs: number) => Remembered])[] = [];
  for (const [key, { text, calls }] of causesOf(notifications, channel)) {
    const last = known.get(key)?.mention;
    if (last !== undefined && isLately(last.madeAtMs, nowMs)) {
      const heldBack = last.heldBack + calls;
      held.push({ text, calls: heldBack, sinceMs: last.madeAtMs });
      memories.push([key, () => ({ mention: { madeAtMs: last.madeAtMs, heldBack } })]);
    } else {
      made.add(text);
      memories.push([key, (madeAtMs) => ({ mention: { madeAtMs, heldBack: 0 } })]);
    }
  }
  const silent = held.filter(({ text }) => !made.has(text));
  const heldBack =
    silent.length === 0
      ? undefined
      : {
          calls: silent.reduce((sum, { calls }) => sum + calls, 0),
          sinceMs: Math.min(...silent.map(({ sinceMs }) => sinceMs)),
        };
  const memoryAt = (acceptedMs: number) => new Map(memories.map(([key, memory]) => [key, memory(acceptedMs)]));
  return { made: [...made], heldBack, memoryAt };
}

/** Behind the first line of several. */
function behindFirstLine(text: string, more: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text + more : text.slice(0, end) + more + text.slice(end);
}

/** The message with its mentions: behind the headline, and behind what a phone shows; what is held back is counted last. */
export function withMentions(
  message: SlackMessage,
  { made, heldBack }: Pick<Mentions, 'made' | 'heldBack'>,
): SlackMessage {
  if (made.length === 0 && heldBack === undefined) return message;
  const called = made.map((text) => ` ${text}`).join('');
  const [headline, ...blocks] = message.blocks ?? [];
  if (headline?.type !== 'section' || headline.text === undefined) return { ...message, text: message.text + called };
  const line =
    heldBack &&
    context(`🔕 mention held back: ${countText(heldBack.calls, CALLS)} since ${localText(heldBack.sinceMs, TIME)}`);
  return {
    ...message,
    text: message.text + called,
    blocks: [section(behindFirstLine(headline.text.text, called)), ...blocks, ...(line ? [line] : [])],
  };
}
