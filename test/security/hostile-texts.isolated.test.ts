import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../shared/notification/secret-shapes.ts';
import { cardText } from './card-text.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What makes a careless expression look again and again at what it has seen: pieces that begin like a secret, and are none. */
const PIECES = [
  'eyJ',
  'eyJ-',
  'eyJaaaaaaaaa.eyJ.',
  'XASIA',
  'ASIA',
  'asia2',
  'akia-',
  'a\u0300\u0323',
  `bearer${' '.repeat(50)}!`,
  'basic ',
  'https://',
  '://a:',
  '://a:b@',
  'a:b@',
  'hooks.slack.com.',
  '#!:',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY',
  '-----BEGIN PRIVATE KEY----------END ',
  'arn:',
  'arn:aws:ssm:',
  '%65yJ',
  '%2525',
  '\\u0065yJ',
  '\\\\',
  '&#',
  '&#101;yJ',
  '&amp;',
  'pass',
  'secret',
  'api_key_',
  'passphrase=',
  'passphrase="',
  'password: ',
  'authorization: ',
  'cookie: a=b;',
  '<passphrase>',
  'password is ',
  'discord.com/api/webhooks',
  'ab-',
  'ab:',
  '9f3c1b7e-',
  '1234 ',
  'aB1/',
  'aB1_-',
  '0x',
  'xoxb-',
  'sk_live_',
  "'",
  '"a',
  '\u200b',
  '\ufe0f',
  '\u0430',
  '\ud800',
  '1-23aBC45dEF67hiJ8-12AbC34DE5fG',
  '=',
  ':=',
  '\u201c',
  'Value ',
  ' at ',
  '1.1.1.1/',
  '1:',
] as const;

const repeated = (piece: string, length: number): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

const ENCODINGS: readonly (readonly [string, (piece: string, length: number) => string])[] = [
  ['as it is', repeated],
  ['behind a letter', (piece, length) => `X${repeated(piece, length)}`],
  ['in base64', (piece, length) => base64(repeated(piece, (length * 3) / 4))],
  ['in base64 in base64', (piece, length) => base64(base64(repeated(piece, (length * 9) / 16)))],
  ['percent-encoded', (piece, length) => repeated(encodeURIComponent(piece.toWellFormed()), length)],
  ['in JSON', (piece, length) => JSON.stringify(repeated(piece, length))],
];

/**
 * Milliseconds of CPU of this process, which has no other test's heap to clean: the best of three runs, unless one is
 * already within what is allowed, since a core that shares its units with a busy one counts up to twice the time.
 */
function costOf(run: () => unknown, allowedMs = 0): number {
  let best = Number.POSITIVE_INFINITY;
  for (let count = 0; count < 3 && best > allowedMs; count += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** What is so short is not measured well enough for a ratio. */
const NOTHING_MS = 10;
const MOST_MS = 100;

/** What is wrong with the cost of a text that is made at two lengths. */
function costly(make: (length: number) => string): readonly number[] {
  const [short, long] = [make(100_000), make(200_000)];
  const longMs = costOf(() => withoutSecrets(long));
  if (longMs <= NOTHING_MS) return [];
  const shortMs = costOf(() => withoutSecrets(short));
  return longMs > MOST_MS || longMs > 3 * shortMs ? [shortMs, longMs] : [];
}

describe.each(ENCODINGS)('a long text that is written %s', (_, write) => {
  it('costs no more than its length', () => {
    const found = PIECES.map((piece) => [piece, costly((length) => write(piece, length))]);
    expect(found.filter(([, cost]) => cost?.length !== 0)).toEqual([]);
  });
});

it('a text of any such pieces costs no more than its length', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 }), (pieces) => {
      expect(costly((length) => repeated(pieces.join(''), length))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

/** What SQS and EventBridge carry at most; as UTF-8, so that letters of other alphabets are fewer. */
const LARGEST = 250_000;
const bounded = (text: string, bytes: number): string =>
  Buffer.from(text.slice(0, bytes).toWellFormed())
    .subarray(0, bytes)
    .toString()
    .replace(/\ufffd$/, '');

/** Whole records of 256 KB of one text: in one member, in many, as keys, and as what an error quotes. */
const RECORDS: readonly (readonly [string, (text: (bytes: number, number: number) => string) => object])[] = [
  [
    'in a description',
    (text) => ({ eventName: 'CreateFlow', requestParameters: { name: 'x', description: text(LARGEST, 0) } }),
  ],
  [
    'in the names and descriptions of outputs',
    (text) => ({
      eventName: 'AddFlowOutputs',
      requestParameters: {
        flowArn: 'x',
        outputs: Array.from({ length: 60 }, (_, number) => ({
          name: text(2000, number),
          description: text(2000, number),
        })),
      },
    }),
  ],
  [
    'in many short members',
    (text) => ({
      eventName: 'CreateFlow',
      requestParameters: Object.fromEntries(
        Array.from({ length: 1500 }, (_, number) => [`m${number}`, text(130, number)]),
      ),
    }),
  ],
  [
    'in members that are secret, and in an error',
    (text) => ({
      eventName: 'CreateFlow',
      errorCode: 'BadRequestException',
      errorMessage: text(1024, 0),
      requestParameters: { sources: Array.from({ length: 1500 }, (_, number) => ({ passphrase: text(130, number) })) },
    }),
  ],
  [
    'in some members that are secret, and in an error',
    (text) => ({
      eventName: 'CreateFlow',
      errorCode: 'BadRequestException',
      errorMessage: text(LARGEST / 3, 0),
      requestParameters: { sources: Array.from({ length: 400 }, (_, number) => ({ passphrase: text(300, number) })) },
    }),
  ],
  [
    'in who calls and by what',
    (text) => ({
      userAgent: text(LARGEST / 4, 0),
      userIdentity: {
        type: 'AssumedRole',
        arn: text(LARGEST / 4, 1),
        principalId: text(LARGEST / 4, 2),
        sessionContext: { sourceIdentity: text(LARGEST / 4, 3) },
      },
    }),
  ],
];

const MOST_OF_A_RECORD_MS = 200;

it.each(RECORDS)('a record of the largest size with a text %s is a message in a fifth of a second', (_, record) => {
  const found = PIECES.map((piece, number) => {
    const [written, write] = ENCODINGS[number % ENCODINGS.length] ?? ENCODINGS[0] ?? ['', repeated];
    const text = write(piece, LARGEST);
    // Each member has another text, as whoever wants to cost would have it.
    const detail = {
      responseElements: null,
      ...record((bytes, member) => bounded(`${member}${text.slice(0, bytes)}`, bytes)),
    };
    return [piece, written, costOf(() => cardText(detail), MOST_OF_A_RECORD_MS)] as const;
  });
  expect(found.filter(([, , ms]) => ms > MOST_OF_A_RECORD_MS)).toEqual([]);
});
