/** A name, or one with `*` for any text, as people write it in a rule. */
export const hasGlob = (glob: string): boolean => glob.includes('*');

/** The literal text before the first `*`. */
export const literalStart = (glob: string): string => glob.split('*', 1)[0] ?? '';

export function globMatches(glob: string, text: string): boolean {
  const expression = glob.split(/\*+/).map((run) => run.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${expression.join('[^]*')}$`).test(text);
}

/** A `wildcard` of EventBridge that matches what the glob does; in a glob nothing but `*` is special. */
const globWildcard = (glob: string): string => glob.replace(/\\/g, '\\\\').replace(/\*+/g, '*');

/**
 * The glob as one entry of a field's list. `wildcard` only where nothing simpler says it: EventBridge takes few rules
 * with wildcards.
 */
export function globMatcher(glob: string): unknown {
  const [start = '', end, ...more] = glob.split(/\*+/);
  if (end === undefined) return glob;
  if (more.length > 0 || (start !== '' && end !== '')) return { wildcard: globWildcard(glob) };
  return end === '' ? { prefix: start } : { suffix: end };
}

/** The forms of `anything-but` that take a list; the first that can say all the globs. */
const REFUSALS = [
  { fits: /^[^*]*$/, strip: (glob: string) => glob, refuse: (texts: readonly string[]) => texts },
  {
    fits: /^[^*]+\*+$/,
    strip: (glob: string) => glob.replace(/\*+$/, ''),
    refuse: (texts: readonly string[]) => ({ prefix: texts }),
  },
  {
    fits: /^\*+[^*]+$/,
    strip: (glob: string) => glob.replace(/^\*+/, ''),
    refuse: (texts: readonly string[]) => ({ suffix: texts }),
  },
  { fits: /^/, strip: globWildcard, refuse: (texts: readonly string[]) => ({ wildcard: texts }) },
] as const;

/** One entry of a field's list that holds for whatever none of the globs matches. It takes one form for all of them. */
export function noGlobMatcher(globs: readonly string[]): unknown {
  const form = REFUSALS.find(({ fits }) => globs.every((glob) => fits.test(glob)));
  return { 'anything-but': form?.refuse(globs.map(form.strip)) };
}
