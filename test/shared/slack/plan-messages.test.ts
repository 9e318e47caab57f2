import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { type ChannelSettings, type Notification, sayingOf } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { type PlanOptions, planMessages } from '../../../shared/slack/plan-messages.ts';
import { anyNotification } from '../../any-notification.ts';
import { ACCOUNT, aCall, REGION } from '../../builders.ts';
import { liveSyntax } from '../../live-syntax.ts';
import { aNotification, aPrincipal, CALLED_AT_MS, name, plain } from '../../notification-builder.ts';

const plan = (notifications: readonly Notification[], settings: ChannelSettings = {}, options?: PlanOptions) =>
  planMessages(notifications, () => settings, options);

const textOf = (message: unknown): string => JSON.stringify(message);

/** What a fold lists, without headline and totals. */
const listed = (planned: ReturnType<typeof plan>[number] | undefined): string =>
  (planned?.message.blocks ?? [])
    .slice(1)
    .map((block) => (block.type === 'section' ? block.text?.text : ''))
    .join('\n');

interface Burst {
  readonly calls: number;
  readonly principals: number;
  readonly flows: number;
  readonly operation?: (index: number) => string;
  readonly padding?: string;
}

/** As many calls as an automation makes in a minute, each with an output of its own. */
const aBurst = ({ calls, principals, flows, operation = () => 'RemoveFlowOutput', padding = '' }: Burst) =>
  Array.from({ length: calls }, (_, index) => {
    const output = `out-${padding}${index}`;
    const flowName = `flow-${padding}${index % flows}`;
    const who = `operator.${padding}${index % principals}@example.org`;
    return aNotification({
      operation: operation(index),
      eventId: `event-${index}`,
      flowName,
      resourceName: output,
      principal: aPrincipal({ name: who, key: who }),
      calledAtMs: CALLED_AT_MS + index * 100,
      sentence: [plain('removed output '), name(output), plain(' from '), name(flowName)],
    });
  });

it('posts nothing for nothing', () => {
  expect(plan([])).toEqual([]);
});

it('reports a lone call as if there were no grouping', () => {
  const only = aNotification();
  expect(plan([only])).toEqual([
    { channel: 'default', kind: 'single', notifications: [only], message: renderNotification(only, {}) },
  ]);
});

describe('in a running burst', () => {
  const inBurst = (notifications: readonly Notification[]) => plan(notifications, {}, { firstAlone: false });

  it('reports a lone call as if there were no grouping, and nothing for nothing', () => {
    const only = aNotification();
    expect(inBurst([only])).toEqual(plan([only]));
    expect(inBurst([])).toEqual([]);
  });

  it('folds the first call with the others', () => {
    const calls = ['a', 'a', 'b', 'b', 'c'].map((channel) => aNotification({ channel }));
    expect(inBurst(calls).map(({ channel, kind, notifications }) => [channel, kind, notifications.length])).toEqual([
      ['a', 'fold', 2],
      ['b', 'fold', 2],
      ['c', 'single', 1],
    ]);
  });

  it('lists the calls on air, the first one too', () => {
    const [fold] = inBurst([aNotification(), aNotification({ flowName: 'Second', resourceName: 'Second' })]);
    expect(listed(fold)).toContain('flow `AwardsShow` stopped');
    expect(fold?.message.text).toContain('2 calls');
  });

  it.each([
    { calls: 50, most: 1 },
    { calls: 100, most: 1 },
    { calls: 500, most: 4 },
    { calls: 1000, most: 9 },
  ])('rather shortens long names of $calls calls than needs more than $most messages', ({ calls, most }) => {
    const planned = inBurst(
      aBurst({ calls, principals: 25, flows: 40, padding: 'of-the-cup-final-in-the-stadium-2026-' }),
    );
    expect(planned.length).toBeLessThanOrEqual(most);
    expect(planned.flatMap(({ message }) => validateMessage(message))).toEqual([]);
    expect(planned.flatMap(({ notifications }) => notifications)).toHaveLength(calls);
  });
});

it('reports the earliest call at once, and a single follower like a lone call', () => {
  const first = aNotification({ calledAtMs: CALLED_AT_MS });
  const second = aNotification({ calledAtMs: CALLED_AT_MS + 1000, flowName: 'Second' });
  expect(plan([second, first]).map(({ kind, notifications }) => [kind, notifications])).toEqual([
    ['single', [first]],
    ['single', [second]],
  ]);
});

