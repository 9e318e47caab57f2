import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { type ChannelSettings, type Notification, sayingOf } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { anyNotification } from '../../any-notification.ts';
import { liveSyntax } from '../../live-syntax.ts';
import {
  aNotification,
  aPrincipal,
  CALLED_AT_MS,
  type NotificationChanges,
  name,
  plain,
} from '../../notification-builder.ts';

const EVENT_URL =
  'https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/987abc65-1a2b-4c4d-9d6e-987abc654def';

/** The texts of all blocks in the order in which they are read. */
const read = (notification: Parameters<typeof renderNotification>[0], channel: ChannelSettings = {}) => {
  const { blocks = [], attachments = [] } = renderNotification(notification, channel);
  const lines = [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)].map((block) => {
    if (block.type === 'section') return block.text?.text;
    return block.type === 'context'
      ? block.elements.map((element) => ('text' in element ? element.text : '')).join()
      : '';
  });
  return lines.join('\n---\n');
};

it('says who did what at a glance, then when, where, who and how', () => {
  expect(renderNotification(aNotification(), {}).text).toBe(
    '🔴 Off air: flow AwardsShow stopped by jane@example.org (Broadcast prod, eu-west-1)',
  );
  expect(read(aNotification())).toMatchInlineSnapshot(`
    "🔴 *Off air* — flow \`AwardsShow\` stopped by \`jane@example.org\`
    ---
    *Where*  Broadcast prod (111122223333), eu-west-1
    *When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> (20:00 UTC)
    *How*  AWS CLI (\`mediaconnect stop-flow\`), permission set Operators, 203.0.113.17
    ---
    StopFlow · by rule \`changes\`
    Event 987abc65-1a2b-4c4d-9d6e-987abc654def
    ---
    Temporary role credentials · not root, IAM user or AWS service"
  `);
});

it('says of a call that was denied what was tried, the error and what is known of it', () => {
  const notification = aNotification({
    operation: 'GrantFlowEntitlements',
    errorCode: 'AccessDeniedException',
    principal: aPrincipal({ name: null, via: undefined, facts: [] }),
    details: [{ label: 'Subscribers', value: [name('444455556666')] }],
    notes: [[plain('parameters were left out for size')]],
    links: { resource: `${EVENT_URL}/flow`, event: EVENT_URL },
  });
  expect(read(notification)).toMatchInlineSnapshot(`
    "⛔ *Denied* — call GrantFlowEntitlements on \`AwardsShow\`, by somebody unknown
    ---
    *Where*  Broadcast prod (111122223333), eu-west-1
    *When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> (20:00 UTC)
    *How*  AWS CLI (\`mediaconnect stop-flow\`), 203.0.113.17
    *Why*  \`AccessDeniedException\`: \`Forbidden\`
    ---
    • Subscribers: 444455556666
    ---
    <https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/987abc65-1a2b-4c4d-9d6e-987abc654def/flow|Open MediaConnect> · GrantFlowEntitlements · by rule \`changes\`
    Event <https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/987abc65-1a2b-4c4d-9d6e-987abc654def|987abc65-1a2b-4c4d-9d6e-987abc654def>
    ---
    ℹ️ parameters were left out for size"
  `);
});

it('says what a late correction corrects', () => {
  const notification = aNotification({
    lateByMs: 7 * 60_000,
    correction: { reason: 'UPDATED_DATA', originalEventId: 'a1', updatedFields: ['userIdentity.arn', 'eventName'] },
  });
  expect(read(notification)).toMatchInlineSnapshot(`
    "✏️ *Correction:* 🔴 *Off air* — flow \`AwardsShow\` stopped by \`jane@example.org\`
    ---
    *Corrects*  who, what in event a1 (UPDATED_DATA); this card says what is right
    *Where*  Broadcast prod (111122223333), eu-west-1
    *When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> (20:00 UTC) · ⏰ *reached us 7 min late*
    *How*  AWS CLI (\`mediaconnect stop-flow\`), permission set Operators, 203.0.113.17
    ---
    StopFlow · by rule \`changes\`
    Event 987abc65-1a2b-4c4d-9d6e-987abc654def
    ---
    Temporary role credentials · not root, IAM user or AWS service"
  `);
});

