import type { Notification } from '../../shared/notification.ts';
import { planMessages } from '../../shared/plan-messages.ts';
import { redirectMessage } from '../../shared/slack/redirect-message.ts';
import { renderDigest } from '../../shared/slack/render-digest.ts';
import { renderFallback } from '../../shared/slack/render-fallback.ts';
import { renderNotification } from '../../shared/slack/render-notification.ts';
import { type DailySummary, renderSummary } from '../../shared/slack/render-summary.ts';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { arnOf, assumedRole, KICK_OFF_MS, notificationOf, SETTINGS } from './gallery-event.ts';

const PEOPLE = ['jane@example.org', 'sam@example.org', 'deploy-bot', 'alex@example.org'] as const;
const MIX = ['StopFlow', 'UpdateFlow', 'StartFlow', 'RemoveFlowOutput', 'UpdateFlowOutput', 'TagResource'] as const;

interface Mix {
  readonly count: number;
  readonly operations: readonly string[];
  readonly flows: number;
  readonly deniedEvery: number;
}

/** Calls of several people on several flows, some of them refused. */
const calls = ({ count, operations, flows, deniedEvery }: Mix): readonly Notification[] =>
  Array.from({ length: count }, (_, index) => {
    const flowArn = encodeURIComponent(arnOf(`flow:1-f${index % flows}-aa:CupFinal-${index % flows}`));
    return notificationOf({
      eventName: operations[index % operations.length],
      eventTime: new Date(KICK_OFF_MS + index * 1300).toISOString(),
      eventID: `987abc65-1a2b-4c4d-9d6e-${String(index).padStart(12, '0')}`,
      userIdentity: assumedRole('Operators', PEOPLE[Math.floor(index / flows) % PEOPLE.length] ?? 'jane'),
      requestParameters: {
        flowArn,
        resourceArn: flowArn,
        outputArn: encodeURIComponent(arnOf(`output:1-o${index}-bb:cdn-${index}`)),
      },
      ...(index % deniedEvery === deniedEvery - 1 ? { errorCode: 'AccessDenied', errorMessage: 'not authorized' } : {}),
    });
  });

const channel = SETTINGS.channels.default ?? {};
const plan = (notifications: readonly Notification[]): readonly SlackMessage[] =>
  planMessages(notifications, () => channel).map(({ message }) => message);

const day: DailySummary = {
  channel: 'default',
  fromMs: KICK_OFF_MS - 86_400_000,
  toMs: KICK_OFF_MS,
  told: 41,
  folded: 230,
  digested: 4118,
  deadLettered: 0,
  byAccess: { mutating: 271, 'read-only': 4118 },
  byResource: { flow: 4000, output: 342, entitlement: 12, routerOutput: 35 },
  byOutcome: { succeeded: 4340, denied: 47, failed: 2 },
  slowestDeliveryMs: 12_400,
  waiting: { kind: 'waiting', records: 37, oldestMs: 0 },
};
const quiet: Partial<DailySummary> = {
  told: 0,
  folded: 0,
  digested: 0,
  byAccess: {},
  byResource: {},
  byOutcome: {},
  slowestDeliveryMs: undefined,
  waiting: { kind: 'none' },
};

/** Messages that tell of several calls, and those that tell of the notifier itself. */
export function burstCards(): Readonly<Record<string, SlackMessage>> {
  const [, fold] = plan(calls({ count: 14, operations: MIX, flows: 3, deniedEvery: 7 }));
  const [, tight] = plan(calls({ count: 110, operations: MIX, flows: 5, deniedEvery: 20 }));
  const reads = calls({
    count: 400,
    operations: ['DescribeFlow', 'DescribeFlow', 'ListFlows', 'DescribeFlow', 'ListEntitlements'],
    flows: 9,
    deniedEvery: 37,
  });
  const [digest] = renderDigest(reads, 12);
  const one = renderNotification(notificationOf(), channel);
  const cards = {
    fold,
    'fold-of-a-burst': tight,
    digest,
    fallback: renderFallback(one),
    redirected: redirectMessage(one, 'ops', 'Slack says channel_is_archived'),
    summary: renderSummary(day),
    'summary-quiet': renderSummary({ ...day, ...quiet }),
    'summary-trouble': renderSummary({
      ...day,
      deadLettered: 2,
      waiting: { kind: 'waiting', records: 19, oldestMs: 25 * 60_000, reason: 'HTTP 503' },
    }),
  };
  return Object.fromEntries(
    Object.entries(cards).filter((card): card is [string, SlackMessage] => card[1] !== undefined),
  );
}
