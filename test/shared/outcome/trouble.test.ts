import { describe, expect, it } from 'vitest';
import type { OutcomeLevels } from '../../../shared/outcome/join.ts';
import type { SignalEvent } from '../../../shared/outcome/signal-event.ts';
import { type Arrival, playAsRead as play } from './play-as-read.ts';
import {
  aCallAt,
  anAlert,
  anOutputCallAt,
  aSignal,
  FLOW_ARN,
  flowHealth,
  flowMaintenance,
  flowStatus,
  OTHER_OUTPUT_ARN,
  outputHealth,
  ROUTER_OUTPUT_ARN,
  SOURCE_ARN,
  sourceHealth,
} from './signal-examples.ts';

const OUTCOMES: OutcomeLevels = { outcomes: 'trouble', health: 'off' };
const HEALTH: OutcomeLevels = { outcomes: 'trouble', health: 'trouble' };

describe('two events in one second', () => {
  it('ERROR in the second of STARTING is said, whichever of the two comes first', () => {
    const starting = flowStatus('STARTING', 'STANDBY', 3);
    const error = flowStatus('ERROR', 'STARTING', 3);
    const start = aCallAt('StartFlow', 0);
    expect(
      play(
        [
          [1, start],
          [4, starting],
          [4, error],
        ],
        OUTCOMES,
      ).join('\n'),
    ).toContain('is in ERROR');
  });

  it('never says that an ERROR is over which is the last state', () => {
    const starting = flowStatus('STARTING', 'STANDBY', 3);
    const error = flowStatus('ERROR', 'STARTING', 3);
    const start = aCallAt('StartFlow', 0);
    expect(
      play(
        [
          [1, start],
          [4, error],
          [5, starting],
        ],
        OUTCOMES,
      ),
    ).toEqual(['4 s default: ⚠️ flow AwardsShow is in ERROR, 3 s after jane@example.org as role Operators started it']);
  });

  it('a source that came and went in one second is lost', () => {
    const said = play(
      [
        [1, aCallAt('StartFlow', 0)],
        [4, sourceHealth('CONNECTED', 'DISCONNECTED', 3)],
        [4, sourceHealth('DISCONNECTED', 'CONNECTED', 3)],
      ],
      HEALTH,
    );
    expect(said.join('\n')).toContain('is disconnected');
  });
});

