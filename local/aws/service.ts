import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { JsonObject } from '../../shared/call/json.ts';

/** A refusal in the words of AWS: its error name, its message. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** AWS's name of the error, e.g. `ResourceNotFoundException`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, { status = 400, cause }: { status?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
    this.status = status;
  }
}

/** One member of a request breaks a constraint of the service's model. */
export const validationError = (value: string, member: string, constraint: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`,
  );

export const notServed = (operation: string, served: readonly string[]): AwsError =>
  new AwsError(
    'UnknownOperationException',
    `${operation === '' ? 'A request without X-Amz-Target' : operation} is not served on one machine. Served are: ${served.join(', ')}.`,
  );

/** Works out one operation; headers are added to the answer where there is something to say beside it. */
export type Operation = (
  input: JsonObject,
  request: AwsRequest,
) => Promise<JsonObject | { readonly output: JsonObject; readonly headers: Readonly<Record<string, string>> }>;

const JSON_1_1 = 'application/x-amz-json-1.1';

function parseInput({ body }: AwsRequest): JsonObject {
  let input: unknown;
  try {
    input = JSON.parse(body.length === 0 ? '{}' : body.toString('utf8'));
  } catch (cause) {
    throw new AwsError('SerializationException', 'the request is not JSON', { cause });
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new AwsError('SerializationException', 'the request is not a JSON object');
  }
  return input as JsonObject;
}

const isWithHeaders = (
  result: JsonObject,
): result is { readonly output: JsonObject; readonly headers: Readonly<Record<string, string>> } => 'headers' in result;

/** A service of our own that speaks AWS JSON 1.1. */
export function createJsonService(targetPrefix: string, operations: ReadonlyMap<string, Operation>): AwsService {
  const names = [...operations.keys()].map((name) => `${targetPrefix}.${name}`);
  return {
    targetPrefix,
    operations: names,
    async answer(request: AwsRequest): Promise<AwsResponse> {
      const run = operations.get(request.operation);
      if (run === undefined) throw notServed(`${targetPrefix}.${request.operation}`, names);
      const result = await run(parseInput(request), request);
      const { output, headers } = isWithHeaders(result) ? result : { output: result, headers: {} };
      return { status: 200, headers: { 'content-type': JSON_1_1, ...headers }, body: JSON.stringify(output) };
    },
  };
}

/** One call of an AWS API, as it came in. */
export interface AwsRequest {
  /** Matters to the services that have a path for each resource. */
  readonly method?: string | undefined;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** E.g. `PutEvents`: what stands after the dot of `X-Amz-Target`. */
  readonly operation: string;
  /** Of the signature, which is not checked; tells the functions' processes apart. */
  readonly accessKeyId: string | undefined;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** A service behind the gateway. */
export interface AwsService {
  /** What stands before the dot of `X-Amz-Target`, e.g. `AWSEvents`. */
  readonly targetPrefix: string;
  /** For the message that names what is there. */
  readonly operations: readonly string[];
  /** @throws AwsError */
  answer(request: AwsRequest): Promise<AwsResponse>;
}
