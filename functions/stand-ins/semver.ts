const numbersOf = (version: string): readonly number[] => version.replace(/^v/, '').split('.').map(Number.parseFloat);

/**
 * Stands in for the package `semver` in the bundles. X-Ray's SDK brings two copies of it (a tenth of a bundle) and asks
 * them one question, of release versions: is this one at least that one?
 */
export function gte(version: string, least: string): boolean {
  const [actual, wanted] = [numbersOf(version), numbersOf(least)];
  const place = wanted.findIndex((number, index) => number !== actual[index]);
  return place === -1 || (actual[place] ?? 0) > (wanted[place] ?? 0);
}
