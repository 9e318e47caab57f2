import type { ChannelSettings } from '../../shared/display-settings.ts';
import type { Notification } from '../../shared/notification.ts';
import { type PlannedMessage, type PlanOptions, planMessages } from '../../shared/plan-messages.ts';

/** The messages of some calls, and the calls that could not be rendered. */
export interface Plan {
  readonly messages: readonly PlannedMessage[];
  readonly failed: readonly { readonly notification: Notification; readonly error: unknown }[];
}

/**
 * Plans the messages of one channel. Rendering never throws; if it does for all that, the calls are planned one by one,
 * so that the one that it throws for costs only itself.
 */
export function planEach(
  notifications: readonly Notification[],
  channelSettings: (channel: string) => ChannelSettings,
  options?: PlanOptions,
): Plan {
  try {
    return { messages: planMessages(notifications, channelSettings, options), failed: [] };
  } catch (error) {
    const [only, ...others] = notifications;
    if (only !== undefined && others.length === 0) return { messages: [], failed: [{ notification: only, error }] };
  }
  const plans = notifications.map((notification) => planEach([notification], channelSettings));
  return { messages: plans.flatMap(({ messages }) => messages), failed: plans.flatMap(({ failed }) => failed) };
}
