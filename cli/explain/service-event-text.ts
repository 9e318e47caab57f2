import { parseTimestampMs } from '../../shared/call/api-call-event.ts';
import { RESOURCE_KIND_WORDS } from '../../shared/call/operations.ts';
import { phraseText } from '../../shared/notification/notification.ts';
import { withoutSecretsIn } from '../../shared/notification/redaction.ts';
import { durationText } from '../../shared/outcome/outcome-words.ts';
import type { SignalBody, SignalReading, SignalThing } from '../../shared/outcome/signal-event.ts';
import { type KnownState, REMEMBERED_MS, type Trouble } from '../../shared/outcome/signal-memory.ts';
import { utcText } from '../../shared/slack/mrkdwn.ts';
import { type Place, placeText } from '../input/envelope.ts';
import type { Awaits, ServiceEventExplanation, WouldSay } from './explain-service-event.ts';

const thingText = ({ kind, name }: Pick<SignalThing, 'kind' | 'name'>): string =>
  `${RESOURCE_KIND_WORDS[kind][0]} ${name ?? 'without a name'}`;

const beforeText = (previous: string | undefined): string =>
  previous === undefined ? '' : `, before ${previous || 'nothing'}`;

const alertText = ({ code, id, isActive }: Extract<SignalBody, { kind: 'alert' }>): string =>
  `alert ${code ?? id} ${isActive ? 'raised' : 'cleared'}`;

const inputText = (input: Extract<SignalBody, { kind: 'route' }>['input']): string => input?.name ?? 'no input';

function bodyText(body: SignalBody): string {
  switch (body.kind) {
    case 'state':
      return `${body.aspect} ${body.state}${beforeText(body.previous)}`;
    case 'alert':
      return alertText(body);
    case 'maintenance':
      return `maintenance ${body.state}`;
    case 'route':
      return `route ${body.state}, from ${inputText(body.input)}, before ${inputText(body.previousInput)}`;
    case 'failover':
      return `failover to source ${body.current}`;
    case 'quality':
      return body.problems.length === 0 ? 'quality fine' : `quality: ${body.problems.join(', ')}`;
    case 'unknown':
      return 'newer than what is known here';
  }
}

const DROPPED: Readonly<Record<Extract<SignalReading, { kind: 'dropped' }>['reason'], string>> = {
  'no service event': 'none of MediaConnect’s own events',
  'no resource': 'it names nothing of MediaConnect',
  'no time': 'it has no time',
  'nothing new': 'nothing that an operator could want: no signal was lost, and none came back',
};

function readingText(reading: SignalReading): string {
  if (reading.kind === 'dropped') return `dropped: ${DROPPED[reading.reason]}`;
  const { thing, root, body } = reading.event;
  const whole = thing.arn === root.arn ? thingText(thing) : `${thingText(thing)} of ${thingText(root)}`;
  return `${whole}: ${bodyText(body)}`;
}

function ruleText({ rule, isWanted, isOff }: ServiceEventExplanation): string {
  if (rule !== undefined) return `taken by ${rule}`;
  if (!isWanted)
    return 'taken by none: the pattern names what is worth saying; the rest is a flood, such as metadata every 20 s';
  return isOff
    ? 'taken by none: notifier:outcomes or notifier:health, set to trouble or all, would take it'
    : 'taken by none';
}

const stateText = ({ aspect, state, thing }: KnownState): string => `${aspect} ${state} of ${thingText(thing)}`;

const troubleText = ({ state, thing, notified }: Trouble): string =>
  notified?.as === 'expected'
    ? `${state} of ${thingText(thing)}, expected`
    : `trouble ${state} of ${thingText(thing)}, until its end`;

function rememberedTexts({ joined }: ServiceEventExplanation): readonly string[] {
  if (joined === undefined) return [];
  const { states, troubles } = joined.memory;
  return [
    ...states.map(stateText),
    // What ended before it began is there so that its beginning is no news.
    ...troubles.filter(({ starts }) => starts.length > 0).map(troubleText),
  ];
}

const isTroubled = ({ joined }: ServiceEventExplanation): boolean =>
  joined?.memory.troubles.some(({ starts }) => starts.length > 0) === true;

const sayingText = ({ words }: WouldSay): string => phraseText(words);

const whenText = ({ afterSeconds, channels }: WouldSay): string =>
  `${afterSeconds === 0 ? 'at once' : `${durationText(afterSeconds * 1000)} later, if no call turns up`}, to ${channels.join(', ')}`;

