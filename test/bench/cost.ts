import type { Benchmark, BenchOptions } from './benchmark.ts';
import { processorsOf } from './lambda-processor.ts';
import { type TemplateSettings, templateSettings } from './measuring.ts';
import { markdownTable } from './report.ts';

/** How an account uses MediaConnect in a month. */
export interface AccountKind {
  readonly name: string;
  /** Calls reported at once: changes and denied calls, by the default rules. */
  readonly notifiedAtOnce: number;
  /** Bursts in which these come: of one call in a quiet account, of many in a busy one. */
  readonly bursts: number;
  /** Reads, reported in digests. */
  readonly digested: number;
  /** Part of the bursts that find no warm function. */
  readonly coldPart: number;
}

const ACCOUNT_KINDS: readonly AccountKind[] = [
  { name: 'idle', notifiedAtOnce: 0, bursts: 0, digested: 0, coldPart: 0 },
  { name: 'quiet', notifiedAtOnce: 600, bursts: 500, digested: 3000, coldPart: 0.8 },
  { name: 'busy', notifiedAtOnce: 20_000, bursts: 10_000, digested: 80_000, coldPart: 0.05 },
  { name: 'flooding', notifiedAtOnce: 200_000, bursts: 4000, digested: 5_000_000, coldPart: 0.01 },
];

const callsOf = ({ notifiedAtOnce, digested }: AccountKind): number => notifiedAtOnce + digested;

/**
 * AWS's list prices in USD for us-east-1, without free tiers, as they were published in 2025. Ireland (eu-west-1) has the
 * same for Lambda, SQS, alarms and secrets, and takes about 13 % more for DynamoDB and logs.
 *
 * @see https://aws.amazon.com/lambda/pricing/
 * @see https://aws.amazon.com/sqs/pricing/
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 * @see https://aws.amazon.com/secrets-manager/pricing/
 * @see https://aws.amazon.com/xray/pricing/
 * @see https://aws.amazon.com/eventbridge/pricing/
 */
const PRICES = {
  invocation: 0.2 / 1e6,
  /** On arm64. */
  gbSecond: 0.000_013_333_4,
  sqsRequest: 0.4 / 1e6,
  tableWrite: 0.625 / 1e6,
  tableRead: 0.125 / 1e6,
  tableGbMonth: 0.25,
  logGb: 0.5,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
  secretMonth: 0.4,
  secretRead: 0.05 / 1e4,
  trace: 5 / 1e6,
  archiveGb: 0.1,
} as const;

const PRICES_OF = 'us-east-1, as published in 2025';

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
/** Whoever posts looks around between its posts for calls of other webhooks. */
const LOOKS_A_SECOND = 4;
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
/** Of a call that changes something: MediaConnect says what it is on the way to, and where it arrived. */
const SIGNALS_A_CALL = 2;
/** Half of these are promised an outcome, for which a record waits two minutes. */
const LOOKS_A_CALL = 0.5;
/** What is remembered of a flow with its calls and states of a quarter of an hour is one item of so many kilobytes. */
const WRITES_A_JOIN = 2;
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
  const { notifiedAtOnce, bursts, coldPart } = account;
  const posts = bursts === 0 ? 0 : bursts * postsOf(Math.ceil(notifiedAtOnce / bursts));
  // A second each; as many functions as may are at work, or stay out of the way of the one that posts, if there are
  // calls for all of them.
  const burstSeconds = posts - bursts;
  const places = Math.min(settings.concurrency, Math.max(0, notifiedAtOnce / bursts - 1) || 0);
  const invocations = Math.min(notifiedAtOnce, bursts + burstSeconds * measured.invocationsASecond);
  const handOvers = Math.max(0, invocations - posts);
  const starts = bursts * coldPart;
  const workSeconds = (notifiedAtOnce * measured.notifierUs) / 1e6 / processors;
  const waitSeconds = bursts * (POST_SECONDS + TABLE_SECONDS) + burstSeconds * places;
  const pollers = Math.min(MOST_POLLERS, settings.concurrency);
  return {
    seconds: workSeconds + starts * startSeconds(measured, processors) + waitSeconds,
    invocations,
    // Sent by EventBridge one by one; received and deleted in tens at most, by the poller or by the function, whose
    // receivers find nothing in the end; what was handed over is made visible again.
    sqsRequests:
      notifiedAtOnce +
      2 * Math.max(bursts, notifiedAtOnce / ENTRIES) +
      burstSeconds * (RECEIVERS + LOOKS_A_SECOND) +
      handOvers +
      pollers * POLLS_A_MINUTE * MINUTES_A_MONTH,
    tableWrites: WRITES_A_CALL * notifiedAtOnce + WRITES_A_POST * posts + WRITES_A_HAND_OVER * handOvers,
    // What was reported last on each flow is read with the claims, and once more in a burst's turn; whoever stays out of
    // the way looks every second whether the one that posts is alive.
    tableReads: notifiedAtOnce + (notifiedAtOnce - bursts) + burstSeconds * places + READS_A_START * starts,
  };
}

