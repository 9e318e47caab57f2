import { describe, expect, it } from 'vitest';
import { type Notification, named, type Phrase, phrase } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { renderFallback, type SlackMessage } from '../../../shared/slack/message.ts';
import { planMessages, renderSayings } from '../../../shared/slack/plan-messages.ts';
import { aCallAt, at } from '../outcome/signal-examples.ts';

const standby = (seconds: number): NonNullable<Notification['outcome']> => ({
  state: { before: 'now ', words: phrase('standby'), after: ', 3 s after the call', atMs: at(seconds) },
  troubles: [],
});
const ERROR: Phrase = phrase('⚠️ flow ', named('AwardsShow'), ' is in ERROR, 8 s after the call');
const troubled: NonNullable<Notification['outcome']> = { state: undefined, troubles: [ERROR] };

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

  it('is not there where nothing is known', () => {
    expect(head(renderNotification(aCallAt('StopFlow', 0), {}))).toBe(
      `🔴 *Off air* — flow \`AwardsShow\` stopped ${BY}`,
    );
  });

  it.each([
    ['says how the flow stands now, and that MediaConnect says so', 3, 'now *standby (says MediaConnect)*'],
    ['says what the later call did that it is older than', -3, 'now *stopped*'],
  ])('at the head of a flow in a fold %s', (_, seconds, words) => {
    const calls = [aCallAt('StartFlow', -60), { ...aCallAt('StopFlow', 0), outcome: standby(seconds) }];
    const [fold] = planMessages(calls, () => ({}), { firstAlone: false });
    expect(JSON.stringify(fold?.message)).toContain(words);
  });

  it('is said in a fold where something went wrong', () => {
    const calls = [aCallAt('StopFlow', -60), { ...aCallAt('StartFlow', 0), outcome: troubled }];
    const [fold] = planMessages(calls, () => ({}), { firstAlone: false });
    expect(JSON.stringify(fold?.message)).toContain('⚠️ flow `AwardsShow` is in ERROR, 8 s after the call');
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
