import { type AccountKind, callsOf } from './cost/account-kinds.ts';
import { PRICES } from './cost/prices.ts';
import { processorsOf } from './measuring/lambda-processor.ts';
import type { TemplateSettings } from './measuring/template-settings.ts';

/** What the other benchmarks measured, CPU time of one full processor. */
export interface MeasuredCosts {
  readonly notifierUs: number;
  readonly digestUs: number;
  /** Of initialization, and of the first invocation. */
  readonly initMs: number;
  readonly firstMs: number;
  /** Invocations of the notifier for each second that a burst lasts. */
  readonly invocationsASecond: number;
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

const MINUTES_A_MONTH = 30 * 24 * 60;
/** SQS's batch calls. */
const ENTRIES = 10;
/** An idle event source mapping has as many pollers as invocations, up to five, each asking every 20 seconds. */
const MOST_POLLERS = 5;
const POLLS_A_MINUTE = 3;
/** Whoever empties a queue does it with several receivers, each of which asks until it finds nothing. */
const RECEIVERS = 10;
/** The digest's receivers wait for a second before they take a queue for empty. */
const LAST_POLL_SECONDS = 1;
const POLL_SECONDS = 0.02;
/** What Slack and the table let a function wait. */
const POST_SECONDS = 0.3;
const TABLE_SECONDS = 0.04;
/** A fold holds about a hundred calls, and takes the webhook's place for a second. */
const CALLS_A_FOLD = 100;
/** Of a call: the claim, the mark, and the latest call on its flow. */
const WRITES_A_CALL = 3;
/** Of a post: its slot, the end of the turn, the counts of the day. */
const WRITES_A_POST = 3;
/** Of an invocation that hands its calls over: a few claims that are given back, and slots that were refused. */
const WRITES_A_HAND_OVER = 6;
/** Of a function that starts: the connections to the table are opened by reading. */
const READS_A_START = 3;
/** Of a read in a digest, which says nothing of how things stand: the claim and the mark. */
const WRITES_A_DIGESTED = 2;
const WRITES_A_DIGEST = 3;
const LOG_BYTES_A_CALL = 700;
const LOG_BYTES_AN_INVOCATION = 2500;
const EVENT_BYTES = 2000;
const LEDGER_BYTES = 200;
const LEDGER_MONTHS = 13;
const SECRET_KEPT_MINUTES = 5;

const GB = 1e9;

/** The first call alone, the rest in folds. */
const postsOf = (calls: number): number => (calls <= 1 ? calls : 1 + Math.ceil((calls - 1) / CALLS_A_FOLD));

/** Initialization has a whole processor and is paid for as the rest is, since August 2025. */
const startSeconds = ({ initMs, firstMs }: MeasuredCosts, processors: number): number =>
  (initMs + firstMs / processors) / 1000;

function notifierUsage(account: AccountKind, measured: MeasuredCosts, settings: TemplateSettings, processors: number) {
  const { toldAtOnce, bursts, coldPart } = account;
  const posts = bursts === 0 ? 0 : bursts * postsOf(Math.ceil(toldAtOnce / bursts));
  // A second each; as many functions as may are at work, or stay out of the way of the one that posts, if there are
  // calls for all of them.
  const burstSeconds = posts - bursts;
  const places = Math.min(settings.concurrency, Math.max(0, toldAtOnce / bursts - 1) || 0);
  const invocations = Math.min(toldAtOnce, bursts + burstSeconds * measured.invocationsASecond);
  const handOvers = Math.max(0, invocations - posts);
  const starts = bursts * coldPart;
  const workSeconds = (toldAtOnce * measured.notifierUs) / 1e6 / processors;
  const waitSeconds = bursts * (POST_SECONDS + TABLE_SECONDS) + burstSeconds * places;
  const pollers = Math.min(MOST_POLLERS, settings.concurrency);
  return {
    seconds: workSeconds + starts * startSeconds(measured, processors) + waitSeconds,
    invocations,
    // Sent by EventBridge one by one; received and deleted in tens at most, by the poller or by the function, whose
    // receivers find nothing in the end; what was handed over is made visible again.
    sqsRequests:
      toldAtOnce +
      2 * Math.max(bursts, toldAtOnce / ENTRIES) +
      burstSeconds * RECEIVERS +
      handOvers +
      pollers * POLLS_A_MINUTE * MINUTES_A_MONTH,
    tableWrites: WRITES_A_CALL * toldAtOnce + WRITES_A_POST * posts + WRITES_A_HAND_OVER * handOvers,
    // What was told last on each flow is read with the claims, and once more in a burst's turn.
    tableReads: toldAtOnce + (toldAtOnce - bursts) + READS_A_START * starts,
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
    tableWrites: WRITES_A_DIGESTED * digested + WRITES_A_DIGEST * told,
    tableReads: 0,
  };
}

/** What an account of that kind uses in a month, by what was measured and what the template says. */
export function usageOf(account: AccountKind, measured: MeasuredCosts, settings: TemplateSettings): Usage {
  const { memoryMegabytes, digestMinutes } = settings;
  const processors = processorsOf(memoryMegabytes);
  const notifier = notifierUsage(account, measured, settings, processors);
  const digest = digestUsage(account, measured, MINUTES_A_MONTH / digestMinutes, processors);
  const invocations = notifier.invocations + digest.invocations;
  const calls = callsOf(account);
  return {
    sqsRequests: notifier.sqsRequests + digest.sqsRequests,
    invocations,
    gbSeconds: ((notifier.seconds + digest.seconds) * memoryMegabytes) / 1024,
    tableWrites: notifier.tableWrites + digest.tableWrites,
    tableReads: notifier.tableReads + digest.tableReads,
    logBytes: calls * LOG_BYTES_A_CALL + invocations * LOG_BYTES_AN_INVOCATION,
    archiveBytes: calls * EVENT_BYTES,
    // At most once in the time that it is kept for, and only by an invocation that has something to tell.
    secretReads: Math.min(
      account.bursts + Math.min(digest.invocations, account.digested),
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
