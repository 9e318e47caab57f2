import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifier/notify-batch.ts';
import { webhookKey } from '../../../functions/slack/deliver-message.ts';
import {
  aServiceEvent,
  FLOW_ARN,
  ROUTER_INPUT_ARN,
  ROUTER_OUTPUT_ARN,
  SOURCE_ARN,
} from '../../shared/outcome/signal-examples.ts';
import { createMortality } from '../mortal-dependencies.ts';
import { virtualTime } from '../virtual-time.ts';
import { aBody, aContext, aWorld, OK, type Post, START_MS, urlOf, type World } from '../world.ts';
import { type Arrival, type Circumstances, live } from './live.ts';

const ALL = { outcomes: { say: 'all' }, health: { say: 'all' } } as const;
const TROUBLE = { outcomes: { say: 'trouble' }, health: { say: 'off' } } as const;

const timeOf = (afterMs: number): string => new Date(START_MS + afterMs).toISOString();

/** MediaConnect says something by itself, of which we hear at once. */
const anEventAt = (
  afterMs: number,
  type: string,
  detail: Readonly<Record<string, unknown>>,
  resources: readonly string[] = [FLOW_ARN],
): Arrival => ({
  afterMs,
  event: aServiceEvent(type, detail, {
    id: `${type} ${afterMs} ${JSON.stringify(detail)}`.slice(0, 90),
    time: timeOf(afterMs),
    resources,
  }),
});

const status = (afterMs: number, currentStatus: string, previousStatus: string): Arrival =>
  anEventAt(afterMs, 'Flow Status Change', { currentStatus, previousStatus });

const source = (afterMs: number, state: string, previous: string): Arrival =>
  anEventAt(afterMs, 'Source Health', { current: { state }, previous: { state: previous } }, [FLOW_ARN, SOURCE_ARN]);

/** Somebody calls; CloudTrail takes so long. */
const call = (
  eventName: string,
  afterMs: number,
  madeBeforeMs = 0,
  channel = 'default',
  eventID?: string,
): Arrival => ({
  afterMs,
  madeBeforeMs,
  channel,
  detail: { eventName, responseElements: null, ...(eventID && { eventID }) },
});

/** The first block of each message that Slack took, and when. */
const said = (posts: readonly Post[]): readonly string[] =>
  posts
    .filter(({ accepted }) => accepted)
    .map(({ atMs, url, message: { blocks = [] } }) => {
      const [first] = blocks;
      const text = first?.type === 'section' ? first.text?.text : undefined;
      const channel = url.slice(url.lastIndexOf('/') + 1);
      return `${Math.round((atMs - START_MS) / 1000)} s${channel === 'default' ? '' : ` in ${channel}`}: ${text}`;
    });

const BY = 'by `jane@example.org` as role `Operators`';
const STOPPED = `🔴 *Off air* — flow \`AwardsShow\` stopped ${BY}`;
const STARTED = `🟢 *On air* — flow \`AwardsShow\` started ${BY}`;
const JANE = '`jane@example.org` as role `Operators`';

const happens = async (circumstances: Circumstances): Promise<readonly string[]> =>
  said((await live(circumstances)).posts);

describe('what is added to a flow', () => {
  const adds = (afterMs: number): Arrival => ({
    afterMs,
    detail: {
      eventName: 'AddFlowOutputs',
      requestParameters: { flowArn: FLOW_ARN, outputs: [{ name: 'cdn' }] },
      responseElements: null,
    },
  });
  const ADDED = `output \`cdn\` added to flow \`AwardsShow\` ${BY}`;

  it.each<readonly [string, Circumstances['signals'], readonly Arrival[], readonly string[]]>([
    [
      'that is standby puts nothing on air yet',
      TROUBLE,
      [status(1000, 'STANDBY', 'STOPPING'), adds(60_000)],
      [`60 s: 🛠️ *Set up* — ${ADDED}`],
    ],
    ['of which nothing was said is on air', TROUBLE, [adds(60_000)], [`60 s: 🟢 *On air* — ${ADDED}`]],
    [
      'that is active is on air',
      TROUBLE,
      [status(1000, 'STANDBY', 'STOPPING'), status(30_000, 'ACTIVE', 'STARTING'), adds(60_000)],
      [`60 s: 🟢 *On air* — ${ADDED}`],
    ],
    [
      'that was started since is on air, though MediaConnect does not say so',
      TROUBLE,
      [status(1000, 'STANDBY', 'STOPPING'), call('StartFlow', 10_000), adds(60_000)],
      [`10 s: ${STARTED}`, `60 s: 🟢 *On air* — ${ADDED}`, '130 s: ⏳ MediaConnect has not said in 2 minutes'],
    ],
    [
      'that was started before it went down puts nothing on air yet',
      TROUBLE,
      [
        call('StartFlow', 1000),
        status(2000, 'ACTIVE', 'STARTING'),
        call('StopFlow', 9000),
        status(10_000, 'STANDBY', 'STOPPING'),
        adds(60_000),
      ],
      [`1 s: ${STARTED}`, `9 s: ${STOPPED}`, `60 s: 🛠️ *Set up* — ${ADDED}`],
    ],
    [
      'that is stopped after it was on air then',
      TROUBLE,
      [status(58_000, 'STANDBY', 'STOPPING'), { ...adds(60_000), madeBeforeMs: 10_000 }],
      [`60 s: 🟢 *On air* — ${ADDED}`],
    ],
    [
      'of which nobody wants to hear is on air',
      undefined,
      [status(1000, 'STANDBY', 'STOPPING'), adds(60_000)],
      [`60 s: 🟢 *On air* — ${ADDED}`],
    ],
  ])('%s', async (_, signals, arrivals, expected) => {
    expect(await happens({ signals, arrivals })).toEqual(expected.map((one) => expect.stringContaining(one)));
  });

  it('is no word for what is taken from it', async () => {
    const removed: Arrival = {
      afterMs: 60_000,
      detail: { eventName: 'RemoveFlowOutput', requestParameters: { flowArn: FLOW_ARN, outputArn: 'cdn' } },
    };
    const signals = TROUBLE;
    const [only] = await happens({ signals, arrivals: [status(1000, 'STANDBY', 'STOPPING'), removed] });
    expect(only).toMatch(/^60 s: 🔴 \*Off air\* — output/);
  });

  it('says below that it is not on air, and as far as who knows', async () => {
    const { posts } = await live({ signals: TROUBLE, arrivals: [status(1000, 'STANDBY', 'STOPPING'), adds(60_000)] });
    expect(JSON.stringify(posts[0]?.message)).toContain(
      'ℹ️ not on air yet: as far as MediaConnect has said, the flow is standby',
    );
  });
});

