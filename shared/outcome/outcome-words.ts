import { boundedText } from '../call/json.ts';
import { parseMediaConnectArn } from '../call/mediaconnect-arn.ts';
import { isKnownOperation, RESOURCE_KIND_WORDS, type ResourceKind, verbOf } from '../call/operations.ts';
import {
  asSetUp,
  type CallOutcome,
  enumeration,
  type NamedResource,
  type Nameless,
  type NameOf,
  type Notification,
  named,
  namelessAt,
  type Phrase,
  phrase,
  renamed,
} from '../notification/notification.ts';
import { withoutSecrets } from '../notification/secret-shapes.ts';
import { answerTo, type CardOutcome, troubleKey } from './join.ts';
import type { SignalThing } from './signal-event.ts';
import {
  awaitedOutcome,
  isNewer,
  isOtherwise,
  type KnownState,
  OUTCOME_WINDOW_MS,
  REMEMBERED_MS,
  type Saying,
  type SignalMemory,
  type TouchingCall,
  type Trouble,
  timesOf,
} from './signal-memory.ts';
import { flowDown, lastCallBefore, stateAfter } from './trouble.ts';

/** "3 s", "1 min 20 s", "12 min" */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 || seconds >= 600 ? `${Math.round(seconds / 60)} min` : `${(seconds - rest) / 60} min ${rest} s`;
}

/** States that are words of our own; one that is newer than this list is shown as it came. */
const STATE_WORDS: ReadonlyMap<string, string> = new Map([
  ...['STANDBY', 'ACTIVE', 'UPDATING', 'DELETING', 'STARTING', 'STOPPING', 'CREATING', 'RECOVERING', 'MIGRATING'].map(
    (state): readonly [string, string] => [state, state.toLowerCase()],
  ),
  ...['CONNECTED', 'RECEIVING', 'DISCONNECTED', 'SENDING', 'IDLE', 'ENABLED', 'DISABLED'].map(
    (state): readonly [string, string] => [state, state.toLowerCase()],
  ),
  ['ERROR', 'in ERROR'],
]);

const stateWords = (state: string): Phrase => {
  const words = STATE_WORDS.get(state);
  return words === undefined ? phrase(named(state)) : phrase(words);
};

const withArticle = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);

const thingWords = ({ kind, name, arn }: Pick<NamedResource, 'kind' | 'name'> & { readonly arn?: string }): Phrase => {
  const [one] = RESOURCE_KIND_WORDS[kind];
  const said = name ?? namelessAt(arn)?.id;
  return said === undefined ? phrase(withArticle(one)) : phrase(`${one} `, named(said));
};

/** "camera-2 → cdn-north"; router inputs have no names in events, and are called by their ids. */
const inputWords = (input: KnownState['input']): Phrase =>
  input?.name ? phrase('input ', named(input.name)) : phrase('no input');

function routeWords({ input, thing, state }: KnownState): Phrase {
  if (state === 'UNROUTED' || input === undefined) return phrase('route: nothing → ', thingWords(thing));
  return phrase('route: ', inputWords(input), ' → ', thingWords(thing));
}

/** "standby", "on input «camera-2»", "without input" */
function nowWords({ aspect, state, input }: KnownState): Phrase {
  if (aspect !== 'route') return stateWords(state);
  return state === 'UNROUTED' || input === undefined ? phrase('without input') : phrase('on ', inputWords(input));
}

/** " instead of input «camera-2»": a route that a take did not ask for says so. */
const insteadWords = (call: TouchingCall, state: KnownState): Phrase =>
  isOtherwise(call, state) ? phrase(' instead of ', call.input ? inputWords(call.input) : 'no input') : [];

const PARTS: ReadonlySet<ResourceKind> = new Set(['source', 'output']);

