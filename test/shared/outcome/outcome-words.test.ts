import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NameOf, type Notification, type Phrase, withNames } from '../../../shared/notification/notification.ts';
import type { CardOutcome } from '../../../shared/outcome/join.ts';
import {
  cardLines,
  durationText,
  outcomeOf,
  saidOfArn,
  sayingWords,
  withGivenNames,
  withOutcome,
} from '../../../shared/outcome/outcome-words.ts';
import {
  type KnownState,
  type Saying,
  stateIn,
  type TouchingCall,
  type Trouble,
} from '../../../shared/outcome/signal-memory.ts';
import { ATTACKS } from '../../nasty-text.ts';
import {
  aTakeAt,
  at,
  FLOW_ARN,
  flowMaintenance,
  OTHER_ROUTER_INPUT_ARN,
  OUTPUT_ARN,
  outputHealth,
  ROUTER_INPUT_ARN,
  routed,
  SOURCE_ARN,
} from './signal-examples.ts';

/** What came with the event stands in «». */
const shown = (parts: Phrase): string => parts.map(({ kind, text }) => (kind === 'name' ? `«${text}»` : text)).join('');

const flow = { kind: 'flow', name: 'CupFinal-Main', arn: FLOW_ARN } as const;
const source = { kind: 'source', name: 'OB-van', arn: SOURCE_ARN } as const;
const output = { kind: 'output', name: 'cdn-north', arn: OUTPUT_ARN } as const;

const call = (changes: Partial<TouchingCall> = {}): TouchingCall => ({
  eventId: 'e1',
  operation: 'StartFlow',
  impact: 'put-on-air',
  calledAtMs: at(0),
  by: [{ kind: 'name', text: 'jane' }],
  about: { kind: 'flow', name: 'CupFinal-Main' },
  arns: [FLOW_ARN],
  channels: ['default'],
  notifiedStates: [],
  ...changes,
});
const sam = call({
  operation: 'UpdateFlowSource',
  by: [{ kind: 'name', text: 'sam' }],
  about: { kind: 'source', name: 'OB-van' },
  arns: [SOURCE_ARN],
});
const newer = call({ operation: 'PauseFlow' });

const state = (word: string, seconds: number, changes: Partial<KnownState> = {}): KnownState => ({
  eventId: 's1',
  thing: flow,
  aspect: 'status',
  state: word,
  previous: undefined,
  atMs: at(seconds),
  ...changes,
});

const trouble = (changes: Partial<Trouble> = {}): Trouble => ({
  id: 't1',
  thing: flow,
  root: flow,
  what: 'status',
  state: 'ERROR',
  message: undefined,
  starts: [{ eventId: 't1', atMs: at(8) }],
  endedAtMs: undefined,
  notified: undefined,
  isEndNotified: false,
  ...changes,
});
const lost = (changes: Partial<Trouble> = {}): Trouble =>
  trouble({ thing: source, what: 'health', state: 'DISCONNECTED', ...changes });
const flapping = [1, 8, 30].map((seconds) => ({ eventId: `t${seconds}`, atMs: at(seconds) }));
const received = state('CONNECTED', 12, { thing: source, aspect: 'health' });
const anAlert = trouble({ what: 'alert Qta', state: 'SourceStreamError', message: 'Stream Error: Timeout.' });

const stateOf = (event: Parameters<typeof stateIn>[0]): KnownState => {
  const known = stateIn(event);
  if (known === undefined) throw new Error('the example says no state');
  return known;
};
const route = stateOf(routed('ROUTED', ROUTER_INPUT_ARN, null, 2));
const unrouted = stateOf(routed('UNROUTED', null, ROUTER_INPUT_ARN, 2));

const other = { kind: 'routerInput', name: 'Camera-2', arn: OTHER_ROUTER_INPUT_ARN } as const;