describe('what came of a call', () => {
  it.each<readonly [string, Circumstances['signals'], readonly Arrival[], readonly string[]]>([
    [
      'the event first: it is on the card, and nowhere else',
      ALL,
      [status(1000, 'STOPPING', 'ACTIVE'), status(3000, 'STANDBY', 'STOPPING'), call('StopFlow', 6000, 6000)],
      [`6 s: ${STOPPED}\nnow *standby*, 3 s after the call`],
    ],
    [
      'the call first: its card, and one short line',
      ALL,
      [call('StopFlow', 1000, 1000), status(2000, 'STOPPING', 'ACTIVE'), status(4000, 'STANDBY', 'STOPPING')],
      [`1 s: ${STOPPED}`, `4 s: ✔️ flow \`AwardsShow\` is now standby, 4 s after ${JANE} stopped it`],
    ],
    [
      'the call first, where only trouble is wanted: its card alone',
      TROUBLE,
      [call('StopFlow', 1000, 1000), status(4000, 'STANDBY', 'STOPPING')],
      [`1 s: ${STOPPED}`],
    ],
    [
      'no event: a line after two minutes',
      TROUBLE,
      [call('StopFlow', 4000, 4000)],
      [
        `4 s: ${STOPPED}`,
        `120 s: ⏳ MediaConnect has not said in 2 minutes that flow \`AwardsShow\` stopped (\`StopFlow\` by ${JANE})`,
      ],
    ],
    [
      'ERROR: one line that names the call, though it is delivered twice',
      TROUBLE,
      [call('StartFlow', 4000, 4000), status(8000, 'ERROR', 'STARTING'), status(8000, 'ERROR', 'STARTING')],
      [`4 s: ${STARTED}`, `8 s: ⚠️ flow \`AwardsShow\` is in ERROR, 8 s after ${JANE} started it`],
    ],
    [
      'ERROR first: it is on the card',
      TROUBLE,
      [status(2000, 'ERROR', 'STARTING'), call('StartFlow', 6000, 6000)],
      [
        `6 s: ${STARTED}\n⚠️ flow \`AwardsShow\` is in ERROR, 2 s after the call`,
        // The promise is not kept, but that is said.
      ],
    ],
    [
      'a start that ended in ERROR and fell back, before its record came: the card does not leave it at that it started',
      TROUBLE,
      [
        status(1000, 'STARTING', 'STANDBY'),
        status(8000, 'ERROR', 'STARTING'),
        status(12_000, 'STANDBY', 'ERROR'),
        call('StartFlow', 15_000, 15_000),
      ],
      [`15 s: ${STARTED}\n⚠️ flow \`AwardsShow\` was in ERROR, 8 s after the call, now standby`],
    ],
    [
      'a start that was in ERROR, and is on air',
      TROUBLE,
      [status(8000, 'ERROR', 'STARTING'), status(12_000, 'ACTIVE', 'ERROR'), call('StartFlow', 15_000, 15_000)],
      [`15 s: ${STARTED}\n⚠️ flow \`AwardsShow\` was in ERROR, 8 s after the call`],
    ],
    ['nothing is wanted: nothing is said', undefined, [status(1000, 'ERROR', 'ACTIVE')], []],
    [
      'of a call that was first received two minutes after it was made nothing is expected any more',
      TROUBLE,
      [call('StopFlow', 1000, 121_000)],
      [`1 s: ${STOPPED}`],
    ],
    ['of a call out of an archive neither', TROUBLE, [call('StopFlow', 1000, 86_400_000)], [`1 s: ${STOPPED}`]],
    [
      'in the channel for outcomes, where there is one',
      { outcomes: { say: 'trouble', channel: 'ops' }, health: { say: 'off' } },
      [call('StartFlow', 4000, 4000), status(8000, 'ERROR', 'STARTING')],
      [`4 s: ${STARTED}`, `8 s in ops: ⚠️ flow \`AwardsShow\` is in ERROR, 8 s after ${JANE} started it`],
    ],
    [
      'once in each channel that is notified of the call',
      TROUBLE,
      [
        call('StartFlow', 4000, 4000, 'default', 'of both'),
        call('StartFlow', 4000, 4000, 'ops', 'of both'),
        status(8000, 'ERROR', 'STARTING'),
      ],
      [
        `4 s: ${STARTED}`,
        `4 s in ops: ${STARTED}`,
        `8 s: ⚠️ flow \`AwardsShow\` is in ERROR, 8 s after ${JANE} started it`,
        `8 s in ops: ⚠️ flow \`AwardsShow\` is in ERROR, 8 s after ${JANE} started it`,
      ],
    ],
  ])('%s', async (_, signals, arrivals, messages) => {
    expect(await happens({ signals, arrivals })).toEqual(messages);
  });
});

