import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import type { Notification } from '../../../shared/notification/notification.ts';
import { renderDigest } from '../../../shared/slack/digest.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';
import { planMessages } from '../../../shared/slack/plan-messages.ts';
import { BURST_NAMES, type BurstName, burstOf } from '../../gallery/bursts.ts';
import { aNotification, aPrincipal, CALLED_AT_MS, name, plain } from '../../notification-builder.ts';

/** As a reader in London sees a moment. */
const read = (text: string): string => text.replace(/<!date[^|]*\|\d{4}-\d\d-\d\d ([\d:]+) UTC>/g, '$1');

const sections = ({ blocks = [] }: SlackMessage): readonly string[] =>
  blocks.map((block) => read(block.type === 'section' ? (block.text?.text ?? '') : ''));

/** What stands in the message above its small print, line by line. */
const lines = (message: SlackMessage): readonly string[] =>
  sections(message).flatMap((text) => text.split('\n').filter((line) => line !== ''));

const folds = (notifications: readonly Notification[]): readonly SlackMessage[] =>
  planMessages(notifications, () => ({ mention: { 'off-air': 'here' } }))
    .filter(({ kind }) => kind === 'fold')
    .map(({ message }) => message);

const isDigest = (name: BurstName): boolean => name === 'reads and two refusals' || name === 'a digest with a stop';

const firstMessage = (name: BurstName): SlackMessage => {
  const calls = burstOf(name);
  const [first] = isDigest(name) ? renderDigest(calls) : folds(calls);
  if (first === undefined) throw new RangeError(`no message for ${name}`);
  return first;
};

