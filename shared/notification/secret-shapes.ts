import { memoize } from '../call/json.ts';

/** `\u0041`, `\x41`, `\/`, `\"` */
const ESCAPED = /\\(?:u([\da-f]{4})|x([\da-f]{2})|(["'/\\]))/gi;
/** `&#61;`, `&#x3d;`, and the names of what stands between names and values. */
const ENTITY = /&(?:#x([\da-f]{1,5})|#(\d{1,6})|(equals|colon|quot|apos|amp|lt|gt)(?=;));?/gi;
const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  equals: '=',
  colon: ':',
  quot: '"',
  apos: "'",
  amp: '&',
  lt: '<',
  gt: '>',
};
const PERCENTS = /(?:%[\da-f]{2})+/gi;
/** What nobody sees, but for what separates words. */
const UNSEEN = /(?:(?![\t\n\r])[\p{Cc}\p{Cf}\p{DI}\u2800])+/gu;
const NOT_ASCII = /[^\x20-\x7e]/;

/** Letters of other alphabets that look like Latin ones, each before the one that it looks like. */
const ALIKE = new Map(
  'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwкkтtвbнhмmАAВBЕEЗ3КKМMНHОOРPСCТTУYХXЅSІIЈJαaοoνvρpιiκkτtυuΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX。.'
    .match(/../gu)
    ?.map(([letter = '', latin = '']) => [letter, latin]),
);
const LOOKS_LATIN = new RegExp(`[${[...ALIKE.keys()].join('')}]`, 'gu');

const fromCode = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

function urlDecoded(percents: string): string {
  try {
    return decodeURIComponent(percents);
  } catch {
    return percents.replace(/%([\da-f]{2})/gi, (_, hex: string) => fromCode(Number.parseInt(hex, 16)));
  }
}

const unescaped = (_: string, unit?: string, byte?: string, sign?: string): string =>
  sign ?? fromCode(Number.parseInt(unit ?? byte ?? '', 16));

const entity = (_: string, hex?: string, decimal?: string, name?: string): string =>
  name === undefined
    ? fromCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
    : (NAMED_ENTITIES[name.toLowerCase()] ?? '');

const asSeen = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .replace(LOOKS_LATIN, (letter) => ALIKE.get(letter) ?? letter);

function decodedOnce(text: string): string {
  let said = NOT_ASCII.test(text) ? asSeen(text) : text;
  if (said.includes('%')) said = said.replace(PERCENTS, urlDecoded);
  if (said.includes('\\')) said = said.replace(ESCAPED, unescaped);
  return said.includes('&') ? said.replace(ENTITY, entity) : said;
}

/** How often something is encoded in an encoding. */
const ROUNDS = 6;

/** What a text says once everything is decoded that stands between its own letters, in all the ways that programs write. */
function decodedText(text: string): string {
  let said = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = decodedOnce(said);
    if (next === said) return said;
    said = next;
  }
  return said;
}

/** Shorter than any secret that is known by its looks. */
const LEAST_LENGTH = 12;
const BASE64 = /[A-Za-z\d+/_-]{12,}/g;
/** Noise, which is what nearly every name says as base64, holds no text. */
const NOISE = /[^\s!-~]/;

function base64Text(run: string): string {
  const standard = run.replaceAll('-', '+').replaceAll('_', '/');
  const decoded = atob(standard.length % 4 === 1 ? standard.slice(0, -1) : standard);
  return NOISE.test(decoded) ? '' : decoded;
}

/** A slash may belong to a path that ends in base64 too. */
const partsOf = (run: string): readonly string[] =>
  run.split(/[/_-]/).filter((part) => part.length >= LEAST_LENGTH && part !== run);

/** What base64 says in every run that may be some. */
function base64Decoded(text: string): string {
  const runs = text.match(BASE64) ?? [];
  return [...runs, ...runs.flatMap(partsOf)].map(base64Text).join(' ').trim();
}

/** How often base64 is in base64. */
const DEPTH = 3;

/**
 * What a piece of text says besides its own letters, once it is decoded: a handful of texts, which are together no longer
 * than some times the piece.
 */
function readingsOf(piece: string): readonly string[] {
  const readings: string[] = [];
  let said = piece;
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    const plain = decodedText(said);
    if (plain !== piece) readings.push(plain);
    said = depth === DEPTH ? '' : base64Decoded(plain);
    if (said === '') break;
  }
  return readings;
}

/** What stands in place of what never leaves an event. */
export const NOT_SHOWN = '(not shown)';

/** What says that a secret comes behind the next blank. */
const LEAD_IN = /(?:bearer|basic|pass(?:word|phrase)|secret|token|api_?key)[=:]?$/i;
/** Stands for such a word in what is left out, of a letter that nobody uses, until what it announces is left out too. */
const ANNOUNCES = '\ue000';
const ANNOUNCED = new RegExp(`${ANNOUNCES}(?:\\s+[\\w.~+/=-]{8,})?`, 'g');

const hidden = (secret: string): string => (LEAD_IN.test(secret) ? NOT_SHOWN + ANNOUNCES : NOT_SHOWN);
const withoutAnnounced = (text: string): string => (text.includes(ANNOUNCES) ? text.replace(ANNOUNCED, '') : text);

/** Where a text of an event ends that is written without quotes. */
const REST = '[^\\s"\'`,;<>()\\[\\]{}\\\\]';

/** Secrets that are known by how they look, in any case. */
const SHAPES = new RegExp(
  [
    // Where keys are kept, and who may read them.
    `arn:[\\w-]+:(?:secretsmanager:|kms:|iam::\\d*:role/|ssm:[\\w-]*:\\d*:parameter)${REST}*`,
    // Webhooks of chats: whoever has the address can post.
    `(?:https?://)?hooks\\.slack(?:-gov)?\\.com\\.?(?::\\d{1,5})?/${REST}*`,
    `(?:discord(?:app)?\\.com/api/webhooks|webhook\\.office\\.com|logic\\.azure\\.com(?::\\d{1,5})?|api\\.telegram\\.org)/${REST}*`,
    // Tokens of Slack, GitHub, GitLab and Google, and what HTTP sends to sign in, without its name.
    `xox[a-z](?:\\.xox[a-z])?-[\\w-]{8,}|xapp-[\\w-]{8,}|gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|AIza[\\w-]{30,}`,
    // Keys of Stripe, of those who sell models, of Google's sign-in, npm and age.
    '(?:[sr]k)_(?:live|test)_\\w{10,}|sk-(?:proj|live|ant|svcacct)-[\\w-]{12,}|ya29\\.[\\w-]{10,}|npm_\\w{20,}|AGE-SECRET-KEY-1\\w{10,}',
    // Key material in groups: sixteen pairs, eight fours, four eights. Addresses have fewer, and colons between fours.
    '(?<![\\da-f])(?:(?:[\\da-f]{2}[: -]){15,}[\\da-f]{2}|(?:[\\da-f]{4}[ -]){7,}[\\da-f]{4}|(?:[\\da-f]{8}[: -]){3,}[\\da-f]{8})(?![\\da-f])',
    // What HTTP sends to sign in, to the end of its line.
    'authorization["\'`\\\\]{0,8}\\s{0,3}[=:]["\'`\\\\\\s]{0,8}(?:basic|bearer|digest|token|apikey|aws4-hmac-sha256|negotiate|oauth)\\s[^\\r\\n]*',
    'cookie["\'`\\\\]{0,8}\\s{0,3}:["\'`\\\\\\s]{0,8}[\\w.-]{1,64}=[^\\r\\n]*',
    `(?:(?<![a-z])|(?<=\\\\[nrt]))(?:bearer|basic)\\s+[\\w.~+/=-]{12,}`,
    '-----BEGIN[ A-Z]*PRIVATE KEY-----[^]*?(?:-----END[ A-Z]*-----|$)',
    // SRT's stream ids say who may have which stream.
    `#!:(?::|\\{)${REST}*`,
  ].join('|'),
  'gi',
);

/** What JSON web tokens are made of, and where one may begin in it. */
const DOTTED = /[\w.-]{20,}/g;
const WEB_TOKEN = /eyj/i;

/** From where the first web token begins in a run: its header, and behind a dot its claims, or none where it is encrypted. */
function withoutWebToken(run: string): string {
  if (!WEB_TOKEN.test(run)) return run;
  let before = 0;
  const parts = run.split('.');
  for (const [index, part] of parts.entries()) {
    const header = part.search(WEB_TOKEN);
    const next = parts[index + 1];
    if (header >= 0 && part.length >= header + 11 && next !== undefined && (next === '' || next.length >= 8))
      return `${run.slice(0, before + header)}${NOT_SHOWN}`;
    before += part.length + 1;
  }
  return run;
}

/**
 * Access key ids.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
const KEY_ID = /AKIA|ASIA|ABIA|ACCA/g;
const KEY_ID_RUN = /[A-Z\d]{16,}/g;
/** In another case; "asia" and "acca" begin words too, in which no digit stands among the letters. */
const KEY_ID_IN_ANY_CASE =
  /(?<![a-z])(?:a[kb]ia[a-z2-7]{16}|(?:asia|acca)(?=[a-z]*[2-7]+[a-z])[a-z2-7]{16}(?![a-z\d]))/gi;
const MAY_HOLD_KEY_ID = /a(?:[ksb]i|cc)a/i;

/** Inside of a word, a key id has a digit in it. */
function withoutKeyId(run: string): string {
  const lastDigit = run.search(/\d[A-Z]*$/);
  for (const { index } of run.matchAll(KEY_ID)) {
    const rest = run.length - index - 4;
    const isInWord = /[A-Z]/.test(run.charAt(index - 1));
    if (isInWord ? rest >= 16 && lastDigit >= index + 4 : rest >= 12) return `${run.slice(0, index)}${NOT_SHOWN}`;
  }
  return run;
}

const withoutKeyIds = (text: string): string =>
  MAY_HOLD_KEY_ID.test(text) ? text.replace(KEY_ID_RUN, withoutKeyId).replace(KEY_ID_IN_ANY_CASE, NOT_SHOWN) : text;

const LONG_NAME =
  'pass(?:phrase|word|wd|code)|pwd|secret|token|psk|signature|credential|authorization|cookie|stream[_-]?(?:id|key)|(?:api|access|private|secret|shared|encryption|decryption|aes)[_-]?key|key-pair-id|vector';
/** Too short to mean a secret anywhere: only where they stand alone before a sign of equality, or in a query. */
const SHORT_NAME = '(?<![A-Za-z])(?:pass|pw|sig|pin)(?=\\s{0,3}=)|(?<=[?&])(?:key|auth)(?==)';
const QUOTES = '[\\\\"\'`\\]]{0,20}';
/** Signs end a value only where the next name or nothing follows: `passphrase=ab,cd`, but `passphrase=abcd,latency=120`. */
const SIGN = '[,;&](?![\\w.-]{1,40}[=:]|\\s|$)';

/** `passphrase=…`, `"apiKey": "…"`, as query, header, JSON or prose; a value in quotes ends where they do. */
const ASSIGNED = new RegExp(
  `((?:(?:${LONG_NAME})s?|${SHORT_NAME})${QUOTES}\\s{0,3}(?:=>|[=:]))([\\\\"'\`\\s([{<]{0,20})(?!\\(?not shown)(?:(?<=")(?:[^"]|"(?=\\w))*|(?<=')(?:[^']|'(?=\\w))*|(?<=\`)[^\`]*|(?:[^\\s"'\`\\\\,;&<>]|${SIGN}){3,})`,
  'gi',
);
/** `<passphrase>…</passphrase>` */
const IN_ELEMENT = new RegExp(`((?:${LONG_NAME})s?>)[^<]+(?=</)`, 'gi');
/** After a colon and a space goes prose on: "Invalid token: expired". */
const PROSE = /^[A-Za-z]{1,9}[.!]?$/;
const PASSWORD = /^pass|^pwd|^psk/i;
/** What is said of a password, rather than one. */
const OF_A_PASSWORD =
  /^(?:is|was|must|may|can|cannot|should|not|no|none|null|empty|missing|required|expired|invalid|incorrect|wrong|unknown|too|only|the|a|an|at|at least|needs?|has|length|value|minimum|maximum|expected|failed|rejected|denied)\b/i;
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
  const letters = run.replace(/=+$/, '').replace(/^0x/i, '');
  if (letters.split(/[+/]/).some((part) => part.length >= 32 && HEX.test(part) && !BARE_UUID.test(part))) return true;
  const words = letters.replace(LOGICAL_ID, '');
  if (words.length < 32 || !ALL_CLASSES.test(words)) return false;
  return (words.match(CLASSES)?.length ?? 0) >= words.length * LEAST_CHANGES;
}