/** "it", "its flow", "its output «cdn-north»": what a call was about, beside a thing that was just named. */
function objectWords({ about, arns }: TouchingCall, { thing, root }: Pick<Trouble, 'thing' | 'root'>): Phrase {
  if (about.kind === thing.kind && (!PARTS.has(thing.kind) || arns.includes(thing.arn))) return phrase('it');
  if (about.kind === root.kind) return phrase(`its ${RESOURCE_KIND_WORDS[root.kind][0]}`);
  const isPartOfIt = thing.arn === root.arn && root.kind === 'flow' && about.name !== null;
  return phrase(isPartOfIt ? 'its ' : '', thingWords(about));
}

/** "jane started it", "sam updated its output «cdn-north»", "«PauseFlow» was called by jane". */
function callWords(call: TouchingCall, of: Pick<Trouble, 'thing' | 'root'>): Phrase {
  const { operation, by } = call;
  const verb = isKnownOperation(operation) ? verbOf(operation) : undefined;
  if (verb === undefined) return phrase(named(operation), ' was called by ', by);
  return phrase(by, ` ${verb.done} `, objectWords(call, of));
}

/** "8 s after jane started it" */
const afterCall = (call: TouchingCall, atMs: number, of: Pick<Trouble, 'thing' | 'root'>): Phrase =>
  phrase(`${durationText(atMs - call.calledAtMs)} after `, callWords(call, of));

const MESSAGE_LENGTH = 300;

/** Problems of picture and sound as people say them. */
const PROBLEM_WORDS: ReadonlyMap<string, string> = new Map([
  ['black_frames_duration_breaching', 'black frames'],
  ['frozen_frames_duration_breaching', 'frozen frames'],
  ['silent_audio_duration_breaching', 'silent audio'],
  ['audio_missing', 'no audio'],
  ['video_missing', 'no video'],
  ['blackFrames', 'black frames'],
  ['frozenFrames', 'frozen frames'],
  ['silentAudio', 'silent audio'],
  ['audioMissing', 'no audio'],
  ['videoMissing', 'no video'],
  ['impacted', 'bad quality'],
]);

const problemWords = (state: string): Phrase =>
  enumeration(
    state.split(', ').map((problem) => {
      const words = PROBLEM_WORDS.get(problem);
      return words === undefined ? phrase(named(problem)) : phrase(words);
    }),
    5,
  );

/** "source «OB-van» of flow «CupFinal-Main»" */
const wholeWords = ({ thing, root }: Pick<Trouble, 'thing' | 'root'>): Phrase =>
  thing.arn === root.arn ? thingWords(thing) : phrase(thingWords(thing), ' of ', thingWords(root));

/** "flow «CupFinal-Main» is in ERROR", "alert of flow …", "source «OB-van» was disconnected", without an end. */
function troubleWords(trouble: Trouble, isPast = trouble.endedAtMs !== undefined): Phrase {
  const { what, state } = trouble;
  const it = wholeWords(trouble);
  const [is, has] = isPast ? ['was', 'had'] : ['is', 'has'];
  if (what === 'maintenance') return phrase('AWS maintenance of ', it, ' failed');
  if (what === 'quality') return phrase(it, ` ${has} `, problemWords(state));
  if (what === 'status' || what === 'health') return phrase(it, ` ${is} `, stateWords(state));
  return phrase(it, ` ${has} an alert (`, named(state), ')');
}

const BACK: ReadonlySet<string> = new Set(['ACTIVE', 'CONNECTED', 'RECEIVING', 'SENDING']);

/** The state that a thing went into behind its trouble, where that is not on air: a start that failed is over, and not well. */
function fellTo({ what, endedBy }: Trouble): Phrase {
  return what === 'status' && endedBy !== undefined && !BACK.has(endedBy.state) ? stateWords(endedBy.state) : [];
}

/** ", now standby" */
function nowAfter(trouble: Trouble): Phrase {
  const fell = fellTo(trouble);
  return fell.length === 0 ? fell : phrase(', now ', fell);
}

/** What an alert says, behind a colon. */
const messageWords = ({ message }: Trouble): Phrase =>
  message === undefined ? [] : phrase(': ', named(boundedText(message, MESSAGE_LENGTH)));

/** Only what is lost and comes back is counted. */
const countWords = (trouble: Trouble): string =>
  trouble.what !== 'health' || timesOf(trouble) < 2 ? '' : `, ${timesOf(trouble)} times`;

