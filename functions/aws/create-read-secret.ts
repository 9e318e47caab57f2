import type { ReadSecret } from '../slack/webhook-source.ts';
import { type CaptureClient, clientSettings } from './client-settings.ts';
import { lazily } from './lazily.ts';

/** A webhook that was exchanged is noticed after this at the latest, and at once when Slack refuses the old one. */
const MAX_AGE_SECONDS = 300;

/** Reads the secret with Powertools' cache in front of Secrets Manager. */
export function createReadSecret(secretId: string, captureClient: CaptureClient): ReadSecret {
  const load = lazily(async () => {
    const [{ SecretsProvider }, { SecretsManagerClient }] = await Promise.all([
      import('@aws-lambda-powertools/parameters/secrets'),
      import('@aws-sdk/client-secrets-manager'),
    ]);
    return new SecretsProvider({ awsSdkV3Client: captureClient(new SecretsManagerClient(clientSettings())) });
  });

  return async ({ fresh }) => {
    const provider = await load();
    const secret = await provider.get(secretId, { maxAge: MAX_AGE_SECONDS, forceFetch: fresh });
    return typeof secret === 'string' ? secret : undefined;
  };
}
