import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
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

it.each<[what: string, headers: Readonly<Record<string, string>>, status: number]>([
  ['a program', {}, 200],
  ['a program that says localhost', { host: 'localhost' }, 200],
  ['a name that was made to point here', { host: 'rebound.example' }, 403],
  ['a page of another origin', { origin: 'https://evil.example' }, 403],
  ['a page without an origin', { origin: 'null' }, 403],
  ['a page of ours, which has no business there', { origin: 'http://127.0.0.1:3000' }, 403],
  ['what a browser marks as of another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['what a browser marks as of its own site', { 'sec-fetch-site': 'same-origin' }, 403],
])('answers programs, and no page in a browser: %s', async (_, headers, status) => {
  const gateway = await startGateway({ port: 0 });
  const asked: unknown[] = [];
  const answer = async () => ({ Rules: asked.push('') && [] });
  gateway.serve(createJsonService('AWSEvents', new Map([['ListRules', answer]])));
  const outgoing = request(gateway.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'AWSEvents.ListRules', ...headers },
  }).end('{}');
  const [response]: IncomingMessage[] = await once(outgoing, 'response');
  expect([response?.statusCode, asked.length]).toEqual([status, status === 200 ? 1 : 0]);
  await gateway.close();
});
