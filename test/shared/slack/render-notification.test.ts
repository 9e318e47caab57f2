import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelSettings } from '../../../shared/display-settings.ts';
import { renderNotification } from '../../../shared/slack/render-notification.ts';
import { validateMessage } from '../../../shared/slack/validate-message.ts';
import { anyNotification } from '../../any-notification.ts';
import { liveSyntax } from '../../live-syntax.ts';
import { aNotification, aPrincipal, CALLED_AT_MS, name, plain } from '../../notification-builder.ts';

const EVENT_URL = 'https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/987abc65';

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
    '🔴 On-air change: jane@example.org stopped flow AwardsShow (Broadcast prod, eu-west-1)',
  );
  expect(read(aNotification())).toMatchInlineSnapshot(`
    "🔴 *On-air change* — \`jane@example.org\` stopped flow \`AwardsShow\`
    ---
    *When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC>
    *Where*  eu-west-1 · Broadcast prod (111122223333)
    *Who*  \`jane@example.org\` · role Operators
    *How*  AWS CLI (\`mediaconnect stop-flow\`) from 203.0.113.17
    ---
    Root or IAM user: no · Temporary credentials: yes, of role \`Operators\` · Another AWS service: no
    ---
    event 987abc65-1a2b-4c4d-9d6e-987abc654def · StopFlow · rule changes"
  `);
});

it('says of a call that was denied what was tried, the error and what is known of it', () => {
  const notification = aNotification({
    operation: 'GrantFlowEntitlements',
    errorCode: 'AccessDeniedException',
    principal: aPrincipal({ name: null, via: undefined, facts: [] }),
    details: [{ label: 'Subscribers', value: [name('444455556666')] }],
    remarks: [[plain('parameters were left out for size')]],
    links: { resource: `${EVENT_URL}/flow`, event: EVENT_URL },
  });
  expect(read(notification)).toMatchInlineSnapshot(`
    "⛔ *Denied* — somebody unknown tried to call GrantFlowEntitlements on \`AwardsShow\`: access denied
    ---
    *When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC>
    *Where*  eu-west-1 · Broadcast prod (111122223333)
    *Who*  somebody unknown
    *How*  AWS CLI (\`mediaconnect stop-flow\`) from 203.0.113.17
    *Error*  \`AccessDeniedException\`: \`Forbidden\`
    ---
    • Subscribers: 444455556666
    ---
    ℹ️ parameters were left out for size
    ---
    <https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/987abc65/flow|Open in MediaConnect> · <https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/987abc65|CloudTrail event> · GrantFlowEntitlements · rule changes"
  `);
});

it('says what a late correction corrects', () => {
  const notification = aNotification({
    lateByMs: 7 * 60_000,
    correction: { reason: 'UPDATED_DATA', originalEventId: 'a1', updatedFields: ['userIdentity.arn', 'eventName'] },
  });
  expect(read(notification)).toMatchInlineSnapshot(`
    "✏️ *Correction:* 🔴 *On-air change* — \`jane@example.org\` stopped flow \`AwardsShow\`
    ---
    *Corrects*  event a1 (UPDATED_DATA): \`userIdentity.arn\`, \`eventName\`
    *When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> · ⏰ *reached us 7 min late*
    *Where*  eu-west-1 · Broadcast prod (111122223333)
    *Who*  \`jane@example.org\` · role Operators
    *How*  AWS CLI (\`mediaconnect stop-flow\`) from 203.0.113.17
    ---
    Root or IAM user: no · Temporary credentials: yes, of role \`Operators\` · Another AWS service: no
    ---
    event 987abc65-1a2b-4c4d-9d6e-987abc654def · StopFlow · rule changes"
  `);
});

it('admits what the record does not say', () => {
  const notification = aNotification({
    calledAtMs: undefined,
    account: undefined,
    region: undefined,
    sourceAddress: undefined,
    origin: { kind: 'unknown', label: [plain('unknown')] },
  });
  expect(renderNotification(notification, {}).text).toBe('🔴 On-air change: jane@example.org stopped flow AwardsShow');
  expect(read(notification)).toContain('*When*  CloudTrail does not say\n*Where*  account unknown\n');
});

it.each([
  { operation: 'StopFlow', errorCode: undefined, first: '🔴 *On-air change*', color: '#e01e5a' },
  { operation: 'GrantFlowEntitlements', errorCode: undefined, first: '🔑 *Access change*', color: '#7b3fe4' },
  { operation: 'UpdateFlow', errorCode: undefined, first: '🛠️ *Change*', color: '#1264a3' },
  { operation: 'DescribeFlow', errorCode: undefined, first: '👁️ *Read*', color: '#868686' },
  { operation: 'StopFlow', errorCode: 'AccessDenied', first: '⛔ *Denied*', color: '#e8710a' },
  { operation: 'DescribeFlow', errorCode: 'ForbiddenException', first: '⛔ *Denied*', color: '#e8710a' },
  { operation: 'StopFlow', errorCode: 'ConflictException', first: '⚠️ *Failed*', color: '#ecb22e' },
])('begins $operation with error $errorCode with $first', ({ operation, errorCode, first, color }) => {
  const notification = aNotification({ operation, errorCode });
  expect(read(notification).startsWith(`${first} — \`jane@example.org\` `)).toBe(true);
  expect(renderNotification(notification, {}).attachments?.map((attachment) => attachment.color)).toEqual([color]);
});

it.each([
  ['Root', 'by the ROOT user'],
  ['AWSAccount', 'from ANOTHER ACCOUNT'],
])('says loudly that %s called', (kind, words) => {
  const notification = aNotification({ principal: aPrincipal({ kind, name: 'root', loud: true }) });
  expect(read(notification).split('\n')[0]).toBe(
    `🔴 *On-air change* 🚨 *${words}* — \`root\` stopped flow \`AwardsShow\``,
  );
  expect(renderNotification(notification, {}).text).toContain(`🔴 On-air change ${words}: root stopped`);
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
  expect(read(notification)).toContain(`event ${notification.eventId} · StopFlow · rule changes`);
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
