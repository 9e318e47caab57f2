import { awsError, type Service } from './aws-client.ts';
import type { Chance } from './chance.ts';
import type { Setup } from './workload.ts';

/** The secret with the webhook URLs, and which of them Slack knows. */
export interface Secret {
  readonly service: Service;
  /** A webhook that posts are taken at, now. */
  readonly isWebhook: (url: string) => boolean;
  /** The place of a webhook, exchanged or not. */
  readonly placeOf: (url: string) => number;
  /** The URLs that the secret has now, by their place. */
  readonly urls: () => readonly string[];
  /** Makes a new webhook at a place and writes it into the secret; the old one still works. Gives the old URL. */
  readonly exchange: (place: number) => string;
  /** Slack takes nothing at a webhook any more. */
  readonly revoke: (url: string) => void;
}

/**
 * Secrets Manager with one secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function createSecret(secretId: string, setup: Setup, chance: Chance): Secret {
  const count = 1 + Math.max(...Object.values(setup.webhookOf));
  const placeOfUrl = new Map<string, number>();
  const working = new Set<string>();

  function create(place: number): string {
    const url = `https://hooks.slack.com/services/T0000000/B${place}/${Math.floor(chance.draw() * 1e9).toString(36)}`;
    placeOfUrl.set(url, place);
    working.add(url);
    return url;
  }

  const urls = Array.from({ length: count }, (_, place) => create(place));

  const text = (): string =>
    setup.isOneUrl
      ? (urls[0] ?? '')
      : JSON.stringify(
          Object.fromEntries(Object.entries(setup.webhookOf).map(([channel, place]) => [channel, urls[place]])),
        );

  return {
    isWebhook: (url) => working.has(url),
    placeOf: (url) => placeOfUrl.get(url) ?? 0,
    urls: () => urls,
    exchange(place) {
      const old = urls[place] ?? '';
      urls[place] = create(place);
      return old;
    },
    revoke: (url) => working.delete(url),
    service: {
      name: 'secret',
      throttling: 'ThrottlingException',
      execute({ operation, input }, _process, answer) {
        if (operation !== 'GetSecretValue') throw new TypeError(`not imitated: ${operation}`);
        if (input.SecretId !== secretId) {
          answer({ kind: 'error', error: awsError('ResourceNotFoundException') });
          return;
        }
        answer({ kind: 'value', value: { SecretString: text(), VersionStages: ['AWSCURRENT'] } });
      },
    },
  };
}
