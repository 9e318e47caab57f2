import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import dynalite from 'dynalite';
import type { JsonObject } from '../../shared/call/json.ts';
import type { TableModel } from '../template/stack-model.ts';
import { AwsError, type AwsRequest, type AwsResponse, type AwsService } from './service.ts';

/** DynamoDB on one machine. */
export interface TableStore extends AwsService {
  /** Makes a table, unless the data directory brought it along. */
  createTable(table: TableModel): Promise<'new' | 'kept'>;
  /** Asks as a client would. @throws when it is refused */
  call(operation: string, input: object): Promise<JsonObject>;
  close(): Promise<void>;
}

const TARGET_PREFIX = 'DynamoDB_20120810';
const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
] as const;

/** dynalite asks for the form of a signature, and checks nothing in it. */
const SIGNATURE =
  'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=local';

const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
] as const;
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MOST_EXPRESSION_BYTES = 4096;

/** dynalite takes expressions of any length. */
function checkExpressions(body: Buffer): void {
  if (body.length <= MOST_EXPRESSION_BYTES) return;
  const input = JSON.parse(body.toString('utf8')) as JsonObject;
  for (const name of EXPRESSIONS) {
    const bytes = Buffer.byteLength(String(input[name] ?? ''));
    if (bytes > MOST_EXPRESSION_BYTES) {
      const reason = `Expression size has exceeded the maximum allowed size; expression size: ${bytes}`;
      throw new AwsError('ValidationException', `Invalid ${name}: ${reason}`);
    }
  }
}

interface Socket {
  readonly path: string;
  remove(): Promise<void>;
}

/** A socket that no browser can reach, in a folder that nobody else on this machine can open. */
async function createSocket(): Promise<Socket> {
  // No page can open a pipe, and no one has to know its name.
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\${randomUUID()}`, remove: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'notifier-'));
  return { path: join(folder, 'tables'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Starts DynamoDB's stand-in; with `dataDir` the tables survive a restart. It has no port: dynalite answers every
 * origin, so only the gateway, which does not, may be asked from outside.
 */
export async function startTableStore({ dataDir }: { readonly dataDir: string | undefined }): Promise<TableStore> {
  // In memory dynalite keeps each item in small buffers, and each would hold the whole 64 KB that Node cut it from.
  if (dataDir === undefined) Buffer.poolSize = 0;
  const server = dynalite({ createTableMs: 0, ...(dataDir !== undefined && { path: dataDir }) });
  // A client that uses a connection in the moment in which it is closed for idleness gets a reset.
  server.keepAliveTimeout = 0;
  const socket = await createSocket();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket.path, resolve);
  });
  const agent = new Agent({ keepAlive: true });
  const underWay = new Set<Promise<AwsResponse>>();
  let isClosed = false;

  const ask = ({ headers, body }: Pick<AwsRequest, 'headers' | 'body'>): Promise<AwsResponse> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest({ socketPath: socket.path, agent, method: 'POST', path: '/', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { 'content-length': _, connection: __, ...kept } = response.headers;
          resolve({ status: response.statusCode ?? 500, headers: kept, body: Buffer.concat(chunks) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });

  function forward(request: Pick<AwsRequest, 'headers' | 'body'>): Promise<AwsResponse> {
    if (isClosed) return Promise.reject(new Error('the tables are closed'));
    const answer = ask(request);
    underWay.add(answer);
    const ended = (): void => void underWay.delete(answer);
    answer.then(ended, ended);
    return answer;
  }

  async function call(operation: string, input: object): Promise<JsonObject> {
    const body = Buffer.from(JSON.stringify(input));
    const { status, body: answer } = await forward({
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': String(body.length),
        'x-amz-target': `${TARGET_PREFIX}.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization: SIGNATURE,
      },
      body,
    });
    if (status !== 200) throw new Error(`${operation} was refused: ${answer.toString()}`);
    return JSON.parse(answer.toString()) as JsonObject;
  }

  return {
    targetPrefix: TARGET_PREFIX,
    operations: OPERATIONS.map((name) => `${TARGET_PREFIX}.${name}`),
    async answer(request) {
      checkExpressions(request.body);
      return forward(request);
    },
    call,
    async createTable({ name, keySchema, attributeDefinitions }) {
      try {
        await call('CreateTable', {
          TableName: name,
          KeySchema: keySchema,
          AttributeDefinitions: attributeDefinitions,
          BillingMode: 'PAY_PER_REQUEST',
        });
        return 'new';
      } catch (error) {
        if (!(error instanceof Error && error.message.includes('ResourceInUseException'))) throw error;
        return 'kept';
      }
    },
    async close() {
      isClosed = true;
      // dynalite throws where nobody can catch it when its database is closed while it still works on a request.
      await Promise.allSettled(underWay);
      await new Promise<void>((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await socket.remove();
    },
  };
}
