import { memoize } from '../call/memoize.ts';

/** What stands in place of what never leaves an event. */
export const NOT_SHOWN = '(not shown)';

/** Where a text of an event ends that is written without quotes. */
const REST = '[^\\s"\'`,;<>()\\[\\]{}\\\\]';

/** Secrets that are known by how they look, in any case. */
const SHAPES = new RegExp(
  [
    // Where keys are kept, and who may read them.
    `arn:[\\w-]+:(?:secretsmanager:|kms:|iam::\\d*:role/|ssm:[\\w-]*:\\d*:parameter)${REST}*`,
    // Webhooks of chats: whoever has the address can post.
    `(?:https?://)?hooks\\.slack(?:-gov)?\\.com/${REST}*`,
    `(?:discord(?:app)?\\.com/api/webhooks|webhook\\.office\\.com)/${REST}*`,
    // Tokens of Slack, GitHub, GitLab and Google, JSON web tokens, and what HTTP sends to sign in.
    `xox[a-z](?:\\.xox[a-z])?-[\\w-]{8,}|xapp-[\\w-]{8,}|gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|AIza[\\w-]{30,}`,
    `eyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)?|(?:(?<![a-z])|(?<=\\\\[nrt]))(?:bearer|basic)\\s+[\\w.~+/=-]{12,}`,
    '-----BEGIN[ A-Z]*PRIVATE KEY-----[^]*?(?:-----END[ A-Z]*-----|$)',
    // SRT's stream ids say who may have which stream.
    `#!:(?::|\\{)${REST}*`,
    // srt://user:password@host
    '(?<=://)[^\\s/@:]{1,200}:[^\\s/@]{1,200}(?=@)',
  ].join('|'),
  'gi',
);

/**
 * Access key ids.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
const KEY_ID = /(?:AKIA|ASIA|ABIA|ACCA)(?:(?<![A-Z].{4})[A-Z\d]{12,}|(?=[A-Z]*\d)[A-Z\d]{16,})/g;
/** In another case; "asia" and "acca" begin words too, in which no digit stands among the letters. */
const KEY_ID_IN_ANY_CASE =
  /(?<![a-z])(?:a[kb]ia[a-z2-7]{16}|(?:asia|acca)(?=[a-z]*[2-7]+[a-z])[a-z2-7]{16}(?![a-z\d]))/gi;

