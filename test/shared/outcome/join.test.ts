import { describe, expect, it } from 'vitest';
import type { Notification } from '../../../shared/notification/notification.ts';
import {
  type CardOutcome,
  type Joined,
  joinCall,
  joinCheck,
  joinEvent,
  joinUnshown,
  type OutcomeLevels,
} from '../../../shared/outcome/join.ts';
import type { SignalEvent } from '../../../shared/outcome/signal-event.ts';
import { NOTHING_REMEMBERED, type OutcomeCheck, type Saying } from '../../../shared/outcome/signal-memory.ts';
import { type Arrival, type Fate, type PlayOptions, playArrivals, playAsRead } from './play-as-read.ts';
import {
  aCallAt,
  anAlert,
  anOutputCallAt,
  aSignal,
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
  SOURCE_ARN,
  sourceHealth,
} from './signal-examples.ts';

/** What was said, in short. */
const sayingText = (saying: Saying): string => {
  switch (saying.kind) {
    case 'state':
      return `state ${saying.state.state} of ${saying.call.eventId}`;
    case 'silence':
      return `silence after ${saying.call.eventId}, now ${saying.state?.state ?? 'unknown'}`;
    case 'untouched':
      return `untouched ${saying.trouble.state} of ${saying.trouble.thing.name} ×${saying.trouble.starts.length}, ${
        saying.isMaintained ? 'maintained' : (saying.call?.eventId ?? 'nobody')
      }${saying.trouble.isEndNotified ? ', over' : ''}`;
    case 'trouble':
    case 'correction':
      return `${saying.kind} ${saying.trouble.state} of ${saying.trouble.thing.name}, ${saying.call.eventId}`;
    case 'end':
      return `end of ${saying.trouble.state} of ${saying.trouble.thing.name} ×${saying.trouble.starts.length}`;
    default:
      return `news ${saying.state.state}`;
  }
};

const cardText = ({ call, state, sources, troubles }: CardOutcome): string =>
  [
    `card of ${call.eventId}: ${[state?.state ?? '-', state?.input?.name].filter(Boolean).join(' ')}`,
    ...(sources === undefined ? [] : [`${sources.received} of ${sources.of} sources`]),
    ...troubles.map((trouble) => `${trouble.state} of ${trouble.thing.name}`),
  ].join(', ');

/** The same, each thing once, whatever its channels. */
const play = (arrivals: readonly Arrival[], levels: OutcomeLevels, options?: PlayOptions): readonly string[] =>
  playArrivals(arrivals, levels, options).map(
    (reading) => `${reading.seconds} s: ${'card' in reading ? cardText(reading.card) : sayingText(reading.saying)}`,
  );

const BACKUP_ARN = SOURCE_ARN.replace('OB-van', 'Backup').replace('abcdef123455', 'abcdef123499');
const TROUBLE: OutcomeLevels = { outcomes: 'trouble', health: 'trouble' };
const ALL: OutcomeLevels = { outcomes: 'all', health: 'all' };
const stop = aCallAt('StopFlow', 0);
const start = aCallAt('StartFlow', 0);
const lost = (seconds: number) => sourceHealth('DISCONNECTED', 'CONNECTED', seconds);
const otherSource = (state: string, previous: string, seconds: number) =>
  aSignal('Source Health', { current: { state }, previous: { state: previous } }, seconds, [FLOW_ARN, BACKUP_ARN]);
const back = (seconds: number) => sourceHealth('CONNECTED', 'DISCONNECTED', seconds);

