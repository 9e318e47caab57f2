import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, it } from 'vitest';
import type { Pipeline } from '../../local/pipeline.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent } from '../builders.ts';
import { run } from '../cli/capture-io.ts';
import { clientSettings } from './aws/sdk-clients.ts';

let pipeline: Pipeline;
afterEach(() => pipeline?.stop());

const until = (what: () => unknown, is: unknown) => expect.poll(what).toEqual(is);

it('a channel that is gone is repaired as on AWS, and the page follows', async () => {
  pipeline = await startPipeline({ context: {}, page: false });
  const { aws, slack } = pipeline.urls;
  pipeline.slack.set('channel_not_found');
  await pipeline.putEvent(anEvent({ detail: { eventID: 'lost-1' } }));
  await until(() => pipeline.state().deadLettered, 1);
  expect(pipeline.state().deadLetters).toEqual([
    { eventId: 'lost-1', operation: 'StopFlow', reason: expect.stringContaining('channel_not_found') },
  ]);

  pipeline.slack.set('ok');
  const secrets = new SecretsManagerClient(clientSettings(aws));
  const SecretId = pipeline.model.outputs.SlackSecretArn;
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify({ default: slack }) }));
  secrets.destroy();
  const { code, err } = await run(['redrive', '--region', 'eu-west-1', '--endpoint-url', aws]);
  expect({ code, err }).toEqual({ code: 0, err: [] });
  await until(() => pipeline.messages().length, 1);
  await until(() => pipeline.messages()[0]?.events.map(({ eventId }) => eventId), ['lost-1']);
  expect(pipeline.state()).toMatchObject({ deadLettered: 0, deadLetters: [] });
});

it('what Slack refuses is held until a time that is known, and reported at once when asked', async () => {
  // What is hidden stays so for ten times as long: by itself the call would come most of a minute later.
  pipeline = await startPipeline({ context: {}, page: false, clockFactor: 0.1 });
  const immediate = () => pipeline.state().queues.find(({ name }) => name === 'immediate');
  pipeline.slack.set('500');
  await pipeline.putEvent(anEvent());
  await until(() => immediate()?.held, 1);
  const nextTryAtMs = Number(immediate()?.nextTryAtMs);
  pipeline.slack.set('ok');
  expect(await pipeline.tryNow()).toBe(1);
  await until(() => pipeline.messages().length, 1);
  expect(pipeline.messages()[0]?.postedAtMs).toBeLessThan(nextTryAtMs);
  await until(() => immediate(), { name: 'immediate', waiting: 0, inFlight: 0, held: 0 });
});
