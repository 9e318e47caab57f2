import type { SlackMessage } from '../../shared/slack/message.ts';
import { channelsIn, numbersIn } from './workload.ts';

/** What an operator learns from a message, from what is shown and nothing else. */
export interface ReadMessage {
  /** How many calls it says that it reports. */
  readonly stated: number;
  /** Those that it names. */
  readonly named: ReadonlySet<number>;
  /** Whether it says of something that it was before something else. */
  readonly saysOlder: boolean;
  /** Whether it calls somebody. */
  readonly mentions: boolean;
  /** Those that its rules send to; none if it shows no rule. */
  readonly channels: ReadonlySet<string>;
  /** The channel that it was meant for, if it stands in another one. */
  readonly meantFor: string | undefined;
  readonly text: string;
}

/** `… 12 calls: …`, `… 120 of 500 calls, message 1 of 3: …` behind the worst call in words, `Digest: 1,234 calls in …`, in what a phone shows. */
const COUNT = /(?:^|: |\s)([\d,]+)(?: of [\d,]+)? calls?(?:, message \d+ of \d+)?(?:: | in |$)/;
const OLDER = /⏪/;
const MENTION = /<!here>/;
const MEANT_FOR = /Meant for channel (\w+):/;

export function readMessage(message: SlackMessage): ReadMessage {
  const text = JSON.stringify(message);
  const count = COUNT.exec(message.text)?.[1];
  return {
    stated: count === undefined ? 1 : Number(count.replaceAll(',', '')),
    named: numbersIn(text),
    saysOlder: OLDER.test(text),
    mentions: MENTION.test(message.text),
    channels: channelsIn(text),
    meantFor: MEANT_FOR.exec(message.text)?.[1],
    text,
  };
}
