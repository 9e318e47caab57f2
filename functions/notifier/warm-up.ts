import type { SQSEvent, SQSRecord } from 'aws-lambda';
import {
  CLOUDTRAIL_EVENT_SOURCE,
  DETAIL_TYPE,
  EVENT_SOURCE,
  routeEnvelopeText,
} from '../../shared/call/api-call-event.ts';
import type { DisplaySettings } from '../../shared/notification/notification.ts';
import { NOTHING_REMEMBERED } from '../../shared/outcome/signal-memory.ts';
import { nextSlot } from '../../shared/slack/webhook.ts';
import type { CaptureClient } from '../aws/client.ts';
import { createNotifying, type Parts, type QueueReaderEnvironment } from '../create-dependencies.ts';
import type { Fetch, Ledger, NotifyingDependencies, Queue, Telemetry } from '../ports.ts';
import { createSlackClient } from '../slack/slack-client.ts';
import { createHandler } from './notify-batch.ts';

const BEGINNING_MS = Date.parse('2026-01-01T00:00:10Z');
const TIMEOUT_MS = 120_000;

const arn = (resource: string): string => encodeURIComponent(`arn:aws:mediaconnect:eu-west-1:111122223333:${resource}`);
const FLOW_ARN = arn('flow:1-RehearsalRehears-000000000000:Rehearsal');

/** A call with what most calls have. */
function recordOf(number: number, detail: Readonly<Record<string, unknown>>): SQSRecord {
  const event = {
    source: EVENT_SOURCE,
    'detail-type': DETAIL_TYPE,
    account: '111122223333',
    region: 'eu-west-1',
    time: '2026-01-01T00:00:00Z',
    detail: {
      eventSource: CLOUDTRAIL_EVENT_SOURCE,
      eventTime: '2026-01-01T00:00:00Z',
      eventID: `rehearsal-${number}`,
      awsRegion: 'eu-west-1',
      recipientAccountId: '111122223333',
      sourceIPAddress: '192.0.2.1',
      userAgent: 'aws-cli/2.31.4',
      readOnly: false,
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::111122223333:assumed-role/Rehearsal/somebody@example.org',
        accountId: '111122223333',
        sessionContext: { sessionIssuer: { type: 'Role', userName: 'Rehearsal' } },
      },
      responseElements: null,
      ...detail,
    },
  };
  return {
    messageId: `rehearsal-${number}`,
    receiptHandle: `rehearsal-${number}`,
    body: routeEnvelopeText({ rule: 'rehearsal', channel: 'default', ingestedAtMs: BEGINNING_MS - 5000 }, event),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(BEGINNING_MS),
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: 'eu-west-1',
  };
}

/** One call that is reported alone, and two that are folded. */
const EVENT: SQSEvent = {
  Records: [
    recordOf(1, { eventName: 'StopFlow', requestParameters: { flowArn: FLOW_ARN } }),
    recordOf(2, {
      eventName: 'UpdateFlowOutput',
      requestParameters: { flowArn: FLOW_ARN, outputArn: arn('output:1-R:cdn'), port: 5000, protocol: 'srt-listener' },
    }),
    recordOf(3, {
      eventName: 'StartFlow',
      requestParameters: { flowArn: FLOW_ARN },
      errorCode: 'AccessDeniedException',
      errorMessage:
        'User: arn:aws:iam::111122223333:user/somebody is not authorized to perform: mediaconnect:StartFlow',
    }),
  ],
};

const nothing = async (): Promise<undefined> => undefined;
const none = async (): Promise<readonly never[]> => [];

const QUEUE: Queue = {
  sendDeadLetter: nothing,
  receive: none,
  remove: none,
  changeVisibility: none,
  resend: none,
  send: none,
};

const TELEMETRY: Telemetry = {
  decision: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  metric: () => undefined,
  span: (_name, _annotations, run) => run(),
};

