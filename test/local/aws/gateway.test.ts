import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { startGateway } from '../../../local/aws/gateway.ts';
import { createJsonService } from '../../../local/aws/service.ts';
import { clientSettings } from './sdk-clients.ts';

it('says in one line that its port is taken', async () => {
  const door = await startGateway({ port: 0 });
  const port = Number(new URL(door.url).port);
  await expect(startGateway({ port })).rejects.toMatchObject({
    name: 'PortError',
    message: `port ${port} is taken; choose another with --aws-port`,
  });
  await door.close();
});

it('asks whoever comes early to come again, which clients do by themselves', async () => {
  const door = await startGateway({ port: 0 });
  const answers: (number | undefined)[] = [];
  const client = new EventBridgeClient({ ...clientSettings(door.url), maxAttempts: 2 });
  client.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next(request);
      answers.push((answer.response as { readonly statusCode?: number }).statusCode);
      if (answers.length === 1) {
        door.serve(createJsonService('AWSEvents', new Map([['ListRules', async () => ({ Rules: [] })]])));
      }
      return answer;
    },
    { step: 'deserialize', priority: 'low' },
  );
  expect((await client.send(new ListRulesCommand({}))).Rules).toEqual([]);
  expect(answers).toEqual([503, 200]);
  client.destroy();
  await door.close();
});
