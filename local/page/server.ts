import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod/mini';
import { SLACK_FAULTS } from '../monitor/pipeline-state.ts';
import { refusalOf } from '../request-guard.ts';
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
