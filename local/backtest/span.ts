const least = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);
const most = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.max(left, right);

/** From the first to the last of some moments, milliseconds since the epoch. */
export interface Span {
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

export const EMPTY_SPAN: Span = { firstMs: undefined, lastMs: undefined };

/** Spans both, and what is between. */
export const widened = (left: Span, right: Span): Span => ({
  firstMs: least(left.firstMs, right.firstMs),
  lastMs: most(left.lastMs, right.lastMs),
});

/** What of a span lies between two moments. */
export const cutTo = ({ firstMs, lastMs }: Span, sinceMs: number | undefined, untilMs: number | undefined): Span => ({
  firstMs: most(firstMs, sinceMs),
  lastMs: least(lastMs, untilMs),
});