it('reports the first call of every channel before any fold', () => {
  const calls = ['a', 'a', 'a', 'b', 'b', 'b'].map((channel) => aNotification({ channel }));
  expect(plan(calls).map(({ channel, kind }) => [channel, kind])).toEqual([
    ['a', 'single'],
    ['b', 'single'],
    ['a', 'fold'],
    ['b', 'fold'],
  ]);
});

it('lists what follows flow by flow, in order of time, with who did it in each row and the state at the head', () => {
  const bob = aPrincipal({ name: 'bob', key: 'bob' });
  const at = (second: number) => CALLED_AT_MS + second * 1000;
  const [, fold] = plan([
    aNotification({ calledAtMs: at(0) }),
    aNotification({ calledAtMs: at(9), operation: 'StartFlow' }),
    aNotification({ calledAtMs: at(1) }),
    aNotification({ calledAtMs: at(2), operation: 'UpdateFlow' }),
    aNotification({ calledAtMs: at(3), operation: 'UpdateFlow', resourceName: 'other' }),
    aNotification({ calledAtMs: at(4), principal: bob, operation: 'DescribeFlow', errorCode: 'AccessDenied' }),
  ]);
  expect(fold?.message.text).toBe(
    '🔴 Off air: flow AwardsShow stopped by jane@example.org. 5 calls: 1 off air, 1 on air, 1 denied, 2 other changes (Broadcast prod, eu-west-1)',
  );
  expect(listed(fold)).toMatchInlineSnapshot(`
    "*flow \`AwardsShow\`* now *started*
    🔴 <!date^1795377606^{time_secs}|2026-11-22 20:00:06 UTC> flow stopped by \`jane@example.org\`
    🛠️ <!date^1795377607^{time_secs}|2026-11-22 20:00:07 UTC> – <!date^1795377608^{time_secs}|2026-11-22 20:00:08 UTC> 2 × called by UpdateFlow by \`jane@example.org\`: \`AwardsShow\`, \`other\`
    ⛔ <!date^1795377609^{time_secs}|2026-11-22 20:00:09 UTC> denied: call DescribeFlow on \`AwardsShow\`, by \`bob\`
    🟢 <!date^1795377614^{time_secs}|2026-11-22 20:00:14 UTC> \`AwardsShow\` called by StartFlow by \`jane@example.org\`"
  `);
});

it('marks corrections, sensitive principals and what has no time or name', () => {
  const nobody = aPrincipal({ name: null, key: 'nobody', sensitive: true });
  const correction = { reason: 'UPDATED_DATA', originalEventId: undefined, updatedFields: [] };
  const odd = [
    aNotification(),
    aNotification({ correction, calledAtMs: undefined, principal: nobody }),
    aNotification({
      operation: 'ListFlows',
      errorCode: 'Throttled',
      resourceName: null,
      calledAtMs: undefined,
      lateByMs: 125_000,
    }),
    aNotification({ operation: 'ListFlows', errorCode: 'Throttled', resourceName: null, calledAtMs: undefined }),
  ];
  const [, fold] = plan(odd);
  expect(listed(fold)).toMatchInlineSnapshot(`
    "*flow \`AwardsShow\`*
    ✏️🔴 time ? flow stopped by 🚨 somebody unknown
    ⚠️ 2 × failed, no reason given: call ListFlows on \`nothing\`, by \`jane@example.org\` ⏰ *2 min 5 s late*"
  `);
  const tight = plan([...odd, ...aBurst({ calls: 300, principals: 2, flows: 2 })]);
  expect(tight.map(listed).join('\n')).toContain('✏️🔴 StopFlow by 🚨 somebody unknown');
});

