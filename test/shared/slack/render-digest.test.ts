import { expect, it } from 'vitest';
import { renderDigest } from '../../../shared/slack/render-digest.ts';
import { validateMessage } from '../../../shared/slack/validate-message.ts';
import { aNotification, aPrincipal, CALLED_AT_MS } from '../../notification-builder.ts';

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
                  "text": "*Denied* (2)
    ⛔ \`jane@example.org\` tried to call DescribeFlow on \`AwardsShow\`: access denied · 2 times · last <!date^1795377665^{date_short_pretty} {time_secs}|2026-11-22 20:01:05 UTC>",
                  "type": "mrkdwn",
                  "verbatim": true,
                },
                "type": "section",
              },
              {
                "expand": true,
                "text": {
                  "text": "*By operation*
    • DescribeFlow × 22
    • ListFlows × 10",
                  "type": "mrkdwn",
                  "verbatim": true,
                },
                "type": "section",
              },
              {
                "expand": true,
                "text": {
                  "text": "*By principal*
    • \`ci-robot\` × 27
    • \`jane@example.org\` × 5",
                  "type": "mrkdwn",
                  "verbatim": true,
                },
                "type": "section",
              },
              {
                "elements": [
                  {
                    "text": "*Noisiest*  \`ci-robot\` called DescribeFlow 18 times
    *When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> – <!date^1795377665^{time_secs}|2026-11-22 20:01:05 UTC> (1 min)
    *Where*  eu-west-1 · Broadcast prod (111122223333)
    4 repeated deliveries not counted again",
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
              "text": "📊 *Digest: 32 calls* — 2 denied calls, 30 reads",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
        ],
        "text": "📊 Digest: 32 calls in 1 min: 2 denied calls, 30 reads; most by ci-robot (27)",
        "unfurl_links": false,
        "unfurl_media": false,
      },
    ]
  `);
});

it('lists changes that an admin routes to a digest', () => {
  const [message] = renderDigest([...reads(3), aNotification()]);
  expect(message?.text).toBe('📊 Digest: 4 calls in 2 s: 1 on-air change, 3 reads; most by jane@example.org (2)');
  expect(JSON.stringify(message)).toContain('*Changes* (1)\\n🔴 `jane');
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
    '📊 Digest: 55,000 calls in 13 h 53 min: 5,000 denied calls, 50,000 reads; most by ci-robot (45,000)',
  );
});
