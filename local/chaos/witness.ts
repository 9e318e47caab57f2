import type { AwsRequest, AwsResponse } from '../aws/aws-service.ts';
import type { AcceptedPost } from '../slack/slack-endpoint.ts';
import type { Acceptance } from './acceptance.ts';
import { readMessage } from './read-message.ts';
import { type ToldMark, toldMarksIn } from './told-marks.ts';

/** Sees what goes over the wires of a pipeline: to Slack, to the ledger, and the end of processes. */
export interface Witness {
  /** Distinct calls that were seen in messages by name. */
  readonly namedCalls: number;
  readonly messages: number;
  accepted(post: AcceptedPost): void;
  /** The answer to an accepted post was withheld, or nobody was there to read it. */
  answerLost(post: AcceptedPost): void;
  served(request: AwsRequest, response: AwsResponse): void;
  ended(poster: string): void;
  /** In the order in which Slack took them. */
  acceptances(): readonly Acceptance[];
}

interface Seen extends Omit<Acceptance, 'marked' | 'unaware'> {
  readonly marked: Set<number>;
  /** Before the process ended, if it did. */
  isAnswerLost: boolean;
  isLastOfEnded: boolean;
}

const lineOf = (poster: string, channel: string): string => `${poster} ${channel}`;

/** @param tells whether a process posts calls: the daily summary has messages of its own. */
export function createWitness(tells: (poster: string) => boolean): Witness {
  const seen: Seen[] = [];
  const byPost = new WeakMap<AcceptedPost, Seen>();
  /** What each process posted to each channel, the last at the end. */
  const lines = new Map<string, Seen[]>();
  const posters = new Map<string, Set<string>>();
  const named = new Set<number>();

  function mark({ poster, number, channel }: ToldMark): void {
    const line = lines.get(lineOf(poster, channel)) ?? [];
    // A message whose mark could not be written at once is marked with a later one.
    const message = line.findLast((each) => each.named.has(number)) ?? line.at(-1);
    message?.marked.add(number);
  }

  return {
    get namedCalls() {
      return named.size;
    },
    get messages() {
      return seen.length;
    },
    accepted(post) {
      const { poster, channel, message } = post;
      if (!tells(poster)) return;
      const one: Seen = {
        poster,
        channel,
        ...readMessage(message),
        marked: new Set(),
        isAnswerLost: false,
        isLastOfEnded: false,
      };
      seen.push(one);
      byPost.set(post, one);
      for (const number of one.named) named.add(number);
      const line = lineOf(poster, channel);
      lines.set(line, [...(lines.get(line) ?? []), one]);
      posters.set(poster, (posters.get(poster) ?? new Set()).add(line));
    },
    answerLost(post) {
      const one = byPost.get(post);
      if (one !== undefined && !one.isLastOfEnded) one.isAnswerLost = true;
    },
    served(request, response) {
      for (const one of toldMarksIn(request, response)) mark(one);
    },
    ended(poster) {
      for (const line of posters.get(poster) ?? []) {
        const last = lines.get(line)?.at(-1);
        if (last !== undefined && !last.isAnswerLost) last.isLastOfEnded = true;
      }
    },
    acceptances: () =>
      seen.map(({ isAnswerLost, isLastOfEnded, ...one }) => ({
        ...one,
        unaware: isAnswerLost ? 'answer lost' : isLastOfEnded ? 'ended' : undefined,
      })),
  };
}
