import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../../local/aws/gateway.ts';
import { createStackService } from '../../../local/aws/stack-service.ts';
import { readTemplate } from '../../../local/template/read-template.ts';
import { aStackEnvironment } from '../a-stack-environment.ts';
import { aTemplate } from '../a-template.ts';
import { clientSettings } from './sdk-clients.ts';

let door: Gateway;
let cloudFormation: CloudFormationClient;
let lambda: LambdaClient;

beforeAll(async () => {
  door = await startGateway({ port: 0 });
  const template = {
    ...aTemplate(),
    Outputs: {
      EventSourceMappingId: { Value: { Ref: 'Mapping' } },
      Odd: { Value: 'a <b> & c' },
    },
  };
  const model = readTemplate(template, aStackEnvironment(), '/assembly');
  door.serve(createStackService({ stackName: 'Stack', model, createdAtMs: Date.parse('2026-11-22T20:00:00Z') }));
  cloudFormation = new CloudFormationClient(clientSettings(door.url));
  lambda = new LambdaClient(clientSettings(door.url));
});
afterAll(() => door.close());

describe('the stack on one machine', () => {
  it('has the outputs of its template', async () => {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'Stack' }));
    expect(
      Stacks.map(({ StackName, StackStatus, CreationTime, Outputs }) => ({
        StackName,
        StackStatus,
        CreationTime,
        Outputs,
      })),
    ).toEqual([
      {
        StackName: 'Stack',
        StackStatus: 'CREATE_COMPLETE',
        CreationTime: new Date('2026-11-22T20:00:00Z'),
        Outputs: [
          { OutputKey: 'EventSourceMappingId', OutputValue: 'Stack-Mapping' },
          { OutputKey: 'Odd', OutputValue: 'a <b> & c' },
        ],
      },
    ]);
  });

  it('says how Lambda reads its queue', async () => {
    const { $metadata: _, ...mapping } = await lambda.send(new GetEventSourceMappingCommand({ UUID: 'Stack-Mapping' }));
    expect(mapping).toEqual({
      UUID: 'Stack-Mapping',
      EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:Stack-Queue',
      FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:Stack-Notifier',
      State: 'Enabled',
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('says what a function is', async () => {
    const { FunctionName, State, Environment } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'Stack-Notifier' }),
    );
    expect({ FunctionName, State, Environment }).toEqual({
      FunctionName: 'Stack-Notifier',
      State: 'Active',
      Environment: { Variables: { QUEUE_URL: 'http://127.0.0.1:4566/000000000000/Stack-Queue' } },
    });
  });

  it.each([
    [
      'another stack',
      () => cloudFormation.send(new DescribeStacksCommand({ StackName: 'Other' })),
      /^Stack with id Other does not exist$/,
    ],
    ['another mapping', () => lambda.send(new GetEventSourceMappingCommand({ UUID: 'other' })), /does not exist/],
    [
      'another function',
      () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'other' })),
      /^Function not found: other$/,
    ],
    [
      'deleting the stack',
      () => cloudFormation.send(new DeleteStackCommand({ StackName: 'Stack' })),
      /^DeleteStack is not served/,
    ],
    [
      'deleting the mapping',
      () => lambda.send(new DeleteEventSourceMappingCommand({ UUID: 'Stack-Mapping' })),
      /^DELETE .* is not served/,
    ],
  ])('refuses %s', async (_what, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});
