import { expect, it } from 'vitest';
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
