import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { numbersNamedIn } from './marked-name.ts';

/** A message that Slack took, and all that was seen of it from outside the functions. */
export interface Acceptance extends ReadMessage {
  /** The process that posted it. */
  readonly poster: string;
  readonly channel: string;
  /**
   * Why its process may not know that it was taken: it ended before it posted again, or Slack's answer was withheld or
   * came too late. `undefined`: it must know.
   */
  readonly unaware: 'ended' | 'answer lost' | undefined;
}

/** How many calls it counts that it does not name: only a digest may. */
export const unnamedIn = ({ stated, named }: Acceptance): number => Math.max(0, stated - named.size);

/** What an operator learns from a message: how many calls it reports, and which of them by name. */
export interface ReadMessage {
  /** `saying`: it reports no call, and says of calls that MediaConnect does not say what came of them. */
  readonly kind: 'single' | 'fold' | 'digest' | 'saying';
  /** How many calls it says that it reports, or how many things it says. */
  readonly stated: number;
  /** The calls that it names. */
  readonly named: ReadonlySet<number>;
}

/** A line `12 calls: …` or `120 of 500 calls, message 1 of 3: …` below the first, `*Digest* — 1,234 calls …`. */
const COUNT = /(?:^|\*(Digest)\* — )([\d,]+)(?: of [\d,]+)? calls?\b/m;

/**
 * All that a run can be told beside calls: nobody plays MediaConnect in it, so that every start and stop stays unanswered.
 * A message with anything else in it is read as one that reports calls.
 */
const SAYING =
  /^⏳ MediaConnect has not said in 2 minutes that flow `k\d{5,}k` (?:started|stopped) \(`(?:Start|Stop)Flow` by \S.*\)(?: · \*⏰ [^*]+ late\*)?$/u;

const linesOf = ({ blocks }: SlackMessage): readonly string[] =>
  (blocks ?? []).flatMap((block) => (block.type === 'section' ? (block.text?.text ?? '').split('\n') : []));

function headlineOf({ blocks }: SlackMessage): string {
  const [first] = blocks ?? [];
  return first?.type === 'section' ? (first.text?.text ?? '') : '';
}

/** Reads a message as an operator does, from what is shown and nothing else. */
function readMessage(message: SlackMessage): ReadMessage {
  const named = numbersNamedIn(JSON.stringify(message));
  const lines = linesOf(message);
  if (lines.length > 0 && lines.every((text) => SAYING.test(text))) {
    return { kind: 'saying', stated: lines.length, named };
  }
  const [, digest, count] = COUNT.exec(headlineOf(message)) ?? [];
  if (count === undefined) return { kind: 'single', stated: 1, named };
  return { kind: digest === undefined ? 'fold' : 'digest', stated: Number(count.replaceAll(',', '')), named };
}

/** Sees a pipeline from outside: what Slack takes, and the end of processes. */
export interface Observer {
  /** Distinct calls that were seen by name in messages that report them. */
  readonly namedCalls: number;
  readonly messages: number;
  /** Messages whose answer got lost. */
  readonly lostAnswers: number;
  /** Processes that ended. */
  readonly ends: number;
  accepted(post: AcceptedPost): void;
  /** The answer to an accepted post was withheld, or nobody was there to read it. */
  answerLost(post: AcceptedPost): void;
  ended(poster: string): void;
  /** In the order in which Slack took them. */
  acceptances(): readonly Acceptance[];
}

interface Seen extends Omit<Acceptance, 'unaware'> {
  readonly atMs: number;
  /** Before the process ended, if it did. */
  isAnswerLost: boolean;
  isLastOfEnded: boolean;
}

export interface ObserverOptions {
  /** Whether a process posts calls: the daily summary has messages of its own. */
  readonly notifies: (poster: string) => boolean;
  readonly nowMs: () => number;
}

/** What is said is posted beside what is reported, and marked by itself. */
const lineOf = ({ poster, channel, kind }: Pick<Acceptance, 'poster' | 'channel' | 'kind'>): string =>
  `${poster} ${channel}${kind === 'saying' ? ' saying' : ''}`;

/** Whoever lives for so long after Slack's ok has marked what Slack took: it is a matter of milliseconds. */
const MARKS_WITHIN_MS = 10_000;

export function createObserver({ notifies, nowMs }: ObserverOptions): Observer {
  const seen: Seen[] = [];
  const byPost = new WeakMap<AcceptedPost, Seen>();
  /** What each process reported last, and said last, in each channel. */
  const lastOfLine = new Map<string, Seen>();
  const linesOf = new Map<string, Set<string>>();
  const named = new Set<number>();
  const counts = { lostAnswers: 0, ends: 0 };

  return {
    get namedCalls() {
      return named.size;
    },
    get messages() {
      return seen.length;
    },
    get lostAnswers() {
      return counts.lostAnswers;
    },
    get ends() {
      return counts.ends;
    },
    accepted(post) {
      const { poster, channel, message } = post;
      if (!notifies(poster)) return;
      const read = readMessage(message);
      const one: Seen = { poster, channel, ...read, atMs: nowMs(), isAnswerLost: false, isLastOfEnded: false };
      seen.push(one);
      byPost.set(post, one);
      if (one.kind !== 'saying') for (const number of one.named) named.add(number);
      const line = lineOf(one);
      lastOfLine.set(line, one);
      linesOf.set(poster, (linesOf.get(poster) ?? new Set()).add(line));
    },
    answerLost(post) {
      const one = byPost.get(post);
      if (one === undefined || one.isLastOfEnded || one.isAnswerLost) return;
      one.isAnswerLost = true;
      counts.lostAnswers += 1;
    },
    ended(poster) {
      counts.ends += 1;
      for (const line of linesOf.get(poster) ?? []) {
        const last = lastOfLine.get(line);
        if (last === undefined || last.isAnswerLost || nowMs() - last.atMs > MARKS_WITHIN_MS) continue;
        last.isLastOfEnded = true;
      }
    },
    acceptances: () =>
      seen.map(({ isAnswerLost, isLastOfEnded, atMs: _, ...one }) => ({
        ...one,
        unaware: isAnswerLost ? 'answer lost' : isLastOfEnded ? 'ended' : undefined,
      })),
  };
}
