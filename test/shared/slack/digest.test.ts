import { describe, expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import type { Notification, Phrase } from '../../../shared/notification/notification.ts';
import { renderDigest } from '../../../shared/slack/digest.ts';
import { aNotification, aPrincipal, CALLED_AT_MS, name, plain } from '../../notification-builder.ts';

const robot = aPrincipal({ name: 'ci-robot', key: 'ci-robot' });

const reads = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    aNotification({
      operation: index % 3 === 0 ? 'ListFlows' : 'DescribeFlow',
      flowName: `flow-${index % 40}`,
      principal: index % 10 === 0 ? aPrincipal() : robot,
      calledAtMs: CALLED_AT_MS + index * 1000,
    }),
  );

it('posts nothing for nothing', () => {
  expect(renderDigest([])).toEqual([]);
});

it('sums up who read what, and lists what was denied', () => {
  const denied = aNotification({
    operation: 'DescribeFlow',
    errorCode: 'AccessDenied',
    calledAtMs: CALLED_AT_MS + 60_000,
  });
  expect(renderDigest([...reads(30), denied, denied], 4)).toMatchInlineSnapshot(`
    [
      {
        "attachments": [
          {
            "blocks": [
              {
                "expand": true,
                "text": {
                  "text": "⛔ <!date^1795377665^{time_secs}|2026-11-22 20:01:05 UTC> 2 × denied: call DescribeFlow on \`AwardsShow\`, by \`jane@example.org\`",
                  "type": "mrkdwn",
                  "verbatim": true,
                },
                "type": "section",
              },
              {
                "expand": true,
                "text": {
                  "text": "*What*  DescribeFlow 22 · ListFlows 10
    *Who*  \`ci-robot\` 27 · \`jane@example.org\` 5",
                  "type": "mrkdwn",
                  "verbatim": true,
                },
                "type": "section",
              },
              {
                "elements": [
                  {
                    "text": "*When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> – <!date^1795377665^{time_secs}|2026-11-22 20:01:05 UTC> (1 min, from 20:00 UTC)
    *Where*  Broadcast prod (111122223333), eu-west-1
    4 repeated deliveries not counted again
    by rule changes",
                    "type": "mrkdwn",
                    "verbatim": true,
                  },
                ],
                "type": "context",
              },
            ],
            "color": "#e8710a",
          },
        ],
        "blocks": [
          {
            "expand": true,
            "text": {
              "text": "⛔ *Denied* — call DescribeFlow on \`AwardsShow\`, by \`jane@example.org\` (and 1 more like this)
    *Digest* — 32 calls: 2 denied, 30 reads, nothing changed",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
        ],
        "text": "⛔ Denied: call DescribeFlow on AwardsShow, by jane@example.org (and 1 more like this). Digest: 32 calls in 1 min: 2 denied, 30 reads, nothing changed (Broadcast prod, eu-west-1)",
        "unfurl_links": false,
        "unfurl_media": false,
      },
    ]
  `);
});

it('counts by person who was denied, where the first words do not say it', () => {
  const denied = (principal = aPrincipal()) =>
    aNotification({ operation: 'DescribeFlow', errorCode: 'AccessDenied', principal });
  expect(renderDigest([denied(), denied(), denied(robot)])[0]?.text).toContain(
    ' 3 calls in under 1 s: all denied, nothing changed; denied: jane@example.org 2, ci-robot 1 (',
  );
  expect(renderDigest([denied(), aNotification()])[0]?.text).toContain(
    '1 off air, 1 denied; denied: jane@example.org 1 (',
  );
});

it.each([
  ['DescribeFlow', '📊'],
  ['TagResource', '📊'],
  ['DeleteFlow', '🗑️'],
  ['PurchaseOffering', '💳'],
])('of nothing that needs words of its own has the sign of the worst: %s', (operation, sign) => {
  const [message] = renderDigest([aNotification({ operation }), ...reads(1)]);
  expect(message?.text.split(' ')[0]).toBe(sign);
});

it('lists changes that an admin routes to a digest', () => {
  const [message] = renderDigest([...reads(3), aNotification()]);
  expect(message?.text).toBe(
    '🔴 Off air: flow AwardsShow stopped by jane@example.org. Digest: 4 calls in 2 s: 1 off air, 3 reads (Broadcast prod, eu-west-1)',
  );
  expect(JSON.stringify(message?.blocks)).toContain(
    '🔴 *Off air* — flow `AwardsShow` stopped by `jane@example.org`\\n*Digest* — 4 calls: 1 off air, 3 reads',
  );
});

describe('calls that are counted as one', () => {
  const at = (second: number) => CALLED_AT_MS + second * 1000;
  const saying = (second: number, ...sentence: Phrase) =>
    aNotification({
      operation: 'UpdateFlowOutput',
      resourceName: 'cdn',
      calledAtMs: at(second),
      sentence: [plain('output '), name('cdn'), ...sentence],
    });
  const lines = (calls: readonly Notification[]): readonly string[] => {
    const [message] = renderDigest(calls);
    const [changes] = message?.attachments?.[0]?.blocks ?? [];
    const text = changes?.type === 'section' ? (changes.text?.text ?? '') : '';
    return text.split('\n').map((line) => line.replace(/<!date[^|]*\|2026-11-22 ([\d:]+) UTC>/g, '$1'));
  };

  it('say the same: an output that was disabled, and enabled again, was not enabled twice', () => {
    expect(lines([saying(9, plain(' enabled')), saying(1, plain(' disabled'))])).toEqual([
      '*flow `AwardsShow`*',
      '🔀 20:00:06 output `cdn` disabled by `jane@example.org`',
      '🔀 20:00:14 output `cdn` enabled by `jane@example.org`',
    ]);
  });

  it('say so with their number and from when to when, in order of time', () => {
    const to = (second: number, input: string) => saying(second, plain(' switched to '), name(input));
    expect(lines([to(1, 'black'), to(5, 'camera-1'), to(9, 'camera-1')])).toEqual([
      '*flow `AwardsShow`*',
      '🔀 20:00:06 output `cdn` switched to `black` by `jane@example.org`',
      '🔀 20:00:10 – 20:00:14 2 × output `cdn` switched to `camera-1` by `jane@example.org`',
    ]);
  });

  it('are by one person', () => {
    const calls = [aNotification(), aNotification({ principal: robot })];
    expect(lines(calls)).toEqual([
      '*flow `AwardsShow`* now *stopped*',
      '🔴 20:00:05 flow stopped by `jane@example.org`',
      '🔴 20:00:05 flow stopped by `ci-robot`',
    ]);
  });
});

it('says in one message what fifty thousand calls were', () => {
  const many = [
    ...reads(50_000),
    ...Array.from({ length: 5000 }, (_, index) =>
      aNotification({ operation: 'DescribeFlow', errorCode: 'AccessDenied', flowName: `secret-flow-${index}` }),
    ),
  ];
  const messages = renderDigest(many);
  expect(messages).toHaveLength(1);
  expect(messages.flatMap(validateMessage)).toEqual([]);
  expect(messages[0]?.text).toBe(
    '⛔ Denied: call DescribeFlow on secret-flow-4999, by jane@example.org (and 4,999 more like this). Digest: 55,000 calls in 13 h 53 min: 5,000 denied, 50,000 reads, nothing changed (Broadcast prod, eu-west-1)',
  );
});
