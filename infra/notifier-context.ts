import type { ChannelSettings } from '../shared/display-settings.ts';
import type { OriginKind } from '../shared/notification.ts';
import type { Impact } from '../shared/operations.ts';
import type { Outcome } from '../shared/outcome.ts';
import type { ResourceKind } from '../shared/resource-kind.ts';

/** One of the admin's rules: which calls are told to which channel. What is left out restricts nothing. */
export interface RuleSettings {
  readonly access: 'mutating' | 'read-only' | 'any';
  readonly resources?: readonly ResourceKind[] | undefined;
  /** Operation names, or names with `*`. */
  readonly operations?: readonly string[] | undefined;
  readonly impact?: readonly Impact[] | undefined;
  readonly outcome?: readonly Outcome[] | undefined;
  readonly principals?:
    | { readonly include?: readonly string[] | undefined; readonly exclude?: readonly string[] | undefined }
    | undefined;
  /** Only the origins that an event pattern can decide. */
  readonly origins?: readonly OriginKind[] | undefined;
  readonly accounts?: readonly string[] | undefined;
  /** A raw EventBridge pattern on the event's `detail`, merged in. */
  readonly match?: Readonly<Record<string, unknown>> | undefined;
  readonly channel: string;
  readonly delivery: 'immediate' | 'digest';
  readonly enabled: boolean;
}

/** The admin's settings after defaults: every context value named `notifier:…`. */
export interface NotifierContext {
  /** One stack per region. */
  readonly regions: readonly string[];
  /** Name of an existing Secrets Manager secret; `undefined`: the stack makes one, to be filled by hand. */
  readonly slackSecretName: string | undefined;
  readonly channels: Readonly<Record<string, ChannelSettings>>;
  readonly accountNames: Readonly<Record<string, string>>;
  readonly digestMinutes: number;
  readonly batchingWindowSeconds: number;
  readonly logRetentionDays: number;
  /** Days that the EventBridge archive keeps events; 0: no archive. */
  readonly archiveDays: number;
  readonly alarmEmail: string | undefined;
  readonly createTrail: boolean;
  readonly showParameters: readonly string[];
  readonly rules: Readonly<Record<string, RuleSettings>>;
}

export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** A rule as EventBridge gets it. */
export interface CompiledRule {
  readonly name: string;
  readonly channel: string;
  readonly delivery: 'immediate' | 'digest';
  readonly state: RuleState;
  /** The whole event pattern, `source`, `detail-type` and `detail.eventSource` pinned. */
  readonly pattern: Readonly<Record<string, unknown>>;
}
