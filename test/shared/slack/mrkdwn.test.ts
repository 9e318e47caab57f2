import { expect, it } from 'vitest';
import { mrkdwnPhrase, spokenPhrase } from '../../../shared/slack/mrkdwn.ts';
import { name, plain } from '../../notification-builder.ts';

it.each([
  { phrase: [plain('stopped flow '), name('A_B')], mrkdwn: 'stopped flow `A_B`', spoken: 'stopped flow A_B' },
  {
    phrase: [plain('from '), name('10.0.0.1'), plain(':'), name('5000')],
    mrkdwn: 'from `10.0.0.1`:`5000`',
    spoken: 'from 10.0.0.1∶5000',
  },
  { phrase: [plain('x'), name('y'), plain('z')], mrkdwn: 'x `y` z', spoken: 'xyz' },
  { phrase: [name('a'), name('b')], mrkdwn: '`a` `b`', spoken: 'ab' },
  { phrase: [plain('says *'), plain('hi*')], mrkdwn: 'says ∗hi∗', spoken: 'says ∗hi∗' },
  { phrase: [], mrkdwn: '', spoken: '' },
])('writes $phrase as $mrkdwn and says $spoken', ({ phrase, mrkdwn, spoken }) => {
  expect(mrkdwnPhrase(phrase, 100)).toBe(mrkdwn);
  expect(spokenPhrase(phrase, 100)).toBe(spoken);
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
