import { compileSignalRule, SIGNAL_RULE_NAME } from '../../infra/rules/signal-rule.ts';
import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import { healthChannelOf } from '../../infra/settings/signal-settings.ts';
import { exactText } from '../../shared/call/json.ts';
import { type DeployedRule, deployRule, isRoutedBy } from '../../shared/eventbridge/rule.ts';
import { givenNameOf, type Notification, type Phrase } from '../../shared/notification/notification.ts';
import { withoutSecretsIn } from '../../shared/notification/redaction.ts';
import { type Joined, joinCheck, joinEvent, type OutcomeLevels } from '../../shared/outcome/join.ts';
import { sayingWords, withGivenNames } from '../../shared/outcome/outcome-words.ts';
import { readSignal, type SignalEvent, type SignalReading } from '../../shared/outcome/signal-event.ts';
import {
  type AwaitedOutcome,
  awaitedOutcome,
  channelsOf,
  NOTHING_REMEMBERED,
  OUTCOME_WINDOW_MS,
  type OutcomeCheck,
  type Saying,
  touchingCall,
} from '../../shared/outcome/signal-memory.ts';
import type { Envelope } from '../input/envelope.ts';

/** Something that would be said of a service event of which nothing else is known. */
export interface WouldSay {
  /** Seconds after the event; 0: at once. */
  readonly afterSeconds: number;
  readonly words: Phrase;
  readonly channels: readonly string[];
}

/** One of MediaConnect's own events: what it is, what takes it, and what would come of it if nothing else were known. */
export interface ServiceEventExplanation {
  readonly kind: 'service event';
  readonly detailType: string;
  readonly region: string | undefined;
  readonly time: string | undefined;
  readonly id: string | undefined;
  readonly reading: SignalReading;
  /** The rule that takes it in. */
  readonly rule: string | undefined;
  /** Whether a rule would take it if the context asked for MediaConnect's own events; the others are too many. */
  readonly isWanted: boolean;
  /** How much is said: as the context has it, or all where it asks for nothing. */
  readonly levels: OutcomeLevels;
  readonly isOff: boolean;
  readonly joined: Joined | undefined;
  readonly says: readonly WouldSay[];
}

const ALL: OutcomeLevels = { outcomes: 'all', health: 'all' };

function sayingsOf(event: SignalEvent, joined: Joined, levels: OutcomeLevels, context: NotifierContext) {
  const say = (afterSeconds: number) => (saying: Saying) => ({
    afterSeconds,
    words: withGivenNames(sayingWords(saying), saying, givenNameOf(context)),
    channels: channelsOf(saying, context),
  });
  const later = (check: OutcomeCheck): readonly WouldSay[] =>
    joinCheck(joined.memory, check, check.dueAtMs, levels).say.map(say((check.dueAtMs - event.atMs) / 1000));
  return [...joined.say.map(say(0)), ...joined.checks.flatMap(later)];
}

/** Says what one of MediaConnect's own events is and what would come of it, by the pure join and an empty memory. */
export function explainServiceEvent(
  envelope: Envelope,
  context: NotifierContext,
  rules: readonly DeployedRule[],
): ServiceEventExplanation {
  const signalRule = rules.find(({ name }) => name === SIGNAL_RULE_NAME);
  const asked = signalRule ?? deployRule(compileSignalRule(healthChannelOf(context)));
  const isWanted = isRoutedBy(asked, envelope);
  const isOff = signalRule === undefined;
  const levels = isOff ? ALL : { outcomes: context.outcomes.say, health: context.health.say };
  const reading = readSignal(envelope);
  const event = reading.kind === 'signal' ? reading.event : undefined;
  const joined = event && joinEvent(NOTHING_REMEMBERED, event, event.atMs, levels);
  return {
    kind: 'service event',
    ...withoutSecretsIn({
      detailType: exactText(envelope, 'detail-type') ?? '',
      region: exactText(envelope, 'region'),
      time: exactText(envelope, 'time'),
      id: exactText(envelope, 'id'),
    }),
    reading,
    rule: isWanted ? signalRule?.name : undefined,
    isWanted,
    levels,
    isOff,
    joined,
    says: event && joined ? sayingsOf(event, joined, levels, context) : [],
  };
}

/** What is awaited of a call, and for how long. */
export interface Awaits extends AwaitedOutcome {
  readonly seconds: number;
}

/** The outcome that is awaited of a call; `undefined` where MediaConnect says none, or the call changed nothing. */
export function awaitsOf(notification: Notification): Awaits | undefined {
  const call = touchingCall(notification);
  const awaited = call && awaitedOutcome(call.operation);
  return awaited && { ...awaited, seconds: OUTCOME_WINDOW_MS / 1000 };
}