describe('what comes in one batch', () => {
  it.each<readonly [string, Omit<Circumstances, 'signals'>, readonly string[]]>([
    [
      'an event and its call: the card says it',
      { arrivals: [call('StopFlow', 3000, 3000), status(3000, 'STANDBY', 'STOPPING')] },
      [`3 s: ${STOPPED}\nnow *standby*, 3 s after the call`],
    ],
    [
      'also where a batching window gathers what comes seconds apart',
      {
        windowMs: 10_000,
        processes: 1,
        arrivals: [status(3000, 'STANDBY', 'STOPPING'), call('StopFlow', 8000, 8000)],
      },
      [`13 s: ${STOPPED}\nnow *standby*, 3 s after the call`],
    ],
    [
      'a loss and its end, the end first: both are said',
      {
        windowMs: 10_000,
        processes: 1,
        arrivals: [
          call('StartFlow', 0, 0),
          { ...source(23_000, 'CONNECTED', 'DISCONNECTED'), afterMs: 22_000 },
          { ...source(21_000, 'DISCONNECTED', 'CONNECTED'), afterMs: 22_500 },
        ],
      },
      [
        `0 s: ${STARTED}`,
        `44 s: ⚠️ source \`OB-van\` of flow \`AwardsShow\` was disconnected, 21 s after ${JANE} started its flow`,
        '84 s: ✅ source `OB-van` of flow `AwardsShow` is no longer disconnected, now connected, after 2 s',
      ],
    ],
    [
      'a look whether something was said, and the event that says it: nothing',
      {
        windowMs: 10_000,
        processes: 1,
        arrivals: [call('StopFlow', 4000, 4000), status(119_000, 'STANDBY', 'STOPPING')],
      },
      [`14 s: ${STOPPED}`],
    ],
  ])('%s', async (_, circumstances, messages) => {
    expect(await happens({ signals: TROUBLE, ...circumstances })).toEqual(messages);
  });
});

describe('while Slack is out', () => {
  const untilMs =
    (afterMs: number): NonNullable<Circumstances['prepare']> =>
    ({ slack, clock }) => {
      slack.weather = () => (clock.nowMs < START_MS + afterMs ? { status: 503, body: '' } : OK);
    };

  const FELL_BACK: readonly (readonly [seconds: number, messages: readonly string[]])[] = [
    [
      126,
      [
        '126 s: ℹ️ flow `AwardsShow` is no longer in ERROR, now standby, after 4 s',
        `127 s: ${STARTED}`,
        `128 s: ⚠️ flow \`AwardsShow\` was in ERROR, 8 s after ${JANE} started it, now standby`,
      ],
    ],
    [
      1200,
      [
        '1476 s: ℹ️ flow `AwardsShow` is no longer in ERROR, now standby, after 4 s · *⏰ 24 min 14 s late*',
        `1477 s: ${STARTED}`,
        `1478 s: ⚠️ flow \`AwardsShow\` was in ERROR, 8 s after ${JANE} started it, now standby · *⏰ 24 min 20 s late*`,
      ],
    ],
  ];

  it.each<readonly [string, Circumstances, readonly string[]]>([
    [
      'for a quarter of an hour, an ERROR that was to stand on the card is said once',
      {
        signals: TROUBLE,
        arrivals: [status(2000, 'ERROR', 'STARTING'), call('StartFlow', 6000, 6000)],
        prepare: untilMs(16 * 60_000),
      },
      [
        `1032 s: ⚠️ flow \`AwardsShow\` is in ERROR, 2 s after ${JANE} started it · *⏰ 17 min 10 s late*`,
        `1033 s: ${STARTED}`,
      ],
    ],
    [
      'a state that waits in a line is not on the card as well',
      {
        signals: ALL,
        arrivals: [call('StopFlow', 1000, 1000), status(4000, 'STANDBY', 'STOPPING')],
        prepare: untilMs(60_000),
      },
      [`78 s: ✔️ flow \`AwardsShow\` is now standby, 4 s after ${JANE} stopped it`, `79 s: ${STOPPED}`],
    ],
    ...FELL_BACK.map(([seconds, messages]): readonly [string, Circumstances, readonly string[]] => [
      `for ${seconds} s, a start that failed and fell back: no line leaves it at that it was in ERROR`,
      {
        signals: TROUBLE,
        arrivals: [
          status(11_300, 'STARTING', 'STANDBY'),
          call('StartFlow', 14_000, 4000),
          status(18_300, 'ERROR', 'STARTING'),
          status(22_300, 'STANDBY', 'ERROR'),
        ],
        prepare: untilMs(seconds * 1000),
        processes: 2,
      },
      messages,
    ]),
  ])('%s', async (_, circumstances, messages) => {
    expect(await happens(circumstances)).toEqual(messages);
  });
});

