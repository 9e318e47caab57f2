import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { type Notification, named, phrase } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { renderFallback, type SlackMessage } from '../../../shared/slack/message.ts';
import { planMessages, renderSayings } from '../../../shared/slack/plan-messages.ts';
import { FLOW_ARN } from '../../builders.ts';
import { aCallAt, at, OTHER_OUTPUT_ARN, OUTPUT_ARN } from '../outcome/signal-examples.ts';

const standby = (seconds: number): NonNullable<Notification['outcome']> => ({
  state: {
    before: 'now ',
    words: phrase('standby'),
    after: ', 3 s after the call',
    atMs: at(seconds),
    stands: phrase('standby'),
  },
  troubles: [],
});
const inError = (name: string): Notification['outcome'] => ({
  state: undefined,
  troubles: [
    {
      words: phrase('⚠️ flow ', named(name), ' is in ERROR, 8 s after the call'),
      amongOthers: phrase('⚠️ flow ', named(name), ' is in ERROR, 8 s after ', named('jane'), ' started it'),
      atMs: at(8),
      stands: phrase('in ERROR'),
    },
  ],
});

const head = ({ blocks = [] }: SlackMessage): string | undefined => {
  const [first] = blocks;
  return first?.type === 'section' ? first.text?.text : undefined;
};
const BY = 'by `jane@example.org` as role `Operators`';

describe('what came of a call', () => {
  it('stands below the headline of its card, and behind what a phone shows', () => {
    const card = renderNotification({ ...aCallAt('StopFlow', 0), outcome: standby(3) }, {});
    expect(head(card)).toBe(`🔴 *Off air* — flow \`AwardsShow\` stopped ${BY}\nnow *standby*, 3 s after the call`);
    expect(card.text).toMatch(/stopped by jane@example\.org .* – now standby, 3 s after the call$/);
  });

  it('stands there too where it went wrong', () => {
    const card = renderNotification({ ...aCallAt('StartFlow', 0), outcome: inError('AwardsShow') }, {});
    expect(head(card)).toBe(
      `🟢 *On air* — flow \`AwardsShow\` started ${BY}\n⚠️ flow \`AwardsShow\` is in ERROR, 8 s after the call`,
    );
    expect(card.text).toMatch(/ – ⚠️ flow AwardsShow is in ERROR, 8 s after the call$/);
  });

  it('is not there where nothing is known', () => {
    expect(head(renderNotification(aCallAt('StopFlow', 0), {}))).toBe(
      `🔴 *Off air* — flow \`AwardsShow\` stopped ${BY}`,
    );
  });
});

const now = (words: string, seconds: number, afterSeconds: number): Notification['outcome'] => ({
  state: { before: 'now ', words: phrase(words), after: `, ${afterSeconds} s after the call`, atMs: at(seconds) },
  troubles: [],
});
const stands = (words: string, seconds: number, afterSeconds: number): Notification['outcome'] => {
  const { state, troubles = [] } = now(words, seconds, afterSeconds) ?? {};
  return { state: state && { ...state, stands: phrase(words) }, troubles };
};

/** The text of a fold, without its small print, and with the reader's times as they are in UTC. */
function folded(calls: readonly Notification[]): readonly string[] {
  const [fold] = planMessages(calls, () => ({}), { firstAlone: false });
  return (fold?.message.blocks ?? [])
    .flatMap((block) => (block.type === 'section' ? (block.text?.text.split('\n') ?? []) : []))
    .map((line) =>
      line
        .replaceAll(/<!date\S+ \d\d\d\d-\d\d-\d\d (\S+) UTC>/g, '$1')
        .replaceAll(/<!date[^|]*\|\S+ (\S+) UTC>/g, '$1'),
    );
}

const addedAt = (seconds: number, outputArn: string, name: string): Notification =>
  aCallAt('AddFlowOutputs', seconds, {
    requestParameters: { flowArn: FLOW_ARN, outputs: [{ name, protocol: 'srt-listener' }] },
    responseElements: { flowArn: FLOW_ARN, outputs: [{ name, outputArn }] },
  });

const onFlow = (one: Notification, name: string): Notification => ({
  ...one,
  eventId: `${one.eventId} ${name}`,
  resourceName: name,
  flowName: name,
  sentence: phrase('flow ', named(name), ' updated'),
  resources: one.resources.map((resource) => ({ ...resource, name })),
  subject: { key: name, label: phrase('flow ', named(name)) },
});

