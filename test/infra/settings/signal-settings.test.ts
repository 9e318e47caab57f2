import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../infra/rules/compile-rule.ts';
import { functionSettingsText } from '../../../infra/settings/function-settings-text.ts';
import { contextWarnings, readContext } from '../../../infra/settings/read-context.ts';
import { DisplaySettingsSchema } from '../../../shared/notification/notification.ts';

const CHANNELS = { 'notifier:channels': { ops: {} } };

describe('what is said of MediaConnect’s own events', () => {
  it.each([
    ['off', { say: 'off' }],
    ['trouble', { say: 'trouble' }],
    [
      { say: 'all', channel: 'ops' },
      { say: 'all', channel: 'ops' },
    ],
    ['{"say":"trouble","channel":"ops"}', { say: 'trouble', channel: 'ops' }],
  ])('is read from %j', (written, read) => {
    const context = readContext({ ...CHANNELS, 'notifier:outcomes': written, 'notifier:health': written });
    expect([context.outcomes, context.health]).toEqual([read, read]);
  });

  it.each([
    ['notifier:outcomes', 'on', /notifier:outcomes.*off, trouble, all.*did you mean "trouble"/],
    ['notifier:health', 7, /notifier:health.*off, trouble, all/],
    ['notifier:health', { say: 'all', to: 'ops' }, /notifier:health.*say, channel/],
    [
      'notifier:health',
      { say: 'all', channel: 'op' },
      /notifier:health\.channel: "op" is no channel.*did you mean "ops"/,
    ],
  ])('is refused: %s %j', (key, written, message) => {
    expect(() => readContext({ ...CHANNELS, [key]: written })).toThrow(message);
  });

  it.each([
    [{}, ['_signal → default ENABLED']],
    [{ 'notifier:outcomes': 'off', 'notifier:health': 'off' }, []],
    [{ 'notifier:outcomes': 'off' }, []],
    [{ 'notifier:outcomes': 'trouble' }, ['_signal → default ENABLED']],
    [{ 'notifier:health': { say: 'all', channel: 'ops' } }, ['_signal → ops ENABLED']],
  ])('brings a rule with %j', (values, rules) => {
    const compiled = compileRules(readContext({ ...CHANNELS, ...values }));
    const signals = compiled.filter(({ name }) => name.startsWith('_'));
    expect(signals.map(({ name, channel, state }) => `${name} → ${channel} ${state}`)).toEqual(rules);
  });

  it('counts among the rules that a small region takes', () => {
    const rules = Object.fromEntries(Array.from({ length: 97 }, (_, index) => [`r${index}`, {}]));
    const values = { 'notifier:regions': ['eu-south-1'], 'notifier:rules': rules, 'notifier:outcomes': 'off' };
    expect(() => readContext(values)).not.toThrow();
    expect(() => readContext({ ...values, 'notifier:health': 'all' })).toThrow(/97 rules; allowed in eu-south-1: 96/);
  });

  it.each([
    [{ 'notifier:outcomes': 'off' }, undefined],
    [
      { 'notifier:health': { say: 'all', channel: 'ops' } },
      { outcomes: { say: 'trouble' }, health: { say: 'all', channel: 'ops' } },
    ],
  ])('reaches the functions with %j', (values, signals) => {
    const context = readContext({ ...CHANNELS, ...values });
    const { display, channels } = functionSettingsText(context, compileRules(context));
    expect(DisplaySettingsSchema.parse(JSON.parse(display)).signals).toEqual(signals);
    // Daily summaries are of calls.
    expect(JSON.parse(channels)).toEqual(['default']);
  });

  it('needs no warning', () => {
    expect(contextWarnings(readContext({ 'notifier:health': 'all' }))).toEqual([]);
  });
});