describe('trouble', () => {
  it('that was over before its call’s record came is said, as it is where the call came first', () => {
    const start = aCallAt('StartFlow', 0);
    const events: readonly Arrival[] = [
      [2, flowStatus('STARTING', 'STANDBY', 1)],
      [4, flowStatus('ERROR', 'STARTING', 3)],
      [7, flowStatus('STANDBY', 'ERROR', 6)],
    ];
    expect(play([...events, [9, start]], OUTCOMES).join('\n')).toContain('ERROR');
  });

  it.each([
    [
      'CreateFlow',
      flowStatus('ERROR', 'CREATING', 10),
      {
        requestParameters: { name: 'AwardsShow' },
        responseElements: { flow: { flowArn: FLOW_ARN, name: 'AwardsShow' } },
      },
    ],
    [
      'CreateRouterOutput',
      aSignal('Router Output State', { currentState: 'ERROR', previousState: 'CREATING' }, 10, [ROUTER_OUTPUT_ARN]),
      {
        requestParameters: { name: 'cdn' },
        responseElements: { routerOutput: { arn: ROUTER_OUTPUT_ARN, name: 'cdn' } },
      },
    ],
  ] as const)('within two minutes of %s is said, and names it', (operation, event, detail) => {
    const call = aCallAt(operation, 0, detail);
    expect(
      play(
        [
          [1, call],
          [11, event],
        ],
        OUTCOMES,
      ),
    ).toEqual([expect.stringContaining('is in ERROR, 10 s after jane@example.org as role Operators created it')]);
  });

  it('of a whole flow is not what the removal of an output wants', () => {
    const said = play(
      [
        [1, anOutputCallAt('RemoveFlowOutput', 0)],
        [61, flowHealth('DISCONNECTED', 'CONNECTED', 60)],
        [61, sourceHealth('DISCONNECTED', 'CONNECTED', 60)],
      ],
      HEALTH,
    );
    expect(said.join('\n')).toContain('is disconnected');
  });

  it('that becomes worse is said: RECOVERING, then ERROR', () => {
    const state = (currentState: string, previousState: string, seconds: number): SignalEvent =>
      aSignal('Router Output State', { currentState, previousState }, seconds, [ROUTER_OUTPUT_ARN]);
    const start = aCallAt('StartRouterOutput', 0, { requestParameters: { arn: ROUTER_OUTPUT_ARN } });
    const said = play(
      [
        [1, start],
        [5, state('RECOVERING', 'ACTIVE', 4)],
        [20, state('ERROR', 'RECOVERING', 19)],
      ],
      HEALTH,
    );
    expect(said.join('\n')).toContain('in ERROR');
  });

  it('of the picture that becomes worse is said: frozen, then no video', () => {
    const quality = (problem: string, seconds: number): SignalEvent =>
      aSignal('Flow Content Quality', { impacted: true, streams: [{ [problem]: true }] }, seconds);
    const said = play(
      [
        [1, aCallAt('StartFlow', 0)],
        [5, quality('frozen_frames_duration_breaching', 4)],
        [20, quality('video_missing', 19)],
      ],
      HEALTH,
    );
    expect(said.join('\n')).toContain('no video');
  });

  it('of two outputs is two troubles, where the alerts have a code and no id, as in the user guide', () => {
    const alert = (output: string, errored: boolean, seconds: number): SignalEvent =>
      aSignal(
        'Alert',
        {
          errored,
          'error-code': 'AccessDeniedException',
          'error-message': `Permission denied accessing encryption key for output ${output}. Removing output until it is fixed`,
        },
        seconds,
      );
    const said = play(
      [
        [1, aCallAt('StartFlow', 0)],
        [5, alert('cdn-a', true, 4)],
        [6, alert('cdn-b', true, 5)],
      ],
      OUTCOMES,
    ).join('\n');
    expect(said).toContain('cdn-a');
    expect(said).toContain('cdn-b');
  });

  it('and an alert of one output that clears does not end the other’s', () => {
    const alert = (output: string, errored: boolean, seconds: number): SignalEvent =>
      aSignal(
        'Alert',
        { errored, 'error-code': 'AccessDeniedException', 'error-message': `no key for ${output}` },
        seconds,
      );
    const said = play(
      [
        [1, aCallAt('StartFlow', 0)],
        [5, alert('cdn-a', true, 4)],
        [6, alert('cdn-b', true, 5)],
        [9, alert('cdn-a', false, 8)],
      ],
      OUTCOMES,
    );
    expect(said).toEqual([
      '5 s default: ⚠️ flow AwardsShow has an alert (AccessDeniedException), 4 s after jane@example.org as role Operators started it: no key for cdn-a',
      '6 s default: ⚠️ flow AwardsShow has an alert (AccessDeniedException), 5 s after jane@example.org as role Operators started it: no key for cdn-b',
      '39 s default: ✅ an alert of flow AwardsShow is over (AccessDeniedException), after 4 s: no key for cdn-a',
    ]);
  });

  it('of maintenance that failed and was planned anew is not called an alert', () => {
    const said = play(
      [
        [2, flowMaintenance('FAILED', 1)],
        [130, flowMaintenance('RESCHEDULED', 129)],
      ],
      HEALTH,
    );
    expect(said).toEqual(['62 s default: 🟠 AWS maintenance of flow AwardsShow failed']);
  });

  it('is no news where the source was removed on purpose', () => {
    const said = play(
      [
        [1, aCallAt('RemoveFlowSource', 0, { requestParameters: { flowArn: FLOW_ARN, sourceArn: SOURCE_ARN } })],
        [3, sourceHealth('DISCONNECTED', 'CONNECTED', 2)],
      ],
      OUTCOMES,
    );
    expect(said).toEqual([]);
  });
});

describe('the channel’s last word', () => {
  it('hears that trouble is over though its end was read a quarter of an hour late', () => {
    const said = play(
      [
        [1, aCallAt('StartFlow', 0)],
        [4, sourceHealth('DISCONNECTED', 'CONNECTED', 3)],
        [1000, sourceHealth('CONNECTED', 'DISCONNECTED', 60)],
      ],
      OUTCOMES,
      { untilSeconds: 2000 },
    );
    expect(said.join('\n')).toContain('no longer disconnected');
  });
});