const startMs = ({ starts }: Trouble): number => starts[0]?.atMs ?? 0;

/** The things that are called by their ids in what is said, since MediaConnect's events have no names of them. */
export function namelessOf(said: CardOutcome | Saying): readonly Nameless[] {
  const states = 'state' in said ? [said.state?.thing, said.state?.input] : [];
  const troubles = 'troubles' in said ? said.troubles : 'trouble' in said ? [said.trouble] : [];
  const troubled = troubles.flatMap(({ thing, root }) => [thing, root]);
  const promised = 'thing' in said ? [said.thing] : [];
  const asked = 'call' in said ? [said.call?.input ?? undefined] : [];
  const arns = new Set([...states, ...troubled, ...promised, ...asked].map((thing) => thing?.arn));
  return [...arns].map(namelessAt).filter((nameless) => nameless !== undefined);
}

/** Those that have a name, by id. */
const namesOf = (said: CardOutcome | Saying, nameOf: NameOf): ReadonlyMap<string, string> =>
  new Map(
    namelessOf(said).flatMap((nameless) => {
      const name = nameOf(nameless);
      return name === undefined ? [] : [[nameless.id, name] as const];
    }),
  );

/** What is said, with the names that are known of what has only an id, beside it. */
export const withGivenNames = (words: Phrase, said: CardOutcome | Saying, nameOf: NameOf): Phrase =>
  renamed(words, namesOf(said, nameOf));

/** What a call's own sentence names is called so, and the rest by its name and its id. */
function asCallSays(words: Phrase, own: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): Phrase {
  const said = words.map((part) => (part.kind === 'name' ? named(own.get(part.text) ?? part.text) : part));
  return renamed(said, others);
}

/**
 * The call with what came of it, which is said with the names that the call has for what it is about; `nameOf` knows
 * others.
 */
export function withOutcome(notification: Notification, card: CardOutcome, nameOf: NameOf): Notification {
  const { state, troubles, ...outcome } = outcomeOf(card);
  const own = new Map(
    notification.resources.flatMap(({ arn, name, label = name }) => {
      const id = namelessAt(arn)?.id;
      return id === undefined || label === null ? [] : [[id, label] as const];
    }),
  );
  const others = new Map([...namesOf(card, nameOf)].filter(([id]) => !own.has(id)));
  const write = (words: Phrase): Phrase => asCallSays(words, own, others);
  return {
    ...notification,
    outcome: {
      ...outcome,
      state: state && { ...state, words: write(state.words), stands: state.stands && write(state.stands) },
      troubles: troubles.map((trouble) => ({
        ...trouble,
        words: write(trouble.words),
        amongOthers: write(trouble.amongOthers),
      })),
    },
  };
}

/** A call that adds to a flow that is down, of which the record does not say how that stands. */
export function notOnAirYet(notification: Notification, { state, thing }: KnownState): Notification {
  const what = phrase(`not on air yet: as far as MediaConnect has said, the ${RESOURCE_KIND_WORDS[thing.kind][0]} is `);
  const setUp = asSetUp(notification);
  return { ...setUp, notes: [...setUp.notes, phrase(what, stateWords(state))] };
}

/** "source connected", "1 of 2 sources connected" */
function sourcesText({ received, of }: NonNullable<CardOutcome['sources']>): string {
  if (of > 1) return `${received} of ${of} sources connected`;
  return received === 1 ? 'source connected' : 'source disconnected';
}

/** What a call's card says of what came of it. */
export function outcomeOf({ call, state, sources, troubles }: CardOutcome): CallOutcome {
  const after = (atMs: number): string => `, ${durationText(atMs - call.calledAtMs)} after the call`;
  return {
    state: state && {
      ...stateOnCard(call, state),
      more: sources === undefined ? '' : `, ${sourcesText(sources)}`,
      after: after(state.atMs),
      atMs: state.atMs,
      stands: standsBy(state),
    },
    troubles: troubles.map((trouble) => ({
      words: phrase('⚠️ ', troubleWords(trouble), after(startMs(trouble)), nowAfter(trouble), messageWords(trouble)),
      amongOthers: troubleAfter(trouble, call),
      atMs: fellTo(trouble).length > 0 ? (trouble.endedBy?.atMs ?? startMs(trouble)) : startMs(trouble),
      stands: standsIn(trouble),
    })),
    ...(troubles.length > 0 && { keys: troubles.map(({ id }) => troubleKey(id)) }),
  };
}