describe('what a card says of its outcome', () => {
  it.each<readonly [Partial<CardOutcome>, readonly string[]]>([
    [{ state: state('STANDBY', 3) }, ['now standby, 3 s after the call']],
    [
      { state: state('ACTIVE', 0), sources: { received: 1, of: 1 } },
      ['now active, source connected, 0 s after the call'],
    ],
    [
      { state: state('ACTIVE', 3), sources: { received: 0, of: 1 } },
      ['now active, source disconnected, 3 s after the call'],
    ],
    [
      { state: state('ACTIVE', 3), sources: { received: 1, of: 2 } },
      ['now active, 1 of 2 sources connected, 3 s after the call'],
    ],
    [{ state: state('NEWER_STATE', 80) }, ['now «NEWER_STATE», 1 min 20 s after the call']],
    [{ state: state('DISABLED', 1, { thing: output }) }, ['now disabled, 1 s after the call']],
    [{ state: route }, ['route: input «a1b2c3d4e5f6» → router output «b1c2d3e4f5a6», 2 s after the call']],
    [{ state: unrouted }, ['route: nothing → router output «b1c2d3e4f5a6», 2 s after the call']],
    [
      { call: call({ operation: 'TakeRouterInput', input: other }), state: route },
      ['⚠️ now on input «a1b2c3d4e5f6» instead of input «Camera-2», 2 s after the call'],
    ],
    [
      { call: call({ operation: 'TakeRouterInput', input: null }), state: route },
      ['⚠️ now on input «a1b2c3d4e5f6» instead of no input, 2 s after the call'],
    ],
    [{ troubles: [trouble({ endedAtMs: at(9) })] }, ['⚠️ flow «CupFinal-Main» was in ERROR, 8 s after the call']],
    [
      { troubles: [trouble({ endedAtMs: at(9), endedBy: { atMs: at(9), state: 'ACTIVE' } })] },
      ['⚠️ flow «CupFinal-Main» was in ERROR, 8 s after the call'],
    ],
    [
      { troubles: [trouble({ endedAtMs: at(9), endedBy: { atMs: at(12), state: 'STANDBY' } })] },
      ['⚠️ flow «CupFinal-Main» was in ERROR, 8 s after the call, now standby'],
    ],
    [{ troubles: [trouble()] }, ['⚠️ flow «CupFinal-Main» is in ERROR, 8 s after the call']],
    [
      { state: state('STARTING', 2), troubles: [anAlert] },
      [
        'now starting, 2 s after the call',
        '⚠️ flow «CupFinal-Main» has an alert («SourceStreamError»), 8 s after the call: «Stream Error: Timeout.»',
      ],
    ],
    [{}, []],
  ])('%#', (changes, lines) => {
    expect(
      cardLines({ call: call(), state: undefined, sources: undefined, troubles: [], ...changes }).map(shown),
    ).toEqual(lines);
  });

  it.each<readonly [Partial<Trouble>, string | undefined, number]>([
    [{}, 'in ERROR', 8],
    [{ endedAtMs: at(9), endedBy: { atMs: at(9), state: 'ACTIVE' } }, undefined, 8],
    [{ endedAtMs: at(9), endedBy: { atMs: at(12), state: 'STANDBY' } }, 'standby', 12],
    [{ endedAtMs: at(9), endedBy: { atMs: at(12), state: 'STANDBY' }, thing: output }, undefined, 12],
  ])('and of how the flow stands by its trouble: %o', (changes, stands, seconds) => {
    const said = outcomeOf({ call: call(), state: undefined, sources: undefined, troubles: [trouble(changes)] });
    const [one] = said.troubles;
    expect([one?.stands && shown(one.stands), one?.atMs]).toEqual([stands, at(seconds)]);
  });
});

