import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../../local/aws/gateway.ts';
import { createSecretService } from '../../../local/aws/secret-service.ts';
import { startTableStore, type TableStore } from '../../../local/aws/table-store.ts';
import { clientSettings } from './sdk-clients.ts';

const TABLE = {
  name: 'Ledger',
  keySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  attributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
};

let door: Gateway;
let tables: TableStore;

beforeAll(async () => {
  door = await startGateway({ port: 0 });
  tables = await startTableStore({ dataDir: undefined });
  door.serve(tables);
  door.serve(
    createSecretService({
      secretIds: new Set(['arn:secret']),
      secretFor: (key, put) => put ?? `for ${key ?? 'nobody'}`,
      newId: () => 'v1',
    }),
  );
});
afterAll(async () => {
  await door.close();
  await tables.close();
});

it('keeps items of a table of the template, also when it is there already', async () => {
  await tables.createTable(TABLE);
  await tables.createTable(TABLE);
  const client = new DynamoDBClient(clientSettings(door.url));
  const put = { TableName: 'Ledger', Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' };
  await client.send(new PutItemCommand(put));
  const again = client.send(new PutItemCommand(put));
  await expect(again).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect((await client.send(new GetItemCommand({ TableName: 'Ledger', Key: { pk: { S: 'a' } } }))).Item).toEqual({
    pk: { S: 'a' },
  });
});

it('refuses an expression of more than 4 KB, as DynamoDB does', async () => {
  await tables.createTable(TABLE);
  const client = new DynamoDBClient(clientSettings(door.url));
  const update = (bytes: number) =>
    client.send(
      new UpdateItemCommand({
        TableName: 'Ledger',
        Key: { pk: { S: 'long' } },
        UpdateExpression: 'SET a = :a'.padEnd(bytes),
        // What the values hold is not counted.
        ExpressionAttributeValues: { ':a': { S: 'x'.repeat(5000) } },
      }),
    );
  await expect(update(4097)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Invalid UpdateExpression: Expression size has exceeded the maximum allowed size; expression size: 4097',
  });
  await update(4096);
});

it('answers what it was asked before it closes, and nothing after', async () => {
  const closing = await startTableStore({ dataDir: undefined });
  await closing.createTable(TABLE);
  const put = (pk: string) => closing.call('PutItem', { TableName: 'Ledger', Item: { pk: { S: pk } } });
  const asked = Array.from({ length: 50 }, (_, index) => put(String(index)));
  await closing.close();
  expect(await Promise.all(asked)).toEqual(asked.map(() => ({})));
  await expect(put('late')).rejects.toThrow('the tables are closed');
});

describe('the secret', () => {
  const TOKEN = 'v2'.padEnd(32, '0');
  const client = () => new SecretsManagerClient(clientSettings(door.url));

  it('is given to each process by its access key', async () => {
    const { SecretString } = await client().send(new GetSecretValueCommand({ SecretId: 'arn:secret' }));
    expect(SecretString).toBe('for test');
  });

  it.each([
    { SecretId: 'other' },
    { SecretId: 'arn:secret', VersionStage: 'AWSPREVIOUS' },
    { SecretId: 'arn:secret', VersionId: 'b'.repeat(32) },
  ])('is not found as %j', async (input) => {
    await expect(client().send(new GetSecretValueCommand(input))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('is what was put last', async () => {
    const put = new PutSecretValueCommand({
      SecretId: 'arn:secret',
      SecretString: 'another',
      ClientRequestToken: TOKEN,
    });
    const { VersionId } = await client().send(put);
    const get = async (of: object) => {
      const got = await client().send(new GetSecretValueCommand({ SecretId: 'arn:secret', ...of }));
      return [got.VersionId, got.SecretString];
    };
    // Asked for by its version, and put once more because an answer got lost.
    await client().send(put);
    expect([VersionId, await get({}), await get({ VersionId })]).toEqual([
      TOKEN,
      [TOKEN, 'another'],
      [TOKEN, 'another'],
    ]);
  });

  it.each([
    [{ SecretId: 'other', SecretString: 'x' }, 'ResourceNotFoundException'],
    [{ SecretId: 'arn:secret' }, 'InvalidParameterException'],
    [{ SecretId: 'arn:secret', SecretString: 'x'.repeat(65_537) }, 'InvalidParameterException'],
    [{ SecretId: 'arn:secret', SecretString: 'é'.repeat(32_769) }, 'InvalidParameterException'],
    [{ SecretId: 'arn:secret', SecretString: 'x', SecretBinary: Buffer.from('x') }, 'InvalidParameterException'],
    [{ SecretId: 'arn:secret', SecretString: 'x', ClientRequestToken: 'short' }, 'ValidationException'],
    [{ SecretId: 'arn:secret', SecretString: 'not another', ClientRequestToken: TOKEN }, 'ResourceExistsException'],
  ])('is not put as %j', async (input, name) => {
    await expect(client().send(new PutSecretValueCommand(input))).rejects.toMatchObject({ name });
  });

  it('is the only thing that Secrets Manager serves', async () => {
    await expect(client().send(new ListSecretsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
