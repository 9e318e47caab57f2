import { describe, expect, it } from 'vitest';
import { mrkdwnPhrase, phraseAsText } from '../../../shared/slack/mrkdwn.ts';
import { name, plain } from '../../notification-builder.ts';

it.each([
  { phrase: [plain('stopped flow '), name('A_B')], mrkdwn: 'stopped flow `A_B`', fallbackText: 'stopped flow A_B' },
  {
    phrase: [plain('from '), name('10.0.0.1'), plain(':'), name('5000')],
    mrkdwn: 'from `10.0.0.1`:`5000`',
    fallbackText: 'from 10.0.0.1∶5000',
  },
  { phrase: [plain('x'), name('y'), plain('z')], mrkdwn: 'x `y` z', fallbackText: 'xyz' },
  { phrase: [name('a'), name('b')], mrkdwn: '`a` `b`', fallbackText: 'ab' },
  { phrase: [plain('says *'), plain('hi*')], mrkdwn: 'says ∗hi∗', fallbackText: 'says ∗hi∗' },
  { phrase: [], mrkdwn: '', fallbackText: '' },
])('writes $phrase as $mrkdwn and says $spoken', ({ phrase, mrkdwn, fallbackText }) => {
  expect(mrkdwnPhrase(phrase, 100)).toBe(mrkdwn);
  expect(phraseAsText(phrase, 100)).toBe(fallbackText);
});

it('leaves numbers without spans where they are asked to be quiet, unless they could be an emoji', () => {
  const address = [name('198.51.100.11'), plain(':'), name('5004')];
  expect(mrkdwnPhrase([plain('to '), ...address], 100, 'quiet numbers')).toBe('to 198.51.100.11:5004');
  expect(mrkdwnPhrase([plain(':'), name('100'), plain(':')], 100, 'quiet numbers')).toBe(':`100`:');
  expect(mrkdwnPhrase([name('console')], 100, 'quiet numbers')).toBe('`console`');
});

it.each([
  [24, 'stopped flow `AwardsS…`'],
  [20, 'stopped flow …'],
])('shortens visibly and never inside a span, at %i characters', (maxLength, mrkdwn) => {
  expect(mrkdwnPhrase([plain('stopped flow '), name('AwardsShow of the year')], maxLength)).toBe(mrkdwn);
});

describe('a name in plain text', () => {
  const said = (text: string, maxLength = 900): string =>
    phraseAsText([plain('flow '), name(text), plain(' stopped')], maxLength);

  it.each([
    ['CupFinal-Main', 'CupFinal-Main'],
    ['cdn_b.north/1:2@x', 'cdn_b.north/1∶2@x'],
    ['決勝-main', '決勝-main'],
    ['Awards Show', '“Awards Show”'],
    ['AwardsShow, by ceo@example.org as role Admins', '“AwardsShow, by ceo@example.org as role Admins”'],
    ['Show” stopped by ceo, flow “x', "“Show' stopped by ceo, flow 'x”"],
    ['Show" by «ceo»', "“Show' by 'ceo'”"],
    ['a\u00a0b', '“a\u00a0b” ⚠️'],
    ['a\u3164b', '“a\ufffdb” ⚠️'],
    ['', '“”'],
  ])('%j reads as %s', (text, spoken) => {
    expect(said(text).replaceAll('\u2024', '.')).toBe(`flow ${spoken} stopped`);
  });

  it.each(['x', '&', 'é', '😀', 'a ', '“', '\u0430x'])(
    'made of %j in any length leaves our words their place',
    (sign) => {
      for (const length of [1, 79, 80, 81, 900, 30_000]) {
        const phrase = ['flow ', ', output ', ', source ', ', and ', ', role '].flatMap((word) => [
          plain(word),
          name(sign.repeat(length)),
        ]);
        const text = phraseAsText([...phrase, plain(' stopped')], 300);
        expect(text.length).toBeLessThanOrEqual(300);
        expect(text).toMatch(/^flow .*, output .*, source .*, and .*, role .* stopped$/su);
      }
    },
  );
});
