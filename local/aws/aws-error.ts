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
