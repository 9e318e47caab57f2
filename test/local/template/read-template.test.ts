import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../local/template/read-template.ts';
import { aStackEnvironment } from '../a-stack-environment.ts';
import { aFunctionResource, aMappingResource, aRuleResource, aTemplate } from '../a-template.ts';

const read = (template: unknown) => readTemplate(template, aStackEnvironment(), '/assembly');

describe('a template that can be run', () => {
  const model = read(aTemplate());

  it('gives queues with their attributes in the words of SQS', () => {
    expect(model.queues[0]).toEqual({
      logicalId: 'Queue',
      name: 'Stack-Queue',
      arn: 'arn:aws:sqs:eu-west-1:000000000000:Stack-Queue',
      url: 'http://127.0.0.1:4566/000000000000/Stack-Queue',
      attributes: {
        VisibilityTimeout: '721',
        DelaySeconds: '0',
        MaximumMessageSize: '1048576',
        MessageRetentionPeriod: '1209600',
        ReceiveMessageWaitTimeSeconds: '0',
        RedrivePolicy:
          '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:Stack-DeadLetters","maxReceiveCount":3}',
      },
    });
  });

  it('gives the event source mapping', () => {
    expect(model.mappings).toEqual([
      {
        functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:Stack-Notifier',
        queueArn: 'arn:aws:sqs:eu-west-1:000000000000:Stack-Queue',
        enabled: true,
        batchSize: 500,
        windowMs: 1000,
        maximumConcurrency: 2,
        reportsBatchItemFailures: true,
      },
    ]);
  });

  it('gives functions with the folder of their code and their environment', () => {
    expect(model.functions[0]).toEqual({
      logicalId: 'Notifier',
      name: 'Stack-Notifier',
      arn: 'arn:aws:lambda:eu-west-1:000000000000:function:Stack-Notifier',
      codeDir: '/assembly/asset.abc123',
      handler: 'index.handler',
      timeoutMs: 120_000,
      memoryMegabytes: 512,
      environment: { QUEUE_URL: 'http://127.0.0.1:4566/000000000000/Stack-Queue' },
    });
  });

  it('gives a pattern that is an object, or text, as the text that is deployed', () => {
    const nullText = '{ "source": ["aws.mediaconnect"], "detail": { "errorCode": [null] } }';
    const patterns = [{ source: ['aws.mediaconnect'] }, nullText].map((EventPattern) => {
      const [rule] = read(aTemplate({ Rule: aRuleResource({ EventPattern }) })).rules;
      return rule?.patternText;
    });
    expect(patterns).toEqual(['{"source":["aws.mediaconnect"]}', nullText]);
  });

  it('gives rules with their state and targets', () => {
    const [rule] = model.rules;
    expect([rule?.name, rule?.state, rule?.targets.map(({ arn, deadLetterArn }) => [arn, deadLetterArn])]).toEqual([
      'changes',
      'ENABLED',
      [['arn:aws:sqs:eu-west-1:000000000000:Stack-Queue', 'arn:aws:sqs:eu-west-1:000000000000:Stack-DeadLetters']],
    ]);
  });
});

