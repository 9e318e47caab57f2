import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { ContextError } from '../../infra/settings/user-error.ts';
import type { JsonObject } from '../../shared/call/json.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';

/** The settings of an admin who set none. */
export const aContext = (changes: Partial<NotifierContext> = {}): NotifierContext => ({
  regions: ['eu-west-1'],
  slackSecretName: undefined,
  channels: {},
  accountNames: {},
  outcomes: { say: 'off' },
  health: { say: 'off' },
  digestMinutes: 15,
  batchingWindowSeconds: 0,
  logRetentionDays: 30,
  archiveDays: 30,
  alarmEmail: undefined,
  names: {},
  createTrail: false,
  showParameters: [],
  rules: {},
  ...changes,
});

export const aCompiledRule = (changes: Partial<CompiledRule> = {}): CompiledRule => ({
  name: 'changes',
  channel: 'default',
  delivery: 'immediate',
  state: 'ENABLED',
  pattern: {
    source: ['aws.mediaconnect'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: { eventSource: ['mediaconnect.amazonaws.com'] },
  },
  ...changes,
});

/** What is wrong with an admin's context values, a line each. */
export function mistakesIn(values: JsonObject): readonly string[] {
  try {
    readContext(values);
  } catch (error) {
    if (error instanceof ContextError) return error.lines;
    throw error;
  }
  return [];
}
