import { describe, expect, it } from 'vitest';
import type { Phrase } from '../../../shared/notification/notification.ts';
import { byTimeSaid, wordsNow } from '../../../shared/outcome/outcome-words.ts';
import {
  type KnownState,
  NOTHING_REMEMBERED,
  type Saying,
  type SignalMemory,
  type TouchingCall,
  type Trouble,
} from '../../../shared/outcome/signal-memory.ts';
import { at, FLOW_ARN, SOURCE_ARN } from './signal-examples.ts';

const textOf = (words: Phrase): string => words.map(({ text }) => text).join('');

const flow = { kind: 'flow', name: 'F', arn: FLOW_ARN } as const;
const source = { kind: 'source', name: 'S', arn: SOURCE_ARN } as const;
const channels = ['default'];

const jane: TouchingCall = {
  eventId: 'e1',
  operation: 'StopFlow',
  impact: 'off-air',
  calledAtMs: at(0),
  by: [{ kind: 'name', text: 'jane' }],
  about: { kind: 'flow', name: 'F' },
  arns: [FLOW_ARN],
  channels,
  notifiedStates: [],
};

const lost = (id: string, seconds: number, endedAfter?: number): Trouble => ({
  id,
  thing: source,
  root: flow,
  what: 'health',
  state: 'DISCONNECTED',
  starts: [{ eventId: id, atMs: at(seconds) }],
  endedAtMs: endedAfter === undefined ? undefined : at(endedAfter),
  isEndNotified: endedAfter !== undefined,
});

const state = (word: string, seconds: number, changes: Partial<KnownState> = {}): KnownState => ({
  eventId: `${word} ${seconds}`,
  thing: flow,
  aspect: 'status',
  state: word,
  atMs: at(seconds),
  ...changes,
});
const health = (word: string, seconds: number): KnownState => state(word, seconds, { thing: source, aspect: 'health' });

const failed: Trouble = { ...lost('t', 8, 12), thing: flow, what: 'status', state: 'ERROR' };
const trouble: Extract<Saying, { kind: 'trouble' }> = { kind: 'trouble', key: 'k', call: jane, trouble: lost('t', 8) };
const untouched: Saying = { kind: 'untouched', key: 'k', trouble: lost('t', 8), call: undefined, isMaintained: false };
const end: Saying = { kind: 'end', key: 'k', trouble: lost('t', 8, 40), channels, state: health('CONNECTED', 40) };
const stopped: Saying = { kind: 'state', key: 'k', call: jane, state: state('STANDBY', 4) };
const silence: Saying = { kind: 'silence', key: 'k', call: jane, thing: flow, state: state('STOPPING', 1) };
const correction: Saying = { kind: 'correction', key: 'k', trouble: lost('t', 8), call: jane, channels };

const remembered = (changes: Partial<SignalMemory> = {}): SignalMemory => ({ ...NOTHING_REMEMBERED, ...changes });

