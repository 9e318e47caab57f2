/**
 * A function of so much memory has one processor, a smaller one its part of it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const MEGABYTES_A_PROCESSOR = 1769;

/** Of how many processors a function has the time, by its memory; one thread cannot use more than one. */
export const processorsOf = (megabytes: number): number => Math.min(1, megabytes / MEGABYTES_A_PROCESSOR);
