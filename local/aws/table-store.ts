import { Agent, request as httpRequest } from 'node:http';
import dynalite from 'dynalite';
import type { TableModel } from '../template/stack-model.ts';
import type { AwsRequest, AwsResponse, AwsService } from './aws-service.ts';
import { LOOPBACK, listen } from './listen.ts';

/** DynamoDB on one machine. */
export interface TableStore extends AwsService {
  createTable(table: TableModel): Promise<void>;
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

/** Starts DynamoDB's stand-in; with `dataDir` the tables survive a restart. */
export async function startTableStore({ dataDir }: { readonly dataDir: string | undefined }): Promise<TableStore> {
  const server = dynalite({ createTableMs: 0, ...(dataDir !== undefined && { path: dataDir }) });
  const port = await listen(server, 0, '--data');
  const agent = new Agent({ keepAlive: true });

  const forward = ({ headers, body }: Pick<AwsRequest, 'headers' | 'body'>): Promise<AwsResponse> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest({ host: LOOPBACK, port, agent, method: 'POST', path: '/', headers }, (response) => {
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

  return {
    targetPrefix: TARGET_PREFIX,
    operations: OPERATIONS.map((name) => `${TARGET_PREFIX}.${name}`),
    answer: forward,
    async createTable({ name, keySchema, attributeDefinitions }) {
      const body = Buffer.from(
        JSON.stringify({
          TableName: name,
          KeySchema: keySchema,
          AttributeDefinitions: attributeDefinitions,
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
      const { status, body: answer } = await forward({
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'content-length': String(body.length),
          'x-amz-target': `${TARGET_PREFIX}.CreateTable`,
          'x-amz-date': '20260101T000000Z',
          authorization: SIGNATURE,
        },
        body,
      });
      // A data directory brings the table of the last time with it.
      if (status !== 200 && !answer.toString().includes('ResourceInUseException')) {
        throw new Error(`table ${name} could not be made: ${answer.toString()}`);
      }
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
