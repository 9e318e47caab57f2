import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PortError } from '../local-start-error.ts';
import { refusalOfPages } from '../request-guard.ts';
import { AwsError, type AwsRequest, type AwsResponse, type AwsService, notServed } from './service.ts';

/** Text as it may stand between the tags of XML. */
export const escapeXml = (text: string): string =>
  text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Nothing here is for other machines. */
export const LOOPBACK = '127.0.0.1';

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Says in one line why a port cannot be had. `flag` is what a person would change. */
export function portError(error: unknown, port: number, flag: string): unknown {
  if (isTaken(error)) return new PortError(`port ${port} is taken; choose another with ${flag}`, { cause: error });
  if (error instanceof Error && 'code' in error && error.code === 'EACCES') {
    return new PortError(`port ${port} may not be used; choose another with ${flag}`, { cause: error });
  }
  return error;
}

/** Listens on the loopback interface only; gives the port, which is a free one if 0 was asked for. */
async function listen(server: Server, port: number, flag: string): Promise<number> {
  // A client that uses a connection in the moment in which it is closed for idleness gets a reset.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port, flag)));
    server.listen(port, LOOPBACK, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** One address for every AWS service that one machine has: what `AWS_ENDPOINT_URL` points to. */
export interface Gateway {
  readonly url: string;
  /** Lets services in. Until then requests are asked to come again, from then on those for others are refused by name. */
  serve(...services: readonly AwsService[]): void;
  close(): Promise<void>;
}

/** DynamoDB's limit; the others' are lower and theirs to say. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const ACCESS_KEY_ID = /Credential=([^/]+)\//;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new AwsError('RequestEntityTooLargeException', 'the request is too large', { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function toAwsRequest(request: IncomingMessage, operation: string): Promise<AwsRequest> {
  return {
    method: request.method,
    path: request.url ?? '/',
    headers: request.headers,
    body: await readBody(request),
    operation,
    accessKeyId: ACCESS_KEY_ID.exec(request.headers.authorization ?? '')?.[1],
  };
}

/** Clients of the older query protocol send forms and read XML. */
function errorBody(code: string, message: string, asksInForm: boolean): Pick<AwsResponse, 'headers' | 'body'> {
  if (!asksInForm) {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code };
    return { headers, body: JSON.stringify({ __type: code, message }) };
  }
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return { headers: { 'content-type': 'text/xml' }, body: `<ErrorResponse>${error}</ErrorResponse>` };
}

const errorResponse =
  ({ headers }: IncomingMessage) =>
  (error: unknown): AwsResponse => {
    const { code, status } = error instanceof AwsError ? error : { code: 'InternalFailure', status: 500 };
    const message = error instanceof Error ? error.message : String(error);
    const asksInForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
    return { status, ...errorBody(code, message, asksInForm) };
  };

/**
 * Starts the gateway on the loopback interface. Signatures are not checked: whoever reaches this port is a program
 * on this machine, since what a page in a browser sends is refused.
 */
export async function startGateway({ port }: { readonly port: number }): Promise<Gateway> {
  const services = new Map<string, AwsService>();

  async function answer(request: IncomingMessage): Promise<AwsResponse> {
    const refusal = refusalOfPages(request.headers, request);
    if (refusal !== undefined) throw new AwsError('AccessDeniedException', refusal, { status: 403 });
    const target = String(request.headers['x-amz-target'] ?? '');
    const dot = target.indexOf('.');
    const service = services.get(dot === -1 ? '' : target.slice(0, dot));
    if (services.size === 0) throw new AwsError('ServiceUnavailable', 'still starting; try again', { status: 503 });
    if (service === undefined) throw notServed(target, [...services.keys()]);
    return service.answer(await toAwsRequest(request, target.slice(dot + 1)));
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await answer(request).catch(errorResponse(request));
    request.resume();
    response.writeHead(status, {
      'x-amzn-requestid': randomUUID(),
      ...headers,
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }

  const server = createServer((request, response) => void respond(request, response));
  const boundPort = await listen(server, port, '--aws-port');
  return {
    url: `http://${LOOPBACK}:${boundPort}`,
    serve: (...more) => {
      for (const service of more) services.set(service.targetPrefix, service);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
