import { inertText } from './escape-text.ts';

const LINK_LENGTH = 1000;
/** Nothing that could end Slack's `<url|text>`, or the line around it. */
const SAFE_URL = /^https:\/\/[\w.-]+\/[\w./?#&=:%@+,~-]*$/;

/** An address as it stands inside `<…>`; `undefined` where it is not one that is safe to link. */
export const linkTarget = (url: string | undefined): string | undefined =>
  url === undefined || url.length > LINK_LENGTH || !SAFE_URL.test(url) ? undefined : url.replaceAll('&', '&amp;');

/** A link with our own words; no link rather than a wrong one. */
export function linkText(url: string | undefined, words: string): string | undefined {
  const target = linkTarget(url);
  return target === undefined ? undefined : `<${target}|${inertText(words, LINK_LENGTH)}>`;
}