/** "now standby"; "route: camera-2 → cdn-north", or "⚠️ now on input «camera-3» instead of input «camera-2»". */
function stateOnCard(
  call: TouchingCall,
  state: KnownState,
): Pick<NonNullable<CallOutcome['state']>, 'before' | 'words' | 'isOtherwise'> {
  const instead = insteadWords(call, state);
  if (instead.length > 0) return { before: '⚠️ now ', words: phrase(nowWords(state), instead), isOtherwise: true };
  return state.aspect === 'route'
    ? { before: '', words: routeWords(state) }
    : { before: 'now ', words: stateWords(state.state) };
}

/** How the whole flow or router output stands; nothing where the state is that of an output of a flow. */
const standsBy = (state: KnownState): Phrase | undefined =>
  state.thing.kind === 'output' ? undefined : nowWords(state);

function standsIn(trouble: Trouble): Phrase | undefined {
  const { what, state, thing, root, endedAtMs } = trouble;
  if (what !== 'status' || thing.arn !== root.arn) return undefined;
  const fell = endedAtMs === undefined ? stateWords(state) : fellTo(trouble);
  return fell.length === 0 ? undefined : fell;
}

/** "⚠️ flow «CupFinal-Main» is in ERROR, 8 s after «jane» started it" */
const troubleAfter = (trouble: Trouble, call: TouchingCall): Phrase =>
  phrase(
    '⚠️ ',
    troubleWords(trouble),
    ', ',
    afterCall(call, startMs(trouble), trouble),
    nowAfter(trouble),
    messageWords(trouble),
  );

/** The same, a phrase for each line; empty where nothing is known. */
export function cardLines(card: CardOutcome): readonly Phrase[] {
  const { state, troubles } = outcomeOf(card);
  return [
    ...(state ? [phrase(state.before, state.words, state.more ?? '', state.after)] : []),
    ...troubles.map(({ words }) => words),
  ];
}

/** When that happened which a saying tells of; `undefined` for a correction, which comes late by its nature. */
export function saidOfMs(saying: Saying): number | undefined {
  switch (saying.kind) {
    case 'state':
    case 'news':
      return saying.state.atMs;
    case 'trouble':
    case 'untouched':
      return startMs(saying.trouble);
    case 'silence':
      return saying.call.calledAtMs + OUTCOME_WINDOW_MS;
    case 'end':
      return saying.trouble.endedAtMs;
    case 'correction':
      return undefined;
  }
}

/** The ARN under which is remembered what a saying is about. */
export function saidOfArn(saying: Saying): string {
  if ('trouble' in saying) return saying.trouble.root.arn;
  return saying.kind === 'silence' ? saying.thing.arn : (saying.state.rootArn ?? saying.state.thing.arn);
}

/** Why a loss may have come about, in a sentence of its own or behind the first. */
function causeWords(saying: Extract<Saying, { kind: 'untouched' }>): Phrase {
  const { trouble, call, isMaintained } = saying;
  const quarter = `${REMEMBERED_MS / 60_000} minutes`;
  if (trouble.what === 'maintenance') return [];
  if (isMaintained)
    return phrase(`. AWS maintenance was restarting ${trouble.thing.arn === trouble.root.arn ? 'it' : 'its flow'}`);
  if (call !== undefined) return phrase(', ', afterCall(call, startMs(trouble), trouble), downWords(saying));
  return phrase(downWords(saying), `. No call that reached us touched it in the ${quarter} before`);
}

