import type { IncomingHttpHeaders } from 'node:http';

/** Compared and not parsed: what a parser makes of `127.1` or `0x7f.1` was never typed by a person. */
const THIS_MACHINE = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

const NOT_THIS_MACHINE = 'this answers to 127.0.0.1 and localhost only';
const ANOTHER_PAGE = 'another page sent this';

/** Of a request, what its parsed headers do not say. */
interface Sent {
  readonly url?: string | undefined;
  /** Names and values by turns, also of headers that were sent twice. */
  readonly rawHeaders?: readonly string[];
}

const isForThisMachine = ({ host = '' }: IncomingHttpHeaders, { rawHeaders = [] }: Sent): boolean =>
  THIS_MACHINE.test(host) && rawHeaders.filter((text, at) => at % 2 === 0 && /^host$/i.test(text)).length <= 1;

/** Set by browsers alone; a script cannot change it. @see https://www.w3.org/TR/fetch-metadata/ */
const siteOf = (headers: IncomingHttpHeaders): string => String(headers['sec-fetch-site'] ?? 'none');

/** A click on a link elsewhere opens the page, and nothing else; it shows nothing to where the link was. */
const isNavigation = (method: string, headers: IncomingHttpHeaders, { url = '/' }: Sent): boolean =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && url.split('?', 1)[0] === '/';

/**
 * Why the page must not answer a request, or `undefined` if it may.
 *
 * Listening on 127.0.0.1 keeps other machines out, but not other pages in the same browser: a name that is made to
 * point at 127.0.0.1 (DNS rebinding) shows in `Host`, a form or script of another page in `Origin` and `Sec-Fetch-Site`.
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders, sent: Sent = {}): string | undefined {
  if (!isForThisMachine(headers, sent)) return NOT_THIS_MACHINE;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return ANOTHER_PAGE;
  const site = siteOf(headers);
  return site === 'same-origin' || site === 'none' || isNavigation(method, headers, sent) ? undefined : ANOTHER_PAGE;
}

/**
 * The same for what only programs ask: the webhooks and the AWS endpoints. No page has business there, not even ours,
 * so whatever a browser marks as coming from a page is refused, preflights included.
 */
export function refusalOfPages(headers: IncomingHttpHeaders, sent: Sent = {}): string | undefined {
  if (!isForThisMachine(headers, sent)) return NOT_THIS_MACHINE;
  return headers.origin === undefined && siteOf(headers) === 'none' ? undefined : ANOTHER_PAGE;
}
