import type { JsonObject } from '../../shared/call/json.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import { type Joined, joinCall, joinCheck, joinEvent, type OutcomeLevels } from '../../shared/outcome/join.ts';
import { outcomeOf, sayingWords } from '../../shared/outcome/outcome-words.ts';
import { readSignal } from '../../shared/outcome/signal-event.ts';
import {
  NOTHING_REMEMBERED,
  type OutcomeCheck,
  type Saying,
  type SignalMemory,
} from '../../shared/outcome/signal-memory.ts';
import { renderNotification } from '../../shared/slack/card.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { renderSayings } from '../../shared/slack/plan-messages.ts';
import { ACCOUNT } from '../builders.ts';
import { aServiceEvent } from '../shared/outcome/signal-examples.ts';
import { arnOf, FLOW, KICK_OFF_MS, notificationOf, SETTINGS } from './gallery-event.ts';

/** What happens, seconds after kick-off. */
type Step =
  | { readonly at: number; readonly call: JsonObject }
  | { readonly at: number; readonly type: string; readonly detail: JsonObject; readonly of?: readonly string[] }
  /** All that is to be looked at until then is looked at. */
  | { readonly at: number; readonly look: true };

const LEVELS: OutcomeLevels = { outcomes: 'all', health: 'all' };

const OB_VAN = arnOf('source:1-WAINCAdYD1kAAwJU-5c6d7e8f9a0b:OB-van');
const ROUTER_OUTPUT = arnOf('routerOutput:a1b2c3d4e5f6');
const ROUTER_INPUT = arnOf('routerInput:f6e5d4c3b2a1');

const msAt = (seconds: number): number => KICK_OFF_MS + seconds * 1000;
const isoAt = (seconds: number): string => new Date(msAt(seconds)).toISOString();

interface Played {
  readonly memory: SignalMemory;
  readonly cards: readonly Notification[];
  readonly said: readonly Saying[];
  readonly checks: readonly OutcomeCheck[];
}

function withJoined(played: Played, joined: Joined, card?: Notification): Played {
  return {
    memory: joined.memory,
    cards: card === undefined ? played.cards : [...played.cards, card],
    said: [...played.said, ...joined.say],
    checks: [...played.checks, ...joined.checks],
  };
}

function takeCall(played: Played, at: number, call: JsonObject): Played {
  const notification = notificationOf({
    eventTime: isoAt(at),
    eventID: `0a1b2c3d-0000-4000-8000-${String(1000 + at).padStart(12, '0')}`,
    ...call,
  });
  const joined = joinCall(played.memory, notification, msAt(at + 4), LEVELS);
  const card = joined.card === undefined ? notification : { ...notification, outcome: outcomeOf(joined.card) };
  return withJoined(played, joined, card);
}

function takeEvent(
  played: Played,
  { at, type, detail, of = [FLOW] }: Extract<Step, { readonly type: string }>,
): Played {
  const reading = readSignal(aServiceEvent(type, detail, { id: `${type} ${at}`, time: isoAt(at), resources: of }));
  return reading.kind === 'dropped'
    ? played
    : withJoined(played, joinEvent(played.memory, reading.event, msAt(at + 1), LEVELS));
}

function look(played: Played, at: number): Played {
  const due = played.checks.filter(({ dueAtMs }) => dueAtMs <= msAt(at));
  const rest = { ...played, checks: played.checks.filter((check) => !due.includes(check)) };
  return due.reduce<Played>((so, check) => withJoined(so, joinCheck(so.memory, check, check.dueAtMs, LEVELS)), rest);
}

const play = (steps: readonly Step[]): Played =>
  steps.reduce<Played>(
    (played, step) => {
      if ('call' in step) return takeCall(played, step.at, step.call);
      return 'look' in step ? look(played, step.at) : takeEvent(played, step);
    },
    { memory: NOTHING_REMEMBERED, cards: [], said: [], checks: [] },
  );

const status = (at: number, currentStatus: string, previousStatus: string): Step => ({
  at,
  type: 'Flow Status Change',
  detail: { currentStatus, previousStatus },
});
const source = (at: number, state: string, previous: string): Step => ({
  at,
  type: 'Source Health',
  detail: { current: { state }, previous: { state: previous } },
  of: [FLOW, OB_VAN],
});
const START: JsonObject = { eventName: 'StartFlow' };
const TIMEOUT = { 'error-code': 'SourceStreamError', 'error-id': 'Qta', 'error-message': 'Source OB-van: Timeout.' };