function withoutAssigned(all: string, name: string, between: string): string {
  const value = all.slice(name.length + between.length);
  const mayBeProse = between.startsWith(' ') && !/["'`([{<]/.test(between);
  const isProse = PASSWORD.test(name) ? OF_A_PASSWORD.test(value) : PROSE.test(value);
  return value.length < 3 || (mayBeProse && isProse) ? all : `${name}${between}${NOT_SHOWN}`;
}

/** What begins with `://` in one piece. */
const ADDRESSES = /:\/\/[^\s"'`<>]+/g;
/** A port before a path is no password: `http://host:8080/@jane`. */
const PORT = /^[^/:]*:\d{1,5}(?:[/?#]|$)/;

/** An address without who signs in at it, `user:password@host` or `token@host`: a password may hold `@` and `/`. */
function withoutUser(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return address;
  const user = address.slice(0, at);
  const isUser = !/[/?#:[]/.test(user) || (/^[^/?#[]*:/.test(user) && !PORT.test(user));
  return isUser ? `${NOT_SHOWN}${address.slice(at)}` : address;
}

const withoutUsers = (addresses: string): string =>
  addresses.includes('@') ? addresses.split('://').map(withoutUser).join('://') : addresses;

/** 128 bits in base64 with its end, which no name has. */
const SHORT_KEY = /(?<![\w+/-])[\w+/-]{22}==(?![\w=])/g;
/** 256 bits as addresses have base64, with signs that names have too. */
const URL_KEY = /[\w-]{40,}/g;
/** Ids of MediaConnect, and what CloudFormation ends its names in: no keys. */
const OWN_ID = /\d-[A-Za-z\d]{16,18}-[A-Za-z\d]{12}|(?:[\dA-F]{8})?-[\dA-Za-z]{12,13}$/g;

const isUrlKey = (run: string): boolean => {
  const letters = run.replace(OWN_ID, '').replace(/[_-]/g, '');
  return (
    letters.length >= 38 && ALL_CLASSES.test(letters) && (letters.match(CLASSES)?.length ?? 0) >= letters.length / 2
  );
};

const hiddenIf =
  (isKey: (run: string) => boolean) =>
  (run: string): string =>
    isKey(run) ? NOT_SHOWN : run;

const withoutKeys = (text: string): string =>
  text
    .replace(LONG_RUN, hiddenIf(isRandom))
    .replace(URL_KEY, hiddenIf(isUrlKey))
    .replace(
      SHORT_KEY,
      hiddenIf((run) => ALL_CLASSES.test(run)),
    );

const withoutShapes = (text: string): string =>
  withoutKeys(
    withoutKeyIds(
      withoutAnnounced(text.replace(SHAPES, hidden)).replace(ADDRESSES, withoutUsers).replace(DOTTED, withoutWebToken),
    )
      .replace(ASSIGNED, withoutAssigned)
      .replace(IN_ELEMENT, `$1${NOT_SHOWN}`),
  );

/** Names and ARNs come again in message after message. */
const readings = memoize(readingsOf, 1000);

/** A piece of text that may be encoded: what stands between blanks and quotes. */
const TOKENS = /[^\s"'`,;()[\]{}<>«»]{12,}/g;
const ENCODED = /[^\x20-\x7e]|%[\da-f]{2}|\\|&(?:#|\w{2,8};)|[A-Za-z\d+/_-]{12}/i;
/** What is written otherwise than it is said, but for base64. */
const WRITTEN_OTHERWISE = /[^\x20-\x7e]|%[\da-f]{2}|\\|&(?:#|\w{2,8};)/i;

/**
 * A text in which every piece is left out that says something in another encoding that `isSecret`.
 *
 * @param pieces what is decoded by itself
 */
export function withoutEncoded(text: string, isSecret: (reading: string) => boolean, pieces = TOKENS): string {
  if (!ENCODED.test(text)) return text;
  return withoutAnnounced(
    text.replace(pieces, (token) => (ENCODED.test(token) && readings(token).some(isSecret) ? hidden(token) : token)),
  );
}

const isSecret = (reading: string): boolean => withoutShapes(reading) !== reading;

/** What is encoded piece by piece first, so that what stands around it stays as it is. */
function withoutAny(text: string): string {
  const shown = withoutShapes(withoutEncoded(text, isSecret));
  if (!WRITTEN_OTHERWISE.test(shown)) return shown;
  const said = decodedText(shown);
  const safe = withoutShapes(said);
  return safe === said ? shown : safe;
}

/** What nearly all names, addresses and ids are: words too short for a key, and nothing encoded or assigned. */
const ORDINARY = /^(?:[A-Za-z\d]{1,11}(?:[ ._@()-]+|$))+$/;
/** Words that a secret may begin with although they are short. */
const SUSPECT =
  /xox|xapp|glpat|sk-|bearer|basic|hooks\.|(?:[\da-f]{8}[ -]){3}|(?:[\da-f]{4}[ -]){7}|(?:[\da-f]{2}[ -]){15}/i;

const filter = (text: string): string => (ORDINARY.test(text) && !SUSPECT.test(text) ? text : withoutAny(text));

/** To look up what came before is quicker than to look into it: one name stands in several places of one record. */
const filtered = memoize(filter, 5000);

/** Text beyond this is shown nowhere, so that it is not looked at: callers write texts of a hundred thousand characters. */
const LOOKED_AT = 4096;
/** What is cut off may begin in the middle of a secret, whose first half is not known as one. */
const MARGIN = 512;

const beginningWithoutSecrets = (text: string): string => `${filter(text.slice(0, LOOKED_AT)).slice(0, -MARGIN)}…`;

/**
 * A text of an event without the secrets in it that are known by how they look, plain or encoded: access keys, tokens,
 * addresses of webhooks, ARNs of secrets and roles, what is assigned to a password or passphrase, key material. A text that
 * is longer than can be shown is cut.
 */
export function withoutSecrets(text: string): string {
  if (text.length < LEAST_LENGTH) return text;
  return text.length > LOOKED_AT ? beginningWithoutSecrets(text) : filtered(text);
}