describe('a call and what came of it', () => {
  it.each<readonly [string, readonly Arrival[], OutcomeLevels, readonly string[]]>([
    [
      'the event first: it is on the card',
      [
        [2, flowStatus('STOPPING', 'ACTIVE', 1)],
        [4, flowStatus('STANDBY', 'STOPPING', 3)],
        [8, stop],
      ],
      ALL,
      ['8 s: card of StopFlow 0: STANDBY'],
    ],
    [
      'a source that goes with its flow is no trouble',
      [
        [2, lost(1)],
        [4, flowStatus('STANDBY', 'STOPPING', 3)],
        [8, stop],
      ],
      TROUBLE,
      ['8 s: card of StopFlow 0: STANDBY'],
    ],
    [
      'the call first: one line where all is wanted',
      [
        [2, stop],
        [3, flowStatus('STOPPING', 'ACTIVE', 1)],
        [4, flowStatus('STANDBY', 'STOPPING', 3)],
        [5, flowStatus('STANDBY', 'STOPPING', 3)],
      ],
      ALL,
      ['4 s: state STANDBY of StopFlow 0'],
    ],
    [
      'and none where only trouble is',
      [
        [2, stop],
        [4, flowStatus('STANDBY', 'STOPPING', 3)],
      ],
      TROUBLE,
      [],
    ],
    ['nothing in two minutes', [[2, stop]], TROUBLE, ['120 s: silence after StopFlow 0, now unknown']],
    [
      'only on the way in two minutes',
      [
        [2, stop],
        [3, flowStatus('STOPPING', 'ACTIVE', 1)],
      ],
      TROUBLE,
      ['120 s: silence after StopFlow 0, now STOPPING'],
    ],
    [
      'the state on the way was on the card, and the flow never got there',
      [
        [2, flowStatus('STOPPING', 'ACTIVE', 1)],
        [3, stop],
      ],
      TROUBLE,
      ['3 s: card of StopFlow 0: STOPPING', '120 s: silence after StopFlow 0, now STOPPING'],
    ],
    ...[TROUBLE, ALL].map((levels): readonly [string, readonly Arrival[], OutcomeLevels, readonly string[]] => [
      `a start that takes longer, and another change behind it: ${levels.outcomes}`,
      [
        [0, start],
        [1, flowStatus('STARTING', 'STANDBY', 1)],
        [125, flowStatus('ACTIVE', 'STARTING', 125)],
        [200, flowStatus('UPDATING', 'ACTIVE', 200)],
        [205, flowStatus('ACTIVE', 'UPDATING', 205)],
        [300, flowStatus('ERROR', 'ACTIVE', 300)],
      ],
      { ...levels, health: 'off' },
      ['120 s: silence after StartFlow 0, now STARTING', '125 s: state ACTIVE of StartFlow 0'],
    ]),
    [
      'a start that takes longer, and ends in ERROR',
      [
        [0, start],
        [1, flowStatus('STARTING', 'STANDBY', 1)],
        [130, flowStatus('ERROR', 'STARTING', 130)],
      ],
      TROUBLE,
      ['120 s: silence after StartFlow 0, now STARTING', '130 s: trouble ERROR of AwardsShow, StartFlow 0'],
    ],
    [
      'a stop that was not heard of explains no lost source for longer than its two minutes',
      [
        [0, stop],
        [300, lost(300)],
      ],
      TROUBLE,
      ['120 s: silence after StopFlow 0, now unknown', '360 s: untouched DISCONNECTED of OB-van ×1, StopFlow 0'],
    ],
    [
      'a start that was not heard of, and a later one that works',
      [
        [0, start],
        [130, aCallAt('StopFlow', 130)],
        [140, aCallAt('StartFlow', 140)],
        [150, flowStatus('ACTIVE', 'STARTING', 150)],
      ],
      TROUBLE,
      ['120 s: silence after StartFlow 0, now unknown'],
    ],
    ['a call that came late promises nothing', [[121, stop]], TROUBLE, []],
    [
      'nothing of a start that was heard to work, though the flow was stopped before its record came',
      [
        [2, flowStatus('STARTING', 'STANDBY', 1)],
        [6, flowStatus('ACTIVE', 'STARTING', 6)],
        [61, flowStatus('STOPPING', 'ACTIVE', 61)],
        [65, flowStatus('STANDBY', 'STOPPING', 65)],
        [90, start],
        [150, aCallAt('StopFlow', 60)],
      ],
      TROUBLE,
      ['150 s: card of StopFlow 60: STANDBY'],
    ],
    [
      'a start that falls back to standby, which the stop before it did not bring about',
      [
        [1, stop],
        [5, flowStatus('STANDBY', 'STOPPING', 5)],
        [20, aCallAt('StartFlow', 20)],
        [26, flowStatus('ERROR', 'STARTING', 26)],
        [28, flowStatus('STANDBY', 'ERROR', 28)],
      ],
      ALL,
      [
        '5 s: state STANDBY of StopFlow 0',
        '26 s: trouble ERROR of AwardsShow, StartFlow 20',
        '58 s: end of ERROR of AwardsShow ×1',
      ],
    ],
    [
      'a call that another one follows promises nothing',
      [
        [2, stop],
        [32, aCallAt('StartFlow', 30)],
        [41, flowStatus('ACTIVE', 'STARTING', 40)],
      ],
      TROUBLE,
      [],
    ],
    [
      'nothing in two minutes of the later of two stops of one second',
      [
        [1, aCallAt('StopFlow', 0, { eventID: 'one' })],
        [2, aCallAt('StopFlow', 0, { eventID: 'two' })],
      ],
      TROUBLE,
      ['120 s: silence after two, now unknown'],
    ],
    [
      'nothing of a stop where the change before it ends',
      [
        [1, aCallAt('UpdateFlow', -2)],
        [2, stop],
        [3, flowStatus('ACTIVE', 'UPDATING', 1)],
      ],
      TROUBLE,
      ['120 s: silence after StopFlow 0, now ACTIVE'],
    ],
    [
      'a start that falls back',
      [
        [1, start],
        [3, flowStatus('STARTING', 'STANDBY', 1)],
        [9, flowStatus('STANDBY', 'STARTING', 8)],
      ],
      TROUBLE,
      ['120 s: silence after StartFlow 0, now STANDBY'],
    ],
    [
      'a stop that had happened before the flow was deleted, started by AWS, or changed',
      [
        [1, stop],
        [3, flowStatus('STANDBY', 'STOPPING', 2)],
        [9, flowStatus('UPDATING', 'STANDBY', 8)],
      ],
      TROUBLE,
      [],
    ],
    [
      'a stop before the flow is deleted, whose record comes behind both',
      [
        [3, flowStatus('STANDBY', 'STOPPING', 2)],
        [9, flowStatus('DELETING', 'STANDBY', 8)],
        [10, stop],
        [11, aCallAt('DeleteFlow', 7)],
      ],
      TROUBLE,
      ['11 s: card of DeleteFlow 7: DELETING'],
    ],
    [
      'nothing of a start that many other calls follow',
      [
        [1, start],
        ...Array.from(
          { length: 41 },
          (_, index): Arrival => [index + 3, anOutputCallAt('UpdateFlowOutput', index + 2)],
        ),
      ],
      TROUBLE,
      ['120 s: silence after StartFlow 0, now unknown'],
    ],
    ['an update promises nothing', [[2, aCallAt('UpdateFlow', 0)]], TROUBLE, []],
    [
      'off says nothing',
      [
        [2, flowStatus('ERROR', 'ACTIVE', 1)],
        [3, stop],
      ],
      { outcomes: 'off', health: 'off' },
      [],
    ],
    [
      'a state that was said of one call is not said of a later one that comes late',
      [
        [4, flowStatus('STANDBY', 'STOPPING', 3)],
        [5, stop],
        [6, aCallAt('StopFlow', 2)],
      ],
      TROUBLE,
      ['5 s: card of StopFlow 0: STANDBY'],
    ],
    [
      'two states of one second, in the wrong order',
      [
        [4, flowStatus('ACTIVE', 'STARTING', 3)],
        [5, flowStatus('STARTING', 'STANDBY', 3)],
        [6, start],
      ],
      TROUBLE,
      ['6 s: card of StartFlow 0: ACTIVE'],
    ],
    [
      'an older state that comes late',
      [
        [4, flowStatus('ACTIVE', 'STARTING', 3)],
        [5, flowStatus('STARTING', 'STANDBY', 1)],
        [6, start],
      ],
      TROUBLE,
      ['6 s: card of StartFlow 0: ACTIVE'],
    ],
    [
      'ERROR after a start, once',
      [
        [2, start],
        [8, flowStatus('ERROR', 'STARTING', 7)],
        [9, flowStatus('ERROR', 'STARTING', 7)],
      ],
      TROUBLE,
      ['8 s: trouble ERROR of AwardsShow, StartFlow 0'],
    ],
    [
      'ERROR before the call is on its card',
      [
        [8, flowStatus('ERROR', 'STARTING', 7)],
        [9, start],
      ],
      TROUBLE,
      ['9 s: card of StartFlow 0: -, ERROR of AwardsShow'],
    ],
    [
      'an alert after a call, and its end, once',
      [
        [2, start],
        [8, anAlert(true, 7)],
        [20, anAlert(false, 19)],
        [21, anAlert(false, 19)],
        [130, flowStatus('ACTIVE', 'STARTING', 5)],
      ],
      TROUBLE,
      ['8 s: trouble SourceStreamError of AwardsShow, StartFlow 0', '50 s: end of SourceStreamError of AwardsShow ×1'],
    ],
    [
      'active with its source',
      [
        [3, sourceHealth('DISCONNECTED', '', 2)],
        [4, flowStatus('ACTIVE', 'STARTING', 2)],
        [5, sourceHealth('CONNECTED', 'DISCONNECTED', 4)],
        [8, start],
      ],
      TROUBLE,
      ['8 s: card of StartFlow 0: ACTIVE, 1 of 1 sources'],
    ],
    [
      'active, and its source comes a second later',
      [
        [3, sourceHealth('DISCONNECTED', '', 2)],
        [4, flowStatus('ACTIVE', 'STARTING', 3)],
        [5, start],
        [5, sourceHealth('CONNECTED', 'DISCONNECTED', 4)],
      ],
      TROUBLE,
      ['5 s: card of StartFlow 0: ACTIVE'],
    ],
    [
      'active with one of two sources, of which the other stays away',
      [
        [3, otherSource('DISCONNECTED', '', 2)],
        [3, sourceHealth('CONNECTED', 'DISCONNECTED', 2)],
        [4, flowStatus('ACTIVE', 'STARTING', 3)],
        [5, start],
        [40, start],
      ],
      TROUBLE,
      ['5 s: card of StartFlow 0: ACTIVE', '40 s: card of StartFlow 0: ACTIVE, 1 of 2 sources'],
    ],
    [
      'active without its source for half a minute',
      [
        [3, sourceHealth('DISCONNECTED', '', 2)],
        [4, flowStatus('ACTIVE', 'STARTING', 3)],
        [33, start],
      ],
      TROUBLE,
      ['33 s: card of StartFlow 0: ACTIVE, 0 of 1 sources'],
    ],
    [
      'a route',
      [
        [2, routed('ROUTED', ROUTER_INPUT_ARN, null, 1)],
        [3, aTakeAt(0)],
      ],
      TROUBLE,
      ['3 s: card of TakeRouterInput 0: ROUTED a1b2c3d4e5f6'],
    ],
    [
      'the outcome of one output is not another one’s',
      [
        [3, outputHealth('DISCONNECTED', 'SENDING', 2, OTHER_OUTPUT_ARN)],
        [4, anOutputCallAt('UpdateFlowOutput', 0, OUTPUT_ARN)],
      ],
      { ...TROUBLE, health: 'off' },
      [],
    ],
    [
      'an output that is lost after its call',
      [
        [2, anOutputCallAt('UpdateFlowOutput', 0, OUTPUT_ARN)],
        [3, outputHealth('DISCONNECTED', 'SENDING', 2, OUTPUT_ARN)],
      ],
      TROUBLE,
      ['5 s: trouble DISCONNECTED of cdn-north, UpdateFlowOutput 0'],
    ],
    [
      'and one that was removed, which is expected',
      [
        [3, outputHealth('DISCONNECTED', 'SENDING', 2, OUTPUT_ARN)],
        [4, anOutputCallAt('RemoveFlowOutput', 0, OUTPUT_ARN)],
      ],
      TROUBLE,
      [],
    ],
    [
      'a loss three minutes after a call is not its outcome',
      [
        [2, aCallAt('UpdateFlowSource', 0)],
        [182, lost(181)],
      ],
      { ...TROUBLE, health: 'off' },
      [],
    ],
  ])('%s', (_, arrivals, levels, said) => {
    expect(play(arrivals, levels)).toEqual(said);
  });
});