describe('what only has an id, on a card', () => {
  const card = { call: call(), state: route, sources: undefined, troubles: [] };
  const linesOf = (taken: Notification, nameOf: NameOf): readonly string[] => {
    const { outcome } = withOutcome(taken, card, nameOf);
    return [outcome?.state?.words ?? [], outcome?.state?.stands ?? []].map(shown);
  };
  const answered = { responseElements: { routerOutputName: 'cdn-north', routerInputName: 'camera-2' } };

  it.each<readonly [string, Notification, NameOf, readonly string[]]>([
    [
      'has the names of the call',
      aTakeAt(0, answered),
      () => 'another',
      ['route: input «camera-2» → router output «cdn-north»', 'on input «camera-2»'],
    ],
    [
      'has the names that are known otherwise, which the call has too',
      withNames(aTakeAt(0), ({ id }) => `name of ${id}`),
      () => undefined,
      ['route: input «name of a1b2c3d4e5f6» → router output «name of b1c2d3e4f5a6»', 'on input «name of a1b2c3d4e5f6»'],
    ],
    [
      'has its id where no name is known',
      aTakeAt(0),
      () => undefined,
      ['route: input «a1b2c3d4e5f6» → router output «b1c2d3e4f5a6»', 'on input «a1b2c3d4e5f6»'],
    ],
    [
      'has its id too where it is none of the call',
      {
        ...aTakeAt(0, answered),
        resources: aTakeAt(0, answered).resources.filter(({ kind }) => kind !== 'routerInput'),
      },
      () => 'camera-3',
      ['route: input «camera-3» («a1b2c3d4e5f6») → router output «cdn-north»', 'on input «camera-3» («a1b2c3d4e5f6»)'],
    ],
  ])('%s', (_, taken, nameOf, lines) => {
    expect(linesOf(taken, nameOf)).toEqual(lines);
  });

  it('has its name in what went wrong, too', () => {
    const wrong = trouble({ thing: route.thing, root: route.thing });
    const { outcome } = withOutcome(
      aTakeAt(0, answered),
      { ...card, state: undefined, troubles: [wrong] },
      () => undefined,
    );
    const [said] = outcome?.troubles ?? [];
    expect([shown(said?.words ?? []), shown(said?.amongOthers ?? [])]).toEqual([
      '⚠️ router output «cdn-north» is in ERROR, 8 s after the call',
      '⚠️ router output «cdn-north» is in ERROR, 8 s after «jane» started flow «CupFinal-Main»',
    ]);
  });
});

const untouched = (of: Trouble, changes: Partial<Extract<Saying, { kind: 'untouched' }>> = {}): Saying => ({
  kind: 'untouched',
  key: 'k',
  trouble: of,
  call: undefined,
  isMaintained: false,
  ...changes,
});
const silence = (of: TouchingCall, known: KnownState | undefined, thing: KnownState['thing'] = flow): Saying => ({
  kind: 'silence',
  key: 'k',
  call: of,
  thing,
  state: known,
});
const end = (of: Trouble, known: KnownState | undefined): Saying => ({
  kind: 'end',
  key: 'k',
  trouble: of,
  channels: ['default'],
  state: known,
});

