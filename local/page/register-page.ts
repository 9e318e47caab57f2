import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod/mini';
import { bundleClient } from './bundle-client.ts';
import { openLiveStream } from './live-stream.ts';
import { toEventDetails, toMessageDetails } from './message-details.ts';
import { PageFeed } from './page-feed.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import type { ActionAnswer } from './page-protocol.ts';
import { type PageSource, SLACK_FAULTS } from './page-source.ts';
import { refusalOf } from './request-guard.ts';

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
    const tell = openLiveStream(reply.raw, PAGE_HEADERS);
    open.add(reply.raw);
    const greeting = feed.greet(boot, after);
    tell('greeting', greeting);
    const stop = feed.listen(tell);
    void feed.drawRest(greeting, (card) => {
      if (!reply.raw.destroyed) tell('card', card);
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
    const told = findMessage(id)?.events[index];
    return told === undefined ? missing(reply) : reply.send(toEventDetails(told));
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
      const refusal = refusalOf(request.method, request.headers);
      if (refusal !== undefined) return reply.code(403).send({ said: refusal });
    });
    await serveAssets(page);
    serveLive(page, source);
    serveDetails(page, source);
    serveActions(page, source);
  });
}