describe('of two routes in one second', () => {
  const IDS = [
    ['0000', 'ffff'],
    ['ffff', '0000'],
  ] as const;

  it.each<readonly [string, SignalEvent, SignalEvent, string]>([
    [
      'another input, then the one',
      routed('ROUTED', OTHER_ROUTER_INPUT_ARN, null, 2),
      routed('ROUTED', ROUTER_INPUT_ARN, OTHER_ROUTER_INPUT_ARN, 2),
      'ROUTED a1b2c3d4e5f6',
    ],
    [
      'none, then the one',
      routed('UNROUTED', null, OTHER_ROUTER_INPUT_ARN, 2),
      routed('ROUTED', ROUTER_INPUT_ARN, null, 2),
      'ROUTED a1b2c3d4e5f6',
    ],
    [
      'the one, then none',
      routed('ROUTED', ROUTER_INPUT_ARN, OTHER_ROUTER_INPUT_ARN, 2),
      routed('UNROUTED', null, ROUTER_INPUT_ARN, 2),
      'UNROUTED',
    ],
  ])('the last is the one that says what was before: %s', (_, first, second, shown) => {
    for (const [firstId, secondId] of IDS) {
      const events = [
        { ...first, eventId: firstId },
        { ...second, eventId: secondId },
      ] as const;
      for (const [one, other] of [events, events.toReversed()]) {
        if (one === undefined || other === undefined) throw new Error('two events');
        const said = play(
          [
            [3, one],
            [4, other],
            [5, aTakeAt(1)],
          ],
          TROUBLE,
        );
        expect(said).toEqual([`5 s: card of TakeRouterInput 1: ${shown}`]);
      }
    }
  });
});

