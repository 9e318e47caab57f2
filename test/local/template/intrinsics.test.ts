import { describe, expect, it } from 'vitest';
import { createResolver } from '../../../local/template/intrinsics.ts';
import { TemplateSchema } from '../../../local/template/template.ts';
import { aStackEnvironment } from '../a-stack-environment.ts';

const template = TemplateSchema.parse({
  Parameters: { Stage: { Type: 'String', Default: 'prod' }, Bare: { Type: 'String' } },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    Named: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Secret: { Type: 'AWS::SecretsManager::Secret' },
    Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'changes' } },
    Machine: { Type: 'AWS::StepFunctions::StateMachine' },
  },
});
const resolve = createResolver(template, aStackEnvironment());

describe('what intrinsic functions give on one machine', () => {
  it.each([
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::AccountId' }, '000000000000'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'Stage' }, 'prod'],
    [{ Ref: 'Queue' }, 'http://127.0.0.1:4566/000000000000/Stack-Queue'],
    [{ Ref: 'Named' }, 'http://127.0.0.1:4566/000000000000/orders'],
    [{ Ref: 'Table' }, 'Stack-Table'],
    [{ Ref: 'Secret' }, 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:Stack-Secret-LoCaL1'],
    [{ 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:sqs:eu-west-1:000000000000:orders'],
    [{ 'Fn::GetAtt': 'Rule.Arn' }, 'arn:aws:events:eu-west-1:000000000000:rule/changes'],
    [{ 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 1]] }, 'arn:aws:1'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own syntax
    [{ 'Fn::Sub': 'in ${AWS::Region} at ${Named.QueueName} ${!literal}' }, 'in eu-west-1 at orders ${literal}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own syntax
    [{ 'Fn::Sub': ['${a} and ${Stage}', { a: { Ref: 'Table' } }] }, 'Stack-Table and prod'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b-c'] }] }, 'b'],
    [{ nested: [{ Ref: 'Stage' }, { Ref: 'Stage', other: 1 }] }, { nested: ['prod', { Ref: 'Stage', other: 1 }] }],
    ['text', 'text'],
    [null, null],
  ])('%j is %j', (value, expected) => {
    expect(resolve(value, 'X')).toEqual(expected);
  });
});

describe('what is refused by name', () => {
  it.each([
    [{ Ref: 'Nothing' }, 'X: Nothing is not in the template'],
    [{ Ref: 'Bare' }, 'X: parameter Bare has no default'],
    [{ Ref: 'Machine' }, 'Machine: a reference to AWS::StepFunctions::StateMachine is not imitated'],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, 'X: attribute Colour of Queue is not imitated'],
    [{ a: [{ 'Fn::If': ['C', 1, 2] }] }, 'X.a[0]: Fn::If is not imitated'],
    [{ 'Fn::ImportValue': 'v' }, 'X: Fn::ImportValue is not imitated'],
    [{ 'Fn::Join': ['', [{}]] }, 'X: expected text, found {}'],
  ])('%j', (value, message) => {
    expect(() => resolve(value, 'X')).toThrow(message);
  });
});