describe('a correction of what the channel was told', () => {
  const before = {
    ...sayingOf(aNotification({ sourceAddress: '198.51.100.4' })),
    who: [name('sam@example.org'), plain(' as role '), name('Operators')],
  };
  const corrected = (updatedFields: readonly string[], changes: NotificationChanges = {}) =>
    aNotification({
      correction: { reason: 'UPDATED_DATA', originalEventId: 'a1', updatedFields, before },
      ...changes,
    });
  const line = (notification: Notification): string | undefined =>
    read(notification)
      .split('\n')
      .find((one) => one.startsWith('*Corrects*'));

  it('says old and new, also in its push notification', () => {
    const notification = corrected(['userIdentity.arn', 'userIdentity.userName', 'sourceIPAddress']);
    expect(line(notification)).toBe(
      '*Corrects*  who: `sam@example.org` as role `Operators` → `jane@example.org`, from where: 198.51.100.4 → 203.0.113.17 in event a1 (UPDATED_DATA); this card says what is right',
    );
    expect(renderNotification(notification, {}).text).toBe(
      '✏️ Correction: 🔴 Off air: flow AwardsShow stopped by jane@example.org (who: sam@example.org as role Operators → jane@example.org, from where: 198.51.100.4 → 203.0.113.17) (Broadcast prod, eu-west-1)',
    );
  });

  it.each<[what: string, fields: readonly string[], NotificationChanges, words: string]>([
    ['only the word for what it shows as it was', ['eventName'], {}, 'what in event'],
    [
      'what the record does not say any more',
      ['sourceIPAddress'],
      { sourceAddress: undefined },
      'from where: 198.51.100.4 → not said in event',
    ],
    [
      'whether it worked',
      ['errorCode', 'errorMessage'],
      { errorCode: 'AccessDenied' },
      'whether it worked: Off air → Denied in event',
    ],
    [
      'when',
      ['eventTime'],
      { calledAtMs: CALLED_AT_MS + 60_000 },
      'when: 2026-11-22 20∶00∶05 UTC → 2026-11-22 20∶01∶05 UTC in event',
    ],
    ['no value of a field that no card shows', ['sharedEventID'], {}, '`sharedEventID` in event'],
  ])('says %s', (_, fields, changes, words) => {
    expect(line(corrected(fields, changes))).toContain(`*Corrects*  ${words}`);
  });
});

it('admits what the record does not say', () => {
  const notification = aNotification({
    calledAtMs: undefined,
    account: undefined,
    region: undefined,
    sourceAddress: undefined,
    origin: { kind: 'unknown', label: [plain('unknown')] },
  });
  expect(renderNotification(notification, {}).text).toBe('🔴 Off air: flow AwardsShow stopped by jane@example.org');
  expect(read(notification)).toContain('*Where*  account unknown\n*When*  CloudTrail does not say\n');
});

it.each([
  { operation: 'StopFlow', errorCode: undefined, first: '🔴 *Off air*', color: '#e01e5a' },
  { operation: 'GrantFlowEntitlements', errorCode: undefined, first: '🔑 *Access given*', color: '#7b3fe4' },
  { operation: 'UpdateFlow', errorCode: undefined, first: '🛠️ *Change*', color: '#1264a3' },
  { operation: 'DescribeFlow', errorCode: undefined, first: '👁️ *Read*', color: '#868686' },
  { operation: 'StopFlow', errorCode: 'AccessDenied', first: '⛔ *Denied*', color: '#e8710a' },
  { operation: 'DescribeFlow', errorCode: 'ForbiddenException', first: '⛔ *Denied*', color: '#e8710a' },
  { operation: 'StopFlow', errorCode: 'ConflictException', first: '⚠️ *Failed, no reason given*', color: '#ecb22e' },
])('begins $operation with error $errorCode with $first', ({ operation, errorCode, first, color }) => {
  const notification = aNotification({ operation, errorCode });
  expect(read(notification).split('\n')[0]).toMatch(/ by `jane@example\.org`$/);
  expect(read(notification).startsWith(`${first} — `)).toBe(true);
  expect(renderNotification(notification, {}).attachments?.map((attachment) => attachment.color)).toEqual([color]);
});