describe('what nobody called for', () => {
  it('flapping is one line with a count, also where the source is up when a minute is over', () => {
    const flaps = Array.from({ length: 30 }, (_, index): readonly Arrival[] => [
      [index * 20 + 1, sourceHealth('DISCONNECTED', 'CONNECTED', index * 20)],
      [index * 20 + 3, sourceHealth('CONNECTED', 'DISCONNECTED', index * 20 + 2)],
    ]).flat();
    const said = play(flaps, HEALTH, { untilSeconds: 900 });
    expect(said.filter((line) => line.includes('🟠'))).toHaveLength(1);
  });

  it('counts as often as it was lost', () => {
    const flaps = Array.from({ length: 45 }, (_, index): readonly Arrival[] => [
      [index * 10 + 5, sourceHealth('DISCONNECTED', 'CONNECTED', index * 10)],
      [index * 10 + 6, sourceHealth('CONNECTED', 'DISCONNECTED', index * 10 + 4)],
    ]).flat();
    expect(play([[-1, aCallAt('StartFlow', -2)], ...flaps], OUTCOMES, { untilSeconds: 900 }).at(-1)).toContain(
      '45 times',
    );
  });

  it('is not said to be AWS maintenance that began hours ago, though FINISHED never came', () => {
    const said = play(
      [
        [1, flowMaintenance('INPROGRESS', 0)],
        [40, flowStatus('ACTIVE', 'STARTING', 39)],
        [6 * 3600, sourceHealth('DISCONNECTED', 'CONNECTED', 6 * 3600 - 1)],
      ],
      HEALTH,
      { untilSeconds: 7 * 3600 },
    );
    expect(said).toEqual([
      '21660 s default: 🟠 source OB-van of flow AwardsShow is disconnected. No call that reached us touched it in the 15 minutes before',
    ]);
  });

  it('is corrected by a late call that was nearer than the one that was named', () => {
    const said = play(
      [
        [-599, aCallAt('TagResource', -600, { requestParameters: { resourceArn: FLOW_ARN } })],
        [2, sourceHealth('DISCONNECTED', 'CONNECTED', 1)],
        [100, aCallAt('StopFlow', 0)],
      ],
      HEALTH,
    );
    expect(said.join('\n')).toContain('Correction');
  });
});

describe('a second try', () => {
  it('of a start that ends in ERROR again is said, and names its own call', () => {
    const said = play(
      [
        [1, aCallAt('StartFlow', 0)],
        [3, flowStatus('STARTING', 'STANDBY', 2)],
        [6, flowStatus('ERROR', 'STARTING', 5)],
        [91, aCallAt('StartFlow', 90)],
        [93, flowStatus('STARTING', 'ERROR', 92)],
        [97, flowStatus('ERROR', 'STARTING', 96)],
      ],
      OUTCOMES,
    );
    expect(said.filter((line) => line.includes('is in ERROR'))).toHaveLength(2);
  });

  it('is said on its card too, where the events came first', () => {
    const said = play(
      [
        [3, flowStatus('STARTING', 'STANDBY', 2)],
        [6, flowStatus('ERROR', 'STARTING', 5)],
        [9, aCallAt('StartFlow', 0)],
        [93, flowStatus('STARTING', 'ERROR', 92)],
        [97, flowStatus('ERROR', 'STARTING', 96)],
        [99, aCallAt('StartFlow', 90)],
      ],
      OUTCOMES,
    );
    expect(said.filter((line) => line.includes('is in ERROR'))).toHaveLength(2);
  });

  it('that loses the source at once is said, though the source had been lost before by itself', () => {
    const said = play(
      [
        [2, sourceHealth('DISCONNECTED', 'CONNECTED', 1)],
        [300, aCallAt('UpdateFlowSource', 299, { requestParameters: { flowArn: FLOW_ARN, sourceArn: SOURCE_ARN } })],
        [302, sourceHealth('CONNECTED', 'DISCONNECTED', 301)],
        [310, sourceHealth('DISCONNECTED', 'CONNECTED', 309)],
      ],
      HEALTH,
    );
    expect(said.join('\n')).toMatch(/is disconnected, 10 s after/);
  });

  it('that loses its source again is said: the first loss was reported of another call', () => {
    const said = play(
      [
        [1, aCallAt('UpdateFlow', 0)],
        [6, sourceHealth('DISCONNECTED', 'CONNECTED', 5)],
        [20, sourceHealth('CONNECTED', 'DISCONNECTED', 19)],
        [31, aCallAt('UpdateFlowSource', 30, { requestParameters: { flowArn: FLOW_ARN, sourceArn: SOURCE_ARN } })],
        [41, sourceHealth('DISCONNECTED', 'CONNECTED', 40)],
      ],
      OUTCOMES,
    );
    expect(said.filter((line) => line.includes('is disconnected'))).toHaveLength(2);
  });
});