function* saidLines(explanation: ServiceEventExplanation): Generator<string> {
  const { says, isOff, levels } = explanation;
  const all = isOff ? ' (with notifier:outcomes and notifier:health set to all)' : '';
  for (const would of says) {
    yield `  said     ${whenText(would)}${all}`;
    for (const line of sayingText(would).split('\n')) yield `    | ${line}`;
  }
  if (isTroubled(explanation) && levels.outcomes !== 'off') {
    yield `  said     after a call that touched it up to 2 minutes before: with that call, to its channels${all}`;
  }
  if (says.length === 0) {
    const off = levels.health === 'off' && isTroubled(explanation) ? '; notifier:health is off' : '';
    yield `  said     nothing, if no call touched it${off}`;
  }
}

/** What one of MediaConnect's own events is, and what would come of it. */
export function* serviceEventLines(explanation: ServiceEventExplanation, regions: readonly string[]) {
  const { detailType, id, time, region, reading } = explanation;
  const atMs = parseTimestampMs(time);
  yield `${detailType}: MediaConnect’s own event, no call`;
  yield `  event    ${id ?? 'without an id'}, ${atMs === undefined ? 'at an unknown time' : utcText(atMs)}, ${region ?? 'unknown region'}`;
  yield `  what     ${readingText(reading)}`;
  yield `  rule     ${ruleText(explanation)}`;
  if (region !== undefined && !regions.includes(region)) {
    yield `  but      no stack is deployed in ${region} (regions: ${regions.join(', ')})`;
  }
  if (!explanation.isWanted || explanation.joined === undefined) return;
  const remembered = rememberedTexts(explanation);
  if (remembered.length > 0) yield `  kept     ${remembered.join('; ')}`;
  yield* saidLines(explanation);
}

/** Of a call: what MediaConnect is to say of it. */
export function awaitsText(awaits: Awaits | undefined): string {
  if (awaits === undefined) return 'nothing: MediaConnect says nothing by itself of what it came to';
  const { of, aspect, settled, onTheWay, seconds, isPromised } = awaits;
  const way = onTheWay.length === 0 ? '' : ` by ${onTheWay.join(', ')}`;
  const silence = isPromised ? '; if nothing is said by then, a line says so' : '';
  return `${aspect} ${settled.join(' or ')} of the ${RESOURCE_KIND_WORDS[of][0]}${way}, within ${durationText(seconds * 1000)}${silence}; thought of for ${durationText(REMEMBERED_MS)}`;
}

export const awaitsJson = (awaits: Awaits | undefined): object | null =>
  awaits === undefined
    ? null
    : {
        of: awaits.of,
        aspect: awaits.aspect,
        states: awaits.settled,
        onTheWay: awaits.onTheWay,
        seconds: awaits.seconds,
        promised: awaits.isPromised === true,
      };

const channelsOf = ({ rule, says }: ServiceEventExplanation): readonly string[] =>
  rule === undefined ? [] : [...new Set(says.flatMap(({ channels }) => channels))];

const saidJson = (would: WouldSay): object => ({
  afterSeconds: would.afterSeconds,
  channels: would.channels,
  text: sayingText(would),
});

/** What the event says and what would come of it, beside the keys that it shares with calls. */
const signalJson = (explanation: ServiceEventExplanation): object => {
  const { detailType, reading, isWanted, says } = explanation;
  return {
    detailType,
    says: reading.kind === 'signal' ? withoutSecretsIn(reading.event.body) : null,
    dropped: reading.kind === 'dropped' ? reading.reason : null,
    wanted: isWanted,
    kept: isWanted ? rememberedTexts(explanation) : [],
    said: isWanted ? says.map(saidJson) : [],
  };
};

const thingJson = (reading: SignalReading): object => {
  if (reading.kind === 'dropped') return { resource: 'unrecognized', resourceName: null, flowName: null };
  const { thing, root } = reading.event;
  return { resource: thing.kind, resourceName: thing.name, flowName: root.kind === 'flow' ? root.name : null };
};

/** The line of `explain --json` for one of MediaConnect's own events: the keys of a call's, and what it is. */
export function serviceEventJson(explanation: ServiceEventExplanation, at: Place): object {
  const { reading, rule, id } = explanation;
  return {
    eventId: (reading.kind === 'signal' ? reading.event.eventId : id) ?? null,
    operation: null,
    ...thingJson(reading),
    access: null,
    outcome: null,
    impact: 'none',
    principal: null,
    origin: null,
    rules: rule === undefined ? [] : [rule],
    channels: channelsOf(explanation),
    message: null,
    place: placeText(at),
    inRules: [],
    messages: [],
    awaits: null,
    serviceEvent: signalJson(explanation),
  };
}
