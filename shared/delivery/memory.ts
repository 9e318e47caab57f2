import type { MadeMention, NotifiedCall } from '../notification/notification.ts';

/**
 * The latest call on one thing that a channel was notified of, apart for what touches the signal: an output that is
 * renamed after a stop does not make the stop old news.
 */
export type LatestCalls = Readonly<Partial<Record<'signal' | 'other', NotifiedCall>>>;

/** The name of what has only an id, by the call that gave it. */
export interface GivenName {
  readonly name: string;
  readonly namedAtMs: number;
}

/**
 * What the ledger remembers under one key: of a thing in a channel the latest calls, of a cause in a channel its mention,
 * of an ARN its name. Everything that is needed before a post is read in one request, keyed from the calls; and each part
 * is written unless a later one is there.
 */
export interface Memory extends LatestCalls {
  readonly mention?: MadeMention;
  readonly name?: GivenName;
}

const laterCall = (one: NotifiedCall | undefined, other: NotifiedCall | undefined): NotifiedCall | undefined =>
  one === undefined || (other !== undefined && other.calledAtMs > one.calledAtMs) ? other : one;

function laterMention(one: MadeMention | undefined, other: MadeMention | undefined): MadeMention | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.madeAtMs !== other.madeAtMs) return one.madeAtMs > other.madeAtMs ? one : other;
  return one.heldBack >= other.heldBack ? one : other;
}

const laterName = (one: GivenName | undefined, other: GivenName | undefined): GivenName | undefined =>
  one === undefined || (other !== undefined && other.namedAtMs > one.namedAtMs) ? other : one;

/** The later of what two say, part by part; a part of which nothing is known is not there. */
export function laterOf(one: Memory = {}, other: Memory = {}): Memory {
  const signal = laterCall(one.signal, other.signal);
  const rest = laterCall(one.other, other.other);
  const mention = laterMention(one.mention, other.mention);
  const name = laterName(one.name, other.name);
  return {
    ...(signal && { signal }),
    ...(rest && { other: rest }),
    ...(mention && { mention }),
    ...(name && { name }),
  };
}