describe('the call that is named', () => {
  it('a stop whose record comes behind its events is no trouble of the change before it', () => {
    const said = play(
      [
        [-59, aCallAt('UpdateFlow', -60)],
        [2, sourceHealth('DISCONNECTED', 'CONNECTED', 1)],
        [3, flowStatus('STOPPING', 'ACTIVE', 1)],
        [4, flowStatus('STANDBY', 'STOPPING', 3)],
        [10, aCallAt('StopFlow', 0)],
      ],
      HEALTH,
    );
    expect(said).toEqual(['10 s default card: now standby, 3 s after the call']);
  });

  it('an ERROR is given to the latest call before it, though its record came behind the ERROR', () => {
    const said = play(
      [
        [-29, aCallAt('UpdateFlow', -30)],
        [2, flowStatus('STARTING', 'STANDBY', 1)],
        [4, flowStatus('ERROR', 'STARTING', 3)],
        [10, aCallAt('StartFlow', 0)],
      ],
      OUTCOMES,
    );
    expect(said).toEqual([
      '4 s default: ⚠️ flow AwardsShow is in ERROR, 33 s after jane@example.org as role Operators updated it',
      '10 s default: ✏️ Correction, by a call that came late: flow AwardsShow was in ERROR 3 s after jane@example.org as role Operators started it',
    ]);
  });
});

describe('an alert', () => {
  it('is no wish of somebody who removed an output', () => {
    expect(
      play(
        [
          [1, anOutputCallAt('RemoveFlowOutput', 0)],
          [61, anAlert(true, 60)],
        ],
        HEALTH,
      ),
    ).toEqual([
      '61 s default: ⚠️ flow AwardsShow has an alert (SourceStreamError), 1 min after jane@example.org as role Operators removed its output cdn-north: Stream Error: Timeout.',
    ]);
  });

  it('nor of somebody who restarted a router output', () => {
    const restart = aCallAt('RestartRouterOutput', 0, { requestParameters: { arn: ROUTER_OUTPUT_ARN } });
    const message = aSignal('Router Output Message', { active: true, code: 'StreamError', message: 'Timeout.' }, 40, [
      ROUTER_OUTPUT_ARN,
    ]);
    expect(
      play(
        [
          [1, restart],
          [41, message],
        ],
        HEALTH,
      ),
    ).toEqual([
      '41 s default: ⚠️ router output b1c2d3e4f5a6 has an alert (StreamError), 40 s after jane@example.org as role Operators restarted it: Timeout.',
    ]);
  });
});

describe('words that an operator reads wrongly', () => {
  it('a flow that fell from ERROR into STANDBY is not said to be back', () => {
    const said = play(
      [
        [2, flowStatus('ERROR', 'ACTIVE', 1)],
        [9, flowStatus('STANDBY', 'ERROR', 8)],
      ],
      HEALTH,
    );
    expect(said).toEqual([
      '62 s default: 🟠 flow AwardsShow was in ERROR, for 7 s, now standby. No call that reached us touched it in the 15 minutes before',
    ]);
  });

  it.each([
    ['whichever of its end and its beginning is heard first', 12],
    ['though its beginning comes twice', 11],
  ])('what was lost while AWS maintained the flow is said to be AWS’s, %s', (_, seconds) => {
    const said = play(
      [
        [2, sourceHealth('DISCONNECTED', 'CONNECTED', 2)],
        [10, flowMaintenance('FINISHED', 10)],
        [seconds, flowMaintenance('INPROGRESS', 0)],
        [12, flowMaintenance('INPROGRESS', 0)],
      ],
      HEALTH,
    );
    expect(said).toEqual([
      '62 s default: 🟠 source OB-van of flow AwardsShow is disconnected. AWS maintenance was restarting its flow',
    ]);
  });

  it('what was lost while AWS maintained the flow is said to be AWS’s, though the maintenance is over a minute later', () => {
    const said = play(
      [
        [1, flowMaintenance('INPROGRESS', 0)],
        [3, sourceHealth('DISCONNECTED', 'CONNECTED', 2)],
        [21, flowMaintenance('FINISHED', 20)],
      ],
      HEALTH,
    );
    expect(said).toEqual([
      '63 s default: 🟠 source OB-van of flow AwardsShow is disconnected. AWS maintenance was restarting its flow',
    ]);
  });

  it('a late call corrects what a call that came less late had corrected wrongly', () => {
    const said = play(
      [
        [2, sourceHealth('DISCONNECTED', 'CONNECTED', 1)],
        [70, aCallAt('TagResource', -500, { requestParameters: { resourceArn: FLOW_ARN } })],
        [100, aCallAt('StopFlow', 0)],
      ],
      HEALTH,
    );
    expect(said.join('\n')).toContain('stopped its flow');
  });

  it('an old event that is delivered again neither counts nor makes a trouble longer', () => {
    const lost = sourceHealth('DISCONNECTED', 'CONNECTED', 4);
    const said = play(
      [
        [1, aCallAt('StartFlow', 0)],
        [5, lost],
        [11, sourceHealth('CONNECTED', 'DISCONNECTED', 10)],
        [100, sourceHealth('DISCONNECTED', 'CONNECTED', 99)],
        [101, lost],
        [120, sourceHealth('CONNECTED', 'DISCONNECTED', 110)],
      ],
      OUTCOMES,
    );
    expect(said.at(-1)).toContain('after 11 s');
  });
});

