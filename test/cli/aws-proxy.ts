import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface Asked {
  readonly operation: string;
  /** The request as JSON, where it is. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Clients of the older query protocol send forms and read XML. */
  readonly isForm: boolean;
  /** That the request was signed for. */
  readonly region: string;
}

/** Answers in place of the endpoint behind, or changes what that answers. */
export type Answer = (asked: Asked, forward: (input?: object) => Promise<Answered>) => Answered | Promise<Answered>;

/** An endpoint that hands everything on to another one, but for what a test says. */
export interface AwsProxy {
  readonly url: string;
  readonly answers: Map<string, Answer>;
  /** Every operation asked for, in order. */
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** The same answer whatever is asked. */
export const answer =
  (value: unknown): Answer =>
  () => ({ status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify(value) });

const xml = (text: string): string => text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A refusal in AWS's words. */
export const refuse =
  (code: string, message: string, status = 400): Answer =>
  ({ isForm }) =>
    isForm
      ? {
          status,
          type: 'text/xml',
          body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${xml(message)}</Message></Error></ErrorResponse>`,
        }
      : { status, type: 'application/x-amz-json-1.1', body: JSON.stringify({ __type: code, message }) };

/** The answer of the endpoint behind, with some members replaced. */
export const change =
  (replace: (value: Readonly<Record<string, unknown>>) => object): Answer =>
  async (_asked, forward) => {
    const given = await forward();
    const value = JSON.parse(given.body) as Record<string, unknown>;
    return { ...given, body: JSON.stringify({ ...value, ...replace(value) }) };
  };

const PATHS: readonly (readonly [RegExp, string])[] = [
  [/\/event-source-mappings\//, 'GetEventSourceMapping'],
  [/\/functions\/[^/]+\/configuration/, 'GetFunctionConfiguration'],
];

/** `Credential=KEY/DAY/REGION/SERVICE/aws4_request` */
const regionOf = ({ authorization = '' }: IncomingHttpHeaders): string =>
  /Credential=[^/]+\/[^/]+\/([^/]+)\//.exec(authorization)?.[1] ?? '';

function identify({ headers, url = '' }: IncomingMessage, body: string): Asked {
  const region = regionOf(headers);
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    return { operation: target.slice(target.indexOf('.') + 1), input: JSON.parse(body || '{}'), isForm: false, region };
  }
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(body);
    return { operation: form.get('Action') ?? '', input: Object.fromEntries(form), isForm: true, region };
  }
  return { operation: PATHS.find(([path]) => path.test(url))?.[1] ?? url, input: {}, isForm: false, region };
}

const headersOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
    ),
  );

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Starts a proxy on this machine.
 *
 * @param upstream the endpoint behind; without one, what no test answers is refused.
 */
export async function startAwsProxy(upstream?: string): Promise<AwsProxy> {
  const answers = new Map<string, Answer>();
  const asked: Asked[] = [];

  async function answered(request: IncomingMessage): Promise<Answered> {
    const body = await read(request);
    const seen = identify(request, body);
    asked.push(seen);
    const forward = async (input?: object): Promise<Answered> => {
      const sent = input === undefined ? body : JSON.stringify(input);
      if (upstream === undefined)
        return refuse('UnknownOperationException', `${seen.operation} is not served.`)(seen, forward);
      const response = await fetch(`${upstream}${request.url}`, {
        method: request.method ?? 'POST',
        headers: headersOf(request.headers),
        ...(sent !== '' && { body: sent }),
      });
      return { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.text() };
    };
    return (answers.get(seen.operation) ?? ((_asked, next) => next()))(seen, forward);
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, type, body } = await answered(request);
    response.writeHead(status, { 'content-type': type }).end(body);
  };
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