describe('a correction among others', () => {
  const correction = { reason: 'UPDATED_DATA', originalEventId: undefined, updatedFields: ['userIdentity.arn'] };
  const before = { ...sayingOf(aNotification()), who: [name('sam')] };
  const corrected = (changes: Partial<NonNullable<Notification['correction']>> = {}, at = 0) =>
    aNotification({ correction: { ...correction, ...changes }, calledAtMs: CALLED_AT_MS + at * 1000 });
  const rows = (calls: readonly Notification[]): readonly string[] =>
    listed(plan(calls, {}, { firstAlone: false })[0])
      .replace(/<!date[^|]*\|2026-11-22 ([\d:]+) UTC>/g, '$1')
      .split('\n')
      .filter((row) => row.startsWith('✏️'));

  it('says old and new in its row, where the old is known', () => {
    expect(rows([corrected({ before }), corrected({}, 5), aNotification({ flowName: 'Other' })])).toEqual([
      '✏️🔴 20:00:05 flow stopped by `jane@example.org` (who: `sam` → `jane@example.org`)',
      '✏️🔴 20:00:10 flow stopped by `jane@example.org`',
    ]);
  });

  it('is counted with those only that were told the same before', () => {
    const other = { ...before, who: [name('kim')] };
    expect(rows([corrected({ before }), corrected({ before }, 1), corrected({ before: other }, 2)])).toEqual([
      '✏️🔴 20:00:05 – 20:00:06 2 × flow stopped by `jane@example.org` (who: `sam` → `jane@example.org`)',
      '✏️🔴 20:00:07 flow stopped by `jane@example.org` (who: `kim` → `jane@example.org`)',
    ]);
  });

  it('leaves each row to its call where there is no room for more', () => {
    const burst = aBurst({ calls: 400, principals: 2, flows: 2 });
    const all = plan([corrected({ before }, 5), ...burst]).map(listed);
    expect(all.join('\n')).toContain('✏️🔴 StopFlow `AwardsShow` by');
    expect(all.join('\n')).not.toContain('sam');
  });
});

