import { AwsError, notServed } from './aws-error.ts';
import type { AwsRequest, AwsResponse, AwsService } from './aws-service.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

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
