import type { JsonObject } from '../../shared/call/json.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import { renderNotification } from '../../shared/slack/card.ts';
import { renderDigest } from '../../shared/slack/digest.ts';
import { redirectMessage, renderFallback, type SlackMessage } from '../../shared/slack/message.ts';
import { planMessages } from '../../shared/slack/plan-messages.ts';
import { type DailySummary, renderSummary } from '../../shared/slack/summary.ts';
import { assumedRole } from '../builders.ts';
import { arnOf, FLOW, KICK_OFF_MS, notificationOf, SETTINGS } from './gallery-event.ts';
import { OPERATION_CARDS } from './operation-cards.ts';
import { PRINCIPAL_CARDS } from './principal-cards.ts';

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
  notified: 41,
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
  notified: 0,
  folded: 0,
  digested: 0,
  byAccess: {},
  byResource: {},
  byOutcome: {},
  slowestDeliveryMs: undefined,
  waiting: { kind: 'none' },
};

/** Messages that report of several calls, and those that report of the notifier itself. */
function burstCards(): Readonly<Record<string, SlackMessage>> {
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

const HOSTILE = '<!channel> *FREE* `x` :fire: <https://evil.example|Open> \u202Egnp';

/** What is not the usual success: a record, and how late it came. */
const SPECIAL_CARDS: Readonly<Record<string, { readonly record: JsonObject; readonly lateByMs?: number }>> = {
  denied: {
    record: {
      eventName: 'DeleteFlow',
      errorCode: 'AccessDenied',
      errorMessage:
        'User: arn:aws:sts::111122223333:assumed-role/Operators/jane@example.org is not authorized to perform: mediaconnect:DeleteFlow',
    },
  },
  failed: {
    record: {
      eventName: 'StartFlow',
      errorCode: 'ConflictException',
      errorMessage: 'The flow is not in a state in which it can be started.',
    },
  },
  'unknown-operation': {
    record: { eventName: 'StopWormhole', requestParameters: { wormholeName: 'w1', flowArn: encodeURIComponent(FLOW) } },
  },
  correction: {
    record: {
      eventName: 'StopFlow',
      addendum: {
        reason: 'UPDATED_DATA',
        updatedFields: 'userIdentity.arn,sourceIPAddress',
        originalEventID: '11111111-2222-4333-8444-555555555555',
      },
    },
  },
  late: { record: { eventName: 'StopFlow' }, lateByMs: 23 * 60_000 },
  omitted: {
    record: {
      eventName: 'AddFlowOutputs',
      requestParameters: { omitted: true, originalSize: 149_893, reason: 'requestParameters too large' },
    },
  },
  hostile: {
    record: {
      eventName: 'CreateFlow',
      errorCode: 'BadRequestException',
      errorMessage: `invalid name ${HOSTILE}`,
      userAgent: HOSTILE,
      requestParameters: { name: HOSTILE },
    },
  },
};

export interface GalleryCard {
  readonly section: string;
  /** Also the name of the picture. */
  readonly name: string;
  readonly message: SlackMessage;
}

/** A card of each kind of message there is, made from records through the whole chain. */
export function galleryCards(): readonly GalleryCard[] {
  const single = (section: string, name: string, ...notified: Parameters<typeof notificationOf>): GalleryCard => ({
    section,
    name,
    message: renderNotification(notificationOf(...notified), channel),
  });
  return [
    ...Object.entries(OPERATION_CARDS).map(([name, record]) => single('Operations', name, record)),
    ...Object.entries(SPECIAL_CARDS).map(([name, { record, lateByMs }]) =>
      single('Out of the ordinary', name, record, lateByMs),
    ),
    ...Object.entries(PRINCIPAL_CARDS).map(([name, record]) => single('Principals', name, record)),
    ...Object.entries(burstCards()).map(([name, message]) => ({
      section: 'Many calls, and the notifier itself',
      name,
      message,
    })),
  ];
}
