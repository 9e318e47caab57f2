import { expect, it } from 'vitest';
import { functionSettingsText } from '../../../infra/settings/function-settings-text.ts';
import { ContextError } from '../../../infra/settings/user-error.ts';
import { aCompiledRule, aContext } from '../a-context.ts';

it('is what the functions read, each channel once', () => {
  const context = aContext({ accountNames: { '111122223333': 'Live' }, showParameters: ['outputs[].cidrAllowList'] });
  const rules = [aCompiledRule(), aCompiledRule({ channel: 'ops' }), aCompiledRule()];
  const { display, channels } = functionSettingsText(context, rules);
  expect(JSON.parse(display)).toEqual({
    accountNames: { '111122223333': 'Live' },
    channels: {},
    showParameters: ['outputs[].cidrAllowList'],
  });
  expect(JSON.parse(channels)).toEqual(['default', 'ops']);
});

it('refuses more than a function has room for, and says what to shorten', () => {
  const accountNames = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [String(100_000_000_000 + index), 'Production, Europe']),
  );
  const act = () => functionSettingsText(aContext({ accountNames }), [aCompiledRule()]);
  expect(act).toThrow(ContextError);
  expect(act).toThrow(
    "notifier:accountNames, notifier:names, notifier:channels, notifier:showParameters: 3663 bytes of JSON together with the rules' " +
      "channels; a function's environment has room for 3000: give fewer or shorter names",
  );
});
