import { describe, expect, it } from 'vitest';
import { isDeceptive, mrkdwnPhrase, phraseAsText } from '../../../shared/slack/mrkdwn.ts';
import { name, plain } from '../../notification-builder.ts';

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
  ])('%j may only look like another: %s', (text, expected) => {
    expect(isDeceptive(text)).toBe(expected);
  });
});

it('is marked in sentences and in what is spoken', () => {
  const phrase = [plain('flow '), name('CupFin\u0430l'), plain(' stopped')];
  expect(mrkdwnPhrase(phrase, 200)).toBe('flow `CupFin\u0430l` ⚠️ stopped');
  expect(phraseAsText(phrase, 200)).toBe('flow CupFin\u0430l ⚠️ stopped');
});

it('is marked within the room that there is', () => {
  const phrase = [name(`${'x'.repeat(50)}\u0430`)];
  for (const room of [9, 12, 20, 40]) expect(mrkdwnPhrase(phrase, room).length).toBeLessThanOrEqual(room);
});
