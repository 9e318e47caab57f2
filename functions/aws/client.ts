import type { Outside } from '../ports.ts';

/**
 * To connect takes milliseconds; this is for a process that is busy itself, such as one that just started: it would
 * otherwise take its own slowness for an outage.
 */
const CONNECTION_TIMEOUT_MS = 3000;

export interface ClientLimits {
  /** How long one answer may take. */
  readonly requestTimeoutMs: number;
  /** How long a call may take, its retries included. */
  readonly callTimeoutMs: number;
  readonly maxAttempts: number;
  /** How long a service that did not answer is not asked again. */
  readonly silentForMs: number;
}

/**
 * Settings of an SDK client. The SDK's own default is to wait for an answer for ever (and only to warn after
 * `requestTimeout`), which in a function that notifies operators within seconds is the same as no answer.
 */
export const clientSettings = ({
  requestTimeoutMs,
  maxAttempts,
}: Pick<ClientLimits, 'requestTimeoutMs' | 'maxAttempts'>) => ({
  maxAttempts,
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
  },
});

/** Lets X-Ray see a client's calls; a simulation answers them instead. */
export type CaptureClient = <Client extends object>(client: Client) => Client;

type Send = (command: unknown, options?: { readonly abortSignal?: AbortSignal }) => Promise<unknown>;

/** A service did not answer a moment ago, and is not asked again just now. */
class SilentServiceError extends Error {
  override readonly name = 'SilentServiceError';
}

/** The SDK calls a connection that broke a timeout too; that costs no time, and the next request may well get through. */
const isBroken = (error: Error): boolean => 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');

const isSilence = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError') && !isBroken(error);

/**
 * Every call of the client ends after `callTimeoutMs`, whatever the SDK makes of its own timeouts; and a service that
 * did not answer is not asked for `silentForMs`, so that it costs an invocation one wait and not one for each call.
 */
export function limitCalls<Client extends object>(
  client: Client,
  { callTimeoutMs, silentForMs }: ClientLimits,
  { timeLimit, now }: Pick<Outside, 'timeLimit' | 'now'>,
): Client {
  const { send } = client as unknown as { readonly send: Send };
  let silentUntilMs = Number.NEGATIVE_INFINITY;
  const limited: Send = async (command, options) => {
    if (now() < silentUntilMs) throw new SilentServiceError('the service did not answer just now');
    try {
      return await send.call(client, command, { ...options, abortSignal: timeLimit(callTimeoutMs) });
    } catch (error) {
      if (isSilence(error)) silentUntilMs = now() + silentForMs;
      throw error;
    }
  };
  return Object.assign(client, { send: limited });
}
