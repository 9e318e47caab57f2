import { describe, expect, it } from 'vitest';
import { createTransform } from '../../../local/template/input-transformer.ts';

const INPUT = {
  event: { id: '1', source: 's', detail: { name: 'a "quoted" <name>' } },
  ingestionTime: '2026-11-22T20:00:05Z',
  ruleName: 'changes',
  ruleArn: 'arn:aws:events:eu-west-1:0:rule/changes',
};

describe('a template with predefined variables', () => {
  it.each([
    ['{"e":<aws.events.event.json>}', { e: INPUT.event }],
    ['{"e":<aws.events.event>}', { e: { id: '1', source: 's' } }],
    ['{"at":<aws.events.event.ingestion-time>}', { at: '2026-11-22T20:00:05Z' }],
    ['{"r":<aws.events.rule-name>,"a":"<aws.events.rule-arn>"}', { r: 'changes', a: INPUT.ruleArn }],
    ['{"said":"rule \\"<aws.events.rule-name>\\" \\u003cb\\u003e"}', { said: 'rule "changes" <b>' }],
    ['"<aws.events.rule-name> fired"', 'changes fired'],
  ])('%s', (template, expected) => {
    expect(JSON.parse(createTransform(template)(INPUT))).toEqual(expected);
  });
});

describe('a template that is refused when it is read', () => {
  it.each([
    ['{"e":<detail>}', 'the variable <detail> is not imitated'],
    ['{"e":<aws.events.event.jso>}', 'the variable <aws.events.event.jso> is not imitated'],
    ['{"e":"<aws.events.event.json>"}', '<aws.events.event.json> must be the value of a field, without quotes'],
    ['{"e":"see <aws.events.event>"}', '<aws.events.event> must be the value of a field, without quotes'],
    ['{"e":', 'does not give JSON'],
    [`"${'x'.repeat(8_191)}"`, 'longer than 8192 characters'],
  ])('%s', (template, message) => {
    expect(() => createTransform(template)).toThrow(message);
  });
});
