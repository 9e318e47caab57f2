import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultProvider } from '../../../functions/stand-ins/credential-provider-node.ts';

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

it('takes the credentials that Lambda puts into the environment', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  expect(await defaultProvider()()).toMatchObject({
    accessKeyId: 'AKIAEXAMPLE',
    secretAccessKey: 'example',
    sessionToken: 'token',
  });
});

it('looks nowhere else', async () => {
  await expect(defaultProvider()()).rejects.toThrow('environment');
});
