import type { JsonObject } from '../../shared/call/json.ts';

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

export const aRuleResource = (changes: JsonObject = {}) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: 'changes',
    State: 'ENABLED',
    EventPattern: { source: ['aws.mediaconnect'] },
    Targets: [
      {
        Id: 'Queue',
        Arn: arnOf('Queue'),
        InputTransformer: {
          InputTemplate:
            '{"rule":"changes","channel":"default","ingestionTime":<aws.events.event.ingestion-time>,"event":<aws.events.event.json>}',
        },
        DeadLetterConfig: { Arn: arnOf('DeadLetters') },
      },
    ],
    ...changes,
  },
});

export const aFunctionResource = (changes: JsonObject = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: 'assets', S3Key: 'abc123.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 120,
    MemorySize: 512,
    Environment: { Variables: { QUEUE_URL: { Ref: 'Queue' } } },
    ...changes,
  },
});

export const aMappingResource = (changes: JsonObject = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: { Ref: 'Notifier' },
    EventSourceArn: arnOf('Queue'),
    BatchSize: 500,
    MaximumBatchingWindowInSeconds: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
    ...changes,
  },
});

/** A small template of the same shape as the real one; `resources` replace or add. */
export const aTemplate = (resources: JsonObject = {}) => ({
  Resources: {
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 721,
        MessageRetentionPeriod: 1_209_600,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 3 },
      },
    },
    DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
    Rule: aRuleResource(),
    Notifier: aFunctionResource(),
    Mapping: aMappingResource(),
    ...resources,
  },
});