describe('a take', () => {
  const take = aTakeAt(0);
  const off = routed('UNROUTED', null, OTHER_ROUTER_INPUT_ARN, 1);
  const right = (seconds: number) => routed('ROUTED', ROUTER_INPUT_ARN, null, seconds);
  const wrong = routed('ROUTED', OTHER_ROUTER_INPUT_ARN, null, 2);
  const left = (seconds: number) => routed('ROUTED', OTHER_ROUTER_INPUT_ARN, ROUTER_INPUT_ARN, seconds);
  const next = aTakeAt(20, {
    requestParameters: { routerOutputArn: ROUTER_OUTPUT_ARN, routerInputArn: OTHER_ROUTER_INPUT_ARN },
  });
  const none = aCallAt('TakeRouterInput', 0, { requestParameters: { routerOutputArn: ROUTER_OUTPUT_ARN } });

  it.each<readonly [string, readonly Arrival[], OutcomeLevels, readonly string[]]>([
    [
      'that leaves the output without input is said after ten seconds, once',
      [
        [1, take],
        [2, off],
      ],
      TROUBLE,
      ['12 s: state UNROUTED of TakeRouterInput 0'],
    ],
    [
      'that ends on another input',
      [
        [1, take],
        [3, wrong],
      ],
      TROUBLE,
      ['13 s: state ROUTED of TakeRouterInput 0'],
    ],
    [
      'that loses one input before it gets the other',
      [
        [1, take],
        [2, off],
        [4, right(3)],
      ],
      TROUBLE,
      [],
    ],
    [
      'that gets its input after that was said',
      [
        [1, take],
        [2, off],
        [31, right(30)],
      ],
      TROUBLE,
      ['12 s: state UNROUTED of TakeRouterInput 0', '31 s: state ROUTED of TakeRouterInput 0'],
    ],
    [
      'whose card says another input, and which gets its own',
      [
        [3, wrong],
        [4, take],
        [31, right(30)],
      ],
      TROUBLE,
      ['4 s: card of TakeRouterInput 0: ROUTED c3d4e5f6a1b2', '31 s: state ROUTED of TakeRouterInput 0'],
    ],
    [
      'of no input that leaves none',
      [
        [1, none],
        [2, off],
      ],
      ALL,
      ['2 s: state UNROUTED of TakeRouterInput 0'],
    ],
    [
      'that got its input, and lost it by somebody else',
      [
        [1, take],
        [4, right(3)],
        [41, routed('UNROUTED', null, ROUTER_INPUT_ARN, 40)],
      ],
      TROUBLE,
      [],
    ],
    [
      'has the route that it asked for, though another take follows at once',
      [
        [3, right(2)],
        [4, take],
        [
          5,
          aCallAt('TakeRouterInput', 1, {
            requestParameters: { routerOutputArn: ROUTER_OUTPUT_ARN, routerInputArn: OTHER_ROUTER_INPUT_ARN },
          }),
        ],
        [6, routed('ROUTED', OTHER_ROUTER_INPUT_ARN, ROUTER_INPUT_ARN, 5)],
      ],
      ALL,
      ['4 s: card of TakeRouterInput 0: ROUTED a1b2c3d4e5f6', '6 s: state ROUTED of TakeRouterInput 1'],
    ],
    [
      'that worked has come to nothing else, when another one follows: both records 15 s late',
      [
        [2, right(2)],
        [15, take],
        [22, left(22)],
        [35, next],
      ],
      TROUBLE,
      ['15 s: card of TakeRouterInput 0: ROUTED a1b2c3d4e5f6', '35 s: card of TakeRouterInput 20: ROUTED c3d4e5f6a1b2'],
    ],
    [
      'the same, both records 30 s late',
      [
        [2, right(2)],
        [22, left(22)],
        [30, take],
        [50, next],
      ],
      TROUBLE,
      ['50 s: card of TakeRouterInput 20: ROUTED c3d4e5f6a1b2'],
    ],
    [
      'the same where all is wanted, the second record 3 s late',
      [
        [0, take],
        [2, right(2)],
        [22, left(22)],
        [23, next],
      ],
      ALL,
      ['2 s: state ROUTED of TakeRouterInput 0', '23 s: card of TakeRouterInput 20: ROUTED c3d4e5f6a1b2'],
    ],
    [
      'the same, and its own route is heard last',
      [
        [22, left(22)],
        [24, right(2)],
        [30, take],
      ],
      TROUBLE,
      [],
    ],
    [
      'the same, and its own route is not heard at all',
      [
        [22, left(22)],
        [30, take],
      ],
      TROUBLE,
      [],
    ],
    [
      'the same, and a third one follows',
      [
        [2, right(2)],
        [22, left(22)],
        [24, routed('UNROUTED', null, OTHER_ROUTER_INPUT_ARN, 24)],
        [30, take],
        [50, next],
      ],
      TROUBLE,
      ['50 s: card of TakeRouterInput 20: UNROUTED'],
    ],
    [
      'that worked, and is undone a minute later by a call whose record is late',
      [
        [2, right(2)],
        [8, take],
        [60, routed('UNROUTED', null, ROUTER_INPUT_ARN, 60)],
      ],
      ALL,
      ['8 s: card of TakeRouterInput 0: ROUTED a1b2c3d4e5f6'],
    ],
    [
      'that is left without its input at once',
      [
        [2, right(2)],
        [3, routed('UNROUTED', null, ROUTER_INPUT_ARN, 3)],
        [8, take],
      ],
      TROUBLE,
      ['8 s: card of TakeRouterInput 0: UNROUTED'],
    ],
  ])('%s', (_, arrivals, levels, said) => {
    expect(play(arrivals, levels)).toEqual(said);
  });
});