describe('a message', () => {
  it.each<readonly [Saying, string]>([
    [
      { kind: 'state', key: 'k', call: call({ operation: 'StopFlow' }), state: state('STANDBY', 3) },
      '✔️ flow «CupFinal-Main» is now standby, 3 s after «jane» stopped it',
    ],
    [
      { kind: 'state', key: 'k', call: call({ operation: 'TakeRouterInput', about: route.thing }), state: route },
      '✔️ router output «b1c2d3e4f5a6» is now on input «a1b2c3d4e5f6», 2 s after «jane» switched it',
    ],
    [
      {
        kind: 'state',
        key: 'k',
        call: call({ operation: 'TakeRouterInput', about: route.thing, input: route.input }),
        state: unrouted,
      },
      '⚠️ router output «b1c2d3e4f5a6» is now without input instead of input «a1b2c3d4e5f6», 2 s after «jane» switched it',
    ],
    [
      { kind: 'trouble', key: 'k', call: call(), trouble: trouble() },
      '⚠️ flow «CupFinal-Main» is in ERROR, 8 s after «jane» started it',
    ],
    [
      { kind: 'trouble', key: 'k', call: call(), trouble: anAlert },
      '⚠️ flow «CupFinal-Main» has an alert («SourceStreamError»), 8 s after «jane» started it: «Stream Error: Timeout.»',
    ],
    [
      { kind: 'trouble', key: 'k', call: sam, trouble: lost() },
      '⚠️ source «OB-van» of flow «CupFinal-Main» is disconnected, 8 s after «sam» updated it',
    ],
    [
      { kind: 'trouble', key: 'k', call: sam, trouble: trouble() },
      '⚠️ flow «CupFinal-Main» is in ERROR, 8 s after «sam» updated its source «OB-van»',
    ],
    [
      { kind: 'trouble', key: 'k', call: newer, trouble: trouble() },
      '⚠️ flow «CupFinal-Main» is in ERROR, 8 s after «PauseFlow» was called by «jane»',
    ],
    [
      silence(call({ operation: 'StopFlow' }), undefined),
      '⏳ MediaConnect has not said in 2 minutes that flow «CupFinal-Main» stopped («StopFlow» by «jane»)',
    ],
    [
      silence(call(), state('STARTING', 1)),
      '⏳ MediaConnect has not said in 2 minutes that flow «CupFinal-Main» started («StartFlow» by «jane»); so far it is starting',
    ],
    [
      silence(call({ operation: 'TakeRouterInput', about: route.thing }), route, route.thing),
      '⏳ MediaConnect has not said in 2 minutes that router output «b1c2d3e4f5a6» was switched («TakeRouterInput» by «jane»); so far it is on input «a1b2c3d4e5f6»',
    ],
    [
      untouched(lost()),
      '🟠 source «OB-van» of flow «CupFinal-Main» is disconnected. No call that reached us touched it in the 15 minutes before',
    ],
    [
      untouched(lost(), { call: sam }),
      '🟠 source «OB-van» of flow «CupFinal-Main» is disconnected, 8 s after «sam» updated it',
    ],
    [
      untouched(lost(), { isMaintained: true }),
      '🟠 source «OB-van» of flow «CupFinal-Main» is disconnected. AWS maintenance was restarting its flow',
    ],
    [
      untouched(trouble(), { isMaintained: true }),
      '🟠 flow «CupFinal-Main» is in ERROR. AWS maintenance was restarting it',
    ],
    [
      untouched(lost({ starts: flapping }), { call: sam }),
      '🟠 source «OB-van» of flow «CupFinal-Main» is disconnected, 3 times, 1 s after «sam» updated it',
    ],
    [
      untouched(lost({ isEndNotified: true, endedAtMs: at(12) }), { call: sam, state: received }),
      '🟠 source «OB-van» of flow «CupFinal-Main» was disconnected, for 4 s, and is back, 8 s after «sam» updated it',
    ],
    [
      untouched(lost({ starts: flapping, isEndNotified: true, endedAtMs: at(40) }), { call: sam, state: received }),
      '🟠 source «OB-van» of flow «CupFinal-Main» was disconnected, 3 times, for 39 s, and is back, 1 s after «sam» updated it',
    ],
    [
      untouched(lost({ starts: flapping, endedAtMs: at(40) }), { call: sam, state: received }),
      '🟠 source «OB-van» of flow «CupFinal-Main» was disconnected, 3 times so far, 1 s after «sam» updated it',
    ],
    [
      untouched(lost({ endedAtMs: at(12) }), { call: sam, state: received }),
      '🟠 source «OB-van» of flow «CupFinal-Main» was disconnected, for 4 s, 8 s after «sam» updated it',
    ],
    [
      untouched(trouble({ isEndNotified: true, endedAtMs: at(12) }), { call: sam, state: state('STANDBY', 12) }),
      '🟠 flow «CupFinal-Main» was in ERROR, for 4 s, now standby, 8 s after «sam» updated its source «OB-van»',
    ],
    [
      { kind: 'trouble', key: 'k', call: sam, trouble: lost({ endedAtMs: at(9) }) },
      '⚠️ source «OB-van» of flow «CupFinal-Main» was disconnected, 8 s after «sam» updated it',
    ],
    [
      end(lost({ starts: flapping, leftOut: 15, endedAtMs: at(40) }), state('CONNECTED', 40)),
      '✅ source «OB-van» of flow «CupFinal-Main» is no longer disconnected, now connected, after 39 s, 18 times',
    ],
    [
      untouched(trouble({ what: 'quality', state: 'video_missing, silentAudio, newProblem' }), { call: sam }),
      '🟠 flow «CupFinal-Main» has no video, silent audio and «newProblem», 8 s after «sam» updated its source «OB-van»',
    ],
    [untouched(trouble({ what: 'maintenance', state: 'FAILED' })), '🟠 AWS maintenance of flow «CupFinal-Main» failed'],
    [
      end(trouble({ endedAtMs: at(68) }), state('STANDBY', 68)),
      'ℹ️ flow «CupFinal-Main» is no longer in ERROR, now standby, after 1 min',
    ],
    [
      {
        kind: 'state',
        key: 'k',
        call: call({ operation: 'UpdateFlowOutput', about: output, arns: [OUTPUT_ARN] }),
        state: state('DISABLED', 3, { thing: output, rootArn: FLOW_ARN }),
      },
      '✔️ output «cdn-north» of flow «AwardsShow» is now disabled, 3 s after «jane» updated it',
    ],
    [
      {
        kind: 'trouble',
        key: 'k',
        call: call({ operation: 'AddFlowOutputs', about: { kind: 'output', name: 'cdn-south' } }),
        trouble: trouble({ thing: output, what: 'health', state: 'DISCONNECTED' }),
      },
      '⚠️ output «cdn-north» of flow «CupFinal-Main» is disconnected, 8 s after «jane» added output «cdn-south»',
    ],
    [
      {
        kind: 'trouble',
        key: 'k',
        call: call({ operation: 'GrantFlowEntitlements', about: { kind: 'entitlement', name: null } }),
        trouble: trouble(),
      },
      '⚠️ flow «CupFinal-Main» is in ERROR, 8 s after «jane» granted an entitlement',
    ],
    [
      { kind: 'news', key: 'k', state: state('4', 1, { aspect: 'failover' }) },
      'ℹ️ flow «CupFinal-Main» has switched to its source with index «4»',
    ],
    [
      { kind: 'correction', key: 'k', trouble: lost(), call: sam, channels: [] },
      '✏️ Correction, by a call that came late: source «OB-van» of flow «CupFinal-Main» was disconnected 8 s after «sam» updated it',
    ],
    [
      end(trouble({ endedAtMs: at(68) }), state('ACTIVE', 68)),
      '✅ flow «CupFinal-Main» is no longer in ERROR, now active, after 1 min',
    ],
    [
      end(lost({ starts: flapping, endedAtMs: at(40) }), state('CONNECTED', 40)),
      '✅ source «OB-van» of flow «CupFinal-Main» is no longer disconnected, now connected, after 39 s, 3 times',
    ],
    [
      end({ ...anAlert, endedAtMs: at(20) }, undefined),
      '✅ an alert of flow «CupFinal-Main» is over («SourceStreamError»), after 12 s: «Stream Error: Timeout.»',
    ],
    [
      end(trouble({ what: 'quality', state: 'audioMissing', endedAtMs: at(9) }), undefined),
      '✅ flow «CupFinal-Main» is no longer impaired (no audio), after 1 s',
    ],
    [
      { kind: 'news', key: 'k', state: stateOf(flowMaintenance('INPROGRESS', 1)) },
      '🔧 AWS maintenance of flow «AwardsShow» has begun, and restarts it',
    ],
    [
      { kind: 'news', key: 'k', state: stateOf(flowMaintenance('PAUSED', 1)) },
      '🔧 AWS maintenance of flow «AwardsShow» «PAUSED»',
    ],
    [
      { kind: 'news', key: 'k', state: state('1', 1, { aspect: 'failover' }) },
      'ℹ️ flow «CupFinal-Main» has switched to its second source',
    ],
  ])('%#', (saying, words) => {
    expect(shown(sayingWords(saying))).toBe(words);
  });

  it('names what has only an id, beside the id, where its name is known', () => {
    const nameOf: NameOf = ({ id }) => new Map([['b1c2d3e4f5a6', 'cdn-north']]).get(id);
    const said = (saying: Saying): string => shown(withGivenNames(sayingWords(saying), saying, nameOf));
    const taken = call({ operation: 'TakeRouterInput', about: { kind: 'routerOutput', name: null } });
    expect(said({ kind: 'state', key: 'k', call: taken, state: route })).toBe(
      '✔️ router output «cdn-north» («b1c2d3e4f5a6») is now on input «a1b2c3d4e5f6», 2 s after «jane» switched it',
    );
    expect(said(end(trouble({ thing: route.thing, root: route.thing, endedAtMs: at(68) }), undefined))).toBe(
      '✅ router output «cdn-north» («b1c2d3e4f5a6») is no longer in ERROR, after 1 min',
    );
    const promised = { ...taken.about, arn: route.thing.arn };
    expect(said({ kind: 'silence', key: 'k', call: taken, thing: promised, state: undefined })).toBe(
      '⏳ MediaConnect has not said in 2 minutes that router output «cdn-north» («b1c2d3e4f5a6») was switched («TakeRouterInput» by «jane»)',
    );
    expect(said(end(lost({ endedAtMs: at(9) }), undefined))).toBe(
      shown(sayingWords(end(lost({ endedAtMs: at(9) }), undefined))),
    );
  });

  it('is about what is remembered: of a source or an output its flow', () => {
    const sending = stateOf(outputHealth('CONNECTED', 'DISCONNECTED', 3));
    expect(saidOfArn({ kind: 'state', key: 'k', call: call(), state: sending })).toBe(FLOW_ARN);
    expect(saidOfArn({ kind: 'state', key: 'k', call: call(), state: route })).toBe(route.thing.arn);
    expect(saidOfArn(silence(call(), undefined))).toBe(FLOW_ARN);
    expect(saidOfArn(end(lost(), undefined))).toBe(FLOW_ARN);
  });

  it('names no flow that is called like a secret', () => {
    const rootArn = FLOW_ARN.replace(/[^:]+$/, 'passphrase=hunter2hunter2');
    const disabled = state('DISABLED', 3, { thing: output, rootArn });
    expect(sayingWords({ kind: 'state', key: 'k', call: call(), state: disabled })).toContainEqual({
      kind: 'name',
      text: 'passphrase=(not shown)',
    });
  });

  it('holds what came with an event as names only', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ATTACKS.filter((attack) => attack.trim().length > 2)), (attack) => {
        const thing = { ...flow, name: attack };
        const by = [{ kind: 'name', text: attack }] as const;
        const said = [
          sayingWords({
            kind: 'trouble',
            key: 'k',
            call: call({ by, operation: attack }),
            trouble: trouble({ thing, what: 'alert x', state: attack, message: attack }),
          }),
          sayingWords(untouched(trouble({ thing, what: 'quality', state: attack }))),
          sayingWords(end(trouble({ thing, state: attack }), state(attack, 9))),
          ...cardLines({ call: call(), state: state(attack, 3), sources: undefined, troubles: [] }),
        ];
        const ours = said.flatMap((parts) => parts.filter(({ kind }) => kind === 'plain').map(({ text }) => text));
        expect(ours.filter((text) => text.includes(attack.slice(0, 40)))).toEqual([]);
      }),
    );
  });

  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [80_000, '1 min 20 s'],
    [725_000, '12 min'],
  ])('%i ms are %s', (ms, words) => {
    expect(durationText(ms)).toBe(words);
  });
});