describe('a burst', () => {
  it.each<[BurstName, flow: string, who: string]>([
    ['terraform and one live stop', 'CupFinal-Main', 'TerraformDeploy'],
    ['two operators on one flow', 'CupFinal-Main', 'sam@example.org'],
    ['five hundred calls', 'CupFinal-Main', 'jane@example.org'],
    ['one stop among sixty calls', 'CupFinal-Main', 'jane@example.org'],
    ['failing calls', 'CupFinal-Main', 'jane@example.org'],
    ['a session for each read', 'CupFinal-Main', 'HealthPoller'],
    ['three hundred refusals', 'CupFinal-Main', 'health-poller'],
    ['a digest with a stop', 'CupFinal-Main', 'jane@example.org'],
  ])(
    'of %s names the flow and the person of the worst call in its push and its first two lines',
    (burst, flow, who) => {
      const message = firstMessage(burst);
      const start = lines(message).slice(0, 2).join('\n');
      expect(message.text.slice(0, 150)).toContain(flow);
      expect(message.text.slice(0, 150)).toContain(who);
      expect(start).toContain(`\`${flow}\``);
      expect(start).toContain(`\`${who}\``);
    },
  );

  it('that is a digest of reads names the flow and the person of most', () => {
    const [message] = renderDigest(burstOf('a session for each read'));
    expect(message?.text).toBe(
      '📊 Digest: 60 calls in 29 min 30 s: all reads, nothing changed; most by role HealthPoller, on flow CupFinal-Main (Broadcast prod, eu-west-1)',
    );
    expect(message && lines(message).slice(0, 2)).toEqual([
      '📊 *Digest* — 60 calls: all reads, nothing changed',
      'most by role `HealthPoller`, on flow `CupFinal-Main`',
    ]);
  });

  it('that is a digest without any change says so, and who was refused', () => {
    const message = firstMessage('reads and two refusals');
    expect(message.text).toBe(
      '⛔ Denied: view flow League-08, by health-poller as role HealthPoller (and 1 more like this). Digest: 400 calls in 6 min 39 s: 2 denied, 398 reads, nothing changed (Broadcast prod, eu-west-1)',
    );
  });

  it.each<[BurstName, most: number]>([
    ['terraform and one live stop', 7],
    ['one stop among sixty calls', 7],
    ['failing calls', 9],
    ['a session for each read', 9],
    ['three hundred refusals', 9],
  ])('of %s has at most %i lines', (name, most) => {
    expect(lines(firstMessage(name)).length).toBeLessThanOrEqual(most);
  });

  it('whose stop is hidden among other calls has it in the first line, with the state below', () => {
    expect(lines(firstMessage('one stop among sixty calls'))).toEqual([
      '🔴 *Off air* — flow `CupFinal-Main` stopped by `jane@example.org` as role `Operators` <!here>',
      '59 calls: 1 off air, 1 denied, 57 other changes',
      '*flow `CupFinal-Main`* now *stopped*',
      '⛔ 20:00:25 denied: stop flow, by `sam@example.org`',
      '🔴 20:00:45 flow stopped by `jane@example.org`',
      '🛠️ 20:00:06 – 20:01:04 57 × flow tagged (1 tag) by role `TerraformDeploy`: `League-01` … `League-18`',
    ]);
  });

  it('of two operators is told flow by flow, strictly by time', () => {
    expect(lines(firstMessage('two operators on one flow'))).toMatchInlineSnapshot(`
      [
        "🔴 *Off air* — flow \`CupFinal-Main\` stopped by \`sam@example.org\` as role \`Operators\` <!here>",
        "9 calls: 2 off air, 2 signal changes, 1 on air, 2 denied, 1 failed, 1 other change",
        "*Off air now:* flow \`CupFinal-Main\`, output \`cdn-a\` of flow \`CupFinal-Main\`",
        "*flow \`CupFinal-Main\`* now *stopped*",
        "🟢 20:00:11 flow started by \`jane@example.org\`",
        "🔴 20:00:13 output \`cdn-a\` removed by \`sam@example.org\`",
        "🔀 20:00:16 output \`cdn-b\` now to 198.51.100.9:5000, by \`jane@example.org\`",
        "⛔ 20:00:23 denied: view flow, by \`sam@example.org\`",
        "🛠️ 20:00:25 flow tagged (1 tag) by \`jane@example.org\`",
        "🔴 20:00:27 flow stopped by \`sam@example.org\`",
        "*flow \`CupFinal-Backup\`*",
        "🔀 20:00:08 output \`cdn-b\` now to 198.51.100.9:5000, by \`sam@example.org\`",
        "⛔ 20:00:19 denied: stop flow, by \`sam@example.org\`",
        "⚠️ 20:00:22 failed: start flow (not possible in its current state), by \`jane@example.org\`",
      ]
    `);
  });

  it('that sets up new flows sums that up by operation', () => {
    expect(lines(firstMessage('terraform and one live stop'))).toMatchInlineSnapshot(`
      [
        "🔴 *Off air* — flow \`CupFinal-Main\` stopped by role \`TerraformDeploy\` <!here>",
        "39 calls: 1 off air, 38 to set up 8 new flows (not on air yet)",
        "🔴 20:00:37 flow \`CupFinal-Main\` stopped by role \`TerraformDeploy\`",
        "*New, not on air yet*",
        "🛠️ 20:00:06 – 20:00:35 16 × output added to flow by role \`TerraformDeploy\`: \`cdn-a\`, \`cdn-b\` on \`League-01\` … \`League-08\`",
        "🛠️ 20:00:08 – 20:00:44 15 × flow tagged by role \`TerraformDeploy\`: \`League-01\` … \`League-08\`",
        "🛠️ 20:00:09 – 20:00:33 7 × flow created by role \`TerraformDeploy\`: \`League-02\` … \`League-08\`",
      ]
    `);
  });

  it.each<[BurstName, string]>([
    ['failing calls', '25 calls: all failed'],
    ['three hundred refusals', '299 calls: all denied'],
    ['a session for each read', '59 calls: all reads'],
    ['one stop among sixty calls', '59 calls: 1 off air, 1 denied, 57 other changes'],
  ])('of %s says no number twice: %s', (name, counts) => {
    expect(lines(firstMessage(name))[1]).toBe(counts);
  });

  it('of which none touches the signal has no other changes, only changes', () => {
    const tags = burstOf('one stop among sixty calls').filter(({ call }) => call.operation === 'TagResource');
    expect(folds(tags).map((message) => lines(message)[1])).toEqual(['57 calls: all changes']);
  });

  it('that only sets up what is new claims nothing to be on air', () => {
    const [message] = folds(burstOf('terraform and one live stop').filter(({ call }) => call.operation !== 'StopFlow'));
    expect(message && lines(message).slice(0, 2)).toEqual([
      '🛠️ *Set up* — flow `League-08` created by role `TerraformDeploy` (and 6 more like this)',
      '38 calls: all to set up 8 new flows (not on air yet)',
    ]);
    expect(message?.text).toMatch(
      /^🛠️ Set up: flow League-08 created by role TerraformDeploy \(and 6 more like this\)\. /,
    );
    expect(message?.text).not.toContain('On air');
  });

  it('that takes something new off air says so, though it has not been started', () => {
    const isNew = { flowName: 'New', subject: { key: 'new', label: [plain('flow '), name('New')] } };
    const messages = folds([
      aNotification({ operation: 'TagResource' }),
      aNotification({ ...isNew, operation: 'CreateFlow', calledAtMs: CALLED_AT_MS + 1000 }),
      aNotification({
        ...isNew,
        operation: 'RemoveFlowOutput',
        resourceName: 'cdn-a',
        calledAtMs: CALLED_AT_MS + 2000,
      }),
    ]);
    expect(messages.map((message) => lines(message).slice(0, 2))).toEqual([
      [
        '🔴 *Off air* — output `cdn-a` removed by `jane@example.org` <!here>',
        '2 calls: 1 off air, 1 to set up 1 new flow (not on air yet)',
      ],
    ]);
  });

  it('says first what is still off air, then what was put back', () => {
    const at = (second: number, operation: string, flowName: string) =>
      aNotification({ operation, flowName, calledAtMs: CALLED_AT_MS + second * 1000 });
    const [message] = folds([
      at(0, 'TagResource', 'First'),
      at(1, 'StopFlow', 'Gone'),
      at(2, 'StopFlow', 'Back'),
      at(3, 'StartFlow', 'Back'),
    ]);
    expect(message && lines(message)[0]).toBe(
      '🔴 *Off air* — flow `Gone` stopped by `jane@example.org` (and 1 more like this) <!here>',
    );
  });

  it('counts its calls by flow at the end of its push notification, what matters most first', () => {
    expect(firstMessage('two operators on one flow').text).toContain(
      ', 1 other change; on flow CupFinal-Main (6), flow CupFinal-Backup (3) (Broadcast prod, eu-west-1)',
    );
    expect(firstMessage('three hundred refusals').text).not.toContain('; on ');
  });

  it('calls nobody for a correction', () => {
    const correction = { reason: 'UPDATED_DATA', originalEventId: undefined, updatedFields: [] };
    const corrected = (flowName: string) => aNotification({ flowName, correction });
    const texts = folds([aNotification(), corrected('One'), corrected('Two')]).map(({ text }) => text);
    expect(texts.map((text) => text.includes('<!here>'))).toEqual([false]);
  });

  it('that sets up the same in different ways is summed up all the same', () => {
    const flow = (number: number) => ({ operation: 'CreateFlow', flowName: `New-${number}` });
    const tagged = (number: number, tags: string) =>
      aNotification({
        operation: 'TagResource',
        flowName: `New-${number}`,
        sentence: [plain('flow '), name(`New-${number}`), plain(` tagged (${tags})`)],
      });
    const [message] = folds([
      aNotification({ flowName: 'First' }),
      aNotification(flow(1)),
      aNotification(flow(2)),
      tagged(1, '1 tag'),
      tagged(2, '2 tags'),
    ]);
    expect(message && lines(message).at(-1)).toBe('🛠️ 20:00:05 2 × flow tagged by `jane@example.org`: `New-1`, `New-2`');
  });

  it.each(BURST_NAMES)('of %s is what Slack takes, and says how many calls it holds', (name) => {
    const calls = burstOf(name);
    const messages = isDigest(name) ? renderDigest(calls) : folds(calls);
    expect(messages.flatMap(validateMessage)).toEqual([]);
    const stated = messages.map(({ text }) =>
      Number(/([\d,]+)(?: of [\d,]+)? calls/.exec(text)?.[1]?.replace(',', '')),
    );
    expect(stated.reduce((sum, count) => sum + count, 0)).toBe(isDigest(name) ? calls.length : calls.length - 1);
  });
});

