/** A message that Slack took, and all that was seen of it from outside the functions. */
export interface Acceptance {
  /** The process that posted it. */
  readonly poster: string;
  readonly channel: string;
  readonly kind: 'single' | 'several';
  /** How many calls it says that it tells. */
  readonly stated: number;
  /** The calls that it names. */
  readonly named: ReadonlySet<number>;
  /** The calls that its process marked as told after it. */
  readonly marked: ReadonlySet<number>;
  /**
   * Why its process may not know that it was taken: it ended before it posted again, or Slack's answer was withheld or
   * came too late. `undefined`: it must know.
   */
  readonly unaware: 'ended' | 'answer lost' | undefined;
}

/** The calls that a message tells; `undefined` if neither its names nor its marks are as many as it states. */
export function membersOf({ stated, named, marked }: Acceptance): ReadonlySet<number> | undefined {
  return [named, marked].find(({ size }) => size === stated);
}
