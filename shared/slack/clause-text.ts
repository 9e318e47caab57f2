import type { Notification, Phrase } from '../notification.ts';
import { phrase } from '../phrase.ts';

/** First words that a list has to say, since its rows do not begin with them: the sentence alone would claim too much or too little. */
const isHeaded = ({ call: { outcome, impact, isDoubtful } }: Notification): boolean =>
  outcome !== 'succeeded' || isDoubtful === true || impact === 'deletion' || impact === 'purchase';

/** "Failed, not found" → "failed, not found" */
const inARow = (effect: Phrase): Phrase =>
  effect.map((part, index) =>
    index === 0 && part.kind === 'plain'
      ? { ...part, text: part.text.charAt(0).toLowerCase() + part.text.slice(1) }
      : part,
  );

/** What one call says in a list of calls: "flow «AwardsShow» stopped", "denied: stop flow «AwardsShow»". */
export const clauseOf = (notification: Notification): Phrase =>
  isHeaded(notification) ? phrase(inARow(notification.effect), ': ', notification.sentence) : notification.sentence;