/** What came of calls: their join, MediaConnect's own events, and what is looked at again. None of it waits for Slack. */
function signalUsage({ notifiedAtOnce, bursts }: AccountKind, measured: MeasuredCosts, processors: number) {
  const signals = SIGNALS_A_CALL * notifiedAtOnce;
  const looks = LOOKS_A_CALL * notifiedAtOnce;
  // They come apart from the call, each by itself, or in tens where a burst makes many.
  const invocations = Math.max((SIGNALS_A_CALL + LOOKS_A_CALL) * bursts, (signals + looks) / ENTRIES);
  return {
    seconds: ((signals + looks) * measured.notifierUs) / 1e6 / processors + invocations * 2 * TABLE_SECONDS,
    invocations,
    sqsRequests: signals + looks + 2 * invocations,
    // Of a call whose outcome is awaited once more, when the queue has the record that looks for it.
    tableWrites: WRITES_A_JOIN * (notifiedAtOnce + signals + looks),
    tableReads: notifiedAtOnce + signals + looks,
  };
}

function digestUsage({ digested }: AccountKind, measured: MeasuredCosts, runs: number, processors: number) {
  const notified = Math.min(runs, digested);
  const workSeconds = (digested * measured.digestUs) / 1e6 / processors;
  const receiveSeconds = ((digested / ENTRIES) * 2 * POLL_SECONDS) / RECEIVERS;
  return {
    seconds: workSeconds + receiveSeconds + runs * LAST_POLL_SECONDS + notified * (POST_SECONDS + TABLE_SECONDS),
    invocations: runs,
    sqsRequests: digested + 2 * (digested / ENTRIES) + runs * RECEIVERS,
    tableWrites: WRITES_A_DIGESTED * digested + WRITES_A_DIGEST * notified,
    tableReads: 0,
  };
}

