import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

function hostName(host: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  return URL.parse(`http://${host}`)?.hostname;
}

/**
 * Why a request must not be answered, or `undefined` if it may.
 *
 * Listening on 127.0.0.1 keeps other machines out, but not other pages in the same browser: a name that is made to
 * point at 127.0.0.1 (DNS rebinding) shows in `Host`, a form or script of another page in `Origin` and `Sec-Fetch-Site`.
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders): string | undefined {
  const host = hostName(headers.host);
  if (host === undefined || !LOOPBACK_NAMES.has(host)) return 'this page answers to 127.0.0.1 and localhost only';
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return 'another page sent this';
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none' ? undefined : 'another page sent this';
}
