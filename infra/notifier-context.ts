import type { RuleSettings } from './settings/rule-schema.ts';

export type { NotifierContext } from './settings/context-schema.ts';
export type { RuleSettings };

export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** A rule as EventBridge gets it. */
export interface CompiledRule {
  readonly name: string;
  readonly channel: string;
  readonly delivery: RuleSettings['delivery'];
  readonly state: RuleState;
  /** The whole event pattern, `source`, `detail-type` and `detail.eventSource` pinned. */
  readonly pattern: Readonly<Record<string, unknown>>;
}
