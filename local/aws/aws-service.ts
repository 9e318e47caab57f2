import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

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

/** A service behind the front door. */
export interface AwsService {
  /** What stands before the dot of `X-Amz-Target`, e.g. `AWSEvents`. */
  readonly targetPrefix: string;
  /** For the message that names what is there. */
  readonly operations: readonly string[];
  /** @throws AwsError */
  answer(request: AwsRequest): Promise<AwsResponse>;
}
