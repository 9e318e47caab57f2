/**
 * Settings of every SDK client. The SDK's own default is to wait for an answer for ever, which in a function that tells
 * operators within seconds is the same as no answer.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 },
};

/** Lets X-Ray see a client's calls. */
export type CaptureClient = <Client extends object>(client: Client) => Client;
