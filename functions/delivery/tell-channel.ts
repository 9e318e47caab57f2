import type { Ending } from '../../shared/call-ending.ts';
import type { ChannelSettings } from '../../shared/display-settings.ts';
import type { Notification } from '../../shared/notification.ts';
import type { PlannedMessage } from '../../shared/plan-messages.ts';
import { keyOf, type QueuedCall } from '../../shared/queued-call.ts';
import { webhookUrlOf } from '../../shared/webhook-urls.ts';
import type { Claim, Ledger } from '../ledger.ts';
import type { Telemetry } from '../telemetry.ts';
import { type Delivery, type DeliveryOptions, deliverMessage } from './deliver-message.ts';
import { planEach } from './plan-each.ts';

export interface TellOptions {
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly delivery: DeliveryOptions;
  readonly channelSettings: (channel: string) => ChannelSettings;
  /** When this invocation is over at the latest; its claims end then. */
  readonly deadlineMs: number;
  /** Hears how each call ended, as soon as it did. */
  readonly end: (call: QueuedCall, ending: Ending) => void;
}

const BUSY: Ending = { kind: 'waiting', reason: 'another invocation is telling it', retryAfterMs: undefined };

const ENDING_OF_CLAIM: Readonly<Record<Claim, Ending | undefined>> = {
  claimed: undefined,
  // Rather told twice than swallowed.
  unknown: undefined,
  told: { kind: 'repeated' },
  busy: BUSY,
};

function endingOf(delivery: Delivery, kind: PlannedMessage['kind']): Ending {
  switch (delivery.kind) {
    case 'told':
      return { kind: kind === 'single' ? 'posted' : 'folded' };
    case 'wait':
      return { kind: 'waiting', reason: delivery.reason, retryAfterMs: delivery.retryAfterMs };
    case 'dead-letter':
      return { kind: 'dead-lettered', reason: delivery.reason, detail: delivery.detail };
  }
}

const annotationsOf = ({ channel, kind, notifications }: PlannedMessage) => ({
  channel,
  kind,
  calls: notifications.length,
  eventId: notifications[0]?.eventId ?? '',
  operation: notifications[0]?.call.operation ?? '',
  rule: notifications[0]?.route.rule ?? '',
});

/** The calls that are this invocation's to tell, with their claims; the others end here. */
async function claimCalls(
  calls: readonly QueuedCall[],
  options: TellOptions,
): Promise<{ readonly claimed: readonly QueuedCall[]; readonly claimOf: (call: QueuedCall) => Claim }> {
  const { ledger, telemetry, deadlineMs, end } = options;
  const claims = await ledger.claim(
    calls.map(({ notification }) => keyOf(notification)),
    deadlineMs,
  );
  const claimOf = ({ notification }: QueuedCall): Claim => claims.get(keyOf(notification)) ?? 'unknown';
  const unknown = calls.filter((call) => claimOf(call) === 'unknown').length;
  if (unknown > 0) {
    telemetry.metric('LedgerUnavailable', unknown);
    telemetry.warn('the ledger cannot be asked, so calls may be told twice', { calls: unknown });
  }

  const claimed = calls.filter((call) => {
    const ending = ENDING_OF_CLAIM[claimOf(call)];
    if (ending !== undefined) end(call, ending);
    return ending === undefined;
  });
  return { claimed, claimOf };
}

/**
 * Marks calls as told. While the table is out of reach the keys are kept for one last try, so that not every message
 * waits for it, and nothing is thrown: the calls are told, whatever the ledger says.
 */
function createMarker({ ledger, telemetry }: TellOptions) {
  const unmarked: string[] = [];

  const attempt = async (write: (keys: readonly string[]) => Promise<void>, keys: readonly string[]) => {
    try {
      await write(keys);
      return true;
    } catch (error) {
      telemetry.metric('LedgerUnavailable', keys.length);
      telemetry.error('the ledger cannot be written', { calls: keys.length, error });
      return false;
    }
  };

  return {
    async mark(keys: readonly string[]): Promise<void> {
      const isMarked = unmarked.length === 0 && (await attempt(ledger.markTold, keys));
      if (!isMarked) unmarked.push(...keys);
    },
    async finish(toRelease: readonly string[]): Promise<void> {
      if (unmarked.length > 0) await attempt(ledger.markTold, unmarked);
      if (toRelease.length > 0) await attempt(ledger.release, toRelease);
    },
  };
}

/**
 * Tells the calls of one channel: those that nobody told yet, in as few messages as Slack's limits allow. Each call is
 * marked as told after Slack's ok and before the next post, so that a crash can repeat one message at most.
 */
export async function tellChannel(calls: readonly QueuedCall[], options: TellOptions): Promise<void> {
  const { telemetry, delivery, channelSettings, end } = options;
  const { claimed, claimOf } = await claimCalls(calls, options);
  const open = new Map(claimed.map((call) => [keyOf(call.notification), call]));
  const marker = createMarker(options);

  const endAll = (notifications: readonly Notification[], ending: Ending): void => {
    for (const key of notifications.map(keyOf)) {
      const call = open.get(key);
      if (call !== undefined) end(call, ending);
      if (ending.kind === 'posted' || ending.kind === 'folded') open.delete(key);
    }
  };

  /** Whether the first call goes out alone. In a running burst it would cost the others a second. */
  const isFirstAlone = async (): Promise<boolean> => {
    const [first] = claimed;
    const url = first && webhookUrlOf(delivery.urls, first.notification.route.channel);
    return url === undefined || (await delivery.gate.reserve(url)).isAfterQuiet;
  };

  try {
    const firstAlone = await isFirstAlone();
    const plan = await telemetry.span('### render', { calls: claimed.length }, async () =>
      planEach(
        claimed.map(({ notification }) => notification),
        channelSettings,
        { firstAlone },
      ),
    );
    for (const { notification, error } of plan.failed) {
      telemetry.error('a call cannot be rendered', { eventId: notification.eventId, error });
      const detail = error instanceof Error ? error.message : 'unknown error';
      endAll([notification], { kind: 'dead-lettered', reason: 'not-renderable', detail });
    }
    for (const planned of plan.messages) {
      const result = await telemetry.span('### post', annotationsOf(planned), () =>
        deliverMessage(planned.channel, planned.message, delivery),
      );
      if (result.kind === 'told') await marker.mark(planned.notifications.map(keyOf));
      endAll(planned.notifications, endingOf(result, planned.kind));
    }
  } finally {
    // Only what is surely ours: an unknown claim may be another invocation's, or the mark that it was told.
    const ours = [...open].filter(([, call]) => claimOf(call) === 'claimed');
    await marker.finish(ours.map(([key]) => key));
  }
}