/** ", its flow now standby": what is still lost, and why it may be so. */
const downWords = ({ trouble, down }: Extract<Saying, { kind: 'untouched' }>): Phrase =>
  down === undefined || trouble.endedAtMs !== undefined || trouble.thing.arn === trouble.root.arn
    ? []
    : phrase(`, its ${RESOURCE_KIND_WORDS[trouble.root.kind][0]} now `, stateWords(down.state));

/** How it went on after what is over: "and is back" is said only of what is. */
function afterwards({ trouble, state }: Extract<Saying, { kind: 'untouched' }>): Phrase {
  const lasted = `, for ${durationText((trouble.endedAtMs ?? 0) - startMs(trouble))}`;
  if (state === undefined || !trouble.isEndNotified) return phrase(lasted);
  return BACK.has(state.state) ? phrase(lasted, ', and is back') : phrase(lasted, ', now ', stateWords(state.state));
}

const PAST: readonly (readonly [present: RegExp, past: string])[] = [
  [/^ is (now )?/, ' was '],
  [/^ has /, ' had '],
];

/** What is said as it is, as it was. */
const pastWords = (words: Phrase): Phrase =>
  words.map((part) =>
    part.kind === 'plain'
      ? { ...part, text: PAST.reduce((text, [present, past]) => text.replace(present, past), part.text) }
      : part,
  );

/** Of trouble that ended, and began once more before that was said: "… was disconnected for 32 s, and is so again". */
const againWords = ({ trouble }: Extract<Saying, { kind: 'end' }>): Phrase =>
  phrase(
    trouble.notified?.as === 'untouched' ? '🟠 ' : '⚠️ ',
    troubleWords(trouble, true),
    ` for ${durationText((trouble.endedAtMs ?? 0) - startMs(trouble))}, and is so again`,
  );

function untouchedWords(saying: Extract<Saying, { kind: 'untouched' }>): Phrase {
  const { trouble } = saying;
  const isOver = trouble.endedAtMs !== undefined;
  const count = countWords(trouble);
  const isFlapping = isOver && !trouble.isEndNotified && count !== '';
  const over = isFlapping ? ' so far' : isOver && afterwards(saying);
  return phrase('🟠 ', troubleWords(trouble), count, over || '', causeWords(saying), messageWords(trouble));
}

function endWords({ trouble, state }: Extract<Saying, { kind: 'end' }>): Phrase {
  const lasted = durationText((trouble.endedAtMs ?? 0) - startMs(trouble));
  const it = wholeWords(trouble);
  const now = state === undefined ? '' : phrase(', now ', stateWords(state.state));
  if (trouble.what === 'health' || trouble.what === 'status') {
    // A start that went wrong and ended in standby is over, and not well.
    const isWell = state === undefined || BACK.has(state.state);
    return phrase(
      isWell ? '✅ ' : 'ℹ️ ',
      it,
      ' is no longer ',
      stateWords(trouble.state),
      now,
      `, after ${lasted}`,
      countWords(trouble),
    );
  }
  if (trouble.what === 'quality')
    return phrase('✅ ', it, ' is no longer impaired (', problemWords(trouble.state), `), after ${lasted}`);
  return phrase('✅ an alert of ', it, ' is over (', named(trouble.state), `), after ${lasted}`, messageWords(trouble));
}

const MAINTENANCE_WORDS: ReadonlyMap<string, string> = new Map([
  ['SCHEDULED', 'is scheduled'],
  ['RESCHEDULED', 'is rescheduled'],
  ['CANCELED', 'is canceled'],
  ['INPROGRESS', 'has begun, and restarts it'],
  ['FINISHED', 'is finished'],
]);

/** "second source": MediaConnect counts from 0. */
function sourceWords(index: string): Phrase {
  const ordinal = ['first', 'second'][Number(index)];
  return ordinal === undefined ? phrase('source with index ', named(index)) : phrase(`${ordinal} source`);
}

function newsWords({ thing, aspect, state }: KnownState): Phrase {
  const it = thingWords(thing);
  if (aspect === 'failover') return phrase('ℹ️ ', it, ' has switched to its ', sourceWords(state));
  const words = MAINTENANCE_WORDS.get(state);
  return phrase('🔧 AWS maintenance of ', it, ' ', words === undefined ? named(state) : words);
}

