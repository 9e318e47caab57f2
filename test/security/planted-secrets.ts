/** A secret as somebody puts it where it does not belong, and the pieces of it that must be seen nowhere. */
export interface PlantedSecret {
  readonly what: string;
  readonly text: string;
  readonly marks: readonly string[];
}

const KEY_ID = 'AKIAZ5QMARKEDKEY7XQ2';
const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mediaconnect/MARKEDfeed-AbCdEf';
const ROLE_ARN = 'arn:aws:iam::111122223333:role/mediaconnect/MARKEDrole';
const WEBHOOK = 'https://hooks.slack.com/services/T0MARKED/B0MARKED/zzMARKEDzz';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const escaped = (text: string): string =>
  Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percented = (text: string): string =>
  Array.from(text, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).join('');

const secret = (what: string, text: string, ...marks: readonly string[]): PlantedSecret => ({
  what,
  text,
  marks: marks.length === 0 ? [text] : marks,
});

/** By shape alone, as they stand and in the encodings in which programs write them. */
export const PLANTED: readonly PlantedSecret[] = [
  secret('access key id', KEY_ID),
  secret('session key id', KEY_ID.replace('AKIA', 'ASIA')),
  secret('key id in lower case', KEY_ID.toLowerCase()),
  secret('key id between underscores', `key_${KEY_ID}_`, KEY_ID),
  secret('key id with a zero-width space in it', `${KEY_ID.slice(0, 8)}\u200B${KEY_ID.slice(8)}`, KEY_ID.slice(8)),
  secret(
    'key id in full width',
    Array.from(KEY_ID, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join(''),
  ),
  secret('key id by code points', escaped(KEY_ID)),
  secret('secret access key', 'qK7vW2xL9bTz4RmN8pYc3HdJ6sFg1AuE5wXyZ0Vt'),
  secret('key material', '9f3c1b7e5a2d4860f1e2d3c4b5a69788'),
  secret('ARN of a secret', SECRET_ARN, 'MARKEDfeed'),
  secret('ARN of a role', ROLE_ARN, 'MARKEDrole'),
  secret('ARN of a key', 'arn:aws:kms:eu-west-1:111122223333:key/MARKED-1234', 'MARKED-1234'),
  secret('ARN in capitals', SECRET_ARN.toUpperCase(), 'MARKEDFEED'),
  secret('ARN in a path', encodeURIComponent(SECRET_ARN), 'MARKEDfeed'),
  secret('ARN encoded twice', encodeURIComponent(encodeURIComponent(ROLE_ARN)), 'MARKEDrole'),
  secret('ARN in base64', base64(SECRET_ARN), base64(SECRET_ARN).slice(20, 60)),
  secret('ARN by code points', escaped(ROLE_ARN), escaped('MARKEDrole')),
  secret('key id by percents', percented(KEY_ID), percented(KEY_ID).slice(12)),
  secret('webhook', WEBHOOK, 'B0MARKED'),
  secret('webhook without scheme', WEBHOOK.slice(8), 'B0MARKED'),
  secret('webhook in a query', encodeURIComponent(WEBHOOK), 'B0MARKED'),
  secret('webhook in base64', base64(WEBHOOK), base64(WEBHOOK).slice(20, 60)),
  secret('Slack token', 'xoxb-123456789012-MARKEDtoken', 'MARKEDtoken'),
  secret('web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJNQVJLRUQifQ.TUFSS0VEc2ln', 'TUFSS0VEc2ln'),
  secret('bearer', 'Bearer MARKEDbearer0123', 'MARKEDbearer'),
  secret('passphrase in an address', 'srt://203.0.113.9:5000?mode=caller&passphrase=MARKEDpass', 'MARKEDpass'),
  secret('passphrase in JSON', '{"passphrase":"MARKEDpass","latency":120}', 'MARKEDpass'),
  secret('passphrase in JSON in JSON', JSON.stringify('{"passphrase":"MARKEDpass"}').slice(1, -1), 'MARKEDpass'),
  secret('password of an address', 'srt://jane:MARKEDpass@venue', 'MARKEDpass'),
  secret('SRT stream id', '#!::u=MARKEDuser,r=show,m=publish', 'MARKEDuser'),
  secret('API key in a query', 'api_key=MARKEDapikey1', 'MARKEDapikey1'),
];

/** The pieces of planted secrets in anything that came out, in whatever case. */
export function marksIn(output: unknown): readonly string[] {
  const text = (typeof output === 'string' ? output : JSON.stringify(output)).toLowerCase();
  return PLANTED.flatMap(({ what, marks }) =>
    marks
      .filter(
        (mark) => text.includes(mark.toLowerCase()) || text.includes(JSON.stringify(mark).slice(1, -1).toLowerCase()),
      )
      .map((mark) => `${what} by ${mark}`),
  );
}
