const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const ONE_PLACE = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `1,000,000` */
export const whole = (value: number): string => WHOLE.format(value);

/** `3.4` */
export const onePlace = (value: number): string => ONE_PLACE.format(value);

/** `+12`, `-3`, `0` */
export const difference = (before: number, after: number): string => {
  const change = after - before;
  return change > 0 ? `+${whole(change)}` : whole(change);
};

/** `1 call`, `2 calls` */
export const counted = (value: number, word: string): string => `${whole(value)} ${word}${value === 1 ? '' : 's'}`;
