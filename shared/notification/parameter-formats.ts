import { asList, asText, member, memberAt } from '../call/json.ts';
import { ACCOUNT_ID, parseMediaConnectArn } from '../call/mediaconnect-arn.ts';
import { describeAccount, enumeration, named, type Phrase, phrase } from './notification.ts';

/** Turns a parameter into words; `undefined` when there is nothing to say. */
export type DetailFormat = (value: unknown, accountNames: Readonly<Record<string, string>>) => Phrase | undefined;

/** How many things one line of details says before it counts the rest. */
const SAID_IN_A_LINE = 8;

/** What the API's enumerations, states, zones and sizes look like. Anything else in their place may be anything. */
const TOKEN = /^[\w.:/ -]{1,64}$/;
const HOST = /^[\w.:-]{1,255}$/;

const notShown = (why: string): Phrase => phrase(`not shown: ${why}`);

/** A word of the API: `srt-listener`, `ENABLED`, `MEDIUM`. */
export const token: DetailFormat = (value) => {
  if (typeof value === 'boolean') return phrase(value ? 'yes' : 'no');
  if (typeof value === 'number') return [named(String(value))];
  if (typeof value !== 'string' || value === '') return undefined;
  return TOKEN.test(value) ? [named(value)] : notShown('no word of the API');
};

const isNumeric = (value: unknown): value is number | string =>
  typeof value === 'number' || (typeof value === 'string' && /^\d{1,15}$/.test(value));

const counted =
  (unit: string): DetailFormat =>
  (value) =>
    isNumeric(value) ? phrase(named(String(value)), unit) : undefined;

export const plainNumber = counted('');
export const milliseconds = counted(' ms');
export const percent = counted(' %');

/** Bits per second, as people say them. */
export const bitrate: DetailFormat = (value) => {
  if (!isNumeric(value)) return undefined;
  const bps = Number(value);
  return phrase(bps >= 1e6 ? `${Math.round(bps / 1e4) / 100} Mbit/s` : `${bps} bit/s`);
};

/** A name that somebody gave. */
export const givenName: DetailFormat = (value) => {
  const text = asText(value);
  return text === undefined ? undefined : [named(text)];
};

/** The resource that an ARN names; never another kind of ARN. */
export const arnName: DetailFormat = (value) => {
  const arn = parseMediaConnectArn(value);
  const name = arn?.name ?? arn?.id;
  return name === undefined || name === null ? undefined : [named(name)];
};

/** An IP address or a host name. What holds a path or a query may hold more than an address. */
export const host: DetailFormat = (value) => {
  const text = asText(value);
  if (text === undefined) return undefined;
  return HOST.test(text) ? [named(text)] : notShown('no address');
};

/** The accounts that an entitlement is granted to. */
export const accounts: DetailFormat = (value, accountNames) => {
  const ids = asList(value)
    .map(asText)
    .filter((id) => id !== undefined);
  if (ids.length === 0) return undefined;
  const said = ids.map((id) => (ACCOUNT_ID.test(id) ? describeAccount(id, accountNames) : notShown('no account id')));
  return enumeration(said, SAID_IN_A_LINE);
};

/** How a stream or a connection is encrypted: kinds and algorithms, nothing of the keys. */
export const encryption: DetailFormat = (value, names) => {
  const words = [member(value, 'keyType'), member(value, 'algorithm'), member(value, 'encryptionKeyType')]
    .map((word) => token(word, names))
    .filter((word) => word !== undefined);
  return words.length === 0 ? undefined : enumeration(words, SAID_IN_A_LINE);
};

/** How many tags, not which: they are free text. */
export const count: DetailFormat = (value) => {
  if (typeof value !== 'object' || value === null) return undefined;
  return phrase(String(Array.isArray(value) ? value.length : Object.keys(value).length));
};

/** The names in a list of things that have one. */
export const namesIn =
  (...paths: readonly (readonly string[])[]): DetailFormat =>
  (value) => {
    const names = asList(value)
      .map((element) => paths.map((path) => asText(memberAt(element, path))).find((name) => name !== undefined))
      .filter((name) => name !== undefined);
    return names.length === 0
      ? undefined
      : enumeration(
          names.map((name) => [named(name)]),
          SAID_IN_A_LINE,
        );
  };
