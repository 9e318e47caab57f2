/** Letters of alphabets that have look-alikes of Latin ones: Cyrillic `а`, Greek `ο`. */
const LATIN = /\p{Script=Latin}/u;
const LOOKS_LATIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const WORDS = /\p{L}+/gu;
/** What cannot be seen; the joiner of emoji is no deceit. */
const INVISIBLE = /(?:(?!\u200D)\p{Cf}|[\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5)/u;
const ASCII = /^[\x20-\x7e]*$/;
/** More of a name is never shown. */
const LOOKED_AT = 400;

/** Stands behind a name that may only look like another one. */
export const DECEPTIVE_MARK = ' ⚠️';

/**
 * Whether a name may only look like another one: a word of two alphabets, or something in it that cannot be seen. Names
 * that are wholly of one alphabet are names like any other.
 *
 * @see https://www.unicode.org/reports/tr39/#Mixed_Script_Detection
 */
export function isDeceptive(name: string): boolean {
  if (ASCII.test(name)) return false;
  const shown = name.slice(0, LOOKED_AT);
  if (INVISIBLE.test(shown)) return true;
  return (shown.match(WORDS) ?? []).some((word) => LATIN.test(word) && LOOKS_LATIN.test(word));
}
