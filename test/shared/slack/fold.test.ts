import { expect, it } from 'vitest';
import type { ChannelSettings, Notification } from '../../../shared/notification/notification.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';
import { planMessages } from '../../../shared/slack/plan-messages.ts';
import { aNotification, aPrincipal, CALLED_AT_MS } from '../../notification-builder.ts';

/** The one message of calls that fit one. */
function renderFold(notifications: readonly Notification[], channel: ChannelSettings): SlackMessage | undefined {
  const [planned, ...others] = planMessages(notifications, () => channel, { firstAlone: false });
  expect(others).toEqual([]);
  return planned?.message;
}

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
    3 calls: all off air · ⏰ *1 of them up to 3 min late*",
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
      "text": "🔴 Off air: flow AwardsShow stopped by jane@example.org (and 1 more like this); flow AwardsShow stopped by jane@example.org; flow AwardsShow stopped by root. 3 calls: all off air, ⏰ 1 of them up to 3 min late (2 accounts or regions) <!channel>",
      "unfurl_links": false,
      "unfurl_media": false,
    }
  `);
});
