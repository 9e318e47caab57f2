import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notification, SignalSettings } from '../../../shared/notification/notification.ts';
import {
  type CardOutcome,
  type Joined,
  joinCall,
  joinCheck,
  joinEvent,
  joinUnshown,
  type OutcomeLevels,
  troubleKey,
} from '../../../shared/outcome/join.ts';
import type { SignalEvent } from '../../../shared/outcome/signal-event.ts';
import {
  awaitedOutcome,
  channelsOf,
  isOtherwise,
  type KnownState,
  memoryOf,
  NOTHING_REMEMBERED,
  OUTCOME_WINDOW_MS,
  type OutcomeCheck,
  REMEMBERED_MS,
  type Saying,
  type SignalMemory,
  silenceKey,
  type TouchingCall,
  type Trouble,
} from '../../../shared/outcome/signal-memory.ts';
import { type Sign, signOf } from '../../../shared/outcome/trouble.ts';
import {
  aCallAt,
  anAlert,
  anOutputCallAt,
  aTakeAt,
  at,
  FLOW_ARN,
  flowHealth,
  flowMaintenance,
  flowStatus,
  OTHER_OUTPUT_ARN,
  OTHER_ROUTER_INPUT_ARN,
  OUTPUT_ARN,
  outputHealth,
  ROUTER_INPUT_ARN,
  ROUTER_OUTPUT_ARN,
  routed,
  sourceHealth,
} from './signal-examples.ts';

/** Much happens at once, and some of it much later. */
const SECONDS = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1200 }));
const STATUS = fc.constantFrom('STANDBY', 'STARTING', 'ACTIVE', 'UPDATING', 'STOPPING', 'ERROR', 'NEWER_STATE');
const SENT = fc.constantFrom('CONNECTED', 'SENDING', 'IDLE');
const OUTPUT = fc.constantFrom(OUTPUT_ARN, OTHER_OUTPUT_ARN);