/** Knows of nothing, and grants everything. */
function createLedger(): Ledger {
  let lastSlotMs: number | undefined;
  return {
    claim: async (keys) => new Map(keys.map((key) => [key, 'claimed'])),
    markNotified: nothing,
    release: nothing,
    async reserveSlot(_webhook, { nowMs }) {
      const slot = nextSlot(lastSlotMs, nowMs);
      lastSlotMs = slot.startMs;
      return { kind: 'granted', slot, block: undefined };
    },
    moveSlot: async () => true,
    isTurnTaken: async () => false,
    endTurn: nothing,
    setBlock: nothing,
    recall: async () => new Map(),
    remember: nothing,
    readSignals: async () => ({ memory: NOTHING_REMEMBERED, unsent: [], version: 0 }),
    writeSignals: nothing,
    count: nothing,
    readDay: nothing,
    noteWaiting: nothing,
    readWaiting: nothing,
  };
}

/** Says what Slack says to a message, and knows no network. */
const accept: Fetch = async () => {
  const chunks = [new TextEncoder().encode('ok')];
  const read = async () => {
    const value = chunks.shift();
    return value === undefined ? { done: true as const, value } : { done: false as const, value };
  };
  return {
    ok: true,
    status: 200,
    statusText: 'OK',
    headers: { get: () => null, entries: () => [] },
    body: { getReader: () => ({ read, cancel: nothing }) },
  };
};

/**
 * Has the real handler report a few built-in calls, where nobody hears of it: Node compiles what runs, and the first real
 * call finds it compiled. No service, no log and no metric is reached, and the clock is its own.
 *
 * Returns how many messages came of it: one call alone, and a fold.
 */
export async function rehearse(
  settings: DisplaySettings,
  { patience }: { readonly patience: (ms: number) => AbortSignal },
): Promise<number> {
  let nowMs = BEGINNING_MS;
  let posts = 0;
  const fetch: Fetch = (...request) => {
    posts += 1;
    return accept(...request);
  };
  const urls = async () => ({ kind: 'one', url: 'https://hooks.slack.invalid/services/rehearsal' }) as const;
  const dependencies: NotifyingDependencies = {
    settings,
    ledger: createLedger(),
    queue: QUEUE,
    telemetry: TELEMETRY,
    webhooks: { urls, reread: urls },
    post: createSlackClient({ fetch, timeLimit: patience }),
    now: () => nowMs,
    async wait(ms) {
      nowMs += ms;
    },
    newId: () => 'rehearsal',
  };
  const deadlineMs = nowMs + TIMEOUT_MS;
  await createHandler(dependencies)(EVENT, { getRemainingTimeInMillis: () => deadlineMs - nowMs });
  return posts;
}

/** Somebody waits for the first message meanwhile. */
const LONGEST_MS = 2000;
/** So many requests to the table go out at once before the first post, each on a connection of its own. */
const CONNECTIONS = 3;
/** The key of no item. */
const NO_KEY = 'warm-up';

/** Whether all of it succeeded before the time was up. Never throws. */
async function succeedsInTime(work: readonly Promise<unknown>[], limit: AbortSignal): Promise<boolean> {
  const isLate = new Promise<boolean>((resolve) => limit.addEventListener('abort', () => resolve(false)));
  const isDone = Promise.allSettled(work).then((ends) => ends.every(({ status }) => status === 'fulfilled'));
  return Promise.race([isDone, isLate]);
}

/**
 * Makes the dependencies of the notifier, and does what its first event would otherwise wait for: reads the secret,
 * opens the connections to the table by reading what is not there, and rehearses. While a function starts it has a whole
 * processor, afterwards the part of one that goes with its memory.
 *
 * What fails here stops nothing: the first event does it again, with clients that know nothing of the failure, so that
 * no service is taken for silent that was slow once.
 *
 * @see https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export async function createWarmNotifying(
  environment: QueueReaderEnvironment,
  parts: Parts,
): Promise<NotifyingDependencies> {
  const { outside, captureClient } = parts;
  const clients: object[] = [];
  // Traces belong to invocations; X-Ray would complain in the log of requests outside of one.
  const captureLater: CaptureClient = (client) => {
    clients.push(client);
    return client;
  };
  const notifying = createNotifying(environment, { ...parts, captureClient: captureLater });
  const work = [
    notifying.webhooks.urls(),
    ...Array.from({ length: CONNECTIONS }, () => notifying.ledger.recall([NO_KEY])),
    rehearse(environment.DISPLAY_SETTINGS, outside),
  ];
  if (!(await succeedsInTime(work, outside.timeLimit(LONGEST_MS)))) return createNotifying(environment, parts);
  for (const client of clients) captureClient(client);
  return notifying;
}
