import type { Reckoning } from './reckon.ts';

/** Whether what was promised held: nothing lost, and no repeat but by a crash between Slack's ok and the mark. */
export const isGuaranteed = ({ lost, repeated, repeatedInKillWindow, contradictions }: Reckoning): boolean =>
  lost === 0 && repeated <= repeatedInKillWindow && contradictions.length === 0;