describe('what a card was to say, and does not', () => {
  const failed = flowStatus('ERROR', 'STARTING', 5);
  const stopped = flowStatus('STANDBY', 'STOPPING', 3);
  const ended = flowStatus('ACTIVE', 'ERROR', 20);

  it.each<readonly [string, readonly Arrival[], OutcomeLevels, readonly Fate[], readonly string[]]>([
    [
      'trouble of a card that is out already: a line at once, and no other',
      [
        [5, failed],
        [9, start],
      ],
      TROUBLE,
      ['out already'],
      ['9 s: trouble ERROR of AwardsShow, StartFlow 0'],
    ],
    [
      'trouble of a card that is never posted: a line after a minute',
      [
        [5, failed],
        [9, start],
      ],
      TROUBLE,
      ['lost'],
      ['69 s: trouble ERROR of AwardsShow, StartFlow 0'],
    ],
    [
      'trouble of a call that comes again and is posted then: on its card',
      [
        [5, failed],
        [9, start],
        [40, start],
      ],
      TROUBLE,
      ['lost', 'posted'],
      ['40 s: card of StartFlow 0: -, ERROR of AwardsShow'],
    ],
    [
      'trouble of a call that comes again when there was a line: not on its card',
      [
        [5, failed],
        [9, start],
        [90, start],
      ],
      TROUBLE,
      ['lost'],
      ['69 s: trouble ERROR of AwardsShow, StartFlow 0'],
    ],
    [
      'trouble of which was said that it is over: that is enough',
      [
        [5, failed],
        [9, start],
        [22, ended],
      ],
      TROUBLE,
      ['lost'],
      ['52 s: end of ERROR of AwardsShow ×1'],
    ],
    [
      'trouble that was over before its call came: a line after a minute',
      [
        [5, failed],
        [8, flowStatus('STANDBY', 'ERROR', 7)],
        [9, start],
      ],
      TROUBLE,
      ['lost'],
      ['69 s: trouble ERROR of AwardsShow, StartFlow 0'],
    ],
    [
      'trouble of a first try, and then of a second one: a line for each',
      [
        [5, failed],
        [9, start],
        [21, aCallAt('StartFlow', 20)],
        [26, flowStatus('ERROR', 'STARTING', 25)],
      ],
      TROUBLE,
      ['lost'],
      ['26 s: trouble ERROR of AwardsShow, StartFlow 20', '69 s: trouble ERROR of AwardsShow, StartFlow 0'],
    ],
    [
      'trouble of two tries of which the second was heard first, with the first one’s call: it is said once',
      [
        [5, failed],
        [6, flowStatus('ERROR', 'STARTING', 4)],
        [7, start],
        [8, aCallAt('StartFlow', 5)],
      ],
      TROUBLE,
      [],
      ['7 s: card of StartFlow 0: -, ERROR of AwardsShow', '8 s: correction ERROR of AwardsShow, StartFlow 5'],
    ],
    [
      'a state of a card that is out already: a line where all is wanted',
      [
        [4, stopped],
        [9, stop],
      ],
      ALL,
      ['out already'],
      ['9 s: state STANDBY of StopFlow 0'],
    ],
    [
      'a state, and the call comes again: not on its card',
      [
        [4, stopped],
        [9, stop],
        [40, stop],
      ],
      ALL,
      ['out already'],
      ['9 s: state STANDBY of StopFlow 0'],
    ],
    [
      'a state where only trouble is wanted: nothing',
      [
        [4, stopped],
        [9, stop],
      ],
      TROUBLE,
      ['out already'],
      [],
    ],
    [
      'a state on the way: nothing, since the end of it follows',
      [
        [2, flowStatus('STOPPING', 'ACTIVE', 1)],
        [9, stop],
        [10, stopped],
      ],
      ALL,
      ['out already'],
      ['10 s: state STANDBY of StopFlow 0'],
    ],
  ])('%s', (_, arrivals, levels, fates, said) => {
    expect(play(arrivals, levels, { fates })).toEqual(said);
  });

  const inOps: Notification = { ...start, route: { ...start.route, channel: 'ops' } };
  const inBoth = () => {
    const { memory } = joinEvent(NOTHING_REMEMBERED, failed, at(6), TROUBLE);
    const first = joinCall(memory, start, at(9), TROUBLE);
    return { first, second: joinCall(first.memory, inOps, at(10), TROUBLE) };
  };
  const notifiedIn = ({ say }: Joined): unknown =>
    say.map((saying) => saying.kind === 'trouble' && saying.call.channels);

  it('is no line in the channel of all lines that has a state on a card of its own', () => {
    const levels: OutcomeLevels = { ...ALL, outcomesChannel: 'ops' };
    const { memory } = joinEvent(NOTHING_REMEMBERED, stopped, at(4), levels);
    const first = joinCall(memory, aCallAt('StopFlow', 0, {}, 'ops'), at(9), levels);
    const { memory: known, card } = joinCall(first.memory, stop, at(10), levels);
    if (card === undefined) throw new Error('no card');
    expect(joinUnshown(known, { card, rootArn: FLOW_ARN, channel: 'default' }, at(11), levels).say).toEqual([]);
    expect(joinUnshown(known, { card, rootArn: FLOW_ARN, channel: 'ops' }, at(11), levels).say).toHaveLength(1);
  });

  it('is said in the channel whose card was out, and on the card of the other', () => {
    const { first, second } = inBoth();
    if (first.card === undefined) throw new Error('no card');
    const unshown = { card: first.card, rootArn: FLOW_ARN, channel: 'default' };
    const line = joinUnshown(second.memory, unshown, at(11), TROUBLE);
    expect(notifiedIn(line)).toEqual([['default']]);
    // The other's may get lost as well.
    const look = joinCheck(line.memory, second.checks[0] as OutcomeCheck, at(70), TROUBLE);
    expect(notifiedIn(look)).toEqual([['ops']]);
    expect(joinCall(look.memory, inOps, at(80), TROUBLE).card).toBeUndefined();
    expect(notifiedIn(joinUnshown(look.memory, unshown, at(81), TROUBLE))).toEqual([]);
  });

  it('is looked for in each of the channels, and after an outage of ours too', () => {
    const { first, second } = inBoth();
    const looks = [...first.checks, ...second.checks].filter(({ kind }) => kind === 'card');
    expect(looks.map(({ dueAtMs }) => dueAtMs)).toEqual([at(69), at(70)]);
    // Other things happen meanwhile, and the call is remembered for as long as it may be untold.
    const { memory } = joinEvent(second.memory, sourceHealth('CONNECTED', 'DISCONNECTED', 7000), at(7000), TROUBLE);
    const look = joinCheck(memory, looks[0] as OutcomeCheck, at(7200), TROUBLE);
    expect(notifiedIn(look)).toEqual([['default', 'ops']]);
    expect(look.memory.calls).toEqual([]);
    expect(notifiedIn(joinCheck(look.memory, looks[1] as OutcomeCheck, at(7200), TROUBLE))).toEqual([]);
  });
});

