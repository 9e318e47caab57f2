/**
 * Settings of every SDK client. The SDK's own default is to wait for an answer for ever (and only to warn after
 * `requestTimeout`), which in a function that tells operators within seconds is the same as no answer.
 */
export const clientSettings = (requestTimeout = 5000, maxAttempts = 3) => ({
  maxAttempts,
  requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
});

/** Lets X-Ray see a client's calls. */
export type CaptureClient = <Client extends object>(client: Client) => Client;