describe('where several channels are notified', () => {
  it.each<readonly [string, Circumstances, readonly string[]]>([
    [
      'both cards say what came of the call, and both channels hear its end',
      {
        signals: TROUBLE,
        arrivals: [
          status(3000, 'ERROR', 'STARTING'),
          call('StartFlow', 6000, 6000, 'default', 'of both'),
          call('StartFlow', 6000, 6000, 'ops', 'of both'),
          status(40_000, 'ACTIVE', 'ERROR'),
        ],
      },
      [
        `6 s in ops: ${STARTED}\n⚠️ flow \`AwardsShow\` is in ERROR, 3 s after the call`,
        `6 s: ${STARTED}\n⚠️ flow \`AwardsShow\` is in ERROR, 3 s after the call`,
        '70 s in ops: ✅ flow `AwardsShow` is no longer in ERROR, now active, after 37 s',
        '70 s: ✅ flow `AwardsShow` is no longer in ERROR, now active, after 37 s',
      ],
    ],
    [
      'one that has all outcomes to itself hears of trouble and its end, too, whichever came first',
      {
        signals: { outcomes: { say: 'trouble', channel: 'ops' }, health: { say: 'off' } },
        arrivals: [status(3000, 'ERROR', 'STARTING'), call('StartFlow', 6000, 6000), status(40_000, 'ACTIVE', 'ERROR')],
      },
      [
        `6 s in ops: ⚠️ flow \`AwardsShow\` is in ERROR, 3 s after ${JANE} started it`,
        `6 s: ${STARTED}\n⚠️ flow \`AwardsShow\` is in ERROR, 3 s after the call`,
        '70 s in ops: ✅ flow `AwardsShow` is no longer in ERROR, now active, after 37 s',
        '70 s: ✅ flow `AwardsShow` is no longer in ERROR, now active, after 37 s',
      ],
    ],
  ])('%s', async (_, circumstances, messages) => {
    expect((await happens(circumstances)).toSorted()).toEqual(messages.toSorted());
  });
});

describe('what nobody called for', () => {
  it.each<readonly [string, Circumstances['signals'], readonly Arrival[], readonly string[]]>([
    [
      'a source that is lost is said after a minute, in the channel for that, and that it is back',
      { outcomes: { say: 'off' }, health: { say: 'trouble', channel: 'ops' } },
      [source(1000, 'DISCONNECTED', 'CONNECTED'), source(100_000, 'CONNECTED', 'DISCONNECTED')],
      [
        '61 s in ops: 🟠 source `OB-van` of flow `AwardsShow` is disconnected. No call that reached us touched it in the 15 minutes before',
        '130 s in ops: ✅ source `OB-van` of flow `AwardsShow` is no longer disconnected, now connected, after 1 min 39 s',
      ],
    ],
    [
      'a source that was lost before somebody stopped its flow',
      { outcomes: { say: 'trouble' }, health: { say: 'trouble' } },
      [
        source(300, 'DISCONNECTED', 'CONNECTED'),
        status(21_000, 'STOPPING', 'ACTIVE'),
        status(25_000, 'STANDBY', 'STOPPING'),
        call('StopFlow', 28_000, 8000),
      ],
      [
        `28 s: ${STOPPED}\nnow *standby*, 5 s after the call`,
        '60 s: 🟠 source `OB-van` of flow `AwardsShow` is disconnected, its flow now standby. No call that reached us touched it in the 15 minutes before',
      ],
    ],
    [
      'a late call is named where nobody was',
      { outcomes: { say: 'off' }, health: { say: 'trouble' } },
      [source(1000, 'DISCONNECTED', 'CONNECTED'), call('StopFlow', 90_000, 90_000)],
      [
        '61 s: 🟠 source `OB-van` of flow `AwardsShow` is disconnected. No call that reached us touched it in the 15 minutes before',
        `90 s: ${STOPPED}`,
        `91 s: ✏️ Correction, by a call that came late: source \`OB-van\` of flow \`AwardsShow\` was disconnected 1 s after ${JANE} stopped its flow`,
      ],
    ],
  ])('%s', async (_, signals, arrivals, messages) => {
    expect(await happens({ signals, arrivals })).toEqual(messages);
  });
});

describe('a line', () => {
  it('calls nobody, of trouble as of its end, where calls of that effect do, and whatever an alert says', async () => {
    const alert = (errored: boolean, afterMs: number): Arrival =>
      anEventAt(afterMs, 'Alert', {
        errored,
        'error-id': 'Qta',
        'error-code': '<!here>',
        'error-message': '<!channel> @here <@U024BE7LH>',
      });
    const { posts } = await live({
      signals: { outcomes: { say: 'all' }, health: { say: 'all' } },
      channelSettings: { default: { mention: { 'off-air': 'channel', 'on-air': 'here', denied: 'here' } } },
      arrivals: [
        call('StopFlow', 1000, 1000),
        status(8000, 'ERROR', 'STOPPING'),
        status(41_000, 'STANDBY', 'ERROR'),
        alert(true, 200_000),
        source(250_000, 'DISCONNECTED', 'CONNECTED'),
        alert(false, 300_000),
        source(400_000, 'CONNECTED', 'DISCONNECTED'),
      ],
    });
    const calling = posts.filter(({ message }) => /<[!@]/.test(JSON.stringify(message).replaceAll(/<!date/g, '')));
    expect(said(posts).map((text) => text.split(' ')[2])).toEqual(['🔴', '⚠️', 'ℹ️', '🟠', '🟠', '✅', '✅']);
    expect(calling).toEqual(posts.slice(0, 1));
  });
});