describe('each channel', () => {
  const failed = flowStatus('ERROR', 'STARTING', 3);
  const inOps = aCallAt('StartFlow', 0, {}, 'ops');
  const inTech: OutcomeLevels = { ...TROUBLE, outcomesChannel: 'tech' };
  const stopped = flowStatus('STANDBY', 'STOPPING', 3);

  it.each<readonly [string, readonly Arrival[], OutcomeLevels, readonly string[]]>([
    [
      'that had the trouble on a card hears its end',
      [
        [4, failed],
        [9, start],
        [9, inOps],
        [60, flowStatus('ACTIVE', 'ERROR', 59)],
      ],
      TROUBLE,
      [
        '9 s default card: ⚠️ flow AwardsShow is in ERROR, 3 s after the call',
        '9 s ops card: ⚠️ flow AwardsShow is in ERROR, 3 s after the call',
        '90 s default: ✅ flow AwardsShow is no longer in ERROR, now active, after 56 s',
        '90 s ops: ✅ flow AwardsShow is no longer in ERROR, now active, after 56 s',
      ],
    ],
    [
      'also where one had a line, and the other a card later',
      [
        [1, start],
        [4, failed],
        [9, inOps],
        [60, flowStatus('ACTIVE', 'ERROR', 59)],
      ],
      TROUBLE,
      [
        '4 s default: ⚠️ flow AwardsShow is in ERROR, 3 s after jane@example.org as role Operators started it',
        '9 s ops card: ⚠️ flow AwardsShow is in ERROR, 3 s after the call',
        '90 s default: ✅ flow AwardsShow is no longer in ERROR, now active, after 56 s',
        '90 s ops: ✅ flow AwardsShow is no longer in ERROR, now active, after 56 s',
      ],
    ],
    [
      'that had a card hears the end, and so does the one for all lines, which had one: the event first',
      [
        [4, failed],
        [9, start],
        [60, flowStatus('ACTIVE', 'ERROR', 59)],
      ],
      inTech,
      [
        '9 s default card: ⚠️ flow AwardsShow is in ERROR, 3 s after the call',
        '9 s tech: ⚠️ flow AwardsShow is in ERROR, 3 s after jane@example.org as role Operators started it',
        '90 s default: ✅ flow AwardsShow is no longer in ERROR, now active, after 56 s',
        '90 s tech: ✅ flow AwardsShow is no longer in ERROR, now active, after 56 s',
      ],
    ],
    [
      'and the call first: the end goes where the line was',
      [
        [1, start],
        [4, failed],
        [60, flowStatus('ACTIVE', 'ERROR', 59)],
      ],
      inTech,
      [
        '4 s tech: ⚠️ flow AwardsShow is in ERROR, 3 s after jane@example.org as role Operators started it',
        '90 s tech: ✅ flow AwardsShow is no longer in ERROR, now active, after 56 s',
      ],
    ],
    [
      'has a state in a line, or on a card that comes behind it',
      [
        [2, stop],
        [4, stopped],
        [30, stop],
        [31, aCallAt('StopFlow', 0, {}, 'ops')],
      ],
      { outcomes: 'all', health: 'off' },
      [
        '4 s default: ✔️ flow AwardsShow is now standby, 3 s after jane@example.org as role Operators stopped it',
        '31 s ops card: now standby, 3 s after the call',
      ],
    ],
    [
      'has it on its card, where the lines have a channel of their own',
      [
        [2, stop],
        [4, stopped],
        [30, stop],
      ],
      { outcomes: 'all', health: 'off', outcomesChannel: 'tech' },
      [
        '4 s tech: ✔️ flow AwardsShow is now standby, 3 s after jane@example.org as role Operators stopped it',
        '30 s default card: now standby, 3 s after the call',
      ],
    ],
  ])('%s', (_, arrivals, levels, said) => {
    expect(playAsRead(arrivals, levels)).toEqual(said);
  });
});