/** What MediaConnect was to say: "stopped", "was switched", …; what else than starts, stops and takes nobody waits for. */
const PROMISED_WORDS: readonly (readonly [begin: string, words: string])[] = [
  ['Start', 'started'],
  ['Stop', 'stopped'],
  ['Take', 'was switched'],
];

const promiseWords = (operation: string): string =>
  PROMISED_WORDS.find(([begin]) => operation.startsWith(begin))?.[1] ?? 'changed';

/** "flow «CupFinal-Main» started («StartFlow» by «jane»)" */
const promisedWords = (call: TouchingCall, thing: SignalThing): Phrase =>
  phrase(thingWords(thing), ` ${promiseWords(call.operation)} (`, named(call.operation), ' by ', call.by, ')');

/** Of what was heard before it could be said that nothing was. */
const answeredWords = ({ call, thing }: Of<'silence'>, { atMs }: KnownState): Phrase =>
  phrase(`⏳ MediaConnect said only after ${durationText(atMs - call.calledAtMs)} that `, promisedWords(call, thing));

/** "✔️ output «cdn-north» of flow «CupFinal-Main» is now disabled, 2 s after «sam» updated it" */
function stateLine({ state, call }: Extract<Saying, { kind: 'state' }>): Phrase {
  const { thing } = state;
  const flow = parseMediaConnectArn(state.rootArn)?.name ?? undefined;
  const instead = insteadWords(call, state);
  return phrase(
    instead.length > 0 ? '⚠️ ' : '✔️ ',
    thingWords(thing),
    flow === undefined ? '' : phrase(' of flow ', named(withoutSecrets(flow))),
    ' is now ',
    nowWords(state),
    instead,
    ', ',
    afterCall(call, state.atMs, { thing, root: thing }),
  );
}

/** One message as a single line. Everything that came with an event is a `name`: shown, and never trusted. */
export function sayingWords(saying: Saying): Phrase {
  switch (saying.kind) {
    case 'state':
      return stateLine(saying);
    case 'trouble':
      return troubleAfter(saying.trouble, saying.call);
    case 'silence': {
      const { thing, call, state } = saying;
      const minutes = OUTCOME_WINDOW_MS / 60_000;
      const last = state === undefined ? '' : phrase('; so far it is ', nowWords(state));
      return phrase(`⏳ MediaConnect has not said in ${minutes} minutes that `, promisedWords(call, thing), last);
    }
    case 'untouched':
      return untouchedWords(saying);
    case 'correction': {
      const { trouble, call } = saying;
      const after = afterCall(call, startMs(trouble), trouble);
      return phrase('✏️ Correction, by a call that came late: ', troubleWords(trouble, true), ' ', after);
    }
    case 'end':
      return endWords(saying);
    case 'news':
      return newsWords(saying.state);
  }
}

/** What is known when something is said. */
export interface KnownNow {
  /** Of the saying's flow, or router input or output; `undefined`: it cannot be read. */
  readonly memory: SignalMemory | undefined;
  /** What is said in the same channel at the same time. */
  readonly together: readonly Saying[];
}

type Of<Kind extends Saying['kind']> = Extract<Saying, { kind: Kind }>;

/** The trouble as it stands. One that is remembered no more is over, or older than a day: what was, was so in any case. */
function troubleNow(trouble: Trouble, { memory, together }: KnownNow): { trouble: Trouble; isForgotten: boolean } {
  const ends = together.flatMap((saying) => (saying.kind === 'end' ? saying.trouble : []));
  const known = [...(memory?.troubles ?? []), ...ends].find(({ id }) => id === trouble.id);
  if (known !== undefined) {
    return { trouble: { ...trouble, endedAtMs: known.endedAtMs, endedBy: known.endedBy }, isForgotten: false };
  }
  // Its end may be forgotten with it, and not where the thing went.
  const endedBy = memory && stateAfter(memory, trouble);
  return { trouble: { ...trouble, endedBy }, isForgotten: memory !== undefined };
}