it('begins a row with the first words of a call where its sentence alone claims too much or too little', () => {
  const flowArn = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:flow:1-abc:Show`;
  const calls = ['DeleteFlow', 'PauseFlow', 'StopWormhole', 'PurchaseOffering', 'StopFlow'].map((operation) =>
    aCall(operation, { requestParameters: { flowArn } }),
  );
  const rows = listed(plan(calls, {}, { firstAlone: false })[0]).replace(/<!date[^>]*> /g, '');
  expect(rows.split('\n')).toEqual([
    '*flow `Show`* now *deleted or stopped*',
    '🗑️ deleted: flow (was stopped) by `jane@example.org`',
    '❓ new operation: `PauseFlow` called by `jane@example.org`',
    '🔴 `StopWormhole` (new to this notifier) called by `jane@example.org`',
    '🔴 flow stopped by `jane@example.org`',
    '💳 purchase: an offering, by `jane@example.org`',
  ]);
});

describe('calls that are counted together', () => {
  const PREFIX = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}`;
  const flowArn = `${PREFIX}:flow:1-abc:Show`;
  const by = (who: string) => ({
    userIdentity: { type: 'IAMUser', userName: who, arn: `arn:aws:iam::${ACCOUNT}:user/${who}`, accountId: ACCOUNT },
  });
  const at = (second: number) => ({ eventTime: new Date(CALLED_AT_MS + second * 1000).toISOString() });
  const entitlement = (second: number, entitlementStatus: string, { who = 'jane', partner = 'partner' } = {}) =>
    aCall('UpdateFlowEntitlement', {
      requestParameters: { flowArn, entitlementArn: `${PREFIX}:entitlement:2-abc:${partner}`, entitlementStatus },
      ...at(second),
      ...by(who),
    });
  const primary = (second: number, primarySource: string) =>
    aCall('UpdateFlow', {
      requestParameters: { flowArn, sourceFailoverConfig: { sourcePriority: { primarySource } } },
      ...at(second),
      ...by('jane'),
    });
  const folded = (calls: readonly Notification[]): string =>
    plan(calls, {}, { firstAlone: false })
      .map(listed)
      .join('\n')
      .replace(/<!date[^|]*\|2026-11-22 ([\d:]+) UTC>/g, '$1');

  it('say the same, and the last row of a kind is how it stands', () => {
    expect(
      folded([
        entitlement(0, 'DISABLED'),
        entitlement(1, 'ENABLED'),
        entitlement(2, 'DISABLED'),
        entitlement(3, 'ENABLED'),
        entitlement(4, 'DISABLED', { partner: 'other' }),
        entitlement(5, 'DISABLED', { partner: 'third' }),
        primary(6, 'backup'),
        primary(7, 'main'),
      ]),
    ).toMatchInlineSnapshot(`
      "*flow \`Show\`*
      🔴 20:00:05 entitlement \`partner\` disabled by \`jane\`
      🟢 20:00:06 entitlement \`partner\` enabled by \`jane\`
      🔴 20:00:07 entitlement \`partner\` disabled by \`jane\`
      🟢 20:00:08 entitlement \`partner\` enabled by \`jane\`
      🔴 20:00:09 entitlement \`other\` disabled by \`jane\`
      🔴 20:00:10 entitlement \`third\` disabled by \`jane\`
      🔀 20:00:11 flow now prefers source \`backup\` (failover), by \`jane\`
      🔀 20:00:12 flow now prefers source \`main\` (failover), by \`jane\`"
    `);
  });

  it('say the same in every group of the fold', () => {
    expect(
      folded([
        ...[0, 1].map((second) => entitlement(second, 'DISABLED')),
        ...[2, 3].map((second) => entitlement(second, 'ENABLED', { who: 'omar' })),
      ]),
    ).toMatchInlineSnapshot(`
      "*flow \`Show\`*
      🔴 20:00:05 – 20:00:06 2 × entitlement \`partner\` disabled by \`jane\`
      🟢 20:00:07 – 20:00:08 2 × entitlement \`partner\` enabled by \`omar\`"
    `);
  });

  it('are named by their operation where that says it all', () => {
    const calls = ['a', 'b'].map((partner, second) => entitlement(second, 'DISABLED', { partner }));
    expect(folded(calls)).toMatchInlineSnapshot(`
      "*flow \`Show\`*
      🔴 20:00:05 entitlement \`a\` disabled by \`jane\`
      🔴 20:00:06 entitlement \`b\` disabled by \`jane\`"
    `);
  });

  const placed = (second: number, bridgePlacement: string, { who = 'jane', instance = 'i-0a' } = {}) =>
    aCall('UpdateGatewayInstance', {
      requestParameters: {
        gatewayInstanceArn: `${PREFIX}:gateway:1-abc:Stadium:instance:${instance}`,
        bridgePlacement,
      },
      ...at(second),
      ...by(who),
    });

  it('are counted where they do not touch the signal, and the last row of a kind is how it stands', () => {
    expect(
      folded([
        placed(0, 'LOCKED'),
        placed(1, 'AVAILABLE'),
        placed(2, 'LOCKED'),
        placed(3, 'AVAILABLE'),
        placed(4, 'LOCKED', { instance: 'i-0b' }),
        placed(5, 'LOCKED', { instance: 'i-0c' }),
      ]),
    ).toMatchInlineSnapshot(`
      "🛠️ 20:00:05 instance \`i-0a\` of gateway \`Stadium\` locked for new bridges by \`jane\`
      🛠️ 20:00:06 instance \`i-0a\` of gateway \`Stadium\` unlocked for new bridges by \`jane\`
      🛠️ 20:00:07 instance \`i-0a\` of gateway \`Stadium\` locked for new bridges by \`jane\`
      🛠️ 20:00:08 instance \`i-0a\` of gateway \`Stadium\` unlocked for new bridges by \`jane\`
      🛠️ 20:00:09 – 20:00:10 2 × instance of gateway \`Stadium\` locked for new bridges by \`jane\`: \`i-0b\`, \`i-0c\`"
    `);
  });

  it('are counted by person, though others say the same of the same things in between', () => {
    expect(
      folded([
        placed(0, 'LOCKED'),
        placed(1, 'LOCKED', { who: 'omar' }),
        placed(2, 'LOCKED'),
        placed(3, 'AVAILABLE'),
        placed(4, 'LOCKED', { who: 'omar' }),
        placed(5, 'LOCKED'),
      ]),
    ).toMatchInlineSnapshot(`
      "🛠️ 20:00:05 – 20:00:07 2 × instance \`i-0a\` of gateway \`Stadium\` locked for new bridges by \`jane\`
      🛠️ 20:00:06 instance \`i-0a\` of gateway \`Stadium\` locked for new bridges by \`omar\`
      🛠️ 20:00:08 instance \`i-0a\` of gateway \`Stadium\` unlocked for new bridges by \`jane\`
      🛠️ 20:00:09 instance \`i-0a\` of gateway \`Stadium\` locked for new bridges by \`omar\`
      🛠️ 20:00:10 instance \`i-0a\` of gateway \`Stadium\` locked for new bridges by \`jane\`"
    `);
  });

  it('say the same where there is little room, too', () => {
    const others = aBurst({ calls: 250, principals: 25, flows: 40 });
    const text = folded([...others, entitlement(1, 'DISABLED'), entitlement(2, 'ENABLED'), primary(3, 'backup')]);
    expect(text).toContain('🔴 entitlement `partner` disabled by `jane`\n🟢 entitlement `partner` enabled by `jane`');
    // There is only one, so its operation says it.
    expect(text).toContain('🔀 UpdateFlow by `jane`');
  });

  const LONG = 'of-the-cup-final-in-the-stadium-2026';
  const grant = (index: number, flow: number, account: number) =>
    aCall('GrantFlowEntitlements', {
      requestParameters: {
        flowArn: `${PREFIX}:flow:1-abc:${LONG}-${flow}`,
        entitlements: [{ name: `${LONG}-${index}`, subscribers: [String(100_000_000_000 + account)] }],
      },
      ...at(index / 10),
      ...by(`operator.${LONG}.${index % 25}`),
    });
  const toggle = (index: number, flow: number) => {
    const outputStatus = index % 2 === 0 ? 'ENABLED' : 'DISABLED';
    const name = `${LONG}-${index}`;
    return aCall('UpdateFlowOutput', {
      requestParameters: {
        flowArn: `${PREFIX}:flow:1-abc:${LONG}-${flow}`,
        outputArn: `${PREFIX}:output:1-abc:${name}`,
        outputStatus,
        description: 'x',
      },
      errorCode: ['ConflictException', undefined, 'NotFoundException'][index % 3],
      ...at(index / 10),
      ...by(`operator.${LONG}.${index % 25}`),
    });
  };

  it.each<[string, (index: number) => Notification]>([
    ['grants to an account each', (index) => grant(index, index % 40, index)],
    ['grants to an account each, of one flow', (index) => grant(index, 0, index)],
    ['grants to an account each, on a flow each', (index) => grant(index, index, index)],
    ['grants to an account each, on 500 flows', (index) => grant(index, index % 500, index)],
    ['outputs switched on and off', (index) => toggle(index, index % 40)],
    ['outputs switched on and off, on a flow each', (index) => toggle(index, index)],
    ['outputs switched on and off, on 500 flows', (index) => toggle(index, index % 500)],
  ])('keep a thousand calls in ten messages: %s', (_, call) => {
    const planned = plan(Array.from({ length: 1000 }, (__, index) => call(index)));
    expect(planned.length).toBeLessThanOrEqual(10);
    expect(planned.flatMap(({ message }) => validateMessage(message))).toEqual([]);
    expect(planned.flatMap(({ notifications }) => notifications)).toHaveLength(1000);
  });

  it('say that they are not alike where there is no room to say more', () => {
    const calls = Array.from({ length: 1000 }, (_, index) => {
      const flow = Math.floor(index / 2);
      return { ...grant(index, flow, index), principal: aPrincipal({ name: LONG, key: `p${flow}` }) };
    });
    const planned = plan(calls);
    expect(planned.length).toBeLessThanOrEqual(10);
    expect(planned.map(listed).join('\n')).toMatch(
      /🔑 2 × `GrantFlowEnti…`, not all alike, by `of-the…-2026`: `of-the-…26-998`, `of-the-…26-999`/,
    );
  });
});