describe('what came of calls that are folded', () => {
  it('is said in the row of each call, as its card would, also below a heading', () => {
    expect(
      folded([
        { ...aCallAt('UpdateFlow', 0), outcome: now('standby', 2, 2) },
        addedAt(5, OUTPUT_ARN, 'cdn-north'),
        { ...addedAt(6, OTHER_OUTPUT_ARN, 'cdn-south'), outcome: now('sending', 8, 2) },
      ]).slice(2),
    ).toEqual([
      '*flow `AwardsShow`*',
      `🛠️ 20:00:00 flow updated ${BY} → standby after 2 s`,
      `🟢 20:00:05 output \`cdn-north\` added (\`srt-listener\`) ${BY}`,
      `🟢 20:00:06 output \`cdn-south\` added (\`srt-listener\`) ${BY} → sending after 2 s`,
    ]);
  });

  it('is said once where the heading says it, and of an earlier call in its row', () => {
    expect(
      folded([
        { ...aCallAt('StartFlow', 0), outcome: stands('active', 4, 4) },
        { ...aCallAt('StopFlow', 60), outcome: stands('standby', 63, 3) },
      ]).slice(2),
    ).toEqual([
      '*flow `AwardsShow`* now *standby (says MediaConnect)*',
      `🟢 20:00:00 flow started ${BY} → active after 4 s`,
      `🔴 20:01:00 flow stopped ${BY}`,
    ]);
  });

  it.each<readonly [string, Notification['outcome'], string, Notification['outcome'], string]>([
    [
      'what MediaConnect said of the last call',
      undefined,
      'StopFlow',
      stands('standby', 5, 2),
      'standby (says MediaConnect)',
    ],
    ['nothing that is older than the last call', undefined, 'StopFlow', stands('standby', 2, 2), 'stopped'],
    [
      'nothing of an earlier call, in the second of a later one',
      stands('active', 3, 3),
      'StopFlow',
      undefined,
      'stopped',
    ],
    ['nothing of an earlier call, since the later one', stands('active', 5, 5), 'StopFlow', undefined, 'stopped'],
    [
      'what it said of a later call that switches nothing',
      undefined,
      'UpdateFlow',
      stands('active', 5, 2),
      'active (says MediaConnect)',
    ],
    ['nothing that is said of an output of it', undefined, 'UpdateFlow', now('enabled', 5, 2), 'started'],
    [
      'that it is in ERROR',
      stands('starting', 1, 1),
      'StartFlow',
      inError('AwardsShow'),
      'in ERROR (says MediaConnect)',
    ],
  ])('heads a flow with %s', (_, first, operation, second, words) => {
    const calls = [
      { ...aCallAt('StartFlow', 0), outcome: first },
      { ...aCallAt(operation, 3), outcome: second },
      addedAt(3, OUTPUT_ARN, 'cdn-north'),
    ];
    expect(folded(calls)).toContain(`*flow \`AwardsShow\`* now *${words}*`);
  });

  it.each([
    [0, 'started or stopped'],
    [1, 'standby (says MediaConnect)'],
  ])('heads a flow that was started and stopped in one second, with a state of %i s later, as %s', (seconds, words) => {
    const calls = [
      aCallAt('StartFlow', 0),
      { ...aCallAt('StopFlow', 0), outcome: stands('standby', seconds, seconds) },
    ];
    expect(folded(calls)).toContain(`*flow \`AwardsShow\`* now *${words}*`);
  });

  it('is said once of calls that came to the same, and apart of others', () => {
    const updated = (name: string, outcome: Notification['outcome']): Notification => ({
      ...onFlow(aCallAt('UpdateFlow', 0), name),
      outcome,
    });
    const rows = folded([
      updated('a', stands('active', 2, 2)),
      updated('b', stands('standby', 2, 2)),
      updated('c', stands('active', 2, 2)),
      updated('d', undefined),
    ]);
    expect(rows.slice(2)).toEqual([
      `🛠️ 20:00:00 2 × flow updated ${BY}: \`a\`, \`c\` → each active`,
      `🛠️ 20:00:00 flow \`b\` updated ${BY} → standby after 2 s`,
      `🛠️ 20:00:00 flow \`d\` updated ${BY}`,
    ]);
  });

  it('is said at the head where something went wrong, with the call, and nothing is called back on air then', () => {
    expect(folded([aCallAt('StopFlow', -60), aCallAt('StartFlow', 0)])[2]).toMatch(/^🟢 \*Put back on air:\*/);
    const calls = [aCallAt('StopFlow', -60), { ...aCallAt('StartFlow', 0), outcome: inError('AwardsShow') }];
    expect(folded(calls).slice(1, 4)).toEqual([
      '2 calls: 1 off air, 1 on air',
      '⚠️ flow `AwardsShow` is in ERROR, 8 s after `jane` started it',
      '*flow `AwardsShow`* now *in ERROR (says MediaConnect)*',
    ]);
    const [fold] = planMessages(calls, () => ({}), { firstAlone: false });
    expect(fold?.message.text).toContain('⚠️ flow AwardsShow is in ERROR, 8 s after jane started it');
  });

  it('loses nothing that went wrong, however much it is', () => {
    const names = Array.from({ length: 120 }, (_, index) => `show-${index}x`);
    const calls = names.map((name) => ({ ...onFlow(aCallAt('StartFlow', 0), name), outcome: inError(name) }));
    const messages = planMessages(calls, () => ({}), { firstAlone: false });
    const said = messages.map(({ message }) => JSON.stringify(message.blocks)).join('\n');
    expect(names.filter((name) => said.split(`flow \`${name}\` is in ERROR`).length !== 2)).toEqual([]);
    expect(messages.flatMap(({ message }) => validateMessage(message))).toEqual([]);
    expect(said).toMatch(/⚠️ \d+ more below/);
  });
});