const anEvent: fc.Arbitrary<SignalEvent> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(STATUS, STATUS, SECONDS).map(([now, before, s]) => flowStatus(now, before, s)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(sourceHealth, flowHealth), fc.constantFrom(true, false), SECONDS)
      .map(([health, isLost, s]) =>
        isLost ? health('DISCONNECTED', 'CONNECTED', s) : health('CONNECTED', 'DISCONNECTED', s),
      ),
  },
  { weight: 1, arbitrary: SECONDS.map((s) => sourceHealth('DISCONNECTED', '', s)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(SENT, OUTPUT, SECONDS)
      .map(([state, arn, s]) => outputHealth(state, state === 'IDLE' ? 'CONNECTED' : 'IDLE', s, arn)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(OUTPUT, SECONDS).map(([arn, s]) => outputHealth('DISCONNECTED', 'SENDING', s, arn)),
  },
  { weight: 1, arbitrary: fc.tuple(fc.boolean(), SECONDS).map(([errored, s]) => anAlert(errored, s)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('INPROGRESS', 'FINISHED', 'FAILED', 'SCHEDULED'), SECONDS)
      .map(([state, s]) => flowMaintenance(state, s)),
  },
);

const aCall: fc.Arbitrary<Notification> = fc.oneof(
  fc
    .tuple(fc.constantFrom('StartFlow', 'StopFlow', 'UpdateFlow', 'DeleteFlow', 'TagResource', 'PauseFlow'), SECONDS)
    .map(([operation, s]) => aCallAt(operation, s)),
  fc
    .tuple(fc.constantFrom('UpdateFlowOutput', 'RemoveFlowOutput'), SECONDS, OUTPUT)
    .map(([operation, s, arn]) => anOutputCallAt(operation, s, arn)),
);

const INPUT_ARNS = ['c3d4e5f6a1b2', 'd4e5f6a1b2c3', 'e5f6a1b2c3d4', 'f6a1b2c3d4e5'].map((id) =>
  ROUTER_INPUT_ARN.replace('a1b2c3d4e5f6', id),
);

const CHANNEL = fc.constantFrom('default', 'ops');

/** A call arrives for one of its channels. */
const inChannel = (what: Notification | SignalEvent, channel: string): Notification | SignalEvent =>
  'body' in what ? what : { ...what, route: { ...what.route, channel } };

/** Something happens, and arrives never, once or several times, each time with its own delay. */
const arrivalsOf = (
  what: fc.Arbitrary<Notification | SignalEvent>,
  delay: fc.Arbitrary<number>,
  maxLength: number,
): fc.Arbitrary<Arrived> =>
  fc
    .array(fc.tuple(what, fc.array(fc.tuple(delay, CHANNEL), { maxLength: 3 })), { maxLength })
    .map((happened) =>
      happened
        .flatMap(([one, delays]) =>
          delays.map(([late, channel]) => ({ what: inChannel(one, channel), nowMs: momentOf(one) + late * 1000 })),
        )
        .toSorted((one, other) => one.nowMs - other.nowMs),
    );

const FEW_SECONDS = fc.integer({ min: 0, max: 20 });

/** Starts and stops of a flow and how they end, close together, so that much comes in each other's way. */
const aStory: fc.Arbitrary<Notification | SignalEvent> = fc.oneof(
  fc.tuple(fc.constantFrom('StartFlow', 'StopFlow'), FEW_SECONDS).map(([operation, s]) => aCallAt(operation, s)),
  fc
    .tuple(fc.constantFrom(['ERROR', 'STARTING'], ['ACTIVE', 'ERROR'], ['STANDBY', 'STOPPING']), FEW_SECONDS)
    .map(([[now = '', before = ''], s]) => flowStatus(now, before, s)),
);

/** A flow that is started, its source that comes or does not, and a stop. */
const aReturn: fc.Arbitrary<Notification | SignalEvent> = fc.oneof(
  fc.tuple(fc.constantFrom('StartFlow', 'StartFlow', 'StopFlow'), FEW_SECONDS).map(([name, s]) => aCallAt(name, s)),
  FEW_SECONDS.map((s) => flowStatus('ACTIVE', 'STARTING', s)),
  FEW_SECONDS.map((s) => flowStatus('STOPPING', 'ACTIVE', s)),
  FEW_SECONDS.map((s) => sourceHealth('DISCONNECTED', '', s)),
  SECONDS.map((s) => sourceHealth('CONNECTED', 'DISCONNECTED', s)),
  SECONDS.map((s) => sourceHealth('DISCONNECTED', 'CONNECTED', s)),
);

const arrivals = fc.oneof(
  arrivalsOf(fc.oneof(anEvent, aCall), fc.oneof(FEW_SECONDS, fc.integer({ min: 0, max: 2000 })), 25),
  arrivalsOf(aStory, fc.oneof(FEW_SECONDS, fc.integer({ min: 0, max: 120 })), 6),
  arrivalsOf(aReturn, fc.oneof(FEW_SECONDS, fc.integer({ min: 0, max: 120 })), 8),
);

const momentOf = (what: Notification | SignalEvent): number => ('body' in what ? what.atMs : (what.calledAtMs ?? 0));

/** What an operator reads: on a card, where each thing counts by itself, or in a message of its own. */
interface Reading {
  readonly nowMs: number;
  readonly channel: string;
  readonly as: 'card' | Saying['kind'];
  readonly key?: string;
  readonly call?: TouchingCall | undefined;
  readonly state?: KnownState | undefined;
  readonly trouble?: Trouble;
  readonly channels?: readonly string[];
}

const cardReadings = (nowMs: number, channel: string, { call, state, troubles }: CardOutcome): readonly Reading[] => [
  { nowMs, channel, as: 'card', call, state },
  ...troubles.map((trouble) => ({ nowMs, channel, as: 'card' as const, call, trouble })),
];

/** Each line once in each of its channels. */
const lineReadings = (nowMs: number, say: Joined['say'], settings: SignalSettings): readonly Reading[] =>
  say.flatMap((saying) =>
    channelsOf(saying, settings).map((channel) => ({
      ...saying,
      nowMs,
      channel,
      as: saying.kind,
      key: `${saying.key} ${channel}`,
    })),
  );

/** What is wrong, and with which thing. */
const wrongIn = ({ thing, what }: Trouble): string => `${thing.arn} ${what}`;

/** An event that was joined while it was fresh, or an end at any age. */
interface Heard {
  readonly nowMs: number;
  readonly event: SignalEvent;
}

/** What an event says to be wrong, or right. A source that was not received before is missed once its flow is active. */
const signIn = (event: SignalEvent): Pick<Sign, 'what' | 'isOn'> | undefined =>
  signOf(event) ??
  (event.body.kind === 'state' && event.body.state === 'DISCONNECTED' ? { what: 'health', isOn: true } : undefined);

/** Whether an event says how it is with the thing of a trouble. */
const isOf = (event: SignalEvent, trouble: Trouble | undefined): boolean =>
  event.thing.arn === trouble?.thing.arn && signIn(event)?.what === trouble.what;

interface Played {
  readonly heard: readonly Heard[];
  readonly readings: readonly Reading[];
  readonly joined: readonly Joined[];
  /** What was to be on a card as wrong, with its channel. */
  readonly meant: readonly string[];
}

type Arrived = readonly { readonly what: Notification | SignalEvent; readonly nowMs: number }[];

/** What becomes of a call's card: it is never posted, or went out before it was known what to say on it. */
type Fate = 'posted' | 'lost' | 'out already';
const fates: fc.Arbitrary<readonly Fate[]> = fc.array(
  fc.constantFrom<Fate>('posted', 'posted', 'lost', 'out already'),
  {
    minLength: 1,
    maxLength: 8,
  },
);

/** A card that was read with what came of its call is not made without that when the call comes again. */
function createFates(drawn: readonly Fate[]): (card: CardOutcome, channel: string) => Fate {
  const posted = new Set<string>();
  let cards = 0;
  return ({ call }, channel) => {
    const next = drawn[cards % drawn.length] ?? 'posted';
    cards += 1;
    const key = `${call.eventId} ${channel}`;
    const fate = next === 'out already' && posted.has(key) ? 'posted' : next;
    if (fate === 'posted') posted.add(key);
    return fate;
  };
}

/** How a look comes: lost, or so many seconds after it is due, maybe twice. */
type Looks = readonly (readonly number[])[];
const looks: fc.Arbitrary<Looks> = fc.array(
  fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2000 })), { maxLength: 2 }),
  { minLength: 1, maxLength: 10 },
);