describe('what has only an id', () => {
  const takeAt = (afterMs: number): Arrival => ({
    afterMs,
    madeBeforeMs: afterMs,
    detail: {
      eventName: 'TakeRouterInput',
      requestParameters: { routerOutputArn: ROUTER_OUTPUT_ARN, routerInputArn: ROUTER_INPUT_ARN },
      responseElements: {
        routerOutputArn: ROUTER_OUTPUT_ARN,
        routerOutputName: 'cdn-north',
        routerInputName: 'camera-2',
      },
    },
  });
  const route = (afterMs: number): Arrival =>
    anEventAt(
      afterMs,
      'Router Output Route State',
      { change: 'ROUTED', currentRouterInputArn: ROUTER_INPUT_ARN, previousRouterInputArn: null },
      [ROUTER_OUTPUT_ARN],
    );
  const TAKEN = `🔀 *Signal changed* — router output \`cdn-north\` switched to input \`camera-2\` ${BY}`;

  it.each<readonly [string, Circumstances, readonly string[]]>([
    [
      'is named on a card as the call names it',
      { arrivals: [route(2000), takeAt(4000)] },
      [`4 s: ${TAKEN}\nroute: input \`camera-2\` → router output \`cdn-north\`, 2 s after the call`],
    ],
    [
      'is named in a line as the last call did, beside the id',
      { arrivals: [takeAt(1000), route(2000)] },
      [
        `1 s: ${TAKEN}`,
        `2 s: ✔️ router output \`cdn-north\` (\`b1c2d3e4f5a6\`) is now on input \`camera-2\` (\`a1b2c3d4e5f6\`), 2 s after ${JANE} switched it`,
      ],
    ],
    [
      'is named in a line as the admin says',
      {
        arrivals: [takeAt(1000), route(2000)],
        names: { [ROUTER_INPUT_ARN]: 'Camera B', b1c2d3e4f5a6: 'CDN north' },
      },
      [
        `1 s: ${TAKEN}`,
        `2 s: ✔️ router output \`CDN north\` (\`b1c2d3e4f5a6\`) is now on input \`Camera B\` (\`a1b2c3d4e5f6\`), 2 s after ${JANE} switched it`,
      ],
    ],
    [
      'is called by its id where the ledger cannot say its name',
      {
        arrivals: [takeAt(1000), route(2000)],
        prepare: ({ memory }) => {
          memory.ledger.recall = async () => {
            throw new Error('out of reach');
          };
        },
      },
      [
        `1 s: ${TAKEN}`,
        `2 s: ✔️ router output \`b1c2d3e4f5a6\` is now on input \`a1b2c3d4e5f6\`, 2 s after ${JANE} switched it`,
      ],
    ],
  ])('%s', async (_, circumstances, messages) => {
    expect(await happens({ signals: ALL, ...circumstances })).toEqual(messages);
  });

  it('is an account too, whose name stands with the place of a line', async () => {
    const { posts } = await live({
      signals: ALL,
      names: { '111122223333': 'Sports' },
      arrivals: [takeAt(1000), route(2000)],
    });
    expect(JSON.stringify(posts.at(-1)?.message.blocks)).toContain('Sports (111122223333), eu-west-1');
  });
});

const ERROR: Arrival = status(8000, 'ERROR', 'STARTING');
const startAndError: readonly Arrival[] = [call('StartFlow', 4000, 4000), ERROR];
const ERROR_LINE = `flow \`AwardsShow\` is in ERROR, 8 s after ${JANE} started it`;
const errorLines = (posts: readonly Post[]): readonly string[] =>
  said(posts).filter((line) => line.includes(ERROR_LINE));

const bodyOf = ({ event }: Arrival): string => JSON.stringify({ rule: '_signal', channel: 'default', event });

/** A flow that was started, with its card in the channel, four seconds before MediaConnect says ERROR. */
async function started() {
  const time = virtualTime(START_MS + 4000);
  const world = aWorld({ time });
  const notifying = { ...world.notifying, settings: { ...world.notifying.settings, signals: TROUBLE } };
  const invoke = async (limit = 10, dependencies = notifying): Promise<void> => {
    const batch = world.sqs.takeBatch(limit);
    const { batchItemFailures } = await createHandler(dependencies)({ Records: [...batch] }, aContext(world));
    world.sqs.acknowledge(batch, batchItemFailures);
  };
  world.sqs.send(aBody(1, { calledAtMs: START_MS, detail: { eventName: 'StartFlow', responseElements: null } }));
  await time.run(invoke());
  /** As Lambda does, until nothing is left to do; the look that is due two minutes after the call is left. */
  const goOn = async (): Promise<void> => {
    while (world.sqs.nextVisibleAtMs() < Number.POSITIVE_INFINITY) {
      time.advanceTo(world.sqs.nextVisibleAtMs());
      await time.run(invoke());
    }
  };
  return { time, world, notifying, invoke, goOn };
}

/** The ledger is out of reach from one second to another. */
const withoutLedger =
  (fromSeconds: number, untilSeconds: number) =>
  ({ memory, clock }: World): void => {
    const { readSignals } = memory.ledger;
    memory.ledger.readSignals = async (rootArn) => {
      const seconds = (clock.nowMs - START_MS) / 1000;
      if (seconds > fromSeconds && seconds < untilSeconds) throw new Error('out of reach');
      return readSignals(rootArn);
    };
  };

describe('after the ledger was out of reach', () => {
  it.each([
    [119, 1],
    [130, 4],
    [150, 1],
    [150, 4],
  ])('until second %i, %i processes say nothing of a silence that was none', async (untilSeconds, processes) => {
    const { posts } = await live({
      signals: TROUBLE,
      processes,
      arrivals: [call('StopFlow', 1000, 1000), status(4000, 'STANDBY', 'STOPPING')],
      prepare: withoutLedger(3, untilSeconds),
    });
    expect(said(posts)).toEqual([`1 s: ${STOPPED}`]);
  });

  it.each([
    [130, '165 s'],
    [400, undefined],
  ])(
    'until second %i, a silence is said when all that waited has been heard, if it is not too late',
    async (untilSeconds, when) => {
      const { posts } = await live({
        signals: TROUBLE,
        arrivals: [call('StopFlow', 1000, 1000)],
        prepare: withoutLedger(3, untilSeconds),
      });
      const [, ...lines] = said(posts);
      expect(lines.map((line) => line.slice(0, 7))).toEqual(when === undefined ? [] : [`${when}: `]);
    },
  );
});

