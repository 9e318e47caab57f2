const FIVE_BILLION = 5e9;
const MAX_DECIMALS = 6;

function decimals(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const [, fraction = ''] = digits.split('.');
  return Math.max(0, fraction.length - Number(exponent));
}

/**
 * Whether the engine compares this number as a number. Others it knows only by their text: they equal
 * themselves, and no `numeric` holds for them. Within these bounds a double is exact enough to compare.
 *
 * @see https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/ComparableNumber.java
 */
export const isComparable = (value: number): boolean =>
  Math.abs(value) <= FIVE_BILLION && (Number.isInteger(value) || decimals(value) <= MAX_DECIMALS);

/** Why a number cannot stand in a comparison, in EventBridge's words; `undefined` if it can. */
export function incomparable(value: number): string | undefined {
  if (isComparable(value)) return undefined;
  return Math.abs(value) > FIVE_BILLION
    ? 'Value must be between -5.0E9 and 5.0E9, inclusive'
    : 'Only values upto 6 decimals are supported';
}