describe('the role behind the names of a fold', () => {
  const as = (who: string, role: string) =>
    aPrincipal({ key: `${who}${role}`, said: [name(who), plain(' as role '), name(role)] });
  const alone = aPrincipal({ key: 'deploy', said: [plain('role '), name('TerraformDeploy')] });
  const calls = (...principals: readonly Notification['principal'][]) =>
    [...principals, ...principals].map((principal, at) =>
      aNotification({
        principal,
        operation: at < principals.length ? 'StopFlow' : 'StartFlow',
        calledAtMs: CALLED_AT_MS + at * 1000,
      }),
    );
  const messagesOf = (notifications: readonly Notification[]): readonly SlackMessage[] => [
    ...planMessages(notifications, () => ({}), { firstAlone: false }).map(({ message }) => message),
    ...renderDigest(notifications),
  ];
  /** Rows begin with a time, the line of the role with its label. */
  const said = (message: SlackMessage) => ({
    inRows: /> flow [^"]*? as role /.test(JSON.stringify(message).replaceAll('\\n', '"')),
    below: /\*Role\*[^\\]*/.exec(JSON.stringify(message))?.[0],
  });

  const [jane, sam] = [as('jane', 'Operators'), as('sam', 'Operators')];
  it.each([
    ['is said once, below, where everybody has the same', [jane, sam], false],
    ['is said once beside roles that stand alone', [jane, sam, alone], false],
    ['is said in each row where there are two', [jane, as('sam', 'Admins')], true],
    [
      'is said in each row where somebody has a name and no role',
      [jane, sam, aPrincipal({ said: [name('bob')] })],
      true,
    ],
    [
      'is said in each row where a name passes for its words',
      [jane, aPrincipal({ said: [name(' as role '), name('Operators')] })],
      true,
    ],
  ])('%s', (_, principals, inRows) => {
    const below = inRows ? undefined : '*Role*  Operators, where a row names no other';
    const one = { inRows, below };
    expect(messagesOf(calls(...principals)).map(said)).toEqual([one, one]);
  });

  it('stands in the first line all the same', () => {
    expect(folds(calls(jane, sam)).map((message) => lines(message)[0])).toEqual([
      expect.stringContaining('as role `Operators`'),
    ]);
  });
});

/** Starts and stops of a few flows by a few people, some of them refused, in any order. */
const someCalls: fc.Arbitrary<readonly Notification[]> = fc.array(
  fc
    .record({
      operation: fc.constantFrom('StopFlow', 'StartFlow', 'RemoveFlowOutput', 'UpdateFlow', 'DescribeFlow'),
      errorCode: fc.constantFrom(undefined, undefined, 'AccessDenied', 'ConflictException'),
      flow: fc.integer({ min: 1, max: 3 }),
      who: fc.constantFrom('jane', 'sam'),
      at: fc.integer({ min: 0, max: 12 }),
    })
    .map(({ operation, errorCode, flow, who, at }) => {
      const output = operation === 'RemoveFlowOutput' ? { resourceName: `out-${at}` } : {};
      return aNotification({
        operation,
        errorCode,
        flowName: `Flow-${flow}`,
        ...output,
        principal: aPrincipal({ name: who, key: who }),
        calledAtMs: CALLED_AT_MS + at * 1000,
      });
    }),
  { minLength: 2, maxLength: 40 },
);

/** What the counts in a fold's second line come to; of several that are all of a kind the whole is said. */
function countsIn(message: SlackMessage): readonly number[] {
  const [calls = '', counts = ''] = lines(message)[1]?.split(': ') ?? [];
  if (counts.startsWith('all ')) return [Number(/^(\d+) calls$/.exec(calls)?.[1])];
  return [...counts.matchAll(/(?:^|, )(\d+) /g)].map(([, count]) => Number(count));
}

const rowsOf = (section: string): readonly string[] => section.split('\n').slice(1);

describe('a fold of any calls', () => {
  const foldOf = (calls: readonly Notification[]): SlackMessage =>
    planMessages(calls, () => ({}), { firstAlone: false })[0]?.message ?? {
      text: '',
      unfurl_links: false,
      unfurl_media: false,
    };

  it('has counts that add up', () => {
    fc.assert(
      fc.property(someCalls, (calls) => {
        expect(countsIn(foldOf(calls)).reduce((sum, count) => sum + count, 0)).toBe(calls.length);
      }),
    );
  });

  it('lists the calls of a flow in order of time', () => {
    fc.assert(
      fc.property(someCalls, (calls) => {
        for (const section of sections(foldOf(calls)).filter((text) => text.startsWith('*flow'))) {
          const times = rowsOf(section).map((row) => /\d\d:\d\d:\d\d/.exec(row)?.[0] ?? '');
          expect(times).toEqual(times.toSorted());
        }
      }),
    );
  });

  it('says at the head of a flow the state that its calls imply', () => {
    fc.assert(
      fc.property(someCalls, (calls) => {
        for (const section of sections(foldOf(calls)).filter((text) => text.startsWith('*flow'))) {
          const name = /`(Flow-\d)`/.exec(section)?.[1];
          const switching = calls.filter(
            ({ flowName, call }) =>
              flowName === name && call.outcome === 'succeeded' && /^(?:Start|Stop)Flow$/.test(call.operation),
          );
          const lastMs = Math.max(...switching.map(({ calledAtMs = 0 }) => calledAtMs));
          const last = switching.filter(({ calledAtMs }) => calledAtMs === lastMs);
          const states = new Set(last.map(({ call }) => (call.operation === 'StopFlow' ? 'stopped' : 'started')));
          const said = / now \*([^*]+)\*/.exec(section)?.[1]?.split(' or ') ?? [];
          expect(new Set(said)).toEqual(states);
        }
      }),
    );
  });

  it('names every call that took something off air in its push notification', () => {
    fc.assert(
      fc.property(someCalls, (calls) => {
        const off = calls.filter(({ call }) => call.impact === 'off-air' && call.outcome === 'succeeded');
        const { text } = foldOf(calls);
        expect(off.filter(({ resourceName }) => !text.includes(`${resourceName} `))).toEqual([]);
      }),
    );
  });
});