describe('calls', () => {
  const aSaying = (number: number): string => {
    const thing = { kind: 'flow', name: 'AwardsShow', arn: FLOW_ARN };
    const state = { eventId: `${number}`, thing, aspect: 'maintenance', state: 'SCHEDULED', atMs: START_MS };
    return JSON.stringify({ saying: { kind: 'news', key: `news#${number}`, state }, channel: 'default' });
  };

  it('wait for one message of what there is to say, and not for all of them', async () => {
    const { time, world, invoke } = await started();
    const key = webhookKey(urlOf('default'));
    await world.memory.ledger.setBlock(key, { sinceMs: START_MS, untilMs: START_MS + 4000 });
    const call = { calledAtMs: START_MS, detail: { eventName: 'StopFlow', responseElements: null } };
    world.sqs.send(aBody(2, call));
    // More than a message holds, and what each receive brings is not all.
    for (let number = 0; number < 100; number += 1) world.sqs.send(aSaying(number));
    await time.run(invoke(1));
    const card = world.posts.findIndex(({ message }) => message.text.includes('stopped'));
    const post = world.posts[card];
    expect(world.posts.length).toBeGreaterThan(10);
    // After trouble, all there is in the queue is taken first; meanwhile something is said.
    expect((post?.atMs ?? 0) - START_MS).toBeLessThanOrEqual(9000);
  });
});

const HEALTH = { outcomes: { say: 'trouble' }, health: { say: 'trouble' } } as const;
const ERROR_AFTER_2 = `⚠️ flow \`AwardsShow\` is in ERROR, 2 s after ${JANE} started it`;

describe('a call that came while the ledger was out of reach', () => {
  it.each<readonly [string, Circumstances['signals'], readonly Arrival[], readonly string[]]>([
    [
      'is remembered a little later, and named when a source is lost then',
      HEALTH,
      [call('UpdateFlow', 5000, 5000), source(100_000, 'DISCONNECTED', 'CONNECTED')],
      [
        `5 s: 🛠️ *Change* — flow \`AwardsShow\` updated ${BY}`,
        `102 s: ⚠️ source \`OB-van\` of flow \`AwardsShow\` is disconnected, 1 min 40 s after ${JANE} updated its flow`,
      ],
    ],
    [
      'what its card would have said is said in a line',
      TROUBLE,
      [status(2000, 'ERROR', 'STARTING'), call('StartFlow', 5000, 5000)],
      [`5 s: ${STARTED}`, `25 s: ${ERROR_AFTER_2}`],
    ],
    [
      'also the state, where all is wanted',
      ALL,
      [status(2000, 'STANDBY', 'STOPPING'), call('StopFlow', 5000, 5000)],
      [`5 s: ${STOPPED}`, `25 s: ✔️ flow \`AwardsShow\` is now standby, 2 s after ${JANE} stopped it`],
    ],
    [
      'of what came meanwhile, too',
      TROUBLE,
      [call('StartFlow', 5000, 5000), status(6000, 'ERROR', 'STARTING')],
      [`5 s: ${STARTED}`, `26 s: ⚠️ flow \`AwardsShow\` is in ERROR, 6 s after ${JANE} started it`],
    ],
    [
      'once in each channel',
      TROUBLE,
      [
        status(2000, 'ERROR', 'STARTING'),
        call('StartFlow', 5000, 5000, 'default', 'of both'),
        call('StartFlow', 5000, 5000, 'ops', 'of both'),
      ],
      [`5 s: ${STARTED}`, `5 s in ops: ${STARTED}`, `25 s: ${ERROR_AFTER_2}`, `25 s in ops: ${ERROR_AFTER_2}`],
    ],
    [
      'that nothing was said of it is said',
      TROUBLE,
      [call('StopFlow', 5000, 5000)],
      [
        `5 s: ${STOPPED}`,
        `120 s: ⏳ MediaConnect has not said in 2 minutes that flow \`AwardsShow\` stopped (\`StopFlow\` by ${JANE})`,
      ],
    ],
  ])('%s', async (_, signals, arrivals, messages) => {
    const { posts, world } = await live({ signals, arrivals, prepare: withoutLedger(4, 7) });
    expect(said(posts)).toEqual(messages);
    expect(world.telemetry.metrics.SignalsDropped).toBeUndefined();
  });

  it.each<readonly [string, Circumstances['signals'], readonly Arrival[], string]>([
    ['trouble', TROUBLE, [status(2000, 'ERROR', 'STARTING'), call('StartFlow', 5000, 5000)], 'is in ERROR'],
    ['a state', ALL, [status(2000, 'STANDBY', 'STOPPING'), call('StopFlow', 5000, 5000)], 'now *standby*'],
  ])(
    'or that only could not be written has %s on its card, and not in a line as well',
    async (_, signals, arrivals, words) => {
      const { posts } = await live({
        signals,
        arrivals,
        prepare: ({ memory, clock }) => {
          const { writeSignals, markNotified } = memory.ledger;
          const isAway = (): boolean => clock.nowMs > START_MS + 4000 && clock.nowMs < START_MS + 7000;
          memory.ledger.writeSignals = async (rootArn, item) => {
            if (isAway()) throw new Error('out of reach');
            return writeSignals(rootArn, item);
          };
          memory.ledger.markNotified = async (keys, others) => {
            if (isAway()) throw new Error('out of reach');
            return markNotified(keys, others);
          };
        },
      });
      expect(said(posts)).toEqual([expect.stringContaining(words)]);
    },
  );

  it('and waits for Slack is remembered with its card', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: [status(2000, 'ERROR', 'STARTING'), call('StartFlow', 5000, 5000)],
      prepare: (world) => {
        withoutLedger(4, 7)(world);
        world.slack.weather = () => (world.clock.nowMs < START_MS + 60_000 ? { status: 503, body: '' } : OK);
      },
    });
    expect(said(posts)).toHaveLength(1);
    expect(said(posts)[0]).toContain('is in ERROR, 2 s after the call');
  });
});