describe('mentions of a burst', () => {
  it('calls once for the first call and once for what follows', () => {
    const planned = plan(aBurst({ calls: 1000, principals: 25, flows: 40 }), { mention: { 'on-air': 'here' } });
    expect(planned.map(({ message }) => message.text.split('<!here>').length - 1)).toEqual([
      1,
      1,
      ...planned.slice(2).map(() => 0),
    ]);
  });
});

describe('a thousand calls', () => {
  const kinds = ['StopFlow', 'UpdateFlow', 'GrantFlowEntitlements', 'DescribeFlow', 'RemoveFlowOutput'];

  it.each<[string, Burst]>([
    ['of one person on one flow', { calls: 1000, principals: 1, flows: 1 }],
    ['of 25 people on 40 flows', { calls: 1000, principals: 25, flows: 40 }],
    ['of 25 people on 39 flows', { calls: 1000, principals: 25, flows: 39 }],
    ['each of another person on another flow', { calls: 1000, principals: 1000, flows: 1000 }],
    ['of one person on 1,000 flows', { calls: 1000, principals: 1, flows: 1000 }],
    ['of mixed kinds', { calls: 1000, principals: 7, flows: 40, operation: (index) => kinds[index % 5] ?? 'StopFlow' }],
    ['with long names', { calls: 1000, principals: 25, flows: 40, padding: 'of-the-cup-final-2026-' }],
    ['with long names on 39 flows', { calls: 1000, principals: 25, flows: 39, padding: 'of-the-cup-final-2026-' }],
  ])('%s need at most ten messages, with every on-air call on a line of its own', (_, burst) => {
    const calls = aBurst(burst);
    const planned = plan(calls);
    expect(planned.length).toBeLessThanOrEqual(10);
    expect(planned.flatMap(({ message }) => validateMessage(message))).toEqual([]);
    expect(
      planned.flatMap(({ notifications }) => notifications).toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1)),
    ).toEqual(calls.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1)));
    const lines = planned.slice(1).flatMap((message) => listed(message).split('\n'));
    const notified = planned.flatMap(({ notifications, kind }) => (kind === 'fold' ? notifications : []));
    const onAir = notified
      .filter(({ call }) => ['off-air', 'signal-changed', 'put-on-air'].includes(call.impact))
      .map(({ resourceName }) => `\`${resourceName}\``);
    const named = new Set(lines.flatMap((line) => line.match(/`out-[^`]*`/g)?.slice(0, 1) ?? []));
    expect(onAir.filter((output) => !named.has(output))).toEqual([]);
  });

  it.each([2, 3, 4])('need no more when they come in %i batches', (batches) => {
    const calls = aBurst({ calls: 1000, principals: 25, flows: 40, padding: 'of-the-cup-final-2026-' });
    const size = Math.ceil(calls.length / batches);
    const planned = Array.from({ length: batches }, (_, batch) =>
      plan(calls.slice(batch * size, (batch + 1) * size), {}, { firstAlone: batch === 0 }),
    ).flat();
    expect(planned.length).toBeLessThanOrEqual(10);
    expect(planned.flatMap(({ notifications }) => notifications)).toHaveLength(1000);
  });

  it('keep as much of each name as there is room for', () => {
    const planned = plan(aBurst({ calls: 1000, principals: 25, flows: 40, padding: 'x'.repeat(200) }));
    expect(planned.length).toBeLessThanOrEqual(10);
    expect(textOf(planned)).toContain('xxx…`');
  });
});