/** What happened; the card is the last call's. */
const CARDS: Readonly<Record<string, readonly Step[]>> = {
  outcome: [status(2, 'STOPPING', 'ACTIVE'), status(3, 'STANDBY', 'STOPPING'), { at: 0, call: {} }],
  'outcome-with-source': [
    status(2, 'ACTIVE', 'STARTING'),
    source(3, 'CONNECTED', 'DISCONNECTED'),
    { at: 0, call: START },
  ],
  'outcome-of-a-take': [
    {
      at: 1,
      type: 'Router Output Route State',
      detail: { change: 'ROUTED', currentRouterInputArn: ROUTER_INPUT, previousRouterInputArn: null },
      of: [ROUTER_OUTPUT],
    },
    {
      at: 0,
      call: {
        eventName: 'TakeRouterInput',
        requestParameters: {
          routerOutputArn: encodeURIComponent(ROUTER_OUTPUT),
          routerInputArn: ROUTER_INPUT,
        },
      },
    },
  ],
  'outcome-in-error': [status(3, 'ERROR', 'STARTING'), { at: 0, call: START }],
};

/** What happened; the message is of what was said last. */
const SAYINGS: Readonly<Record<string, readonly Step[]>> = {
  'outcome-later': [{ at: 0, call: {} }, status(9, 'STANDBY', 'STOPPING')],
  trouble: [{ at: 0, call: START }, status(8, 'ERROR', 'STARTING')],
  'trouble-with-an-alert': [
    { at: 0, call: START },
    { at: 20, type: 'Alert', detail: { ...TIMEOUT, errored: true } },
  ],
  silence: [
    { at: 0, call: {} },
    { at: 130, look: true },
  ],
  untouched: [source(0, 'DISCONNECTED', 'CONNECTED'), { at: 70, look: true }],
  'untouched-and-back': [
    source(0, 'DISCONNECTED', 'CONNECTED'),
    source(4, 'CONNECTED', 'DISCONNECTED'),
    source(9, 'DISCONNECTED', 'CONNECTED'),
    source(12, 'CONNECTED', 'DISCONNECTED'),
    { at: 70, look: true },
  ],
  'untouched-since-a-call': [
    { at: -400, call: { eventName: 'UpdateFlowSource', requestParameters: sourceRequest() } },
    source(0, 'DISCONNECTED', 'CONNECTED'),
    { at: 70, look: true },
  ],
  maintenance: [
    { at: -20, type: 'Flow Maintenance', detail: { currentStatus: 'INPROGRESS' } },
    source(0, 'DISCONNECTED', 'CONNECTED'),
    { at: 70, look: true },
  ],
  'untouched-corrected': [
    source(0, 'DISCONNECTED', 'CONNECTED'),
    { at: 70, look: true },
    { at: -40, call: { eventName: 'UpdateFlowSource', requestParameters: sourceRequest() } },
  ],
  end: [
    source(0, 'DISCONNECTED', 'CONNECTED'),
    { at: 70, look: true },
    source(192, 'CONNECTED', 'DISCONNECTED'),
    { at: 240, look: true },
  ],
};

function sourceRequest(): JsonObject {
  return { flowArn: encodeURIComponent(FLOW), sourceArn: encodeURIComponent(OB_VAN), ingestPort: 5001 };
}

const channel = SETTINGS.channels.default ?? {};
const account = { id: ACCOUNT, name: SETTINGS.accountNames[ACCOUNT] };

function cardOf(steps: readonly Step[]): readonly SlackMessage[] {
  return play(steps)
    .cards.slice(-1)
    .map((notification) => renderNotification(notification, channel));
}

const sayingOf = (steps: readonly Step[]): readonly SlackMessage[] =>
  play(steps)
    .said.slice(-1)
    .map((saying) =>
      renderSayings([{ words: sayingWords(saying), lateByMs: undefined, account, region: 'eu-west-1' }]),
    );

/** What came of calls, and what nobody called for: by the join that the notifier uses. */
export const outcomeCards = (): readonly (readonly [name: string, message: SlackMessage])[] => [
  ...Object.entries(CARDS).flatMap(([name, steps]) => cardOf(steps).map((card) => [name, card] as const)),
  ...Object.entries(SAYINGS).flatMap(([name, steps]) => sayingOf(steps).map((said) => [name, said] as const)),
];
