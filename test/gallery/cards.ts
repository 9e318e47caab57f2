import type { JsonObject } from '../../shared/call/json.ts';
import { asNotifiedAt, saidOf } from '../../shared/delivery/memory.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import { renderNotification } from '../../shared/slack/card.ts';
import { renderDigest } from '../../shared/slack/digest.ts';
import { redirectMessage, renderFallback, type SlackMessage } from '../../shared/slack/message.ts';
import { planMessages } from '../../shared/slack/plan-messages.ts';
import { type DailySummary, renderSummary } from '../../shared/slack/summary.ts';
import { assumedRole } from '../builders.ts';
import { name, plain } from '../notification-builder.ts';
import { CALL_EXAMPLES } from '../shared/call/call-examples.ts';
import { type BurstName, burstOf } from './bursts.ts';
import { FLOW, KICK_OFF_MS, notificationOf, SETTINGS } from './gallery-event.ts';
import type { SentenceRow } from './gallery-page.ts';
import { OPERATION_CARDS } from './operation-cards.ts';
import { outcomeCards } from './outcome-cards.ts';
import { PRINCIPAL_CARDS } from './principal-cards.ts';

const channel = SETTINGS.channels.default ?? {};
const plan = (notifications: readonly Notification[]): readonly SlackMessage[] =>
  planMessages(notifications, () => channel).map(({ message }) => message);

const FLOW_NAME = [plain('flow '), name('CupFinal-Main')];
const JANE = [name('jane@example.org'), plain(' as role '), name('Operators')];

const day: DailySummary = {
  channel: 'default',
  fromMs: KICK_OFF_MS - 86_400_000,
  toMs: KICK_OFF_MS,
  notified: 41,
  folded: 230,
  digested: 4118,
  deadLettered: 0,
  byEffect: { 'off-air': 3, 'signal-changed': 12, 'put-on-air': 9, access: 4, deletion: 2, change: 192, none: 4118 },
  named: [
    { effect: 'denied', on: [], by: [name('health-poller'), plain(' as role '), name('HealthPoller')], count: 45 },
    { effect: 'signal-changed', on: FLOW_NAME, by: JANE, count: 8 },
    { effect: 'put-on-air', on: FLOW_NAME, by: JANE, count: 5 },
    { effect: 'off-air', on: FLOW_NAME, by: JANE, count: 2 },
    {
      effect: 'off-air',
      on: [plain('flow '), name('League-02')],
      by: [plain('role '), name('TerraformDeploy')],
      count: 1,
    },
  ],
  byResource: { flow: 4000, output: 342, entitlement: 12, routerOutput: 35 },
  byOutcome: { succeeded: 4340, denied: 47, failed: 2 },
  slowestDeliveryMs: 12_400,
  waiting: { kind: 'waiting', records: 37, oldestMs: 0 },
};
const quiet: Partial<DailySummary> = {
  notified: 0,
  folded: 0,
  digested: 0,
  byEffect: {},
  named: [],
  byResource: {},
  byOutcome: {},
  slowestDeliveryMs: undefined,
  waiting: { kind: 'none' },
};

/** The picture of each burst; those whose names begin with "digest" are gathered. */
const BURST_CARDS: Readonly<Record<string, BurstName>> = {
  fold: 'two operators on one flow',
  'fold-with-one-stop': 'one stop among sixty calls',
  'fold-of-new-flows': 'terraform and one live stop',
  'fold-of-failing-calls': 'failing calls',
  'fold-of-refusals': 'three hundred refusals',
  'fold-of-sessions': 'a session for each read',
  'fold-of-a-burst': 'five hundred calls',
  digest: 'a digest with a stop',
  'digest-of-reads': 'reads and two refusals',
};

/** What follows the first call, or the digest. */
const burstMessage = (name: string, notifications: readonly Notification[]): SlackMessage | undefined =>
  name.startsWith('digest') ? renderDigest(notifications, 12)[0] : plan(notifications)[1];

/** Messages that report of several calls, and those that report of the notifier itself. */
function burstCards(): Readonly<Record<string, SlackMessage>> {
  const one = renderNotification(notificationOf(), channel);
  const bursts = Object.entries(BURST_CARDS).map(
    ([name, burst]) => [name, burstMessage(name, burstOf(burst))] as const,
  );
  const cards = {
    ...Object.fromEntries(bursts),
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
export const SPECIAL_CARDS: Readonly<Record<string, { readonly record: JsonObject; readonly lateByMs?: number }>> = {
  denied: {
    record: {
      eventName: 'DeleteFlow',
      errorCode: 'AccessDenied',
      errorMessage:
        'User: arn:aws:sts::111122223333:assumed-role/Operators/jane@example.org is not authorized to perform: mediaconnect:DeleteFlow because no identity-based policy allows the mediaconnect:DeleteFlow action',
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
  'new-operation': {
    record: { eventName: 'PauseFlow', requestParameters: { flowArn: encodeURIComponent(FLOW) } },
  },
  'probably-failed': {
    record: {
      eventName: 'StartFlow',
      responseElements: { errorCode: 'ConflictException', message: 'The flow is being updated.' },
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

/** A correction, with what the channel was told of the event before. */
function correctionCard(): GalleryCard {
  const eventID = '11111111-2222-4333-8444-555555555555';
  const told = notificationOf({ eventID, userIdentity: assumedRole('Operators', 'sam@example.org') });
  const corrected = notificationOf({
    addendum: { reason: 'UPDATED_DATA', updatedFields: 'userIdentity.arn', originalEventID: eventID },
  });
  const message = renderNotification(asNotifiedAt(corrected, KICK_OFF_MS, saidOf([told])), channel);
  return { section: 'Out of the ordinary', name: 'correction', message };
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
    correctionCard(),
    ...outcomeCards().map(([name, message]) => ({ section: 'What came of it', name, message })),
    ...Object.entries(PRINCIPAL_CARDS).map(([name, record]) => single('Principals', name, record)),
    ...Object.entries(burstCards()).map(([name, message]) => ({
      section: 'Many calls, and the notifier itself',
      name,
      message,
    })),
  ];
}

const FAILURES: readonly JsonObject[] = [
  {},
  { errorCode: 'AccessDenied', errorMessage: 'User is not authorized' },
  { errorCode: 'NotFoundException', errorMessage: 'It is not there' },
];

/** What a push notification says of each operation. */
export const sentenceRows = (): readonly SentenceRow[] =>
  Object.entries(CALL_EXAMPLES).map(([operation, { request, response = null }]) => ({
    operation,
    texts: FAILURES.map((failure) => {
      const responseElements = 'errorCode' in failure ? null : response;
      const record = { eventName: operation, requestParameters: request, responseElements, ...failure };
      return renderNotification(notificationOf(record), {}).text;
    }),
  }));