describe('whoever was told', () => {
  const update = (seconds: number) =>
    aCallAt('UpdateFlowSource', seconds, { requestParameters: { flowArn: FLOW_ARN, sourceArn: SOURCE_ARN } }, 'ops');

  it('hears of the end, also where another trouble began in the place of the one', () => {
    const said = play(
      [
        [2, sourceHealth('DISCONNECTED', 'CONNECTED', 1)],
        [300, update(299)],
        [302, sourceHealth('CONNECTED', 'DISCONNECTED', 301)],
        [310, sourceHealth('DISCONNECTED', 'CONNECTED', 309)],
        [330, sourceHealth('CONNECTED', 'DISCONNECTED', 329)],
      ],
      HEALTH,
    );
    const ends = said.filter((line) => line.includes('✅'));
    expect(ends.map((line) => line.split(' ')[2])).toEqual(['ops:', 'default:']);
  });

  it('does so when it is over for good on purpose', () => {
    const said = play(
      [
        [2, sourceHealth('DISCONNECTED', 'CONNECTED', 1)],
        [70, sourceHealth('CONNECTED', 'DISCONNECTED', 69)],
        [81, aCallAt('StopFlow', 80)],
        [82, sourceHealth('DISCONNECTED', 'CONNECTED', 81)],
        [99, flowStatus('STANDBY', 'STOPPING', 90)],
        [200, sourceHealth('CONNECTED', 'DISCONNECTED', 199)],
      ],
      HEALTH,
    );
    expect(said.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      '62 s default: 🟠',
      '230 s default: ✅',
    ]);
  });

  it('of another call is told of the nearer one, in the same channels', () => {
    const said = play(
      [
        [-29, aCallAt('UpdateFlow', -30, {}, 'ops')],
        [4, flowStatus('ERROR', 'STARTING', 3)],
        [10, aCallAt('StartFlow', 0)],
        [11, aCallAt('StartFlow', 0)],
        [12, aCallAt('TagResource', 2, { requestParameters: { resourceArn: FLOW_ARN } })],
      ],
      OUTCOMES,
    );
    expect(said.map((line) => line.replace(/ jane.* as role Operators/, ' jane'))).toEqual([
      '4 s ops: ⚠️ flow AwardsShow is in ERROR, 33 s after jane updated it',
      '10 s ops: ✏️ Correction, by a call that came late: flow AwardsShow was in ERROR 3 s after jane started it',
    ]);
  });

  it('hears the end of what took its place, also where that is on another channel’s card as over', () => {
    const said = play(
      [
        [0, flowStatus('ERROR', 'STARTING', 0)],
        [0, aCallAt('StartFlow', 0, {}, 'ops')],
        [1, flowStatus('ERROR', 'STARTING', 1)],
        [2, flowStatus('STANDBY', 'STOPPING', 2)],
        [2, aCallAt('StartFlow', 1)],
      ],
      { outcomes: 'trouble', health: 'off' },
    );
    expect(said).toEqual([
      '0 s ops card: ⚠️ flow AwardsShow is in ERROR, 0 s after the call',
      '2 s default card: ⚠️ flow AwardsShow was in ERROR, 0 s after the call, now standby',
      '32 s ops: ℹ️ flow AwardsShow is no longer in ERROR, now standby, after 1 s',
      '32 s default: ℹ️ flow AwardsShow is no longer in ERROR, now standby, after 1 s',
    ]);
  });
});