/** A call of which MediaConnect said something that nothing else says. */
const anyCall = fc.record({
  operation: fc.constantFrom(
    'StartFlow',
    'StopFlow',
    'UpdateFlow',
    'AddFlowOutputs',
    'UpdateFlowSource',
    'GrantFlowEntitlements',
  ),
  seconds: fc.nat(30),
  flow: fc.nat(8),
  afterSeconds: fc.nat(5),
  isStand: fc.boolean(),
  says: fc.constantFrom('nothing', 'a state', 'a trouble', 'both'),
});

const saying = (
  {
    operation,
    seconds,
    flow,
    afterSeconds,
    isStand,
    says,
  }: typeof anyCall extends fc.Arbitrary<infer Call> ? Call : never,
  index: number,
): Notification => {
  const atMs = at(seconds + afterSeconds);
  const words = phrase(named(`state-${index}-`));
  const trouble = { words, amongOthers: phrase('⚠️ ', named(`trouble-${index}-`)), atMs };
  return {
    ...onFlow(aCallAt(operation, seconds), `flow-${flow}`),
    eventId: `call-${index}`,
    outcome: {
      state:
        says === 'a state' || says === 'both'
          ? { before: 'now ', words, after: '', atMs, ...(isStand && { stands: words }) }
          : undefined,
      troubles: says === 'a trouble' || says === 'both' ? [trouble] : [],
    },
  };
};

describe('a fold of any calls', () => {
  it('says once what each came to, and what went wrong', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { minLength: 2, maxLength: 150, size: 'max' }), (all) => {
        const calls = all.map(saying);
        const messages = planMessages(calls, () => ({}), { firstAlone: false }).map(({ message }) => message);
        expect(messages.flatMap(validateMessage)).toEqual([]);
        const said = messages.map(({ blocks }) => JSON.stringify(blocks)).join('\n');
        const expected = calls.flatMap(({ outcome }, index) => [
          ...(outcome?.state ? [`state-${index}-`] : []),
          ...(outcome?.troubles ?? []).map(() => `trouble-${index}-`),
        ]);
        expect(expected.filter((words) => said.split(words).length !== 2)).toEqual([]);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

describe('what MediaConnect says by itself', () => {
  const line = {
    words: phrase('⚠️ flow ', named('<!here> *x*'), ' is in ERROR'),
    lateByMs: undefined,
    account: { id: '111122223333', name: 'Sports' },
    region: 'eu-west-1',
  };

  it('is one line with its place, and calls nobody', () => {
    expect(renderSayings([line])).toEqual({
      text: '⚠️ flow “&lt;!here&gt; ∗x∗” is in ERROR',
      blocks: [
        {
          type: 'section',
          text: { type: 'mrkdwn', text: '⚠️ flow `&lt;!here&gt; *x*` is in ERROR', verbatim: true },
          expand: true,
        },
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', text: 'Sports (111122223333), eu-west-1', verbatim: true }],
        },
      ],
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  it('says every line once where Slack takes no blocks', () => {
    const { text } = renderFallback(renderSayings([line, { ...line, lateByMs: 600_000 }]));
    expect(text.match(/is in ERROR/g)).toHaveLength(2);
  });

  it('says that it is late, and its place once for all lines', () => {
    const { text, blocks = [] } = renderSayings([line, { ...line, lateByMs: 600_000 }]);
    expect(text.split('\n')[1]).toMatch(/is in ERROR ⏰ 10 min late$/);
    expect(blocks).toHaveLength(2);
  });
});