describe('what is said is as it is by then', () => {
  it.each<readonly [string, Saying, SignalMemory | undefined, string]>([
    [
      'trouble that goes on',
      trouble,
      remembered({ troubles: [lost('t', 8)] }),
      '⚠️ source S of flow F is disconnected, 8 s after jane stopped its flow',
    ],
    [
      'trouble, where it cannot be looked at',
      trouble,
      undefined,
      '⚠️ source S of flow F is disconnected, 8 s after jane stopped its flow',
    ],
    [
      'trouble that is over',
      trouble,
      remembered({ troubles: [lost('t', 8, 40)] }),
      '⚠️ source S of flow F was disconnected, 8 s after jane stopped its flow',
    ],
    [
      'trouble that is forgotten',
      trouble,
      remembered(),
      '⚠️ source S of flow F was disconnected, 8 s after jane stopped its flow',
    ],
    [
      'an ERROR that is forgotten, of a flow that fell back',
      { ...trouble, trouble: failed },
      remembered({ states: [state('STANDBY', 12)] }),
      '⚠️ flow F was in ERROR, 8 s after jane stopped it, now standby',
    ],
    [
      'an ERROR that is forgotten, of a flow that is on air since',
      { ...trouble, trouble: { ...failed, endedBy: { atMs: at(12), state: 'STANDBY' } } },
      remembered({ states: [state('ACTIVE', 300)] }),
      '⚠️ flow F was in ERROR, 8 s after jane stopped it',
    ],
    [
      'an ERROR that fell back, where it cannot be looked at',
      { ...trouble, trouble: { ...failed, endedBy: { atMs: at(12), state: 'STANDBY' } } },
      undefined,
      '⚠️ flow F was in ERROR, 8 s after jane stopped it',
    ],
    [
      'nobody’s trouble that goes on',
      untouched,
      remembered({ troubles: [lost('t', 8)] }),
      '🟠 source S of flow F is disconnected. No call that reached us touched it in the 15 minutes before',
    ],
    [
      'nobody’s trouble of which the flow is down by now',
      untouched,
      remembered({ troubles: [lost('t', 8)], states: [state('STANDBY', 40)] }),
      '🟠 source S of flow F is disconnected, its flow now standby. No call that reached us touched it in the 15 minutes before',
    ],
    [
      'nobody’s trouble behind a call, of which the flow was down and is up again',
      { ...untouched, call: jane, down: state('STANDBY', 20) },
      remembered({ troubles: [lost('t', 8)], states: [state('ACTIVE', 40)] }),
      '🟠 source S of flow F is disconnected, 8 s after jane stopped its flow',
    ],
    [
      'nobody’s trouble that is over',
      untouched,
      remembered(),
      '🟠 source S of flow F was disconnected. No call that reached us touched it in the 15 minutes before',
    ],
    [
      'nobody’s trouble that ended since',
      untouched,
      remembered({ troubles: [lost('t', 8, 40)] }),
      '🟠 source S of flow F was disconnected, for 32 s. No call that reached us touched it in the 15 minutes before',
    ],
    [
      'nobody’s trouble that began once more since',
      { ...untouched, trouble: { ...lost('t', 8, 40), isEndNotified: false } },
      remembered({ troubles: [lost('t', 8)] }),
      '🟠 source S of flow F is disconnected. No call that reached us touched it in the 15 minutes before',
    ],
    [
      'nobody’s trouble, when a call has come since',
      untouched,
      remembered({ troubles: [lost('t', 8)], calls: [jane] }),
      '🟠 source S of flow F is disconnected, 8 s after jane stopped its flow',
    ],
    [
      'an end',
      end,
      remembered({ states: [health('CONNECTED', 40)] }),
      '✅ source S of flow F is no longer disconnected, now connected, after 32 s',
    ],
    [
      'an end, and another state since',
      end,
      remembered({ states: [health('IDLE', 50)] }),
      'ℹ️ source S of flow F is no longer disconnected, now idle, after 32 s',
    ],
    [
      'an end, and the state is that of the trouble since',
      end,
      remembered({ states: [health('DISCONNECTED', 50)] }),
      '✅ source S of flow F is no longer disconnected, after 32 s',
    ],
    [
      'an end, which is that another trouble took its place',
      end,
      remembered({ troubles: [lost('t', 8, 40), lost('u', 40)], states: [health('DISCONNECTED', 40)] }),
      '⚠️ source S of flow F was disconnected for 32 s, and is so again',
    ],
    [
      'an end, and the same trouble since',
      end,
      remembered({ states: [health('DISCONNECTED', 50)], troubles: [lost('u', 50)] }),
      '⚠️ source S of flow F was disconnected for 32 s, and is so again',
    ],
    [
      'an end, and the same trouble since, which is over, too',
      end,
      remembered({ troubles: [lost('u', 50, 60)], states: [health('CONNECTED', 60)] }),
      '✅ source S of flow F is no longer disconnected, now connected, after 32 s',
    ],
    [
      'a state',
      stopped,
      remembered({ states: [state('STANDBY', 4)] }),
      '✔️ flow F is now standby, 4 s after jane stopped it',
    ],
    [
      'a state that is no more',
      stopped,
      remembered({ states: [state('ACTIVE', 90)] }),
      '✔️ flow F was standby, 4 s after jane stopped it',
    ],
    [
      'a state, where nothing is remembered',
      stopped,
      remembered(),
      '✔️ flow F is now standby, 4 s after jane stopped it',
    ],
    [
      'a silence',
      silence,
      remembered(),
      '⏳ MediaConnect has not said in 2 minutes that flow F stopped (StopFlow by jane); so far it is stopping',
    ],
    [
      'a silence that was broken since',
      silence,
      remembered({ states: [state('STANDBY', 130)] }),
      '⏳ MediaConnect said only after 2 min 10 s that flow F stopped (StopFlow by jane)',
    ],
    [
      'a silence that was broken since, and more happened',
      silence,
      remembered({
        states: [{ ...state('STARTING', 200), passed: [{ eventId: 'p', state: 'STANDBY', atMs: at(130) }] }],
      }),
      '⏳ MediaConnect said only after 2 min 10 s that flow F stopped (StopFlow by jane)',
    ],
    [
      'a silence that goes on',
      silence,
      remembered({ states: [state('STOPPING', 1)] }),
      '⏳ MediaConnect has not said in 2 minutes that flow F stopped (StopFlow by jane); so far it is stopping',
    ],
    [
      'a correction',
      correction,
      remembered(),
      '✏️ Correction, by a call that came late: source S of flow F was disconnected 8 s after jane stopped its flow',
    ],
  ])('%s', (_, saying, memory, words) => {
    expect(textOf(wordsNow(saying, { memory, together: [saying] }))).toBe(words);
  });

  it('where the end is said in the same message, also without the memory', () => {
    expect(textOf(wordsNow(trouble, { memory: undefined, together: [trouble, end] }))).toContain('was disconnected');
    const other: Saying = { ...end, trouble: lost('another', 8, 40) };
    expect(textOf(wordsNow(trouble, { memory: undefined, together: [trouble, other] }))).toContain('is disconnected');
  });

  it('of a route: it was', () => {
    const routed = state('ROUTED', 2, {
      thing: { kind: 'routerOutput', name: 'R', arn: 'arn:r' },
      aspect: 'route',
      input: { kind: 'routerInput', name: 'camera-2', arn: 'arn:i' },
    });
    const take: Saying = { kind: 'state', key: 'k', call: { ...jane, operation: 'TakeRouterInput' }, state: routed };
    const memory = remembered({ states: [{ ...routed, eventId: 'later', atMs: at(9) }] });
    expect(textOf(wordsNow(take, { memory, together: [] }))).toMatch(/^✔️ router output R was on input camera-2, 2 s/);
  });

  it('is in order of time, what corrects last', () => {
    expect([correction, end, silence, trouble, stopped].toSorted(byTimeSaid)).toEqual([
      stopped,
      trouble,
      end,
      silence,
      correction,
    ]);
    expect(byTimeSaid(correction, correction)).toBe(0);
  });
});