it.each([
  ['Root', 'by the ROOT user'],
  ['AWSAccount', 'from ANOTHER ACCOUNT'],
])('says loudly that %s called', (kind, words) => {
  const notification = aNotification({ principal: aPrincipal({ kind, name: 'root', sensitive: true }) });
  expect(read(notification).split('\n')[0]).toBe(
    `🔴 *Off air* 🚨 *${words}* — flow \`AwardsShow\` stopped by \`root\``,
  );
  expect(renderNotification(notification, {}).text).toContain(`🔴 Off air ${words}: flow AwardsShow stopped by root`);
});

describe('mentions', () => {
  const channel: ChannelSettings = { mention: { 'on-air': 'here', denied: '@S0123ABC' } };

  it.each([
    { operation: 'StopFlow', errorCode: undefined, mentions: ['<!here>'] },
    { operation: 'StopFlow', errorCode: 'AccessDenied', mentions: ['<!subteam^S0123ABC>'] },
    { operation: 'DescribeFlow', errorCode: 'AccessDenied', mentions: ['<!subteam^S0123ABC>'] },
    { operation: 'StopFlow', errorCode: 'ConflictException', mentions: [] },
    { operation: 'UpdateFlow', errorCode: undefined, mentions: [] },
    { operation: 'GrantFlowEntitlements', errorCode: undefined, mentions: [] },
  ])('calls $mentions for $operation with error $errorCode', ({ operation, errorCode, mentions }) => {
    const message = renderNotification(aNotification({ operation, errorCode }), channel);
    expect(message.text.match(/<[^>]*>/g) ?? []).toEqual(mentions);
    expect(JSON.stringify(message.blocks).match(/<![^d][^>]*>/g) ?? []).toEqual(mentions);
  });

  it.each([
    ['channel', '<!channel>'],
    ['@W0123ABC', '<@W0123ABC>'],
    ['@nobody', undefined],
    ['@S1> <!channel', undefined],
  ] as const)('writes the mention %s as %s', (mention, written) => {
    const { text } = renderNotification(aNotification(), { mention: { 'on-air': mention } });
    expect(text.match(/<.*>/)?.[0]).toBe(written);
  });
});

it.each([
  'http://eu-west-1.console.aws.amazon.com/x',
  'https://evil.example/|<!channel>',
  'https://evil.example/ space',
  'javascript:alert(1)',
  `https://a.example/${'x'.repeat(1000)}`,
])('makes no link of %s', (url) => {
  const notification = aNotification({ links: { resource: url, event: url } });
  expect(read(notification)).toContain(`StopFlow · by rule \`changes\`\nEvent ${notification.eventId}`);
});

it('says how many details it had no room for', () => {
  const details = Array.from({ length: 60 }, (_, index) => ({
    label: `Output ${index}`,
    value: [name('x'.repeat(90))],
  }));
  expect(read(aNotification({ details }))).toMatch(/\n… and 38 more\n/);
});