it('remembers no event of a time to come, by more than clocks differ: nothing later would count any more', () => {
  const states = (seconds: number) =>
    joinEvent(NOTHING_REMEMBERED, flowStatus('STANDBY', 'STOPPING', seconds), at(0), TROUBLE).memory.states;
  expect(states(300)).toHaveLength(1);
  expect(states(301)).toEqual([]);
});

describe('a look that comes late, after an outage of ours', () => {
  /** What the first look at what arrived says, so many seconds after it is due. */
  const lookedAt = ([seconds, what]: Arrival, lateSeconds: number): readonly string[] => {
    const joined =
      'body' in what
        ? joinEvent(NOTHING_REMEMBERED, what, at(seconds), TROUBLE)
        : joinCall(NOTHING_REMEMBERED, what, at(seconds), TROUBLE);
    const [check] = joined.checks as readonly [OutcomeCheck];
    return joinCheck(joined.memory, check, check.dueAtMs + lateSeconds * 1000, TROUBLE).say.map(({ kind }) => kind);
  };

  it.each<readonly [string, Arrival, latestSeconds: number, string]>([
    ['of silence nothing after a minute', [1, stop], 60, 'silence'],
    ['of what nobody called for nothing after a quarter of an hour', [2, lost(1)], 900, 'untouched'],
  ])('says %s', (_, arrival, latestSeconds, kind) => {
    expect(lookedAt(arrival, latestSeconds)).toEqual([kind]);
    expect(lookedAt(arrival, latestSeconds + 1)).toEqual([]);
  });
});

