import type { RuleSettings } from '../../../infra/settings/rule-schema.ts';

/** A rule that restricts nothing but what `changes` say. */
export const aRule = (changes: Partial<RuleSettings> = {}): RuleSettings => ({
  access: 'any',
  channel: 'default',
  delivery: 'immediate',
  enabled: true,
  ...changes,
});