it('is taken by Slack, inert and says when, whatever an event holds', () => {
  const channel: ChannelSettings = { mention: { 'on-air': 'here', denied: 'channel' } };
  fc.assert(
    fc.property(anyNotification, (notification) => {
      const message = renderNotification(notification, channel);
      expect(validateMessage(message)).toEqual([]);
      expect(liveSyntax(message, ['<!here>', '<!channel>'])).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('names a moment in the zone of the reader', () => {
  expect(read(aNotification({ calledAtMs: CALLED_AT_MS }))).toContain(
    '<!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC>',
  );
});

describe('how', () => {
  const service = { kind: 'service', label: [plain('AWS service MediaLive')] } as const;

  it.each([
    ['medialive.amazonaws.com', '*How*  AWS service MediaLive, permission set Operators'],
    ['203.0.113.17', '*How*  AWS service MediaLive, permission set Operators, 203.0.113.17'],
    [undefined, '*How*  AWS service MediaLive, permission set Operators'],
  ])('says a service once, and the address %s where somebody else may have called', (sourceAddress, line) => {
    expect(read(aNotification({ origin: service, sourceAddress })).split('\n')).toContain(line);
  });

  it.each([
    [{ kind: 'role', name: 'Ops' }, [name('jane'), plain(' as role '), name('Ops')], '*How*  CLI'],
    [{ kind: 'identity provider', name: 'nq=' }, [name('sub')], '*How*  CLI'],
    [{ kind: 'broker', name: 'desk' }, [name('kim')], '*How*  CLI, broker desk'],
  ] as const)('says %j only if the headline does not', (via, said, line) => {
    const notification = aNotification({
      principal: aPrincipal({ via, said }),
      origin: { kind: 'cli', label: [plain('CLI')] },
      sourceAddress: undefined,
    });
    expect(read(notification).split('\n')).toContain(line);
  });
});

it('says why a call was denied without repeating who, what and on what', () => {
  const message =
    'User: arn:aws:sts::1:assumed-role/Ops/jane is not authorized to perform: mediaconnect:StopFlow on resource: x because no identity-based policy allows the mediaconnect:StopFlow action';
  const error = { code: 'AccessDeniedException', message };
  expect(read(aNotification({ errorCode: 'AccessDeniedException', error }))).toContain(
    '*Why*  `AccessDeniedException`: `no identity-based policy allows the mediaconnect:StopFlow action`\n',
  );
});

it.each([
  ['', '*Why*  `AccessDeniedException`\n'],
  [' on resource: arn:aws:mediaconnect:eu-west-1:1:flow:x', '*Why*  `AccessDeniedException`\n'],
  [' on resource: x, ask Kim', '*Why*  `AccessDeniedException`: `User: arn:aws:sts::1:assumed-role/Ops/jane is not'],
])('leaves out what AWS says of a denied call if it is no reason: %j', (more, line) => {
  const message = `User: arn:aws:sts::1:assumed-role/Ops/jane is not authorized to perform: mediaconnect:StopFlow${more}`;
  const error = { code: 'AccessDeniedException', message };
  expect(read(aNotification({ errorCode: 'AccessDeniedException', error }))).toContain(line);
});

it('leaves out of a reason what only AWS can read', () => {
  const message = `You may not. Encoded authorization failure message: ${'aB3-_/+='.repeat(100)} Ask Kim.`;
  const error = { code: 'AccessDenied', message };
  expect(read(aNotification({ errorCode: 'AccessDenied', error }))).toContain(
    '*Why*  `AccessDenied`: `You may not. Encoded authorization failure message: … Ask Kim.`\n',
  );
});

it('says CloudFormation once', () => {
  const origin = { kind: 'cloudformation', label: [plain('CloudFormation')] } as const;
  const from = (sourceAddress: string) =>
    read(aNotification({ origin, sourceAddress }))
      .split('\n')
      .find((line) => line.startsWith('*How*'));
  expect([from('cloudformation.amazonaws.com'), from('203.0.113.17')]).toEqual([
    '*How*  CloudFormation, permission set Operators',
    '*How*  CloudFormation, permission set Operators, 203.0.113.17',
  ]);
});

it('asks nobody for anything with a correction', () => {
  const correction = { reason: 'UPDATED_DATA', originalEventId: undefined, updatedFields: [] };
  const { text } = renderNotification(aNotification({ correction }), { mention: { 'off-air': 'here' } });
  expect(text).not.toContain('<!here>');
});

it.each([
  ['StopFlow', 'off-air', true],
  ['StopFlow', 'on-air', true],
  ['CollapseWormhole', 'off-air', true],
  ['StartFlow', 'off-air', false],
  ['StartFlow', 'on-air', false],
  ['StartFlow', 'put-on-air', true],
  ['UpdateFlowOutput', 'signal-changed', true],
  ['UpdateFlowOutput', 'off-air', false],
  ['DeleteFlow', 'off-air', false],
] as const)('calls for %s where the channel has %s: %s', (operation, key, isCalled) => {
  const { text } = renderNotification(aNotification({ operation }), { mention: { [key]: 'here' } });
  expect(text.includes('<!here>')).toBe(isCalled);
});
