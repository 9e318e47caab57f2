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
                  "text": "*When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> – <!date^1795377646^{time_secs}|2026-11-22 20:00:46 UTC> (41 s, from 20:00 UTC)
    *Where*  Broadcast prod (111122223333), eu-west-1 × 2; Broadcast prod (111122223333), us-east-1 × 1
    by rules changes, all",
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
            "text": "🔴 *Off air* — flow \`AwardsShow\` stopped by \`jane@example.org\` (and 1 more like this) <!channel>
    3 calls: 3 off air · ⏰ *1 of them up to 3 min late*",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "expand": true,
          "text": {
            "text": "*flow \`AwardsShow\`* now *stopped*
    🔴 <!date^1795377605^{time_secs}|2026-11-22 20:00:05 UTC> flow stopped by \`jane@example.org\`
    🔴 <!date^1795377605^{time_secs}|2026-11-22 20:00:05 UTC> flow stopped by 🚨 \`root\`
    🔴 <!date^1795377646^{time_secs}|2026-11-22 20:00:46 UTC> flow stopped by \`jane@example.org\` ⏰ *3 min late*",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
      ],
      "text": "🔴 Off air: flow AwardsShow stopped by jane@example.org (and 1 more like this); flow AwardsShow stopped by jane@example.org; flow AwardsShow stopped by root. 3 calls: 3 off air, ⏰ 1 of them up to 3 min late (2 accounts or regions) <!channel>",
      "unfurl_links": false,
      "unfurl_media": false,
    }
  `);
});

it('counts what one message cannot list', () => {
  const calls = Array.from({ length: 1000 }, (_, index) => aNotification({ flowName: `flow-${index}` }));
  const message = renderFold(calls, {});
  expect(validateMessage(message)).toEqual([]);
  expect(message.text).toMatch(
    /^🔴 Off air: flow flow-999 stopped by jane.*; flow flow-0 stopped by .* 1,000 calls: 1,000 off air; on /,
  );
  expect(JSON.stringify(message.blocks)).toMatch(/… and \d+ more calls/);
});