describe('a template that is refused', () => {
  it.each([
    [
      'a resource nobody plays',
      { Machine: { Type: 'AWS::StepFunctions::StateMachine' } },
      'Machine: AWS::StepFunctions::StateMachine is not imitated',
    ],
    [
      'a queue of another kind',
      { Fifo: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } },
      'Fifo (AWS::SQS::Queue) is not imitated as it stands',
    ],
    ...Object.entries({
      VisibilityTimeout: 43_201,
      DelaySeconds: 901,
      MaximumMessageSize: 1_048_577,
      MessageRetentionPeriod: 1_209_601,
      ReceiveMessageWaitTimeSeconds: 21,
      RedrivePolicy: { deadLetterTargetArn: 'arn', maxReceiveCount: 1_001 },
    }).map(([name, value]): [string, Readonly<Record<string, unknown>>, string] => [
      `a queue whose ${name} is more than SQS takes`,
      { Odd: { Type: 'AWS::SQS::Queue', Properties: { [name]: value } } },
      'Odd (AWS::SQS::Queue) is not imitated as it stands',
    ]),
    [
      'a rule on another bus',
      { Rule: aRuleResource({ EventBusName: 'custom' }) },
      'Rule (AWS::Events::Rule) is not imitated as it stands',
    ],
    [
      'a state that does not exist',
      { Rule: aRuleResource({ State: 'ON' }) },
      'Rule (AWS::Events::Rule) is not imitated as it stands',
    ],
    [
      'a target without an input template',
      { Rule: aRuleResource({ Targets: [{ Id: 'Q', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] }) },
      'Rule: a target that is not a queue with an input template is not imitated',
    ],
    [
      'paths in an input transformer',
      {
        Rule: aRuleResource({
          Targets: [
            {
              Id: 'Q',
              Arn: 'arn:aws:sqs:eu-west-1:0:q',
              InputTransformer: { InputTemplate: '{}', InputPathsMap: { a: '$.detail' } },
            },
          ],
        }),
      },
      'Rule (AWS::Events::Rule) is not imitated as it stands',
    ],
    [
      'a pattern that EventBridge refuses',
      { Rule: aRuleResource({ EventPattern: { source: 'aws.mediaconnect' } }) },
      'Event pattern is not valid.',
    ],
    [
      'an archive whose pattern is text',
      {
        Archive: {
          Type: 'AWS::Events::Archive',
          Properties: { EventPattern: '{"source":["a"]}', SourceArn: 'arn:aws:events:eu-west-1:0:event-bus/default' },
        },
      },
      'Archive (AWS::Events::Archive) is not imitated as it stands',
    ],
    [
      'a function of another runtime',
      { Notifier: aFunctionResource({ Runtime: 'python3.13' }) },
      'Notifier (AWS::Lambda::Function) is not imitated as it stands',
    ],
    [
      'code in the template itself',
      { Notifier: aFunctionResource({ Code: { ZipFile: 'x' } }) },
      'Notifier (AWS::Lambda::Function) is not imitated as it stands',
    ],
    [
      'a large batch that nobody waits for',
      { Mapping: aMappingResource({ BatchSize: 11, MaximumBatchingWindowInSeconds: 0 }) },
      'Mapping: Lambda would refuse it: a batch size of 11 needs a batching window of at least a second',
    ],
    [
      'a batch that is too large',
      { Mapping: aMappingResource({ BatchSize: 10_001 }) },
      'Mapping: Lambda would refuse it: its batch size is 10001, 1 to 10000 are allowed',
    ],
    [
      'a window that is too long',
      { Mapping: aMappingResource({ MaximumBatchingWindowInSeconds: 301 }) },
      'Mapping: Lambda would refuse it: its batching window in seconds is 301, 0 to 300 are allowed',
    ],
    [
      'a concurrency that is too low',
      { Mapping: aMappingResource({ ScalingConfig: { MaximumConcurrency: 1 } }) },
      'Mapping: Lambda would refuse it: its maximum concurrency is 1, 2 to 1000 are allowed',
    ],
    [
      'a function that may take longer than its records are hidden',
      { Notifier: aFunctionResource({ Timeout: 722 }) },
      "Mapping: Lambda would refuse it: its queue's visibility timeout of 721 s is less than its function's timeout of 722 s",
    ],
    [
      'a mapping of a queue from elsewhere',
      { Mapping: aMappingResource({ EventSourceArn: 'arn:aws:sqs:eu-west-1:0:elsewhere' }) },
      'Mapping: Lambda would refuse it: its queue or its function is not in the template',
    ],
  ])('for %s', (_, resources, message) => {
    expect(() => read(aTemplate(resources))).toThrow(message);
  });

  it.each([
    [10, 0],
    [10_000, 1],
  ])('but not for a batch of %i with a window of %i s', (BatchSize, MaximumBatchingWindowInSeconds) => {
    const Mapping = aMappingResource({ BatchSize, MaximumBatchingWindowInSeconds });
    expect(read(aTemplate({ Mapping })).mappings[0]).toMatchObject({
      batchSize: BatchSize,
      windowMs: MaximumBatchingWindowInSeconds * 1000,
    });
  });
});