function play(
  arriving: Arrived,
  lookDelays: Looks,
  levels: OutcomeLevels,
  cardFates: readonly Fate[] = ['posted'],
): Played {
  type Next = {
    readonly nowMs: number;
    readonly channel?: string;
    readonly run: (memory: SignalMemory) => Joined;
  };
  const queue: Next[] = arriving.map(({ what, nowMs }) =>
    'body' in what
      ? { nowMs, run: (memory) => joinEvent(memory, what, nowMs, levels) }
      : { nowMs, channel: what.route.channel, run: (memory) => joinCall(memory, what, nowMs, levels) },
  );
  const settings: SignalSettings = {
    outcomes: { say: levels.outcomes, channel: levels.outcomesChannel },
    health: { say: levels.health },
  };
  const heard = arriving.flatMap(({ what, nowMs }) =>
    'body' in what && (nowMs - what.atMs <= REMEMBERED_MS || signOf(what)?.isOn !== true)
      ? [{ nowMs, event: what }]
      : [],
  );
  let memory = NOTHING_REMEMBERED;
  let asked = 0;
  /** What a card said is noted under its key: a line is not said again. */
  const onCards = new Set<string>();
  const readings: Reading[] = [];
  const joined: Joined[] = [];
  const meant: string[] = [];
  const ask = (check: OutcomeCheck): void => {
    for (const delay of lookDelays[asked % lookDelays.length] ?? []) {
      const nowMs = check.dueAtMs + delay * 1000;
      queue.push({ nowMs, run: (known) => joinCheck(known, check, nowMs, levels) });
    }
    asked += 1;
  };
  const fateOf = createFates(cardFates);
  /** Whether a card is read; what it was to say and does not is looked after. */
  function isPosted(card: CardOutcome, channel: string, nowMs: number): boolean {
    const fate = fateOf(card, channel);
    if (fate === 'posted') for (const { id } of card.troubles) onCards.add(`${troubleKey(id)} ${channel}`);
    if (fate === 'out already') {
      const unshown = { card, rootArn: FLOW_ARN, channel };
      queue.unshift({ nowMs, run: (known) => joinUnshown(known, unshown, nowMs, levels) });
    }
    return fate === 'posted';
  }
  /** What an operator reads of it. */
  const readingsOf = ({ say, card }: Joined, { nowMs, channel = '' }: Next): readonly Reading[] => [
    ...lineReadings(nowMs, say, settings).filter(({ key = '' }) => !onCards.has(key)),
    ...(card !== undefined && isPosted(card, channel, nowMs) ? cardReadings(nowMs, channel, card) : []),
  ];
  for (;;) {
    const next = queue.toSorted((one, other) => one.nowMs - other.nowMs)[0];
    if (next === undefined) return { heard, readings, joined, meant };
    queue.splice(queue.indexOf(next), 1);
    const came = next.run(memory);
    memory = memoryOf(JSON.parse(JSON.stringify(came.memory)));
    joined.push(came);
    meant.push(...(came.card?.troubles ?? []).map((trouble) => `${wrongIn(trouble)} ${next.channel}`));
    readings.push(...readingsOf(came, next));
    for (const check of came.checks) ask(check);
  }
}