describe('when something fails', () => {
  it('two invocations that join the same event at once say it once', async () => {
    const { time, world, invoke } = await started();
    const { writeSignals } = world.memory.ledger;
    const conflicts: number[] = [];
    world.memory.ledger.writeSignals = async (rootArn, item) => {
      const other = await writeSignals(rootArn, item);
      if (other !== undefined) conflicts.push(other.version);
      return other;
    };
    for (let times = 0; times < 2; times += 1) world.sqs.send(bodyOf(ERROR));
    await time.run(Promise.all([invoke(1), invoke(1)]));
    expect(conflicts).toHaveLength(1);
    await time.run(invoke());
    expect(errorLines(world.posts)).toHaveLength(1);
    // The look that the call asked for is all that is left.
    expect(world.sqs.nextVisibleAtMs()).toBe(START_MS + 120_000);
  });

  it('the end of what was said is joined though the ledger was out of reach for longer than calls are remembered', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: [...startAndError, status(100_000, 'ACTIVE', 'ERROR')],
      prepare: withoutLedger(90, 30 * 60),
    });
    const [, , end] = said(posts);
    expect(end).toMatch(
      /✅ flow `AwardsShow` is no longer in ERROR, now active, after 1 min 32 s · \*⏰ 28 min 59 s late\*$/,
    );
  });

  it('without the ledger a call is reported at once, without what came of it; events wait, and are dropped with a count', async () => {
    const { posts, world, endedMs } = await live({
      signals: ALL,
      arrivals: [source(3000, 'DISCONNECTED', 'CONNECTED'), call('StopFlow', 6000, 6000)],
      prepare: ({ memory }) => {
        memory.state.isDown = true;
      },
    });
    expect(said(posts)).toEqual([`6 s: ${STOPPED}`]);
    expect(posts[0]?.atMs).toBeLessThan(START_MS + 6100);
    // The event, and the call to be remembered.
    expect(world.telemetry.metrics.SignalsDropped).toBe(2);
    expect(world.sqs.deadLetters).toEqual([]);
    expect(endedMs).toBeGreaterThan(15 * 60_000);
    expect(endedMs).toBeLessThan(22 * 60_000);
  });

  it('without the ledger for a while, events are joined when it is back', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: startAndError,
      prepare: ({ memory, clock }) => {
        const { readSignals } = memory.ledger;
        memory.ledger.readSignals = async (rootArn) => {
          if (clock.nowMs > START_MS + 7000 && clock.nowMs < START_MS + 40_000) throw new Error('out of reach');
          return readSignals(rootArn);
        };
      },
    });
    expect(said(posts)).toEqual([`4 s: ${STARTED}`, `48 s: ⚠️ ${ERROR_LINE}`]);
  });

  it('what the queue does not take is sent once more', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: startAndError,
      prepare: ({ sqs: { queue } }) => {
        const { send } = queue;
        let refusals = 2;
        queue.send = async (records) => {
          refusals -= 1;
          return refusals < 0 ? send(records) : records;
        };
      },
    });
    expect(errorLines(posts)).toHaveLength(1);
  });

  it('what a call asked to look at is asked for once more, where the queue did not take it', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: [call('StopFlow', 4000, 4000)],
      prepare: ({ sqs: { queue } }) => {
        const { send } = queue;
        let refusals = 1;
        queue.send = async (records) => {
          refusals -= 1;
          return refusals < 0 ? send(records) : records;
        };
      },
    });
    expect(said(posts)).toEqual([`4 s: ${STOPPED}`, expect.stringMatching(/^120 s: ⏳/)]);
  });

  it('wherever the process dies that joins, it is said once', async () => {
    for (let steps = 0; steps < 12; steps += 1) {
      const { time, world, notifying, invoke, goOn } = await started();
      world.sqs.send(bodyOf(ERROR));
      const { mortal, died } = createMortality(steps);
      const dying = {
        ...notifying,
        ledger: mortal({ ...notifying.ledger }),
        queue: mortal({ ...notifying.queue }),
      };
      await time.run(Promise.race([invoke(10, dying), died]));
      await goOn();
      expect([steps, errorLines(world.posts).length]).toEqual([steps, 1]);
    }
  });

  it('wherever the process dies that says it, it is said, and twice only if it died before it was remembered', async () => {
    const times: number[] = [];
    for (let steps = 0; steps < 12; steps += 1) {
      const { time, world, notifying, invoke, goOn } = await started();
      world.sqs.send(bodyOf(ERROR));
      await time.run(invoke());
      const { mortal, died } = createMortality(steps);
      const dying = { ...notifying, ledger: mortal({ ...notifying.ledger }) };
      await time.run(Promise.race([invoke(10, dying), died]));
      await goOn();
      times.push(errorLines(world.posts).length);
    }
    expect(times.filter((count) => count !== 1)).toEqual([2]);
  });

  const errorFirst: readonly Arrival[] = [status(2000, 'ERROR', 'STARTING'), call('StartFlow', 6000, 6000)];
  const ON_CARD = '⚠️ flow `AwardsShow` is in ERROR, 2 s after the call';
  const IN_LINE = `⚠️ flow \`AwardsShow\` is in ERROR, 2 s after ${JANE} started it`;

  it('a ledger that takes too long: the card at once, and a line for what it does not say', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: errorFirst,
      prepare: ({ memory, clock, notifying: { wait } }) => {
        const { readSignals } = memory.ledger;
        memory.ledger.readSignals = async (rootArn) => {
          if (clock.nowMs < START_MS + 7000) await wait(1500);
          return readSignals(rootArn);
        };
      },
    });
    expect(said(posts)).toEqual([`7 s: ${STARTED}`, `8 s: ${IN_LINE}`]);
  });

  it('a card that Slack refuses for good: what it was to say is said a minute later', async () => {
    const { posts, world } = await live({
      signals: TROUBLE,
      arrivals: errorFirst,
      prepare: ({ slack }) => {
        slack.weather = (_, { text }) => (text.includes('On air') ? { status: 400, body: 'invalid_payload' } : OK);
      },
    });
    expect(said(posts)).toEqual([`66 s: ${IN_LINE}`]);
    expect(world.sqs.deadLetters).toHaveLength(1);
  });

  it('a fold says it of its calls, and then no line does', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: [
        ...Array.from({ length: 4 }, (_, number) => call('DescribeFlow', 5900, 0, 'default', `read ${number}`)),
        ...errorFirst,
      ],
      processes: 1,
      windowMs: 500,
    });
    expect(posts.filter(({ message }) => JSON.stringify(message).includes('in ERROR'))).toHaveLength(1);
  });

  it('wherever the process dies that posts the card, trouble is told, and twice only if it died before that was noted', async () => {
    const times: string[] = [];
    for (let steps = 0; steps < 30; steps += 1) {
      const time = virtualTime(START_MS + 3000);
      const world = aWorld({ time });
      const notifying = { ...world.notifying, settings: { ...world.notifying.settings, signals: TROUBLE } };
      const invoke = async (dependencies = notifying): Promise<void> => {
        const batch = world.sqs.takeBatch(10);
        const { batchItemFailures } = await createHandler(dependencies)({ Records: [...batch] }, aContext(world));
        world.sqs.acknowledge(batch, batchItemFailures);
      };
      world.sqs.send(bodyOf(status(2000, 'ERROR', 'STARTING')));
      await time.run(invoke());
      world.sqs.send(aBody(1, { calledAtMs: START_MS, detail: { eventName: 'StartFlow', responseElements: null } }));
      const { mortal, died } = createMortality(steps);
      const dying = { ...notifying, ledger: mortal({ ...notifying.ledger }), queue: mortal({ ...notifying.queue }) };
      await time.run(Promise.race([invoke(dying), died]));
      while (world.sqs.nextVisibleAtMs() < Number.POSITIVE_INFINITY) {
        time.advanceTo(world.sqs.nextVisibleAtMs());
        await time.run(invoke());
      }
      const all = said(world.posts);
      times.push(
        `${all.filter((text) => text.includes(ON_CARD)).length} ${all.filter((text) => text.includes(IN_LINE)).length}`,
      );
    }
    // On cards, in lines. Between Slack's yes and the note of it nobody can know.
    const runs = times.filter((one, index) => one !== times[index - 1]);
    expect(runs).toEqual(['1 0', '2 0', '1 1', '1 0']);
  });

  it('while Slack is down nothing is lost, and what comes late says so', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: startAndError,
      prepare: ({ slack, clock }) => {
        slack.weather = () => (clock.nowMs < START_MS + 300_000 ? { status: 503, body: '' } : OK);
      },
    });
    const [one = '', other = '', ...more] = said(posts)
      .map((line) => line.replace(/^.*? s: /, ''))
      .toSorted();
    expect(more).toEqual([]);
    expect(other).toContain(STARTED);
    expect(one).toMatch(/is in ERROR, 8 s after .* · \*⏰ 6 min 38 s late\*$/);
  });

  it.each([4, 10, 20])(
    'while Slack is down for %i minutes, lines come in their order and hold when they come',
    async (minutes) => {
      const { posts } = await live({
        signals: TROUBLE,
        arrivals: [
          call('UpdateFlow', 1000, 1000),
          source(8000, 'DISCONNECTED', 'CONNECTED'),
          source(40_000, 'CONNECTED', 'DISCONNECTED'),
        ],
        prepare: ({ slack, clock }) => {
          slack.weather = () => (clock.nowMs < START_MS + minutes * 60_000 ? { status: 503, body: '' } : OK);
        },
      });
      const lines = said(posts).join('\n');
      expect(lines).not.toContain('is disconnected');
      expect(
        lines.match(/was disconnected, 8 s after|no longer disconnected, now connected, after 32 s/g),
      ).toHaveLength(2);
    },
  );

  it('a message that Slack refuses is given up, with its record in the dead-letter queue, and others are not', async () => {
    const { posts, world } = await live({
      signals: TROUBLE,
      arrivals: [...startAndError, call('StopFlow', 10_000, 1000)],
      prepare: ({ slack }) => {
        slack.weather = (_, message) =>
          JSON.stringify(message).includes('ERROR') ? { status: 400, body: 'invalid_payload' } : OK;
      },
    });
    expect(said(posts)).toEqual([
      `4 s: ${STARTED}`,
      `10 s: ${STOPPED}`,
      `129 s: ⏳ MediaConnect has not said in 2 minutes that flow \`AwardsShow\` stopped (\`StopFlow\` by ${JANE})`,
    ]);
    expect(world.sqs.deadLetters.map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({ reason: 'message-refused', rule: '_signal' }),
    ]);
  });
});
