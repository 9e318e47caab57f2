/** Alphabets that have look-alikes of each other's letters: Cyrillic `а`, Greek `ο`. */
const ALPHABETS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /[\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u,
];
/** Cyrillic and Greek letters that nobody tells from Latin ones. */
const LIKE_LATIN = /^[аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]+$/u;
/** Letters of formulas, and wide ones among narrow ones: 𝐉𝐚𝐧𝐞, Ｊane. */
const STYLED =
  /[\u{1D400}-\u{1D7FF}\u{1F130}-\u{1F189}]|[a-z][\uFF21-\uFF3A\uFF41-\uFF5A]|[\uFF21-\uFF3A\uFF41-\uFF5A][a-z]/iu;
const WORDS = /\p{L}+/gu;
/** What cannot be seen; the joiner of emoji is no deceit. */
const INVISIBLE = /(?:(?!\u200D)\p{Cf}|[\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5)/u;
const ASCII = /^[\x20-\x7e]*$/;
/** More of a name is never shown. */
const LOOKED_AT = 400;

/** Stands behind a name that may only look like another one. */
export const DECEPTIVE_MARK = ' ⚠️';

/** A word of two alphabets. */
const isMixed = (word: string): boolean => ALPHABETS.filter((alphabet) => alphabet.test(word)).length > 1;

const isLatin = (word: string): boolean => /^\p{Script=Latin}+$/u.test(word);

/** Latin words, and beside them only words that nobody tells from Latin ones. A name in two languages has others too. */
function passesForLatin(words: readonly string[]): boolean {
  const others = words.filter((word) => !isLatin(word));
  return others.length > 0 && others.length < words.length && others.every((word) => LIKE_LATIN.test(word));
}

/**
 * Whether a name may only look like another one: a word of two alphabets, one of look-alikes among Latin words, letters that
 * are drawn for formulas, or something in it that cannot be seen. Names that are wholly of one alphabet are names like any
 * other.
 *
 * @see https://www.unicode.org/reports/tr39/#Mixed_Script_Detection
 */
export function isDeceptive(name: string): boolean {
  if (ASCII.test(name)) return false;
  const shown = name.slice(0, LOOKED_AT);
  if (INVISIBLE.test(shown) || STYLED.test(shown)) return true;
  const words = shown.match(WORDS) ?? [];
  return words.some(isMixed) || passesForLatin(words);
}
