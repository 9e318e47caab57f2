import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod/mini';
import { SLACK_FAULTS } from '../monitor/pipeline-state.ts';
import { type LiveListener, PageFeed, toEventDetails, toMessageDetails } from './page-feed.ts';
import type { ActionAnswer } from './page-protocol.ts';
import type { PageSource } from './page-source.ts';

const inClient = (name: string): string => fileURLToPath(new URL(`./client/${name}`, import.meta.url));

export interface ClientAssets {
  readonly html: string;
  readonly script: string;
  readonly styles: string;
}

/** What the build of the package made beforehand; there are no sources of it then. */
async function readClient(): Promise<ClientAssets> {
  const [html, script, styles] = await Promise.all(
    ['page.html', 'page.js', 'styles.css'].map((name) => readFile(inClient(name), 'utf8')),
  );
  return { html: html ?? '', script: script ?? '', styles: styles ?? '' };
}

/** Makes what the browser gets, in memory: no build step, and nothing stale on disk. */
export async function bundleClient(): Promise<ClientAssets> {
  if (existsSync(inClient('page.js'))) return readClient();
  const { build } = await import('esbuild');
  const [html, { outputFiles }] = await Promise.all([
    readFile(inClient('page.html'), 'utf8'),
    build({
      entryPoints: { page: inClient('main.ts'), styles: inClient('page.css') },
      outdir: '/',
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2023',
      legalComments: 'none',
      logLevel: 'silent',
    }),
  ]);
  const output = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { html, script: output('page.js'), styles: output('styles.css') };
}

/**
 * Opens a stream of server-sent events on a response, and returns the function that writes one.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
function openLiveStream(response: ServerResponse, headers: Readonly<Record<string, string>>): LiveListener {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', connection: 'keep-alive' });
  response.flushHeaders();
  // JSON text holds no raw line break, so one `data:` line is always enough.
  return (name, event) => {
    response.write(`event: ${name}\ndata: ${JSON.stringify(event)}\n\n`);
  };
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer of the page: it loads nothing from elsewhere and runs no script but its own. */
const PAGE_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

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

const STATE_EVERY_MS = 200;

const LiveQuerySchema = z.object({
  boot: z.optional(z.string()),
  after: z._default(z.coerce.number(), 0),
});
const FaultSchema = z.object({ fault: z.enum(SLACK_FAULTS) });
const PlaceSchema = z.object({ id: z.string(), index: z._default(z.coerce.number(), 0) });

async function serveAssets(page: FastifyInstance): Promise<void> {
  const { html, script, styles } = await bundleClient();
  const send = (type: string, text: string) => (_request: unknown, reply: FastifyReply) => reply.type(type).send(text);
  page.get('/', send('text/html; charset=utf-8', html));
  page.get('/assets/page.js', send('text/javascript; charset=utf-8', script));
  page.get('/assets/styles.css', send('text/css; charset=utf-8', styles));
}

function serveLive(page: FastifyInstance, source: PageSource): void {
  const open = new Set<ServerResponse>();
  const feed = new PageFeed({
    source,
    bootId: randomUUID(),
    soon: (task) => setTimeout(task, STATE_EVERY_MS).unref(),
  });

  page.get('/live', (request, reply) => {
    const { boot, after } = LiveQuerySchema.parse(request.query);
    reply.hijack();
    const notify = openLiveStream(reply.raw, PAGE_HEADERS);
    open.add(reply.raw);
    const greeting = feed.greet(boot, after);
    notify('greeting', greeting);
    const stop = feed.listen(notify);
    void feed.drawRest(greeting, (card) => {
      if (!reply.raw.destroyed) notify('card', card);
      return !reply.raw.destroyed;
    });
    reply.raw.on('close', () => {
      stop();
      open.delete(reply.raw);
    });
  });
  // An open stream would keep the server from closing.
  page.addHook('preClose', async () => {
    feed.close();
    for (const response of open) response.end();
  });
}

function serveDetails(page: FastifyInstance, source: PageSource): void {
  const findMessage = (id: string) => source.messages().find((message) => message.id === id);
  const missing = (reply: FastifyReply) => reply.code(404).send({ said: 'this message is not known (any more)' });

  page.get('/api/messages/:id', (request, reply) => {
    const message = findMessage(PlaceSchema.parse(request.params).id);
    return message === undefined ? missing(reply) : reply.send(toMessageDetails(message));
  });
  page.get('/api/messages/:id/events/:index', (request, reply) => {
    const { id, index } = PlaceSchema.parse(request.params);
    const notified = findMessage(id)?.events[index];
    return notified === undefined ? missing(reply) : reply.send(toEventDetails(notified));
  });
}

function serveActions(page: FastifyInstance, source: PageSource): void {
  page.post('/api/sample', async (): Promise<ActionAnswer> => ({ said: await source.sendSample() }));
  page.post('/api/burst', async (): Promise<ActionAnswer> => ({ said: await source.sendBurst() }));
  page.post('/api/try-now', async (): Promise<ActionAnswer> => ({ said: await source.tryNow() }));
  page.post('/api/slack-fault', (request, reply) => {
    const wanted = FaultSchema.safeParse(request.body);
    if (!wanted.success) return reply.code(400).send({ said: `fault is one of ${SLACK_FAULTS.join(', ')}` });
    source.setSlackFault(wanted.data.fault);
    return reply.send({ said: wanted.data.fault });
  });
}

/**
 * Serves the page of a running pipeline: the channels as an operator sees them, live. The guard and the headers hold
 * for these routes only; what else the server offers (Slack's webhook) keeps its own.
 */
export function registerPage(app: FastifyInstance, source: PageSource): void {
  app.register(async (page) => {
    page.addHook('onRequest', async (request, reply) => {
      reply.headers(PAGE_HEADERS);
      const refusal = refusalOf(request.method, request.headers, request.raw);
      if (refusal !== undefined) return reply.code(403).send({ said: refusal });
    });
    page.setErrorHandler((error, _request, reply) => {
      if (error instanceof z.core.$ZodError)
        return reply.code(400).send({ said: 'a part of this address is not a number' });
      throw error;
    });
    await serveAssets(page);
    serveLive(page, source);
    serveDetails(page, source);
    serveActions(page, source);
  });
}
