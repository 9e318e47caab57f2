import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Outside, ReadSecret } from '../ports.ts';
import { type CaptureClient, type ClientLimits, clientSettings, limitCalls } from './client.ts';

const LIMITS: ClientLimits = { requestTimeoutMs: 1500, callTimeoutMs: 3000, maxAttempts: 2, silentForMs: 3000 };

/**
 * Reads the secret from Secrets Manager. The cache is the webhook source's own: it goes on serving the last good URLs
 * while a fresh read is tried, which Powertools' parameters cannot.
 */
export function createReadSecret(
  secretId: string,
  captureClient: CaptureClient,
  outside: Pick<Outside, 'timeLimit' | 'now'>,
): ReadSecret {
  const client = limitCalls(captureClient(new SecretsManagerClient(clientSettings(LIMITS))), LIMITS, outside);
  return async () => (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString;
}