/** Whether the same is wrong once more since. */
const isAgain = ({ trouble }: Of<'end'>, memory: SignalMemory | undefined): boolean =>
  memory?.troubles.some(
    ({ id, thing, what, endedAtMs, starts }) =>
      id !== trouble.id &&
      thing.arn === trouble.thing.arn &&
      what === trouble.what &&
      endedAtMs === undefined &&
      starts.some(({ atMs }) => atMs >= (trouble.endedAtMs ?? 0)),
  ) ?? false;

const lastState = (
  memory: SignalMemory,
  { arn }: SignalThing,
  aspect: string | undefined,
  before: KnownState | undefined,
): KnownState | undefined => {
  const known = memory.states.find((state) => state.thing.arn === arn && state.aspect === aspect);
  return known !== undefined && isNewer(known, before) ? known : before;
};

/** The state that a thing was last said to be in since a call. */
function stateSince(memory: SignalMemory, { call, thing, state }: Of<'silence'>): KnownState | undefined {
  const last = lastState(memory, thing, awaitedOutcome(call.operation)?.aspect, state);
  return last !== undefined && last.atMs >= call.calledAtMs ? last : undefined;
}

/** The state behind a trouble; none where that is the trouble once more. */
function stateBehind(memory: SignalMemory, { trouble, state }: Of<'untouched' | 'end'>): KnownState | undefined {
  const last = lastState(memory, trouble.thing, trouble.what, state);
  return last === state ? state : stateAfter(memory, trouble);
}

/** With the last state, and the call that may have come meanwhile. */
function renewed(saying: Saying, memory: SignalMemory): Saying {
  switch (saying.kind) {
    case 'untouched':
      return {
        ...saying,
        call: saying.call ?? lastCallBefore(memory, saying.trouble, saying.trouble.root.arn),
        state: saying.state && stateBehind(memory, saying),
        down: flowDown(memory, saying.trouble.root.arn),
      };
    case 'silence':
      return { ...saying, state: stateSince(memory, saying) };
    case 'end':
      return { ...saying, state: stateBehind(memory, saying) };
    default:
      return saying;
  }
}

/** Whether the state is another one by now. */
const isOutdated = ({ state }: Of<'state'>, memory: SignalMemory | undefined): boolean =>
  memory !== undefined && lastState(memory, state.thing, state.aspect, state) !== state;

/** What was heard since is not said to be unheard of. */
function silenceNow(saying: Of<'silence'>, memory: SignalMemory | undefined): Phrase {
  if (memory === undefined) return sayingWords(saying);
  const answer = answerTo(memory, saying.call, saying.thing.arn);
  return answer === undefined ? sayingWords(renewed(saying, memory)) : answeredWords(saying, answer);
}

/**
 * What is said, as it is when it is said: between that and when it was found lies the queue, and perhaps an outage of
 * Slack's. What is over by then was so; what came back and went again is not said to be back; and a call that came
 * meanwhile has reached us.
 */
export function wordsNow(saying: Saying, known: KnownNow): Phrase {
  const { memory } = known;
  if (saying.kind === 'end' && isAgain(saying, memory)) return againWords(saying);
  if (saying.kind === 'state') return isOutdated(saying, memory) ? pastWords(sayingWords(saying)) : sayingWords(saying);
  if (saying.kind === 'silence') return silenceNow(saying, memory);
  const now = memory === undefined ? saying : renewed(saying, memory);
  if (now.kind !== 'trouble' && now.kind !== 'untouched') return sayingWords(now);
  const { trouble, isForgotten } = troubleNow(now.trouble, known);
  const said = sayingWords({ ...now, trouble });
  return isForgotten ? pastWords(said) : said;
}

/** What corrects comes behind what it corrects. */
const timeOf = (saying: Saying): number => saidOfMs(saying) ?? Number.POSITIVE_INFINITY;

/** In the order in which it happened, so that the last word is the last that is known. */
export const byTimeSaid = (one: Saying, other: Saying): number => {
  const [before, after] = [timeOf(one), timeOf(other)];
  return before === after ? 0 : before - after;
};