/** `passphrase=…`, `"apiKey": "…"`, as query, header, JSON or prose. */
const ASSIGNED =
  /((?:pass(?:phrase|word|wd)|pwd|secret|token|psk|signature|credentials?|authorization|cookie|stream[_-]?id|(?:api|access|private|secret|shared|encryption|decryption|aes)[_-]?key|vector)[\\"'`\]]{0,20}\s{0,3}[=:])([\\"'`\s]{0,20})([^\s"'`\\,;&<>(){}[\]]{3,})/gi;
/** After a colon and a space goes prose on: "Invalid token: expired". */
const PROSE = /^[A-Za-z]{1,9}[.!]?$/;

/** Long enough for key material: 128 bits in hex, 192 in base64. */
const LONG_RUN = /[A-Za-z\d+/]{32,}={0,2}/g;
const HEX = /^(?=.*\d)(?=.*[a-f])[\da-f]+$/i;
/**
 * A UUID without its hyphens, which programs take for names: version and variant tell it from 128 bits of a key, of which
 * one in 32 passes for one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-4
 */
const BARE_UUID = /^(?:[\da-f]{12}[47][\da-f]{3}[89ab][\da-f]{15}|[\dA-F]{12}[47][\dA-F]{3}[89AB][\dA-F]{15})$/;
/** What CloudFormation and CDK put behind the names that they make. */
const LOGICAL_ID = /[\dA-F]{8}$/;
const CLASSES = /[A-Z]+|[a-z]+|\d+|[+/=]+/g;
const ALL_CLASSES = /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)/;
/** Words change from one kind of character to another at every fourth letter or less, what is random at two of three. */
const LEAST_CHANGES = 0.4;

/** Whether a long run of letters and digits is key material rather than words. */
function isRandom(run: string): boolean {
  const letters = run.replace(/=+$/, '');
  if (letters.split(/[+/]/).some((part) => part.length >= 32 && HEX.test(part) && !BARE_UUID.test(part))) return true;
  const words = letters.replace(LOGICAL_ID, '');
  if (words.length < 32 || !ALL_CLASSES.test(words)) return false;
  return (words.match(CLASSES)?.length ?? 0) >= words.length * LEAST_CHANGES;
}

const withoutAssigned = (all: string, name: string, between: string, value: string): string =>
  between.startsWith(' ') && !/["'`]/.test(between) && PROSE.test(value) ? all : `${name}${between}${NOT_SHOWN}`;

const withoutShapes = (text: string): string =>
  text
    .replace(SHAPES, NOT_SHOWN)
    .replace(KEY_ID, NOT_SHOWN)
    .replace(KEY_ID_IN_ANY_CASE, NOT_SHOWN)
    .replace(ASSIGNED, withoutAssigned)
    .replace(LONG_RUN, (run) => (isRandom(run) ? NOT_SHOWN : run));

/** `\u0041`, `\x41`, `\/`, `\"` */
const ESCAPED = /\\(?:u([\da-f]{4})|x([\da-f]{2})|(["'/\\]))/gi;
const ENTITY = /&#(?:x([\da-f]{1,5})|(\d{1,6}));/gi;
const UNSEEN = /[\p{Cc}\p{Cf}\u115F\u1160\u2800\u3164\uFFA0]+/gu;
/** Shorter than any secret that is known by its looks. */
const LEAST_LENGTH = 12;
const BASE64 = /[A-Za-z\d+/_-]{12,}/g;

const fromCode = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

function urlDecoded(token: string): string {
  try {
    return decodeURIComponent(token.replaceAll('+', ' '));
  } catch {
    return token.replace(/%([\da-f]{2})/gi, (_, hex: string) => fromCode(Number.parseInt(hex, 16)));
  }
}

const unescaped = (token: string): string =>
  token
    .replace(ESCAPED, (_, unit?: string, byte?: string, sign?: string) =>
      sign === undefined ? fromCode(Number.parseInt(unit ?? byte ?? '', 16)) : sign,
    )
    .replace(ENTITY, (_, hex?: string, decimal?: string) =>
      fromCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    );

/** Noise, which is what nearly every name says as base64, holds no text. */
const NOISE = /[^\s!-~]/;

function base64Text(run: string): string {
  const standard = run.replaceAll('-', '+').replaceAll('_', '/');
  const decoded = atob(standard.length % 4 === 1 ? standard.slice(0, -1) : standard);
  return NOISE.test(decoded) ? '' : decoded;
}

/** What base64 says in every run that may be some. */
function base64Decoded(token: string): string {
  const runs = token.match(BASE64) ?? [];
  // A slash may belong to a path that ends in base64 too.
  return [...runs, ...runs.flatMap((run) => run.split(/[/_-]/)).filter((part) => part.length >= LEAST_LENGTH)]
    .map(base64Text)
    .join(' ')
    .trim();
}

/** How often something is encoded in an encoding. */
const DEPTH = 3;

/** What a piece of text says besides its own letters, once it is decoded, in all the ways that programs write texts. */
function readingsOf(token: string, depth = DEPTH): readonly string[] {
  if (depth === 0) return [];
  const seen = token.normalize('NFKC').replace(UNSEEN, '');
  const readings = [seen, urlDecoded(seen), unescaped(seen), base64Decoded(seen)].filter(
    (reading, index, all) => reading !== token && reading !== '' && all.indexOf(reading) === index,
  );
  return readings.flatMap((reading) => [reading, ...readingsOf(reading, depth - 1)]);
}

const rememberedReadings = memoize((token: string) => readingsOf(token), 1000);
/** Longer ones are not remembered, so that memory is bounded. */
const MOST_REMEMBERED = 300;

/** Names and ARNs come again in message after message. */
const readings = (token: string): readonly string[] =>
  token.length <= MOST_REMEMBERED ? rememberedReadings(token) : readingsOf(token);

/** A piece of text that may be encoded: what stands between blanks and quotes. */
const TOKENS = /[^\s"'`,;()[\]{}<>«»]{12,}/g;
const ENCODED = /[^\x20-\x7e]|%[\da-f]{2}|\\|&#|[A-Za-z\d+/_-]{12}/i;

/**
 * A text in which every piece is left out that says something in another encoding that `isSecret`.
 *
 * @param pieces what is decoded by itself
 */
export function withoutEncoded(text: string, isSecret: (reading: string) => boolean, pieces = TOKENS): string {
  if (!ENCODED.test(text)) return text;
  return text.replace(pieces, (token) => (ENCODED.test(token) && readings(token).some(isSecret) ? NOT_SHOWN : token));
}

const isSecret = (reading: string): boolean => withoutShapes(reading) !== reading;

/** What nearly all names, addresses and ids are: words too short for a key, and nothing encoded or assigned. */
const ORDINARY = /^(?:[A-Za-z\d]{1,11}(?:[ ._@()-]+|$))+$/;
/** Words that a secret may begin with although they are short. */
const SUSPECT = /xox|xapp|glpat|bearer|basic|hooks\./i;

const filter = (text: string): string =>
  ORDINARY.test(text) && !SUSPECT.test(text) ? text : withoutShapes(withoutEncoded(text, isSecret));

/** To look up what came before is quicker than to look into it: one name stands in several places of one record. */
const filtered = memoize(filter, 5000);

/**
 * A text of an event without the secrets in it that are known by how they look, plain or encoded: access keys, tokens,
 * addresses of webhooks, ARNs of secrets and roles, what is assigned to a password or passphrase, key material.
 */
export function withoutSecrets(text: string): string {
  if (text.length < LEAST_LENGTH) return text;
  return text.length <= MOST_REMEMBERED ? filtered(text) : filter(text);
}
