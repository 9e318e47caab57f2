import fc from 'fast-check';

/** What people put into names to make a chat do something, or to break a message. */
export const ATTACKS = [
  '<!channel>',
  '<!here|here>',
  '<!subteam^S0123ABC>',
  '<@U0123ABC>',
  '<#C0123ABC>',
  '<https://evil.example|Open in MediaConnect>',
  '<mailto:a@evil.example|x>',
  '<!date^0^{date}|now>',
  'https://evil.example/a?b=1&c=2',
  'www.evil.example',
  '@channel @here @everyone',
  ':rotating_light:',
  '*bold* _italic_ ~gone~',
  '`code` ```block```',
  '&lt;!channel&gt; &amp;lt;!here&amp;gt; &',
  '> quote\n1. list\n- item',
  '\u202Eevil\u202C \u200Bzero\u200D width\uFEFF',
  '\u0000\u0007\u001B[31m\u007F\u0085\u2028\u2029',
  '👩‍👩‍👧‍👦\uD83D',
  '\uDC00lone',
  '   ',
  '',
  '_',
  '*',
  '&'.repeat(4000),
  '<'.repeat(1500),
  '`'.repeat(200),
  '😀'.repeat(3000),
  ' '.repeat(9000),
] as const;

/** Any text at all, with a liking for attacks and for pieces of them put together. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', ';', '`', '*', '_', '~', ':', '@', '|', '!', 'a', ' ', '\n', 'amp;', 'lt;'),
    maxLength: 40,
  }),
  fc.array(fc.constantFrom(...ATTACKS), { maxLength: 4 }).map((pieces) => pieces.join('x')),
);