const LEVEL = fc.constantFrom('off' as const, 'trouble' as const, 'all' as const);
const levels: fc.Arbitrary<OutcomeLevels> = fc.record({
  outcomes: LEVEL,
  health: LEVEL,
  outcomesChannel: fc.constantFrom(undefined, undefined, 'ops', 'tech'),
});

/** Plays anything at all, and checks what an operator reads. */
const always = (check: (played: Played, chosen: OutcomeLevels) => void): void =>
  fc.assert(
    fc.property(arrivals, looks, levels, fates, (arriving, lookDelays, chosen, cardFates) => {
      check(play(arriving, lookDelays, chosen, cardFates), chosen);
    }),
    { numRuns: 600 },
  );

type Of<Key extends keyof Reading> = Reading & { readonly [K in Key]-?: NonNullable<Reading[K]> };

/** Each state with the call that it is said of. */
const statesSaid = ({ readings }: Played): readonly Of<'call' | 'state'>[] =>
  readings.filter(
    (reading): reading is Of<'call' | 'state'> => reading.state !== undefined && /card|state/.test(reading.as),
  );

/** Each trouble with the call that it is said to be the outcome of. */
const troublesSaid = ({ readings }: Played): readonly Of<'call' | 'trouble'>[] =>
  readings.filter(
    (reading): reading is Of<'call' | 'trouble'> =>
      reading.trouble !== undefined && (reading.as === 'card' || reading.as === 'trouble'),
  );

/** Which call a reader is told of with a trouble. */
const namingsIn = ({ as, trouble, call }: Reading) =>
  trouble === undefined || as === 'end'
    ? []
    : [{ id: trouble.id, as, calledAtMs: call?.calledAtMs ?? 0, startMs: trouble.starts[0]?.atMs ?? 0 }];

const distinct = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)];

