import { describe, expect, it } from 'vitest';
import { isDeceptive, mrkdwnPhrase, phraseAsText } from '../../../shared/slack/mrkdwn.ts';
import { aCall, assumedRole } from '../../builders.ts';
import { name, plain } from '../../notification-builder.ts';
import { allMessages } from '../../security/all-messages.ts';

describe('a name', () => {
  it.each([
    ['CupFinal-Main', false],
    ['Финал-Кубка', false],
    ['Τελικός', false],
    ['決勝-main', false],
    ['Übertragung', false],
    ['Финал-main', false],
    ['👩\u200D🚀-feed', false],
    ['CupFin\u0430l-Main', true],
    ['C\u03bfpFinal', true],
    ['Studio Кремль', false],
    ['Studio \u0421\u041E\u0421\u0410', true],
    ['Студия с Main', false],
    ['\u{1D409}ane', true],
    ['\uFF2Aane', true],
    ['\uFF2E\uFF28\uFF2B総合', false],
    ['\u03b1\u0430', true],
    ['Zürich – Gleis ½', false],
    ['Cup\u200BFinal', true],
    ['Cup\u202EFinal', true],
    ['Cup\u3164Final', true],
    ['Cup\uFE0FFinal', true],
    ['Cup\uFE00Final', true],
    ['Cup\u{E0101}Final', true],
    ['Cup\u{E0041}Final', true],
    ['Cup\u{E0F00}Final', true],
    ['Cup\u180B\u180FFinal', true],
    ['Cup\u2065Final', true],
    ['⚠\uFE0F Live', false],
    ['1\uFE0F\u20E3 Live', false],
    ['Aw\u0251rds', true],
    ['F\u0131nal', true],
    ['I\u015F\u0131k', false],
    ['Sta\u0261e', true],
    ['Fina\u217C', true],
    ['Teil Ⅻ', false],
    ['\u1D00\u1D05min', true],
    ['\u212Aanal', true],
    ['Cu\u03C1 Fi\u03BDal', true],
    ['Studio \u03C1\u03BD', true],
    ['Awa\u10E0ds', true],
    ['Awa\u05D5ds', true],
    ['გადაცემა', false],
    ['שידור', false],
    ['Live שידור', false],
    ['NHK\u7DCF\u5408', false],
    ['Awards\u0338', true],
    ['Cafe\u0301', false],
    ['नमस्ते', false],
    ['Cup\u2010Final', true],
    ['Cup\u2212Final', true],
    ['Cup\u00A0Final', true],
  ])('%j may only look like another: %s', (text, expected) => {
    expect(isDeceptive(text)).toBe(expected);
  });
});

it('is marked in sentences and in what is spoken', () => {
  const phrase = [plain('flow '), name('CupFin\u0430l'), plain(' stopped')];
  expect(mrkdwnPhrase(phrase, 200)).toBe('flow `CupFin\u0430l` ⚠️ stopped');
  expect(phraseAsText(phrase, 200)).toBe('flow CupFin\u0430l ⚠️ stopped');
});

it('shows in place of what cannot be seen that there is something', () => {
  for (const unseen of ['\uFE0F', '\uFE00', '\u{E0101}', '\u{E0041}', '\u{E0F00}', '\u180B', '\u180F', '\u2065']) {
    expect(mrkdwnPhrase([name(`Cup${unseen}Final`)], 200)).toBe('`Cup\uFFFDFinal` ⚠️');
    expect(phraseAsText([name(`Cup${unseen}Final`)], 200)).toBe('“Cup\uFFFDFinal” ⚠️');
  }
});

it('is marked within the room that there is', () => {
  const phrase = [name(`${'x'.repeat(50)}\u0430`)];
  for (const room of [9, 12, 20, 40]) expect(mrkdwnPhrase(phrase, room).length).toBeLessThanOrEqual(room);
});

it('is marked where no more of it is shown than its start and its end', () => {
  for (const text of [
    `${'x'.repeat(500)}\u0430${'x'.repeat(700)}`,
    `${'x'.repeat(900)}\u0430`,
    `\u0430${'x'.repeat(900)}`,
  ])
    expect(isDeceptive(text)).toBe(true);
});

it('is marked, or not shown at all, however little room there is', () => {
  const phrase = [plain('on '), name('CupFin\u0430l-Main')];
  for (let room = 4; room < 40; room += 1) {
    expect(mrkdwnPhrase(phrase, room)).toMatch(/^on (?:`[^`]+` ⚠️|…)$|^…$/);
  }
});

describe('a long name that gives itself away only in its middle', () => {
  const long = (start: string): string => `${start}-${'a'.repeat(70)}\u0430${'a'.repeat(70)}-end`;
  const flow = long('Cup');
  const arn = `arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:${flow}`;
  const outputArn = `arn:aws:mediaconnect:eu-west-1:111122223333:output:1-WAINCAdYD1kAAwJU-b94d4a84cb42:${long('Out')}`;
  const sourceIdentity = long('Stated');
  const issued = assumedRole(long('Role'), long('Session'));
  const userIdentity = { ...issued, sessionContext: { ...Object(issued.sessionContext), sourceIdentity } };
  const requestParameters = { flowArn: arn, outputArn };

  it.each([
    ['a flow', aCall('StopFlow', { requestParameters: { flowArn: arn } }), 'Cup'],
    ['an output', aCall('RemoveFlowOutput', { requestParameters }), 'Out'],
    [
      'what a refused call asked for',
      aCall('CreateFlow', { errorCode: 'AccessDenied', requestParameters: { name: flow } }),
      'Cup',
    ],
    ['a session', aCall('StopFlow', { userIdentity }), 'Session'],
    ['a role', aCall('StopFlow', { userIdentity }), 'Role'],
    ['a source identity', aCall('StopFlow', { userIdentity }), 'Stated'],
    ['an IAM user', aCall('StopFlow', { userIdentity: { type: 'IAMUser', userName: long('User') } }), 'User'],
    [
      'a permission set',
      aCall('StopFlow', { userIdentity: assumedRole(`AWSReservedSSO_${long('Set')}_0123456789abcdef`, 'jane') }),
      'Set',
    ],
    ['an address', aCall('StopFlow', { sourceIPAddress: long('Address') }), 'Address'],
  ])('is marked in every message that shows it: %s', (_, call, start) => {
    const { summary, ...messages } = allMessages([call, aCall('StartFlow')]);
    const shown = JSON.stringify(messages).match(new RegExp(`${start}-a[^\`"]*(?:\`?)[^\`"]{3}`, 'gu')) ?? [];
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((text) => !text.includes(' ⚠️'))).toEqual([]);
  });
});
