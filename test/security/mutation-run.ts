import { validateMessage } from '../../local/slack/validate-message.ts';
import { MalformedEventError, parseRouteEnvelope } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import { exactMember } from '../../shared/call/json.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { DisplaySettings, Notification } from '../../shared/notification/notification.ts';
import { readSignal } from '../../shared/outcome/signal-event.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { liveSyntax } from '../live-syntax.ts';
import { ATTACKS } from '../nasty-text.ts';
import { allMessages } from './all-messages.ts';
import { mutated } from './mutate.ts';
import { marksIn, PLANTED } from './planted-secrets.ts';
import { REAL_EVENTS } from './real-events.ts';
import { messagesOfEvent, SERVICE_EVENTS } from './signal-messages.ts';

const SETTINGS: DisplaySettings = {
  accountNames: { '111122223333': 'Broadcast prod' },
  channels: {},
  showParameters: ['tags', 'description', 'outputs[].description', 'source', 'outputs[]', 'name'],
};

/** More ways to bring a text to life than one message can have in it at once. */
const TEXTS: readonly string[] = [
  ...ATTACKS,
  'evil.example',
  'mallory@evil.example',
  ':изображение:',
  ':絵文字:',
  'p\u0430ypal',
  ...PLANTED.map(({ text }) => text),
];

/** What is wrong with one mutation, so that it can be made again. */
export interface Finding {
  readonly number: number;
  readonly what: string;
}

/** Calls that a fold or a digest lists beside a mutation. */
const NEIGHBOURS = 3;
/** Messages with many calls take a hundred times as long to make as one. */
const MANY_EVERY = 40;

/** The ARN of a role is no secret, and is to be shown, in the one place where CloudTrail says that this role called. */
const isCalledByPlanted = (event: unknown): boolean =>
  /"arn":"arn:aws:iam::\d{12}:role\/[^"]*MARKED[^"]*"/.test(
    JSON.stringify(exactMember(exactMember(event, 'detail'), 'userIdentity')) ?? '',
  );

function notificationOf(event: unknown): Notification | undefined {
  try {
    const routed = parseRouteEnvelope(
      JSON.stringify({ rule: 'changes', channel: 'default', ingestionTime: '2026-11-22T20:00:09Z', event }),
    );
    return enrich(routed, classifyCall(routed.event.detail), SETTINGS);
  } catch (error) {
    if (error instanceof MalformedEventError) return undefined;
    throw error;
  }
}

const wrongIn = (kind: string, messages: readonly SlackMessage[]): readonly string[] =>
  messages.flatMap((message) =>
    [...validateMessage(message), ...liveSyntax(message), ...marksIn(message)].map(
      (what) => `${kind}: ${String(what)}`,
    ),
  );

function wrongWith(calls: readonly [Notification, ...Notification[]], isMany: boolean): readonly string[] {
  const messages = allMessages(calls, { isMany });
  return Object.entries(messages).flatMap(([kind, ofKind]) => wrongIn(kind, ofKind));
}

/** The same of one of MediaConnect's own events; `undefined` if it is none any more. */
function wrongWithEvent(json: unknown): readonly string[] | undefined {
  const reading = readSignal(json);
  if (reading.kind === 'dropped') return undefined;
  const { eventId, thing, root, body } = reading.event;
  // An ARN is an address: it is compared, and never said.
  const read = JSON.stringify([eventId, thing.name, root.name, body], (key, value) => (key === 'arn' ? '' : value));
  return [...marksIn(read), ...wrongIn(body.kind, messagesOfEvent(reading.event))];
}

/** Sends so many mutations of MediaConnect's own events through read, join and render, and looks for the same. */
export function runEventMutations({ seed, runs }: { readonly seed: number; readonly runs: number }) {
  const findings: Finding[] = [];
  let read = 0;
  for (let number = 0; number < runs; number += 1) {
    try {
      const wrong = wrongWithEvent(mutated(SERVICE_EVENTS, TEXTS, seed, number));
      if (wrong !== undefined) read += 1;
      findings.push(...(wrong ?? []).map((what) => ({ number, what })));
    } catch (error) {
      findings.push({ number, what: `thrown: ${String(error)}` });
    }
  }
  return { findings, read };
}

/**
 * Sends so many mutations of real events through parse, classify, enrich, plan and render, and looks for everything that must
 * not come of it: something live, something secret, what Slack refuses, a throw.
 */
export function runMutations({ seed, runs }: { readonly seed: number; readonly runs: number }) {
  const findings: Finding[] = [];
  const neighbours: Notification[] = [];
  let notified = 0;
  for (let number = 0; number < runs; number += 1) {
    try {
      const event = mutated(REAL_EVENTS, TEXTS, seed, number);
      if (isCalledByPlanted(event)) continue;
      const notification = notificationOf(event);
      if (notification === undefined) continue;
      notified += 1;
      const isMany = number % MANY_EVERY === 0;
      const wrong = [...marksIn(notification), ...wrongWith([notification, ...neighbours], isMany)];
      findings.push(...wrong.map((what) => ({ number, what })));
      neighbours.push(notification);
      if (neighbours.length > NEIGHBOURS) neighbours.shift();
    } catch (error) {
      findings.push({ number, what: `thrown: ${String(error)}` });
    }
  }
  return { findings, notified };
}
