import { boundedText, memoize } from './json.ts';
import type { ResourceKind } from './operations.ts';

const MAX_DECODINGS = 3;
const ESCAPED_ASCII = /%([2-7][\da-f])/gi;

/** One decoding; where the text cannot be decoded as a whole, what stands for printable ASCII is. */
function decodeOnce(text: string): string {
  // Colons are all that most ARNs have to decode, and a replacement is several times as fast.
  const withColons = text.replaceAll('%3A', ':');
  if (!withColons.includes('%')) return withColons;
  try {
    return decodeURIComponent(withColons);
  } catch {
    return withColons.replace(ESCAPED_ASCII, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/**
 * An ARN in a path of the API is percent-encoded in the record, the same ARN in a body is not, and clients are seen
 * to encode twice; so what looks encoded is decoded, and nothing else.
 */
export function decodeArn(text: string): string {
  let decoded = text;
  for (let round = 0; round < MAX_DECODINGS && decoded.includes('%'); round += 1) {
    const next = decodeOnce(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}

/** What an ARN of MediaConnect says. */
export interface MediaConnectArn {
  /** `undefined` where the ARN does not say, or says a kind that is new to us. */
  readonly kind: ResourceKind | undefined;
  readonly id: string | undefined;
  /** `null` for kinds whose ARNs hold ids only: router inputs, outputs and network interfaces, offerings. */
  readonly name: string | null;
  /** The flow of a media stream or VPC interface, the gateway of an instance. */
  readonly parent: MediaConnectArn | undefined;
  /** The decoded ARN, only if every part of it is as it must be; so are the other parts that are set. */
  readonly arn: string | undefined;
  readonly partition: string | undefined;
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/** Kinds by the word that an ARN has for them. */
const KINDS: ReadonlyMap<string, ResourceKind> = new Map([
  ['flow', 'flow'],
  ['source', 'source'],
  ['output', 'output'],
  ['entitlement', 'entitlement'],
  ['bridge', 'bridge'],
  ['gateway', 'gateway'],
  ['reservation', 'reservation'],
  ['offering', 'offering'],
  ['routerInput', 'routerInput'],
  ['routerOutput', 'routerOutput'],
  ['routerNetworkInterface', 'routerNetworkInterface'],
]);

/** Kinds that follow a flow's name: `flow:<id>:<name>/mediaStream/<name>`. */
const KINDS_IN_A_FLOW: ReadonlyMap<string, ResourceKind> = new Map([
  ['mediaStream', 'mediaStream'],
  ['vpcInterface', 'vpcInterface'],
]);

const KINDS_WITHOUT_NAME: ReadonlySet<string> = new Set([
  'offering',
  'routerInput',
  'routerOutput',
  'routerNetworkInterface',
]);

/** The longest thing that is still looked at as an ARN. */
const MAX_ARN_LENGTH = 4096;

/** What nearly all names and ids are made of. */
const PLAIN = /^[\w.-]{1,256}$/;
const CONTROL = /\p{Cc}/u;
const PARTITION = /^aws(?:-[a-z]+)*$/;
export const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/;
export const ACCOUNT_ID = /^\d{12}$/;
const ID = /^[\w-]{1,128}$/;
const NAME = /^[^\s\p{C}<>|&"'`/:%]{1,256}$/u;

function presentable(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  return PLAIN.test(text) || !CONTROL.test(text) ? boundedText(text) : null;
}

interface Prefix {
  /** `arn:partition:mediaconnect:region:account` */
  readonly text: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

const isServicePart = ([arn, partition, service, region]: readonly string[]): boolean =>
  arn === 'arn' && service === 'mediaconnect' && PARTITION.test(partition ?? '') && REGION.test(region ?? '');

/** The account's part of the ARN; an offering belongs to no account, and may have no part for it either. */
function accountPart(parts: readonly string[], kindAt: number): string | undefined {
  const account = kindAt === 5 ? (parts[4] ?? '') : '';
  const ofNoAccount = parts[kindAt] === 'offering' && account === '' && kindAt >= 4;
  return ofNoAccount || ACCOUNT_ID.test(account) ? account : undefined;
}

/** The parts before the resource, if each is as it must be. */
function validPrefix(parts: readonly string[], kindAt: number): Prefix | undefined {
  const account = kindAt > 5 ? undefined : accountPart(parts, kindAt);
  if (account === undefined || !isServicePart(parts)) return undefined;
  const [, partition = '', , region = ''] = parts;
  return { text: parts.slice(0, kindAt).join(':'), partition, region, account };
}

interface Resource {
  readonly kind: ResourceKind;
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** The resource's part of the ARN, if each piece is as it must be. */
  readonly path: string | undefined;
}

function resourceAt(prefix: Prefix | undefined, { kind, id, name, path }: Resource, parent?: MediaConnectArn) {
  const valid = prefix !== undefined && path !== undefined;
  return {
    kind,
    id: presentable(id) ?? undefined,
    name: presentable(name),
    parent,
    arn: valid ? `${prefix.text}:${path}` : undefined,
    partition: prefix?.partition,
    region: prefix?.region,
    account: prefix?.account === '' ? undefined : prefix?.account,
  };
}

const pathOf = (word: string, id: string, name: string | undefined): string | undefined => {
  if (!ID.test(id)) return undefined;
  if (name === undefined) return KINDS_WITHOUT_NAME.has(word) ? `${word}:${id}` : undefined;
  return PLAIN.test(name) || NAME.test(name) ? `${word}:${id}:${name}` : undefined;
};

/** `gateway:<id>:<name>:instance:<id>`: an instance is called by its id. */
function gatewayInstance(prefix: Prefix | undefined, id: string, rest: readonly string[]): MediaConnectArn {
  const [name, , instance = ''] = rest;
  const path = pathOf('gateway', id, name);
  const gateway = resourceAt(prefix, { kind: 'gateway', id, name, path });
  const valid = path !== undefined && rest.length === 3 && ID.test(instance);
  const instancePath = valid ? `${path}:instance:${instance}` : undefined;
  return resourceAt(prefix, { kind: 'gatewayInstance', id: instance, name: instance, path: instancePath }, gateway);
}

function partOfFlow(prefix: Prefix | undefined, id: string, tail: string): MediaConnectArn | undefined {
  const [flowName, word = '', ...rest] = tail.split('/');
  const kind = KINDS_IN_A_FLOW.get(word);
  if (kind === undefined) return undefined;
  const name = rest.join('/');
  const path = pathOf('flow', id, flowName);
  const flow = resourceAt(prefix, { kind: 'flow', id, name: flowName, path });
  const partPath = path !== undefined && NAME.test(name) ? `${path}/${word}/${name}` : undefined;
  return resourceAt(prefix, { kind, id: undefined, name, path: partPath }, flow);
}

function resourceOf(parts: readonly string[], kindAt: number, kind: ResourceKind): MediaConnectArn {
  const prefix = validPrefix(parts, kindAt);
  const [word = '', id = '', ...rest] = parts.slice(kindAt);
  if (kind === 'gateway' && rest[1] === 'instance') return gatewayInstance(prefix, id, rest);
  const name = rest.length === 0 ? undefined : rest.join(':');
  const part = kind === 'flow' && name?.includes('/') ? partOfFlow(prefix, id, name) : undefined;
  return part ?? resourceAt(prefix, { kind, id, name, path: pathOf(word, id, name) });
}

/** An ARN whose kind is not where it should be still ends in the resource's name. */
function onlyItsName(parts: readonly string[]): MediaConnectArn | undefined {
  const name = parts.length < 5 ? null : presentable(parts.at(-1));
  return name === null
    ? undefined
    : {
        kind: undefined,
        id: undefined,
        name,
        parent: undefined,
        arn: undefined,
        partition: undefined,
        region: undefined,
        account: undefined,
      };
}

/** Nearly all ARNs are like this, and are read at once: kind, id and name, or a router's kind and id. */
const ORDINARY =
  /^arn:(aws(?:-[a-z]+)*):mediaconnect:([a-z]{2,}(?:-[a-z]+)+-\d{1,2}):(\d{12}):(?:(flow|source|output|entitlement|bridge|gateway|reservation):([\w-]{1,128}):([\w.-]{1,256})|(router(?:Input|Output|NetworkInterface)):([\w-]{1,128}))$/;

function ordinary(decoded: string): MediaConnectArn | undefined {
  const match = ORDINARY.exec(decoded);
  if (match === null) return undefined;
  const [arn, partition, region, account, word, id, name = null, routerWord = '', routerId] = match;
  return {
    kind: KINDS.get(word ?? routerWord),
    id: id ?? routerId,
    name,
    parent: undefined,
    arn,
    partition,
    region,
    account,
  };
}

/** What keeps keys, or may read them, is no part of MediaConnect, whatever it is called: the secret `mediaconnect/feed`. */
const KEEPS_KEYS = /^(?:secretsmanager|iam|sts|kms|ssm)$/i;

function unusual(decoded: string): MediaConnectArn | undefined {
  if (!decoded.startsWith('arn') || !decoded.includes('mediaconnect')) return undefined;
  const parts = decoded.split(':');
  if (KEEPS_KEYS.test(parts[2] ?? '')) return undefined;
  const kindAt = KINDS.has(parts[5] ?? '') ? 5 : parts.findIndex((part, index) => index > 2 && KINDS.has(part));
  const kind = KINDS.get(parts[kindAt] ?? '');
  return kind === undefined ? onlyItsName(parts) : resourceOf(parts, kindAt, kind);
}

const parse = memoize((text: string): MediaConnectArn | undefined => {
  const decoded = decodeArn(text);
  return ordinary(decoded) ?? unusual(decoded);
});

/**
 * Reads an ARN of MediaConnect, however it was encoded. One that is damaged, as in the user guide's own sample
 * (`…us-west-2%111122223333…`, which decodes to a control character), still gives its name, but no ARN.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselementalmediaconnect.html
 */
export const parseMediaConnectArn = (value: unknown): MediaConnectArn | undefined =>
  typeof value !== 'string' || value.length > MAX_ARN_LENGTH ? undefined : parse(value);
