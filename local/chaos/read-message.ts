import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { numbersNamedIn } from './marked-name.ts';

/** What an operator learns from a message: how many calls it tells, and which of them by name. */
export interface ReadMessage {
  readonly kind: 'single' | 'fold' | 'digest';
  /** How many calls it says that it tells. */
  readonly stated: number;
  /** The calls that it names. */
  readonly named: ReadonlySet<number>;
}

/** `*12 calls*`, `*120 of 500 calls, message 1 of 3*`, `*Digest: 1,234 calls*`. */
const COUNT = /\*(Digest: )?([\d,]+)(?: of [\d,]+)? calls?\b/;

function headlineOf({ blocks }: SlackMessage): string {
  const [first] = blocks ?? [];
  return first?.type === 'section' ? (first.text?.text ?? '') : '';
}

/** Reads a message as an operator does, from what is shown and nothing else. */
export function readMessage(message: SlackMessage): ReadMessage {
  const named = numbersNamedIn(JSON.stringify(message));
  const [, digest, count] = COUNT.exec(headlineOf(message)) ?? [];
  if (count === undefined) return { kind: 'single', stated: 1, named };
  return { kind: digest === undefined ? 'fold' : 'digest', stated: Number(count.replaceAll(',', '')), named };
}
