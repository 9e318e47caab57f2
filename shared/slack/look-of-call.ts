import type { Classification } from '../classify-call.ts';

/** How a kind of call is told apart at a glance: by sign and by colour, beside the first words of what is said of it. */
export interface Look {
  readonly emoji: string;
  readonly color: string;
  /** For counts: "3 off air", "2 reads". */
  readonly counted: readonly [one: string, many: string];
}

/**
 * In the order of how much an operator must know of them. Colours that people with colour blindness tell apart; deletion
 * and purchase share theirs with other changes, since they are no emergency.
 */
export const LOOKS = {
  'off-air': { emoji: '🔴', color: '#e01e5a', counted: ['off air', 'off air'] },
  unknown: { emoji: '❓', color: '#e01e5a', counted: ['new operation', 'new operations'] },
  'signal-changed': {
    emoji: '🔀',
    color: '#d4569b',

    counted: ['signal change', 'signal changes'],
  },
  'put-on-air': { emoji: '🟢', color: '#2eb67d', counted: ['on air', 'on air'] },
  denied: { emoji: '⛔', color: '#e8710a', counted: ['denied', 'denied'] },
  access: { emoji: '🔑', color: '#7b3fe4', counted: ['access change', 'access changes'] },
  failed: { emoji: '⚠️', color: '#ecb22e', counted: ['failed', 'failed'] },
  purchase: { emoji: '💳', color: '#1264a3', counted: ['purchase', 'purchases'] },
  deletion: { emoji: '🗑️', color: '#1264a3', counted: ['deletion', 'deletions'] },
  change: { emoji: '🛠️', color: '#1264a3', counted: ['other change', 'other changes'] },
  none: { emoji: '👁️', color: '#868686', counted: ['read', 'reads'] },
} as const satisfies Record<string, Look>;

export type LookName = keyof typeof LOOKS;

export const LOOK_NAMES = Object.keys(LOOKS) as readonly LookName[];

/** A call that did not work changed nothing: that it did not work is what is told first. */
export function lookNameOf({ outcome, impact, isDoubtful }: Classification): LookName {
  if (outcome !== 'succeeded') return outcome;
  return isDoubtful ? 'failed' : impact;
}

export const lookOfCall = (call: Classification): Look => LOOKS[lookNameOf(call)];
