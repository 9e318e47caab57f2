import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOrPlain, codeSpan, elideMiddle, escapeText, shorten } from '../../../shared/slack/mrkdwn.ts';
import { liveSyntax } from '../../live-syntax.ts';
import { nastyText } from '../../nasty-text.ts';

describe('escapeText', () => {
  it.each([
    'my_flow-1',
    'jane@example.org',
    'AwardsShow (2026)',
    'AWSReservedSSO/Operators, eu-west-1',
    'stopped flow ',
    ': access denied',
    'Zürich 東京',
  ])('leaves %j as it is', (text) => {
    expect(escapeText(text, 100)).toBe(text);
  });

  it.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U1> & <https://x|y>', '&lt;@U1&gt; &amp; &lt;https∶//x|y&gt;'],
    ['*b* _i_ ~s~ `c`', '∗b∗ ＿i＿ ∼s∼ ˋcˋ'],
    [':fire:', '∶fire:'],
    [':изображение: :絵文字:', '∶изображение: ∶絵文字:'],
    ['http://evil.example', 'http∶//evil.example'],
    ['WWW.evil.example', 'WWW․evil.example'],
    ['@here', '＠here'],
    ['one\r\n\ttwo', 'one two'],
    ['a\u202Eb\u200B\u200Dc\u0007', 'a�b�c�'],
    ['half \uD83D', 'half �'],
    ['&lt;', '&amp;lt;'],
  ])('makes %j inert', (text, inert) => {
    expect(escapeText(text, 100)).toBe(inert);
  });

  it('leaves no underscore as a sign where it cuts', () => {
    expect(escapeText('my_flow', 4)).toBe('my＿…');
  });

  it('is inert and within its length for any text', () => {
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 8, max: 200 }), (text, maxLength) => {
        const inert = escapeText(text, maxLength);
        expect(liveSyntax(inert)).toEqual([]);
        expect(inert).not.toMatch(/[*`~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/);
        expect(inert.length).toBeLessThanOrEqual(maxLength);
      }),
    );
  });
});

describe('codeSpan', () => {
  it.each([
    ['AwardsShow', '`AwardsShow`'],
    ['_my_flow_ *1* :fire: @here', '`_my_flow_ *1* :fire: @here`'],
    [
      'arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a:Show',
      '`arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a:Show`',
    ],
    ['a`b``c', '`aˋbˋˋc`'],
    ['<!here>', '`&lt;!here&gt;`'],
    ['https://evil.example', '`https:∕∕evil.example`'],
    ['  padded  twice ', '`padded twice`'],
    ['', '`(empty)`'],
    [' \n ', '`(empty)`'],
  ])('shows %j as %s', (text, span) => {
    expect(codeSpan(text, 100)).toBe(span);
  });

  it('is one span, inert and within its length for any text', () => {
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 10, max: 200 }), (text, maxLength) => {
        const span = codeSpan(text, maxLength);
        expect(span).toMatch(/^`[^`\n]+`$/);
        expect(liveSyntax(span)).toEqual([]);
        expect(span.length).toBeLessThanOrEqual(maxLength);
      }),
    );
  });
});

describe('shorten', () => {
  it.each([
    ['AwardsShow', 10, 'AwardsShow'],
    ['AwardsShow', 9, 'AwardsSh…'],
    ['ab&amp;cd', 8, 'ab&amp;…'],
    ['ab&amp;cd', 7, 'ab…'],
    ['ab&lt;cd', 4, 'ab…'],
    ['a😀😀', 3, 'a…'],
    ['a😀😀', 4, 'a😀…'],
  ])('shortens %j to %i characters: %j', (text, maxLength, short) => {
    expect(shorten(text, maxLength)).toBe(short);
  });

  it('marks what was left out of a text that is long only before it is folded', () => {
    expect(escapeText(`a${' '.repeat(5000)}b`, 50)).toBe('a …');
  });
});

describe('codeOrPlain', () => {
  it.each([
    ['eu-west-1', 'eu-west-1'],
    ['111122223333', '111122223333'],
    ['203.0.113.17', '203.0.113.17'],
    ['Operators', 'Operators'],
    ['medialive.amazonaws.com', '`medialive.amazonaws.com`'],
    ['2001:db8::1', '`2001:db8::1`'],
    ['said by us', '`said by us`'],
    ['www.evil', '`www.evil`'],
    ['_role_', '`_role_`'],
    ['', '`(empty)`'],
  ])('shows %j as %s', (text, quiet) => {
    expect(codeOrPlain(text, 100)).toBe(quiet);
  });
});

describe('elideMiddle', () => {
  it.each([
    ['flow-1', 20, 'flow-1'],
    ['a-name-of-some-length-39', 20, 'a-name-of…ength-39'],
    ['a-name-of-some-length-40', 20, 'a-name-of…ength-40'],
    ['x'.repeat(12), 14, 'x'.repeat(12)],
    ['x'.repeat(13), 14, 'xxxxxx…xxxxx'],
  ])('shortens %j for a span of %i to %j', (name, maxLength, short) => {
    expect(elideMiddle(name, maxLength)).toBe(short);
    expect(codeSpan(elideMiddle(name, maxLength), maxLength)).toBe(`\`${short}\``);
  });
});