/** What an account of that kind uses in a month, by what was measured and what the template says. */
export function usageOf(account: AccountKind, measured: MeasuredCosts, settings: TemplateSettings): Usage {
  const { memoryMegabytes, digestMinutes } = settings;
  const processors = processorsOf(memoryMegabytes);
  const notifier = notifierUsage(account, measured, settings, processors);
  const digest = digestUsage(account, measured, MINUTES_A_MONTH / digestMinutes, processors);
  const signals = signalUsage(account, measured, processors);
  const invocations = notifier.invocations + signals.invocations + digest.invocations;
  const calls = callsOf(account);
  return {
    sqsRequests: notifier.sqsRequests + signals.sqsRequests + digest.sqsRequests,
    invocations,
    gbSeconds: ((notifier.seconds + signals.seconds + digest.seconds) * memoryMegabytes) / 1024,
    tableWrites: notifier.tableWrites + signals.tableWrites + digest.tableWrites,
    tableReads: notifier.tableReads + signals.tableReads + digest.tableReads,
    logBytes: calls * LOG_BYTES_A_CALL + invocations * LOG_BYTES_AN_INVOCATION,
    archiveBytes: calls * EVENT_BYTES,
    // At most once in the time that it is kept for, and only by an invocation that has something to report.
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

const many = (count: number): string => Math.round(count).toLocaleString('en');
const usd = (amount: number): string => amount.toFixed(2);
const sum = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((total, amount) => total + amount, 0);

/** What is paid for calls and not for the stack being there. */
function perHundredThousand(amount: number, idleAmount: number, account: AccountKind): number {
  return ((amount - idleAmount) * 100_000) / callsOf(account);
}

/** Paid for each metric, once it is written at all. */
const METRICS = 'metrics of our own';

const USED: Readonly<Record<string, (usage: Usage) => number>> = {
  'SQS requests': ({ sqsRequests }) => sqsRequests,
  invocations: ({ invocations }) => invocations,
  'GB-seconds': ({ gbSeconds }) => gbSeconds,
  'table writes': ({ tableWrites }) => tableWrites,
  'table reads': ({ tableReads }) => tableReads,
};

/** What a month costs and takes, as Markdown. */
export function costTable(measured: MeasuredCosts, settings: TemplateSettings): string {
  const accounts = ACCOUNT_KINDS.map((account) => {
    const usage = usageOf(account, measured, settings);
    return { account, usage, costs: costOf(account, usage, settings) };
  });
  const totals = accounts.map(({ costs }) => sum(costs));
  const [idle, ...inUse] = accounts;
  if (idle === undefined) return '';
  const moving = inUse.map(({ account, costs }) =>
    usd(perHundredThousand(sum(costs) - (costs[METRICS] ?? 0), sum(idle.costs), account)),
  );
  const names = ACCOUNT_KINDS.map(({ name }) => name);

  return [
    `One region, a month, AWS's list prices in USD without free tiers (${PRICES_OF}; look them up before you rely on them). Computed from the figures of \`npm run bench\` and the default settings by \`test/bench/cost.ts\`.`,
    markdownTable(
      ['USD a month', ...names],
      [
        [
          'calls reported at once, in bursts',
          ...ACCOUNT_KINDS.map((one) => `${many(one.notifiedAtOnce)} in ${many(one.bursts)}`),
        ],
        ['reads, reported in digests', ...ACCOUNT_KINDS.map(({ digested }) => many(digested))],
        ...Object.keys(idle.costs).map((service) => [
          service,
          ...accounts.map(({ costs }) => usd(costs[service] ?? 0)),
        ]),
        ['**together**', ...totals.map((total) => `**${usd(total)}**`)],
        ['each 100,000 calls like these', '', ...moving],
      ],
    ),
    markdownTable(
      ['used for 100,000 calls', ...inUse.map(({ account }) => account.name)],
      Object.entries(USED).map(([what, of]) => [
        what,
        ...inUse.map(({ account, usage }) => many(perHundredThousand(of(usage), of(idle.usage), account))),
      ]),
    ),
    "AWS's own events, rules and deliveries to queues are free. A trail is not counted: the account's first copy of management events is free, a second one is 2.00 for each 100,000 events of the account.",
  ].join('\n\n');
}

/** Where a benchmark was left out of this run: what the last whole run measured, rounded up. */
const USUAL: MeasuredCosts = { notifierUs: 120, digestUs: 100, initMs: 200, firstMs: 60, invocationsASecond: 2.5 };

const measuredIn = ({ earlier }: BenchOptions): MeasuredCosts => ({
  notifierUs: earlier.scale?.notifierUs ?? USUAL.notifierUs,
  digestUs: earlier.scale?.digestUs ?? USUAL.digestUs,
  initMs: earlier['cold-start']?.notifierInitMs ?? USUAL.initMs,
  firstMs: earlier['cold-start']?.notifierFirstMs ?? USUAL.firstMs,
  invocationsASecond: earlier.delay?.invocationsASecond ?? USUAL.invocationsASecond,
});

/** Memory to choose from: the least that Node starts in at ease, and a whole processor. */
const MEMORY = [256, 512, 1024, 1769];

/** What more memory would bring, and cost. */
function memoryTable(options: BenchOptions, settings: TemplateSettings): string {
  const measured = measuredIn(options);
  const toPostMs = options.earlier['cold-start']?.notifierToPostMs ?? measured.firstMs / 2;
  const lambda = (account: AccountKind, memoryMegabytes: number): string => {
    const changed = { ...settings, memoryMegabytes };
    return (costOf(account, usageOf(account, measured, changed), changed).Lambda ?? 0).toFixed(2);
  };
  return markdownTable(
    ['memory of the notifier and the digest', ...MEMORY.map((megabytes) => `${megabytes} MB`)],
    [
      ['part of a processor', ...MEMORY.map((megabytes) => processorsOf(megabytes).toFixed(2))],
      [
        'CPU time to the first message after a cold start',
        ...MEMORY.map((megabytes) => `${(measured.initMs + toPostMs / processorsOf(megabytes)).toFixed(0)} ms`),
      ],
      ...ACCOUNT_KINDS.map((account) => [
        `Lambda, ${account.name}, USD a month`,
        ...MEMORY.map((megabytes) => lambda(account, megabytes)),
      ]),
    ],
  );
}

/** What all this costs on AWS. */
export const cost: Benchmark = {
  name: 'cost',
  title: 'Cost',

  async run(options) {
    const measured = measuredIn(options);
    const settings = await templateSettings();
    return {
      figures: [],
      notes: [
        `From the measured CPU time of an event (notifier ${measured.notifierUs.toFixed(0)} µs, digest ${measured.digestUs.toFixed(0)} µs, of one processor), of a start (${measured.initMs.toFixed(0)} ms and ${measured.firstMs.toFixed(0)} ms in the first invocation), the invocations of a burst (${measured.invocationsASecond.toFixed(1)} a second), the template's memory, concurrency and schedule, and assumptions that are named in the model: how long Slack and the table take to answer, how long a log line is.`,
        `A lone call is one invocation, six writes to the table (its claim, the slot, the mark, the latest call on its flow, the end of the turn, the day) and one read. What came of it (\`notifier:outcomes\`, on by default) takes one more read and write of two kilobytes, and as much and an invocation for each of about ${SIGNALS_A_CALL} events of MediaConnect's own; half of the calls are written once more and looked at again after two minutes. In a burst all ${settings.concurrency} places of the notifier are taken for as long as it lasts.`,
        `${settings.memoryMegabytes} MB is the least in which a drain of 10,000 calls fits at ease; twice as much would bring the first message a few hundredths of a second sooner.`,
      ],
      numbers: {},
      table: `${costTable(measured, settings)}\n\n${memoryTable(options, settings)}`,
    };
  },
};
