import type { Classification } from '../classify-call.ts';

/** How a kind of call is told apart at a glance: by sign, by colour and by its first words. */
export interface Look {
  readonly emoji: string;
  readonly color: string;
  readonly words: string;
  /** For counts: "3 on-air changes". */
  readonly counted: readonly [one: string, many: string];
}

/** In the order of how much an operator must know of them. Colours that people with colour blindness tell apart. */
export const LOOKS = {
  'on-air': { emoji: '🔴', color: '#e01e5a', words: 'On-air change', counted: ['on-air change', 'on-air changes'] },
  denied: { emoji: '⛔', color: '#e8710a', words: 'Denied', counted: ['denied call', 'denied calls'] },
  access: { emoji: '🔑', color: '#7b3fe4', words: 'Access change', counted: ['access change', 'access changes'] },
  failed: { emoji: '⚠️', color: '#ecb22e', words: 'Failed', counted: ['failed call', 'failed calls'] },
  change: { emoji: '🛠️', color: '#1264a3', words: 'Change', counted: ['other change', 'other changes'] },
  none: { emoji: '👁️', color: '#868686', words: 'Read', counted: ['read', 'reads'] },
} as const satisfies Record<string, Look>;

export type LookName = keyof typeof LOOKS;

export const LOOK_NAMES = Object.keys(LOOKS) as readonly LookName[];

/** A call that did not work changed nothing: that it did not work is what is told first. */
export const lookNameOf = ({ outcome, impact }: Classification): LookName =>
  outcome === 'succeeded' ? impact : outcome;

export const lookOfCall = (call: Classification): Look => LOOKS[lookNameOf(call)];