it('reports each call in exactly one message that Slack takes, whatever the events hold', () => {
  fc.assert(
    fc.property(fc.array(anyNotification, { maxLength: 60 }), fc.boolean(), (calls, firstAlone) => {
      const planned = plan(calls, { mention: { 'on-air': 'here' } }, { firstAlone });
      expect(planned.flatMap(({ message }) => validateMessage(message))).toEqual([]);
      expect(
        liveSyntax(
          planned.map(({ message }) => message),
          ['<!here>'],
        ),
      ).toEqual([]);
      expect(new Set(planned.flatMap(({ notifications }) => notifications))).toEqual(new Set(calls));
      expect(planned.flatMap(({ notifications }) => notifications)).toHaveLength(calls.length);
    }),
    { numRuns: 60 },
  );
});

it('says in each fold how many calls it holds, and these are all', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 1200 }), fc.integer({ min: 1, max: 50 }), (calls, flows) => {
      const folds = plan(aBurst({ calls, principals: 3, flows })).filter(({ kind }) => kind === 'fold');
      const said = folds.map(({ message }) =>
        Number(message.text.match(/\. ([\d,]+)(?: of [\d,]+)? calls/)?.[1]?.replace(',', '')),
      );
      expect(said).toEqual(folds.map(({ notifications }) => notifications.length));
      expect(said.reduce((sum, count) => sum + count, 0)).toBe(calls - 1);
    }),
    { numRuns: 15 },
  );
});
