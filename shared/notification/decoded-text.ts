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
export function decodedText(text: string): string {
  let said = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = decodedOnce(said);
    if (next === said) return said;
    said = next;
  }
  return said;
}

/** Shorter than any secret that is known by its looks. */
export const LEAST_LENGTH = 12;
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
export function readingsOf(piece: string): readonly string[] {
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
