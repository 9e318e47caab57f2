import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

const NOT_THIS_MACHINE = 'this answers to 127.0.0.1 and localhost only';
const ANOTHER_PAGE = 'another page sent this';

function hostName(host: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  return URL.parse(`http://${host}`)?.hostname;
}

const isForThisMachine = ({ host }: IncomingHttpHeaders): boolean => LOOPBACK_NAMES.has(hostName(host) ?? '');

/** Set by browsers alone; a script cannot change it. @see https://www.w3.org/TR/fetch-metadata/ */
const siteOf = (headers: IncomingHttpHeaders): string => String(headers['sec-fetch-site'] ?? 'none');

/** A click on a link elsewhere opens the page, and shows nothing of it to where the link was. */
const isNavigation = (method: string, headers: IncomingHttpHeaders): boolean =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate';

/**
 * Why the page must not answer a request, or `undefined` if it may.
 *
 * Listening on 127.0.0.1 keeps other machines out, but not other pages in the same browser: a name that is made to
 * point at 127.0.0.1 (DNS rebinding) shows in `Host`, a form or script of another page in `Origin` and `Sec-Fetch-Site`.
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders): string | undefined {
  if (!isForThisMachine(headers)) return NOT_THIS_MACHINE;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return ANOTHER_PAGE;
  const site = siteOf(headers);
  return site === 'same-origin' || site === 'none' || isNavigation(method, headers) ? undefined : ANOTHER_PAGE;
}

/**
 * The same for what only programs ask: the webhooks and the AWS endpoints. No page has business there, not even ours,
 * so whatever a browser marks as coming from a page is refused, preflights included.
 */
export function refusalOfPages(headers: IncomingHttpHeaders): string | undefined {
  if (!isForThisMachine(headers)) return NOT_THIS_MACHINE;
  return headers.origin === undefined && siteOf(headers) === 'none' ? undefined : ANOTHER_PAGE;
}
