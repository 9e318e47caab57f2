import { type AccountKind, callsOf } from './cost/account-kinds.ts';
import { PRICES } from './cost/prices.ts';
import type { TemplateSettings } from './measuring/template-settings.ts';

/** What the other benchmarks measured of one full processor. */
export interface MeasuredCosts {
  readonly notifierUs: number;
  readonly digestUs: number;
  /** From nothing to the first event handled. */
  readonly coldStartMs: number;
}

/** What an account uses in a month. */
export interface Usage {
  readonly sqsRequests: number;
  readonly invocations: number;
  readonly gbSeconds: number;
  readonly tableWrites: number;
  readonly tableReads: number;
  readonly logBytes: number;
  readonly archiveBytes: number;
  readonly secretReads: number;
}

/** Lambda gives a function of so much memory one processor, and a smaller one its share. */
const MEGABYTES_A_PROCESSOR = 1769;
const MINUTES_A_MONTH = 30 * 24 * 60;
/** SQS's batch calls. */
const ENTRIES = 10;
/** An idle event source mapping keeps two pollers, each asking every 20 seconds. */
const IDLE_POLLS_A_MONTH = 2 * 3 * MINUTES_A_MONTH;
/** The digest's receivers each ask until they find nothing, which takes a second. */
const RECEIVERS = 10;
const LAST_POLL_SECONDS = 1;
const POLL_SECONDS = 0.02;
/** What Slack and the table let a function wait. */
const POST_SECONDS = 0.3;
const BETWEEN_POSTS_SECONDS = 1;
const TABLE_SECONDS = 0.03;
/** A fold holds about a hundred calls. */
const CALLS_A_FOLD = 100;
const LOG_BYTES_A_CALL = 700;
const LOG_BYTES_AN_INVOCATION = 2500;
const EVENT_BYTES = 2000;
const LEDGER_BYTES = 200;
const LEDGER_MONTHS = 13;
const SECRET_KEPT_MINUTES = 5;

const GB = 1e9;

/** The first call alone, the rest in folds. */
const postsOf = (calls: number): number => (calls <= 1 ? calls : 1 + Math.ceil((calls - 1) / CALLS_A_FOLD));

function notifierUsage(account: AccountKind, measured: MeasuredCosts, processors: number) {
  const { toldAtOnce, batches, coldPart } = account;
  const posts = batches === 0 ? 0 : batches * postsOf(Math.ceil(toldAtOnce / batches));
  const workSeconds = (toldAtOnce * measured.notifierUs) / 1e6 / processors;
  const startSeconds = (batches * coldPart * measured.coldStartMs) / 1000 / processors;
  const waitSeconds =
    posts * POST_SECONDS + Math.max(0, posts - batches) * BETWEEN_POSTS_SECONDS + batches * TABLE_SECONDS;
  return {
    seconds: workSeconds + startSeconds + waitSeconds,
    invocations: batches,
    // Sent by EventBridge one by one, received and deleted by the poller in tens.
    sqsRequests: toldAtOnce + 2 * Math.max(batches, toldAtOnce / ENTRIES) + IDLE_POLLS_A_MONTH,
    // Claimed and told; the pace of each post; the day's counters of each batch.
    tableWrites: 2 * toldAtOnce + posts + 2 * batches,
  };
}

function digestUsage({ digested }: AccountKind, measured: MeasuredCosts, runs: number, processors: number) {
  const told = Math.min(runs, digested);
  const workSeconds = (digested * measured.digestUs) / 1e6 / processors;
  const receiveSeconds = ((digested / ENTRIES) * 2 * POLL_SECONDS) / RECEIVERS;
  return {
    seconds: workSeconds + receiveSeconds + runs * LAST_POLL_SECONDS + told * (POST_SECONDS + TABLE_SECONDS),
    invocations: runs,
    sqsRequests: digested + 2 * (digested / ENTRIES) + runs * RECEIVERS,
    tableWrites: digested + 3 * told,
    // Consistent reads of small items.
    tableReads: digested,
  };
}

/** What an account of that kind uses in a month, by what was measured and what the template says. */
export function usageOf(account: AccountKind, measured: MeasuredCosts, settings: TemplateSettings): Usage {
  const { memoryMegabytes, digestMinutes } = settings;
  const processors = memoryMegabytes / MEGABYTES_A_PROCESSOR;
  const notifier = notifierUsage(account, measured, processors);
  const digest = digestUsage(account, measured, MINUTES_A_MONTH / digestMinutes, processors);
  const invocations = notifier.invocations + digest.invocations;
  const calls = callsOf(account);
  return {
    sqsRequests: notifier.sqsRequests + digest.sqsRequests,
    invocations,
    gbSeconds: ((notifier.seconds + digest.seconds) * memoryMegabytes) / 1024,
    tableWrites: notifier.tableWrites + digest.tableWrites,
    tableReads: digest.tableReads,
    logBytes: calls * LOG_BYTES_A_CALL + invocations * LOG_BYTES_AN_INVOCATION,
    archiveBytes: calls * EVENT_BYTES,
    // At most once in the time that it is kept for, and only by an invocation that has something to tell.
    secretReads: Math.min(
      account.batches + Math.min(digest.invocations, account.digested),
      MINUTES_A_MONTH / SECRET_KEPT_MINUTES,
    ),
  };
}

/** What that costs in USD, by service. */
export function costOf(
  account: AccountKind,
  usage: Usage,
  settings: TemplateSettings,
): Readonly<Record<string, number>> {
  const calls = callsOf(account);
  return {
    'CloudWatch alarms': settings.alarms * PRICES.alarmMonth,
    'CloudWatch dashboard': settings.dashboards * PRICES.dashboardMonth,
    'metrics of our own': calls === 0 ? 0 : settings.metrics * PRICES.metricMonth,
    'Secrets Manager': PRICES.secretMonth + usage.secretReads * PRICES.secretRead,
    Lambda: usage.invocations * PRICES.invocation + usage.gbSeconds * PRICES.gbSecond,
    SQS: usage.sqsRequests * PRICES.sqsRequest,
    DynamoDB:
      usage.tableWrites * PRICES.tableWrite +
      usage.tableReads * PRICES.tableRead +
      ((calls * LEDGER_BYTES * LEDGER_MONTHS) / GB) * PRICES.tableGbMonth,
    'EventBridge archive': (usage.archiveBytes / GB) * PRICES.archiveGb,
    'logs and traces': (usage.logBytes / GB) * PRICES.logGb + usage.invocations * PRICES.trace,
  };
}
