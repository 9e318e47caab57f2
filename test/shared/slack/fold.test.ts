import { expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { renderFold } from '../../../shared/slack/fold.ts';
import { aNotification, aPrincipal, CALLED_AT_MS } from '../../notification-builder.ts';

it('renders one call as it would be rendered alone', () => {
  expect(renderFold([aNotification()], {})).toEqual(renderNotification(aNotification(), {}));
});

it('says how many calls it holds, from when to when, where, and how late', () => {
  const message = renderFold(
    [
      aNotification({ calledAtMs: CALLED_AT_MS, rule: 'changes' }),
      aNotification({ calledAtMs: CALLED_AT_MS + 41_000, lateByMs: 180_000, region: 'us-east-1', rule: 'all' }),
      aNotification({ operation: 'StopFlow', principal: aPrincipal({ name: 'root', key: 'root', sensitive: true }) }),
    ],
    { mention: { 'on-air': 'channel' } },
  );
  expect(message).toMatchInlineSnapshot(`
    {
      "attachments": [
        {
          "blocks": [
            {
              "elements": [
                {
                  "text": "*When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> – <!date^1795377646^{time_secs}|2026-11-22 20:00:46 UTC> (41 s)
    *Where*  eu-west-1 · Broadcast prod (111122223333) × 2, us-east-1 · Broadcast prod (111122223333) × 1
    ⏰ *reached us up to 3 min late*
    rule changes, all",
                  "type": "mrkdwn",
                  "verbatim": true,
                },
              ],
              "type": "context",
            },
          ],
          "color": "#e01e5a",
        },
      ],
      "blocks": [
        {
          "expand": true,
          "text": {
            "text": "🔴 *3 calls* — 3 off air <!channel>",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "expand": true,
          "text": {
            "text": "▸ \`jane@example.org\` · flow \`AwardsShow\` · 2 calls
    🔴 <!date^1795377605^{time_secs}|2026-11-22 20:00:05 UTC> flow \`AwardsShow\` stopped
    🔴 <!date^1795377646^{time_secs}|2026-11-22 20:00:46 UTC> flow \`AwardsShow\` stopped",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "expand": true,
          "text": {
            "text": "🔴 <!date^1795377605^{time_secs}|2026-11-22 20:00:05 UTC> flow \`AwardsShow\` stopped by 🚨 \`root\`",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
      ],
      "text": "🔴 3 calls: 3 off air; by jane@example.org and 1 more, on flow AwardsShow <!channel>",
      "unfurl_links": false,
      "unfurl_media": false,
    }
  `);
});

it('counts what one message cannot list', () => {
  const calls = Array.from({ length: 1000 }, (_, index) => aNotification({ flowName: `flow-${index}` }));
  const message = renderFold(calls, {});
  expect(validateMessage(message)).toEqual([]);
  expect(message.text).toMatch(/^🔴 1,000 calls: 1,000 off air; /);
  expect(JSON.stringify(message.blocks)).toMatch(/… and \d+ more calls/);
});
