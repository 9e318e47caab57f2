import type { ServerResponse } from 'node:http';
import type { LiveListener } from './page-feed.ts';

/**
 * Opens a stream of server-sent events on a response, and gives back the function that writes one.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function openLiveStream(response: ServerResponse, headers: Readonly<Record<string, string>>): LiveListener {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', connection: 'keep-alive' });
  response.flushHeaders();
  // JSON text holds no raw line break, so one `data:` line is always enough.
  return (name, event) => {
    response.write(`event: ${name}\ndata: ${JSON.stringify(event)}\n\n`);
  };
}