describe('what nobody called for', () => {
  it.each<readonly [string, readonly Arrival[], readonly string[]]>([
    [
      'a loss in whose place another began, before anybody was told: it was, and no end of it is said',
      [
        [1, anOutputCallAt('UpdateFlowOutput', 0)],
        [1, flowHealth('DISCONNECTED', 'CONNECTED', 0)],
        [1, flowHealth('DISCONNECTED', 'CONNECTED', 1)],
        [2, aCallAt('StartFlow', 1)],
      ],
      [
        '2 s: card of StartFlow 1: -, DISCONNECTED of AwardsShow',
        '3 s: trouble DISCONNECTED of AwardsShow, UpdateFlowOutput 0',
      ],
    ],
    [
      'an ERROR that comes a quarter of an hour late: it was, and is over',
      [
        [1, flowStatus('ACTIVE', 'STARTING', 0)],
        [12, flowStatus('STANDBY', 'STOPPING', 11)],
        [901, aCallAt('TagResource', 900, { requestParameters: { resourceArn: FLOW_ARN } })],
        [902, flowStatus('ERROR', 'ACTIVE', 10)],
      ],
      ['962 s: untouched ERROR of AwardsShow ×1, nobody, over'],
    ],
    ['a minute is given to CloudTrail', [[2, lost(1)]], ['62 s: untouched DISCONNECTED of OB-van ×1, nobody']],
    [
      'the call comes within it',
      [
        [2, lost(1)],
        [30, aCallAt('UpdateFlowSource', 0, { requestParameters: { flowArn: FLOW_ARN, sourceArn: SOURCE_ARN } })],
      ],
      ['30 s: card of UpdateFlowSource 0: -, DISCONNECTED of OB-van'],
    ],
    [
      'a call of ten minutes ago is named',
      [
        [-598, aCallAt('UpdateFlow', -600)],
        [2, lost(1)],
      ],
      ['62 s: untouched DISCONNECTED of OB-van ×1, UpdateFlow -600'],
    ],
    [
      'AWS maintains the flow',
      [
        [0, flowMaintenance('INPROGRESS', -1)],
        [2, lost(1)],
      ],
      ['62 s: untouched DISCONNECTED of OB-van ×1, maintained'],
    ],
    [
      'source and flow tell one disconnect',
      [
        [2, flowHealth('DISCONNECTED', 'CONNECTED', 1)],
        [3, lost(2)],
        [4, flowHealth('DISCONNECTED', 'CONNECTED', 2)],
      ],
      ['62 s: untouched DISCONNECTED of OB-van ×1, nobody'],
    ],
    [
      'source and flow tell one disconnect, five seconds apart',
      [
        [2, flowHealth('DISCONNECTED', 'CONNECTED', 1)],
        [7, lost(6)],
      ],
      ['62 s: untouched DISCONNECTED of OB-van ×1, nobody'],
    ],
    [
      'source and flow tell two disconnects, six seconds apart',
      [
        [2, flowHealth('DISCONNECTED', 'CONNECTED', 1)],
        [8, lost(7)],
      ],
      ['62 s: untouched DISCONNECTED of AwardsShow ×1, nobody', '68 s: untouched DISCONNECTED of OB-van ×1, nobody'],
    ],
    [
      'what comes back, and is not there after a restart, is not said to be back',
      [
        [1, lost(1)],
        [70, back(70)],
        [80, sourceHealth('DISCONNECTED', '', 80)],
        [200, back(200)],
      ],
      ['61 s: untouched DISCONNECTED of OB-van ×1, nobody', '230 s: end of DISCONNECTED of OB-van ×1'],
    ],
    [
      'a late call corrects it, once',
      [
        [2, lost(1)],
        [100, aCallAt('StopFlow', 0)],
        [101, aCallAt('StopFlow', 0)],
        [102, flowStatus('STANDBY', 'STOPPING', 3)],
      ],
      ['62 s: untouched DISCONNECTED of OB-van ×1, nobody', '100 s: correction DISCONNECTED of OB-van, StopFlow 0'],
    ],
    [
      'flapping is one line with a count',
      [
        [2, lost(1)],
        [12, back(11)],
        [22, lost(21)],
        [32, back(31)],
        [42, lost(41)],
      ],
      ['62 s: untouched DISCONNECTED of OB-van ×3, nobody'],
    ],
    [
      'what went on is counted when it ends, and it ends once',
      [
        [2, lost(1)],
        [72, back(71)],
        [82, lost(81)],
        [92, back(91)],
        [93, back(91)],
      ],
      ['62 s: untouched DISCONNECTED of OB-van ×1, nobody', '122 s: end of DISCONNECTED of OB-van ×2'],
    ],
    [
      'a short loss is one line',
      [
        [2, lost(1)],
        [6, back(5)],
      ],
      ['62 s: untouched DISCONNECTED of OB-van ×1, nobody, over'],
    ],
    [
      'the end came first',
      [
        [6, back(5)],
        [7, lost(1)],
      ],
      [],
    ],
    [
      'maintenance that fails',
      [[2, flowMaintenance('FAILED', 1)]],
      ['62 s: untouched FAILED of AwardsShow ×1, nobody'],
    ],
    ['maintenance that is planned', [[2, flowMaintenance('SCHEDULED', 1)]], []],
  ])('%s', (_, arrivals, said) => {
    expect(play(arrivals, TROUBLE, { untilSeconds: 1000 })).toEqual(said);
  });

  it('says maintenance as it goes where all is wanted', () => {
    const arrivals: readonly Arrival[] = [
      [2, flowMaintenance('INPROGRESS', 1)],
      [3, flowMaintenance('INPROGRESS', 1)],
      [9, flowMaintenance('FINISHED', 8)],
    ];
    expect(play(arrivals, ALL)).toEqual(['2 s: news INPROGRESS', '9 s: news FINISHED']);
  });
});