describe('a source and its flow', () => {
  const removed = (seconds: number) =>
    aCallAt('RemoveFlowSource', seconds, { requestParameters: { flowArn: FLOW_ARN, sourceArn: SOURCE_ARN } });
  const flowLost = flowHealth('DISCONNECTED', 'CONNECTED', 2);
  const sourceLost = sourceHealth('DISCONNECTED', 'CONNECTED', 2);

  it.each([
    ['source', sourceLost, flowLost],
    ['flow', flowLost, sourceLost],
  ])('the flow that has no other source is said to be lost, the %s first', (_, one, other) => {
    const said = play(
      [
        [1, removed(0)],
        [3, one],
        [3.5, other],
      ],
      OUTCOMES,
    );
    expect(said).toEqual([expect.stringContaining('⚠️ flow AwardsShow is disconnected, 2 s after')]);
  });

  it('that flap together are one line', () => {
    const flaps = Array.from({ length: 20 }, (_, index): readonly Arrival[] => [
      [index * 20 + 1, flowHealth('DISCONNECTED', 'CONNECTED', index * 20)],
      [index * 20 + 1, sourceHealth('DISCONNECTED', 'CONNECTED', index * 20)],
      [index * 20 + 3, flowHealth('CONNECTED', 'DISCONNECTED', index * 20 + 2)],
      [index * 20 + 3, sourceHealth('CONNECTED', 'DISCONNECTED', index * 20 + 2)],
    ]).flat();
    const said = play(flaps, HEALTH, { untilSeconds: 900 });
    expect(said).toEqual([
      expect.stringMatching(/🟠 source OB-van of flow AwardsShow was disconnected, 3 times so far/),
      expect.stringMatching(/✅ source OB-van .*, 20 times$/),
    ]);
  });
});

describe('what is known only in part', () => {
  it.each<readonly [string, readonly Arrival[], OutcomeLevels, readonly string[]]>([
    [
      'an ERROR of which the end was heard first is said as over',
      [
        [1, aCallAt('StartFlow', 0)],
        [7, flowStatus('STANDBY', 'ERROR', 6)],
        [8, flowStatus('ERROR', 'STARTING', 3)],
      ],
      OUTCOMES,
      ['8 s default: ⚠️ flow AwardsShow was in ERROR, 3 s after jane started it, now standby'],
    ],
    [
      'the time in ERROR ends with it, whatever comes then',
      [
        [2, flowStatus('ERROR', 'ACTIVE', 1)],
        [6, flowStatus('STARTING', 'ERROR', 5)],
        [10, flowStatus('ACTIVE', 'STARTING', 9)],
        [21, flowStatus('UPDATING', 'ACTIVE', 20)],
        [26, flowStatus('ACTIVE', 'UPDATING', 25)],
      ],
      HEALTH,
      [
        '62 s default: 🟠 flow AwardsShow was in ERROR, for 4 s, and is back. No call that reached us touched it in the 15 minutes before',
      ],
    ],
    [
      'an ERROR of a first try that is heard behind the one of the second',
      [
        [1, aCallAt('StartFlow', 0)],
        [91, aCallAt('StartFlow', 90)],
        [98, flowStatus('ERROR', 'STARTING', 97)],
        [99, flowStatus('ERROR', 'STARTING', 5)],
      ],
      OUTCOMES,
      [
        '98 s default: ⚠️ flow AwardsShow is in ERROR, 7 s after jane started it',
        '99 s default: ⚠️ flow AwardsShow was in ERROR, 5 s after jane started it',
      ],
    ],
    [
      'an alert that is cleared without its message: the only one of its code',
      [
        [
          2,
          aSignal('Router Output Message', { active: true, code: 'StreamError', message: 'Timeout.' }, 1, [
            ROUTER_OUTPUT_ARN,
          ]),
        ],
        [100, aSignal('Router Output Message', { active: false, code: 'StreamError' }, 99, [ROUTER_OUTPUT_ARN])],
      ],
      HEALTH,
      [
        '62 s default: 🟠 router output b1c2d3e4f5a6 has an alert (StreamError). No call that reached us touched it in the 15 minutes before: Timeout.',
        '130 s default: ✅ an alert of router output b1c2d3e4f5a6 is over (StreamError), after 1 min 38 s: Timeout.',
      ],
    ],
    [
      'and none of two',
      [
        [2, aSignal('Router Output Message', { active: true, code: 'E', message: 'one' }, 1, [ROUTER_OUTPUT_ARN])],
        [2, aSignal('Router Output Message', { active: true, code: 'E', message: 'two' }, 1, [ROUTER_OUTPUT_ARN])],
        [100, aSignal('Router Output Message', { active: false, code: 'E' }, 99, [ROUTER_OUTPUT_ARN])],
      ],
      HEALTH,
      [
        '62 s default: 🟠 router output b1c2d3e4f5a6 has an alert (E). No call that reached us touched it in the 15 minutes before: one',
        '62 s default: 🟠 router output b1c2d3e4f5a6 has an alert (E). No call that reached us touched it in the 15 minutes before: two',
      ],
    ],
    [
      'a router output recovers on the way of a restart',
      [
        [1, aCallAt('RestartRouterOutput', 0, { requestParameters: { arn: ROUTER_OUTPUT_ARN } })],
        [
          5,
          aSignal('Router Output State', { currentState: 'RECOVERING', previousState: 'ACTIVE' }, 4, [
            ROUTER_OUTPUT_ARN,
          ]),
        ],
      ],
      HEALTH,
      [],
    ],
  ])('%s', (_, arrivals, levels, lines) => {
    const said = play(arrivals, levels).filter((line) => !line.includes('⏳'));
    expect(said.map((line) => line.replace(/ jane.* as role Operators/, ' jane'))).toEqual(lines);
  });
});