describe('whatever comes, in any order, late, twice or never', () => {
  it('says each thing once', () => {
    always(({ readings }) => {
      const keys = readings.flatMap(({ key, channels = [] }) =>
        key === undefined ? [] : `${key} ${channels.length > 0}`,
      );
      expect(keys).toEqual(distinct(keys));
    });
  });

  it('gives each outcome to one call', () => {
    always((played) => {
      const owners = new Map<string, string>();
      const own = (id: string, { eventId }: TouchingCall): void => {
        expect(owners.get(id) ?? eventId).toBe(eventId);
        owners.set(id, eventId);
      };
      for (const { call, state } of statesSaid(played)) own(state.eventId, call);
      for (const { call, trouble } of troublesSaid(played)) own(trouble.id, call);
    });
  });

  it('tells a channel of a trouble in one way only: on its call’s card, as trouble, or as nobody’s', () => {
    always(({ readings }) => {
      const ways = new Map<string, string>();
      for (const { as, trouble, channel } of readings) {
        if (trouble === undefined || as === 'end' || as === 'correction') continue;
        const key = `${trouble.id} ${channel}`;
        expect(ways.get(key) ?? as).toBe(as);
        ways.set(key, as);
      }
    });
  });

  it('tells a channel of a state on its call’s card, or in one line', () => {
    always((played) => {
      const said = new Map<string, string>();
      for (const { as, state, channel } of statesSaid(played)) {
        const key = `${state.eventId} ${channel}`;
        expect(`${said.get(key) ?? 'nothing'}, then ${as}`).toMatch(/^nothing|^card, then card/);
        said.set(key, as);
      }
    });
  });

  it('gives no outcome to a call outside of its two minutes, unless it was said that nothing came in them', () => {
    always((played) => {
      const apart = [
        ...statesSaid(played).map(({ call, state }) => ({ call, ms: state.atMs - call.calledAtMs })),
        ...troublesSaid(played).map(({ call, trouble }) => ({
          call,
          ms: (trouble.starts[0]?.atMs ?? Number.NaN) - call.calledAtMs,
        })),
      ];
      const isInTime = ({ call, ms }: (typeof apart)[number]): boolean =>
        ms >= 0 && (ms <= OUTCOME_WINDOW_MS || (ms <= REMEMBERED_MS && call.notifiedStates.includes(silenceKey(call))));
      expect(apart.filter((one) => !isInTime(one))).toEqual([]);
    });
  });

  it('leaves it at no silence of which the end was heard', () => {
    const say = fc.constantFrom('trouble' as const, 'all' as const);
    const happens = fc.integer({ min: 1, max: 700 });
    const late = fc.integer({ min: 0, max: 60 });
    const end = fc.constantFrom<readonly [string, string]>(['ACTIVE', 'STARTING'], ['ERROR', 'STARTING']);
    fc.assert(
      fc.property(happens, late, late, end, say, (seconds, callDelay, eventDelay, [state, before], outcomes) => {
        const arriving = [
          { what: aCallAt('StartFlow', 0), nowMs: at(callDelay) },
          { what: flowStatus('STARTING', 'STANDBY', 1), nowMs: at(1) },
          { what: flowStatus(state, before, seconds), nowMs: at(seconds + eventDelay) },
        ].toSorted((one, other) => one.nowMs - other.nowMs);
        const { readings } = play(arriving, [[0]], { outcomes, health: 'off' });
        const words = readings.map(({ as, state: said, trouble }) => `${as} ${trouble?.state ?? said?.state}`);
        const isLong = seconds + eventDelay > 120;
        expect(words.filter((one) => one.startsWith('silence'))).toHaveLength(isLong ? 1 : 0);
        if (isLong) expect(words.at(-1)).toBe(state === 'ERROR' ? 'trouble ERROR' : 'state ACTIVE');
      }),
      { numRuns: 600 },
    );
  });

  it('gives no outcome of an output to a call on another', () => {
    always((played) => {
      const about = [
        ...statesSaid(played).map(({ call, state }) => ({ call, thing: state.thing })),
        ...troublesSaid(played).map(({ call, trouble }) => ({ call, thing: trouble.thing })),
      ].filter(({ thing }) => thing.kind === 'output');
      const wrong = about.filter(({ call, thing }) => !call.arns.includes(thing.arn) && !call.arns.includes(FLOW_ARN));
      expect(wrong).toEqual([]);
    });
  });

  it('never shows a state that is older than one that was shown', () => {
    always((played) => {
      const shown = new Map<string, number>();
      for (const { thing, aspect, atMs } of statesSaid(played).map(({ state }) => state)) {
        const key = `${thing.arn} ${aspect}`;
        expect(atMs).toBeGreaterThanOrEqual(shown.get(key) ?? 0);
        shown.set(key, atMs);
      }
    });
  });

  it('says that nothing came only of what is promised, and only after two minutes, and no later than three', () => {
    always(({ readings }) => {
      const silent = readings.filter(({ as }) => as === 'silence');
      for (const { call, nowMs } of silent) {
        const agoMs = nowMs - (call?.calledAtMs ?? Number.NaN);
        expect(awaitedOutcome(call?.operation ?? '')?.isPromised).toBe(true);
        expect(agoMs).toBeGreaterThanOrEqual(OUTCOME_WINDOW_MS);
        expect(agoMs).toBeLessThanOrEqual(OUTCOME_WINDOW_MS + 60_000);
      }
    });
  });

  it('says of no stop that nothing came, where it was said before that it came, whatever else did', () => {
    const soon = fc.integer({ min: 0, max: 60 });
    const others = fc.array(fc.tuple(anEvent, soon), { maxLength: 8 });
    fc.assert(
      fc.property(soon, soon, soon, others, (called, happened, delay, noise) => {
        const stopped = flowStatus('STANDBY', 'STOPPING', called + happened);
        const arriving = [
          { what: aCallAt('StopFlow', called), nowMs: at(called) },
          { what: stopped, nowMs: stopped.atMs + delay * 1000 },
          ...noise.map(([what, late]) => ({ what, nowMs: what.atMs + late * 1000 })),
        ].toSorted((one, other) => one.nowMs - other.nowMs);
        const { readings } = play(arriving, [[0]], { outcomes: 'trouble', health: 'off' });
        expect(readings.filter(({ as }) => as === 'silence' && happened + delay < 120)).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('tells each trouble of which it remembers that it was told, whatever becomes of cards', () => {
    const inTime: Looks = [[0]];
    fc.assert(
      fc.property(arrivals, levels, fates, (arriving, chosen, cardFates) => {
        const { readings, joined } = play(arriving, inTime, chosen, cardFates);
        const troubles = new Map(joined.flatMap(({ memory }) => memory.troubles.map((one) => [one.id, one] as const)));
        const notified = [...troubles.values()].filter(
          ({ notified: said }) => said !== undefined && said.as !== 'expected',
        );
        const read = new Set(readings.map(({ trouble }) => trouble?.id));
        expect(notified.filter(({ id }) => !read.has(id))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves no take that ends otherwise unsaid, and nothing said of a take that is so no more', () => {
    const inputs = fc.constantFrom(ROUTER_INPUT_ARN, OTHER_ROUTER_INPUT_ARN, null);
    const soon = fc.integer({ min: 0, max: 15 });
    const routes = fc.array(fc.record({ input: inputs, afterSeconds: fc.integer({ min: 1, max: 15 }), delay: soon }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(soon, routes, fc.constantFrom('trouble' as const, 'all' as const), (late, changes, say) => {
        let [seconds, before]: [number, string | null] = [0, null];
        const events = changes.map(({ input, afterSeconds, delay }) => {
          seconds += afterSeconds;
          const route = routed(input === null ? 'UNROUTED' : 'ROUTED', input, before, seconds);
          const event = { ...route, eventId: `route ${seconds}` };
          before = input;
          return { what: event, nowMs: at(seconds + delay) };
        });
        const arriving = [{ what: aTakeAt(0), nowMs: at(late) }, ...events].toSorted(
          (one, other) => one.nowMs - other.nowMs,
        );
        const played = play(arriving, [[0]], { outcomes: say, health: 'off' });
        const said = statesSaid(played);
        const last = changes.at(-1)?.input ?? undefined;
        const isEverRight = changes.some(({ input }) => input === ROUTER_INPUT_ARN);
        const isWarned = said.some(({ call, state }) => isOtherwise(call, state));
        expect(isWarned || isEverRight).toBe(true);
        if (isWarned) expect(said.at(-1)?.state.input?.arn).toBe(last);
      }),
      { numRuns: 1000 },
    );
  });

  it('says of no take that was heard to work, before its record came or behind, that it came to another input', () => {
    const inputs = fc.uniqueArray(fc.constantFrom(...INPUT_ARNS), { minLength: 2, maxLength: 4 });
    const apart = fc.integer({ min: 3, max: 40 });
    const late = fc.integer({ min: 0, max: 60 });
    const soon = fc.integer({ min: 0, max: 2 });
    const say = fc.constantFrom('trouble' as const, 'all' as const);
    fc.assert(
      fc.property(
        inputs,
        fc.array(fc.tuple(apart, late, soon), { minLength: 4, maxLength: 4 }),
        say,
        (asked, pace, outcomes) => {
          let seconds = 0;
          const arriving = asked.flatMap((input, index) => {
            const [after = 0, callDelay = 0, eventDelay = 0] = pace[index] ?? [];
            const call = aTakeAt(seconds, {
              requestParameters: { routerOutputArn: ROUTER_OUTPUT_ARN, routerInputArn: input },
            });
            const route = routed('ROUTED', input, asked[index - 1] ?? null, seconds + 1);
            const happened = [
              { what: call, nowMs: at(seconds + callDelay) },
              { what: route, nowMs: at(seconds + 1 + eventDelay) },
            ];
            seconds += after;
            return happened;
          });
          const inOrder = arriving.toSorted((one, other) => one.nowMs - other.nowMs);
          const played = play(inOrder, [[0]], { outcomes, health: 'off' });
          expect(statesSaid(played).filter(({ call, state }) => isOtherwise(call, state))).toEqual([]);
          expect(played.readings.filter(({ as }) => as === 'silence')).toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('says the end only where the beginning was said, or was to be on a card', () => {
    always(({ readings, meant }) => {
      const begun = new Set(meant);
      for (const { as, trouble, channel } of readings) {
        // Or that of one in whose place it began.
        const key = `${trouble && wrongIn(trouble)} ${channel}`;
        if (as === 'end') expect(begun).toContain(key);
        begun.add(key);
      }
    });
  });

  it('says the end in every channel that was told before', () => {
    always(({ readings }) => {
      for (const { trouble, channel, nowMs } of readings.filter(({ as }) => as !== 'end')) {
        const ends = readings.filter(
          (end) => end.as === 'end' && end.trouble?.id === trouble?.id && end.nowMs >= nowMs,
        );
        if (ends.length > 0) expect(ends.map((end) => end.channel)).toContain(channel);
      }
    });
  });

  it('says of each start that ends in ERROR that it does, whichever comes first', () => {
    const errorAt = fc.integer({ min: 0, max: 100 });
    const callDelays = fc.integer({ min: 0, max: 50 });
    // What comes behind the line that says that all is over is old news.
    const eventDelays = fc.integer({ min: 0, max: 25 });
    const tries = fc.array(fc.tuple(errorAt, callDelays, eventDelays, fc.boolean()), { minLength: 1, maxLength: 4 });
    const outcomes = fc.constantFrom('trouble' as const, 'all' as const);
    fc.assert(
      fc.property(tries, looks, outcomes, LEVEL, (all, lookDelays, say, health) => {
        const arriving = all.flatMap(([errorSeconds, callDelay, eventDelay, isNotified], number) => {
          const seconds = 1 + number * 110;
          const error = seconds + errorSeconds;
          const starting = { what: flowStatus('STARTING', 'STANDBY', seconds), nowMs: at(seconds + eventDelay) };
          return [
            { what: aCallAt('StartFlow', seconds), nowMs: at(seconds + callDelay) },
            { what: flowStatus('ERROR', 'STARTING', error), nowMs: at(error + eventDelay) },
            ...(isNotified ? [starting] : []),
          ];
        });
        const inOrder = arriving.toSorted((one, other) => one.nowMs - other.nowMs);
        const { readings } = play(inOrder, lookDelays, { outcomes: say, health });
        const said = readings.filter(
          ({ as, trouble }) => /card|trouble|untouched/.test(as) && trouble?.state === 'ERROR',
        );
        const notified = said.flatMap(({ trouble }) => trouble?.starts.map(({ atMs }) => atMs) ?? []);
        // Said of the call, though it was the ERROR of the next one that was known by then.
        const named = said.map(({ call }) => call?.calledAtMs);
        const missing = all.filter(([errorSeconds], number) => {
          const seconds = 1 + number * 110;
          return !notified.includes(at(seconds + errorSeconds)) && !named.includes(at(seconds));
        });
        expect(missing).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('says the end of nothing that goes on, by all that was heard', () => {
    always(({ readings, heard }) => {
      for (const { nowMs, trouble } of readings.filter(({ as }) => as === 'end')) {
        const since = heard.filter((one) => one.nowMs <= nowMs && isOf(one.event, trouble));
        const lastMs = Math.max(...since.map(({ event }) => event.atMs));
        const last = since.filter(({ event }) => event.atMs === lastMs);
        expect(last.some(({ event }) => signOf(event)?.isOn === false)).toBe(true);
      }
    });
  });

  it('has as its last word in a channel that something is wrong only where it still is', () => {
    const inTime: Looks = [[0]];
    fc.assert(
      fc.property(arrivals, levels, fates, (arriving, chosen, cardFates) => {
        const { readings, heard } = play(arriving, inTime, chosen, cardFates);
        const last = new Map(
          readings.flatMap((reading) => {
            const { trouble, channel } = reading;
            return trouble === undefined ? [] : [[`${wrongIn(trouble)} ${channel}`, reading] as const];
          }),
        );
        for (const { as, trouble } of last.values()) {
          const signs = heard.filter(({ event }) => isOf(event, trouble));
          const lastMs = Math.max(...signs.map(({ event }) => event.atMs));
          const isOn = signs.some(({ event }) => event.atMs === lastMs && signIn(event)?.isOn);
          expect(isOn || as === 'end' || trouble?.endedAtMs !== undefined).toBe(true);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('says nothing of what a stop takes with it, whichever comes first', () => {
    const soon = fc.integer({ min: 0, max: 8 });
    const delay = fc.integer({ min: 0, max: 40 });
    const goesWith = fc.constantFrom(
      (seconds: number) => sourceHealth('DISCONNECTED', 'CONNECTED', seconds),
      (seconds: number) => flowHealth('DISCONNECTED', 'CONNECTED', seconds),
      (seconds: number) => outputHealth('DISCONNECTED', 'SENDING', seconds),
      (seconds: number) => flowStatus('STOPPING', 'ACTIVE', seconds),
      (seconds: number) => anAlert(true, seconds),
    );
    fc.assert(
      fc.property(delay, fc.array(fc.tuple(goesWith, soon, delay)), levels, (callDelay, events, chosen) => {
        const arriving = [
          { what: aCallAt('StopFlow', 0), nowMs: at(callDelay) },
          { what: flowStatus('STANDBY', 'STOPPING', 8), nowMs: at(8) },
          ...events.map(([make, seconds, late]) => ({ what: make(seconds), nowMs: at(seconds + late) })),
        ].toSorted((one, other) => one.nowMs - other.nowMs);
        const { readings } = play(arriving, [[0]], chosen);
        expect(readings.filter(({ trouble, as }) => trouble !== undefined || as === 'silence')).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('says once that something flaps, and once that it does no more', () => {
    const apart = fc.integer({ min: 1, max: 25 });
    const health = fc.constantFrom('trouble' as const, 'all' as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(apart, apart), { minLength: 1, maxLength: 60 }), health, (flaps, say) => {
        let seconds = 0;
        const arriving = flaps.flatMap(([off, on]) => {
          const lost = sourceHealth('DISCONNECTED', 'CONNECTED', seconds + on);
          const back = sourceHealth('CONNECTED', 'DISCONNECTED', seconds + on + off);
          seconds += on + off;
          return [lost, back].map((what) => ({ what, nowMs: what.atMs + 1000 }));
        });
        const { readings } = play(arriving, [[0]], { outcomes: 'trouble', health: say });
        expect(readings.map(({ as }) => as)).toEqual(
          readings[0]?.trouble?.isEndNotified ? ['untouched'] : ['untouched', 'end'],
        );
      }),
      { numRuns: 300 },
    );
  });

  it('counts each event to one trouble', () => {
    always(({ joined }) => {
      for (const { memory } of joined) {
        const counted = memory.troubles.flatMap(({ starts }) => starts.map(({ eventId }) => eventId));
        expect(counted).toEqual(distinct(counted));
      }
    });
  });

  // A line may count what the call of a later part explains, which came after the line.
  it('begins each trouble that it gives to a call, in a channel, with an event of its own', () => {
    always((played) => {
      const beginnings = new Map<string, string>();
      for (const { trouble, channel } of troublesSaid(played)) {
        const eventId = `${trouble.starts[0]?.eventId} ${channel}`;
        expect(beginnings.get(eventId) ?? trouble.id).toBe(trouble.id);
        beginnings.set(eventId, trouble.id);
      }
    });
  });

  it('corrects only towards a call that lies nearer, and before the trouble', () => {
    always(({ readings }) => {
      const named = new Map<string, number>();
      for (const { id, as, calledAtMs, startMs } of readings.flatMap(namingsIn)) {
        const nearest = named.get(id) ?? 0;
        const apart = as === 'correction' ? [calledAtMs - nearest, startMs - calledAtMs] : [];
        expect(apart.filter((ms) => ms < 0)).toEqual([]);
        named.set(id, Math.max(calledAtMs, nearest));
      }
    });
  });

  it('keeps to what the admin wants', () => {
    const wanted: Readonly<Record<Reading['as'], (chosen: OutcomeLevels, reading: Reading) => boolean>> = {
      card: ({ outcomes }) => outcomes !== 'off',
      // Also where it was said of its call that nothing was heard.
      state: ({ outcomes }, { call }) =>
        outcomes === 'all' || (outcomes === 'trouble' && call?.notifiedStates.includes(silenceKey(call)) === true),
      trouble: ({ outcomes }) => outcomes !== 'off',
      silence: ({ outcomes }) => outcomes !== 'off',
      untouched: ({ health }) => health !== 'off',
      correction: ({ outcomes, health }, { trouble }) =>
        (trouble?.notified?.as === 'untouched' ? health : outcomes) !== 'off',
      end: () => true,
      news: ({ health }) => health === 'all',
    };
    always(({ readings }, chosen) => {
      expect(readings.filter((reading) => !wanted[reading.as](chosen, reading))).toEqual([]);
    });
  });

  it('names as the last call only one of the quarter of an hour before', () => {
    always(({ readings }) => {
      const agoMs = readings
        .filter(({ as, call }) => as === 'untouched' && call !== undefined)
        .map(({ call, trouble }) => (trouble?.starts[0]?.atMs ?? Number.NaN) - (call?.calledAtMs ?? Number.NaN));
      expect(agoMs.filter((ms) => !(ms >= 0 && ms <= REMEMBERED_MS))).toEqual([]);
    });
  });

  it('remembers no more than an item of the ledger holds', () => {
    always(({ joined }) => {
      for (const { memory } of joined) expect(JSON.stringify(memory).length).toBeLessThan(200_000);
    });
  });

  it('takes whatever the ledger has for a memory', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), aCall, anEvent, levels, (any, items, call, event, chosen) => {
        for (const json of [any, { states: items, calls: items, troubles: items }]) {
          const memory = memoryOf(json);
          expect(memory).toEqual(NOTHING_REMEMBERED);
          joinCall(memory, call, at(1), chosen);
          joinEvent(memory, event, at(1), chosen);
        }
      }),
    );
  });
});
