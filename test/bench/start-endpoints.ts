import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { envelopeText, eventIdOf } from './workload.ts';

export interface EndpointsOptions {
  /** How long every answer takes. @default 0 */
  readonly answerMs?: number;
}

/** The services around a function, answering with as little as will do. */
export interface Endpoints {
  readonly url: string;
  /** `127.0.0.1:2000`: takes what a function traces. */
  readonly traces: string;
  /** Messages that Slack took. */
  posts(): number;
  close(): Promise<void>;
}

/** One waiting record; SQS's client checks the digest of the text. */
function waitingRecord(round: number) {
  const body = envelopeText({ eventID: eventIdOf(round), eventName: 'DescribeFlow', readOnly: true });
  return {
    MessageId: `m${round}`,
    ReceiptHandle: `r${round}`,
    Body: body,
    MD5OfBody: createHash('md5').update(body).digest('hex'),
    Attributes: { ApproximateReceiveCount: '1' },
  };
}

/** Starts one local server that is Secrets Manager, DynamoDB, SQS and Slack at once, and X-Ray's daemon. */
export async function startEndpoints({ answerMs = 0 }: EndpointsOptions = {}): Promise<Endpoints> {
  let posts = 0;
  let receives = 0;
  let origin = '';

  /** The notifier only looks, and finds nothing: no burst runs. The digest waits with several receivers: one finds something. */
  const receive = (input: string): unknown => {
    const { WaitTimeSeconds = 0 } = JSON.parse(input) as { readonly WaitTimeSeconds?: number };
    if (WaitTimeSeconds === 0) return {};
    receives += 1;
    return receives % 2 === 1 ? { Messages: [waitingRecord(receives)] } : {};
  };
  const answers: Readonly<Record<string, (input: string) => unknown>> = {
    GetSecretValue: () => ({ Name: 'slack', VersionId: '1', SecretString: `${origin}/services/T0/B0/default` }),
    BatchWriteItem: () => ({ UnprocessedItems: {} }),
    BatchGetItem: () => ({ Responses: {}, UnprocessedKeys: {} }),
    ReceiveMessage: receive,
    DeleteMessageBatch: () => ({ Successful: [], Failed: [] }),
  };
  const answerTo = ({ headers, url = '' }: IncomingMessage, input: string): string => {
    if (url.startsWith('/services/')) {
      posts += 1;
      return 'ok';
    }
    const operation =
      String(headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    return JSON.stringify(answers[operation]?.(input) ?? {});
  };

  const server = createServer(async (request, response) => {
    const body = answerTo(request, await text(request));
    if (answerMs > 0) await setTimeout(answerMs);
    response.writeHead(200, { 'content-type': body === 'ok' ? 'text/html' : 'application/x-amz-json-1.0' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const daemon = createSocket('udp4');
  await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));

  return {
    url: origin,
    traces: `127.0.0.1:${daemon.address().port}`,
    posts: () => posts,
    close: async () => {
      daemon.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