it('the end of a loss is told though a late call divides the loss behind its end', () => {
  const said = play(
    [
      [1, aCallAt('UpdateFlow', 0)],
      [6, sourceHealth('DISCONNECTED', 'CONNECTED', 5)],
      [61, sourceHealth('DISCONNECTED', 'CONNECTED', 60)],
      [76, sourceHealth('CONNECTED', 'DISCONNECTED', 75)],
      [80, aCallAt('UpdateFlow', 56)],
    ],
    OUTCOMES,
  );
  expect(said.at(-1)).toMatch(/✅ source .* no longer disconnected, now connected/);
});

it('the end of a loss is told though a flap is heard behind it', () => {
  const said = play(
    [
      [1, aCallAt('UpdateFlow', 0)],
      [6, sourceHealth('DISCONNECTED', 'CONNECTED', 5)],
      [61, sourceHealth('CONNECTED', 'DISCONNECTED', 60)],
      [69, sourceHealth('CONNECTED', 'DISCONNECTED', 68)],
      [75, sourceHealth('DISCONNECTED', 'CONNECTED', 63)],
    ],
    OUTCOMES,
  );
  expect(said.at(-1)).toMatch(/✅ source .* no longer disconnected, now connected, after 1 min 3 s, 2 times/);
});

describe('an output that goes with its flow’s source', () => {
  it.each([
    ['UpdateFlowSource', 'updated'],
    ['RemoveFlowSource', 'removed'],
  ])('after %s names that call', (operation, done) => {
    const change = aCallAt(operation, 0, { requestParameters: { flowArn: FLOW_ARN, sourceArn: SOURCE_ARN } });
    const said = play(
      [
        [1, change],
        [4, outputHealth('DISCONNECTED', 'CONNECTED', 3)],
      ],
      HEALTH,
    );
    expect(said).toEqual([
      `6 s default: ⚠️ output cdn-north of flow AwardsShow is disconnected, 3 s after jane@example.org as role Operators ${done} source OB-van`,
    ]);
  });

  it('is not the doing of a call on another output', () => {
    const said = play(
      [
        [1, anOutputCallAt('UpdateFlowOutput', 0, OTHER_OUTPUT_ARN)],
        [4, outputHealth('DISCONNECTED', 'CONNECTED', 3)],
      ],
      HEALTH,
    );
    expect(said.join('\n')).toContain('No call that reached us');
  });
});

describe('a flow that goes down', () => {
  const down: readonly Arrival[] = [
    [1, flowStatus('STOPPING', 'ACTIVE', 0)],
    [2, sourceHealth('DISCONNECTED', 'CONNECTED', 1)],
    [2, outputHealth('DISCONNECTED', 'CONNECTED', 1)],
    [5, flowStatus('STANDBY', 'STOPPING', 4)],
  ];
  const stop = aCallAt('StopFlow', 0);
  const update = aCallAt('UpdateFlow', -30);
  const ALL: OutcomeLevels = { outcomes: 'all', health: 'all' };

  it.each<readonly [string, OutcomeLevels, readonly Arrival[], readonly string[]]>([
    [
      'with no call that reached us is said of its source after a minute, and not of its outputs',
      HEALTH,
      down,
      [
        '62 s default: 🟠 source OB-van of flow AwardsShow is disconnected, its flow now standby. No call that reached us touched it in the 15 minutes before',
      ],
    ],
    [
      'with no call, and comes back, is said to be back',
      HEALTH,
      [...down, [100, flowStatus('ACTIVE', 'STARTING', 99)], [100, sourceHealth('CONNECTED', 'DISCONNECTED', 99)]],
      [
        '62 s default: 🟠 source OB-van of flow AwardsShow is disconnected, its flow now standby. No call that reached us touched it in the 15 minutes before',
        '130 s default: ✅ source OB-van of flow AwardsShow is no longer disconnected, now connected, after 1 min 38 s',
      ],
    ],
    [
      'by a stop whose record is late is no trouble',
      HEALTH,
      [...down, [40, stop]],
      ['40 s default card: now standby, 4 s after the call'],
    ],
    [
      'by a stop whose record is late is not said of an update before it',
      ALL,
      [[-28, update], ...down, [40, stop]],
      ['40 s default card: now standby, 4 s after the call'],
    ],
    [
      'is not said on the card of an update before the stop, whose record comes between',
      HEALTH,
      [...down, [20, update], [40, stop]],
      ['40 s default card: now standby, 4 s after the call'],
    ],
    [
      'soon after a start, and by no call that reached us, went otherwise than was called for',
      OUTCOMES,
      [[-28, aCallAt('StartFlow', -30)], [-24, flowStatus('ACTIVE', 'STARTING', -25)], ...down],
      [
        '61 s default: ⚠️ source OB-van of flow AwardsShow is disconnected, 31 s after jane@example.org as role Operators started its flow',
      ],
    ],
    ['since AWS maintains it is no trouble', HEALTH, [[-1, flowMaintenance('INPROGRESS', -2)], ...down], []],
  ])('%s', (_, levels, arrivals, lines) => {
    expect(play(arrivals, levels)).toEqual(lines);
  });
});

