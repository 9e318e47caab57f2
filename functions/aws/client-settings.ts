/**
 * To connect takes milliseconds; this is for a process that is busy itself, such as one that just started: it would
 * otherwise take its own slowness for an outage.
 */
const CONNECTION_TIMEOUT_MS = 3000;

/**
 * Settings of every SDK client. The SDK's own default is to wait for an answer for ever (and only to warn after
 * `requestTimeout`), which in a function that tells operators within seconds is the same as no answer.
 */
export const clientSettings = (requestTimeout = 5000, maxAttempts = 3) => ({
  maxAttempts,
  requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout, throwOnRequestTimeout: true },
});

/** Lets X-Ray see a client's calls. */
export type CaptureClient = <Client extends object>(client: Client) => Client;