describe('a flow that is started, and does not get its source back', () => {
  const start = aCallAt('StartFlow', 15);
  const stopped: readonly Arrival[] = [
    [1, aCallAt('StopFlow', 0)],
    [2, flowStatus('STOPPING', 'ACTIVE', 1)],
    [3, sourceHealth('DISCONNECTED', 'CONNECTED', 2)],
    [6, flowStatus('STANDBY', 'STOPPING', 5)],
  ];
  const active: Arrival = [26, flowStatus('ACTIVE', 'STARTING', 25)];
  const missing: Arrival = [28, sourceHealth('DISCONNECTED', '', 27)];
  const LOST =
    'default: ⚠️ source OB-van of flow AwardsShow is disconnected, 12 s after jane@example.org as role Operators started its flow';
  const other = (state: string, seconds: number) =>
    aSignal('Source Health', { current: { state }, previous: { state: '' } }, seconds, [
      FLOW_ARN,
      SOURCE_ARN.replace('OB-van', 'Backup').replace('abcdef123455', 'abcdef123499'),
    ]);

  it.each<readonly [string, readonly Arrival[], readonly string[]]>([
    ['is said 30 s after the flow is active', [...stopped, [16, start], active, missing], [`56 s ${LOST}`]],
    [
      'is said where the call came between the two',
      [...stopped, active, [27, start], missing],
      ['27 s default card: now active, 10 s after the call', `57 s ${LOST}`],
    ],
    [
      'is on the card where that comes later, and not said again',
      [...stopped, active, missing, [60, start]],
      ['60 s default card: now active, source disconnected, 10 s after the call'],
    ],
    [
      'is said to be back when it is',
      [...stopped, [16, start], active, missing, [71, sourceHealth('CONNECTED', 'DISCONNECTED', 70)]],
      [
        `56 s ${LOST}`,
        '101 s default: ✅ source OB-van of flow AwardsShow is no longer disconnected, now connected, after 43 s',
      ],
    ],
    [
      'was lost and back just before: that it is back is said when it is so',
      [
        [16, start],
        [17, sourceHealth('DISCONNECTED', 'CONNECTED', 16)],
        [22, sourceHealth('CONNECTED', 'DISCONNECTED', 21)],
        [28, sourceHealth('DISCONNECTED', '', 27)],
        [91, sourceHealth('CONNECTED', 'DISCONNECTED', 90)],
      ],
      [
        '19 s default: ⚠️ source OB-van of flow AwardsShow is disconnected, 1 s after jane@example.org as role Operators started its flow',
        '121 s default: ✅ source OB-van of flow AwardsShow is no longer disconnected, now connected, after 1 min 14 s',
      ],
    ],
    [
      'gets it in time',
      [...stopped, [16, start], active, missing, [40, sourceHealth('CONNECTED', 'DISCONNECTED', 39)]],
      [],
    ],
    ['gets the other one', [...stopped, [16, start], active, missing, [30, other('CONNECTED', 29)]], []],
    ['of which no source is known', [...stopped, [16, start], active], []],
    [
      'is stopped again',
      [
        ...stopped,
        [16, start],
        active,
        missing,
        [41, aCallAt('StopFlow', 40)],
        [42, flowStatus('STANDBY', 'STOPPING', 41)],
      ],
      [],
    ],
  ])('%s', (_, arrivals, lines) => {
    for (const levels of [OUTCOMES, HEALTH]) expect(play(arrivals, levels)).toEqual(lines);
  });
});
