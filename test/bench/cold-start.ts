import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { bundleFunction } from '../../infra/stack/bundle.ts';
import { type Benchmark, type Figure, median, withinCount, withinRatio, withinTime } from './benchmark.ts';
import { type BundleContents, bundleContents, bundleNaively } from './bundles.ts';
import { processorsOf } from './lambda-processor.ts';
import { runProgram, templateSettings } from './measuring.ts';
import { markdownTable } from './report.ts';
import { type Endpoints, startEndpoints } from './start-endpoints.ts';
import { envelopeText, sqsEvent } from './workload.ts';

const PROCESSES = 21;
const PROCESSES_FOR_ROUNDS = 9;
/** Slower than a table answers, and not so slow that a post would come too late for its slot. */
const SLOW_ANSWER_MS = 30;
const MOST_OF_NAIVE = { init: 1, first: 0.4, message: 0.5 };
const MOST_FIRST_MS = 60;
const MOST_BYTES = 800_000;
const FUNCTIONS = ['notifier', 'digest'] as const;

const StartSchema = z.object({
  initUs: z.number(),
  invocations: z.array(
    z.object({ us: z.number(), postedUs: z.nullable(z.number()), postedMs: z.nullable(z.number()) }),
  ),
});

/** One start and what followed, CPU time in milliseconds. */
export interface Start {
  readonly init: number;
  readonly first: number;
  readonly second: number;
  /** Of the first invocation, until Slack has the message. */
  readonly toPost: number;
  /** By the clock, until Slack has the message of each invocation. */
  readonly postedMs: readonly number[];
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;
const times = (ratio: number): string => `${ratio.toFixed(2)}×`;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

const EVENTS = { empty: {}, notifier: sqsEvent([envelopeText()]), digest: {} } as const;

/** The services of this machine, and the settings that the stack gives a function. */
interface Surroundings {
  readonly endpoints: Endpoints;
  readonly displaySettings: string;
}

/** A function's environment on Lambda, with the services on this machine. */
const environmentFor = ({ endpoints, displaySettings }: Surroundings): Readonly<Record<string, string>> => ({
  SLACK_SECRET_ID: 'slack',
  LEDGER_TABLE_NAME: 'ledger',
  QUEUE_URL: `${endpoints.url}/111122223333/queue`,
  DEAD_LETTER_QUEUE_URL: `${endpoints.url}/111122223333/dead-letters`,
  DISPLAY_SETTINGS: displaySettings,
  DIGEST_MINUTES: '15',
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'Bench',
  AWS_ENDPOINT_URL: endpoints.url,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  // By these X-Ray's SDK and Powertools know Lambda, and trace as they do there.
  LAMBDA_TASK_ROOT: '/var/task',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_XRAY_DAEMON_ADDRESS: endpoints.traces,
  _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1',
});

/** Builds every variant into a folder. */
function buildVariants(folder: string): ReadonlyMap<string, string> {
  const variants = new Map<string, string>();
  const place = (variant: string): string => {
    const directory = join(folder, variant);
    mkdirSync(directory);
    variants.set(variant, join(directory, 'index.mjs'));
    return directory;
  };
  writeFileSync(join(place('empty'), 'index.mjs'), 'export const handler = async () => ({});\n');
  for (const name of FUNCTIONS) {
    bundleFunction(name, place(name));
    bundleNaively(name, place(`${name}, naive`));
  }
  return variants;
}

async function startOne(name: string, path: string, surroundings: Surroundings): Promise<Start> {
  const event = EVENTS[name.split(',')[0] as keyof typeof EVENTS];
  const options = { args: [path, JSON.stringify(event), 2], environment: environmentFor(surroundings) };
  const { initUs, invocations } = await runProgram('cold-start.js', StartSchema, options);
  const [first, second] = invocations;
  return {
    init: initUs / 1000,
    first: (first?.us ?? Number.NaN) / 1000,
    second: (second?.us ?? Number.NaN) / 1000,
    toPost: (first?.postedUs ?? Number.NaN) / 1000,
    postedMs: invocations.map(({ postedMs }) => postedMs ?? Number.NaN),
  };
}

/** By variant. */
export type Starts = ReadonlyMap<string, readonly Start[]>;

async function startAll(variants: ReadonlyMap<string, string>, displaySettings: string): Promise<Starts> {
  const endpoints = await startEndpoints();
  const starts = new Map<string, Start[]>([...variants.keys()].map((name) => [name, []]));
  try {
    // In turns, so that a busy moment of the machine falls on all of them.
    for (let round = 0; round < PROCESSES; round += 1) {
      for (const [name, path] of variants)
        starts.get(name)?.push(await startOne(name, path, { endpoints, displaySettings }));
    }
    return starts;
  } finally {
    await endpoints.close();
  }
}

const postedMs = (starts: readonly Start[], invocation: number): number =>
  median(starts.map((start) => start.postedMs[invocation] ?? Number.NaN));

/**
 * Round trips before the post, of the first invocation and of the next: how many times longer the post takes to be
 * there where every service takes longer to answer.
 */
async function roundTrips(
  variant: string,
  path: string,
  { quick, displaySettings }: { readonly quick: readonly Start[]; readonly displaySettings: string },
): Promise<readonly number[]> {
  const endpoints = await startEndpoints({ answerMs: SLOW_ANSWER_MS });
  try {
    const slow: Start[] = [];
    for (let run = 0; run < PROCESSES_FOR_ROUNDS; run += 1) {
      slow.push(await startOne(variant, path, { endpoints, displaySettings }));
    }
    // The last of them is Slack's own.
    return [0, 1].map(
      (invocation) => Math.round((postedMs(slow, invocation) - postedMs(quick, invocation)) / SLOW_ANSWER_MS) - 1,
    );
  } finally {
    await endpoints.close();
  }
}

const LARGEST_PARTS = 8;

const contentsRow = (name: string, { bytes, atStart, parts }: BundleContents): readonly string[] => [
  name,
  kilobytes(bytes),
  kilobytes(atStart),
  parts
    .slice(0, LARGEST_PARTS)
    .map(({ part, bytes: size }) => `${part} ${kilobytes(size)}`)
    .join(', '),
];

/** To the first message by CPU alone: a whole processor while the function starts, then the share of its memory. */
const toMessage = ({ init, toPost }: Pick<Start, 'init' | 'toPost'>, megabytes: number): number =>
  init + toPost / processorsOf(megabytes);

/** What the starts of two variants say of each other, round by round. */
function compare(starts: Starts, name: string, of: (start: Start) => number) {
  const [ours, naive] = [starts.get(name) ?? [], starts.get(`${name}, naive`) ?? []];
  const ratio = median(ours.map((start, round) => of(start) / of(naive[round] ?? start)));
  return { ours: median(ours.map(of)), naive: median(naive.map(of)), ratio };
}

export interface ColdStartSizes {
  /** Memory of the function. */
  readonly megabytes: number;
  /** Of the notifier's bundle. */
  readonly bytes: number;
}

export function coldStartFigures(
  starts: Starts,
  rounds: ReadonlyMap<string, readonly number[]>,
  { megabytes, bytes }: ColdStartSizes,
): readonly Figure[] {
  const init = compare(starts, 'notifier', (start) => start.init);
  const first = compare(starts, 'notifier', (start) => start.first);
  const second = compare(starts, 'notifier', (start) => start.second);
  const message = compare(starts, 'notifier', (start) => toMessage(start, megabytes));
  const empty = median((starts.get('empty') ?? []).map((start) => start.init));
  const [ours, naive] = [rounds.get('notifier') ?? [Number.NaN], rounds.get('notifier, naive') ?? []];
  const digestInit = compare(starts, 'digest', (start) => start.init);
  const digestFirst = compare(starts, 'digest', (start) => start.first);
  return [
    {
      what: `notifier: first message after a cold start, by CPU at ${megabytes} MB`,
      value: `${ms(message.ours)}, ${times(message.ratio)}`,
      floor: `${ms(message.naive)} naive`,
      target: withinRatio(message.ratio, MOST_OF_NAIVE.message, `at most ${MOST_OF_NAIVE.message}× naive`),
    },
    {
      what: 'notifier: CPU of initialization',
      value: `${ms(init.ours)}, ${times(init.ratio)}`,
      floor: `${ms(init.naive)} naive, ${ms(empty)} empty handler`,
      target: withinRatio(init.ratio, MOST_OF_NAIVE.init, 'at most that of naive'),
    },
    {
      what: 'notifier: CPU of the first invocation beside naive',
      value: times(first.ratio),
      floor: `${ms(first.naive)} naive`,
      target: withinRatio(first.ratio, MOST_OF_NAIVE.first, `at most ${MOST_OF_NAIVE.first}×`),
    },
    {
      what: 'notifier: CPU of the first invocation',
      value: ms(first.ours),
      target: withinTime(first.ours, MOST_FIRST_MS, `at most ${MOST_FIRST_MS} ms`),
    },
    { what: 'notifier: CPU of the second invocation', value: ms(second.ours), floor: `${ms(second.naive)} naive` },
    {
      what: 'notifier: round trips before the post, in the first and in the next invocation',
      value: ours.join(' and '),
      floor: `${naive.join(' and ')} naive`,
      target: withinCount(Math.max(...ours), 1, 'one'),
    },
    {
      what: 'notifier: bundle without source maps, the SDK inside',
      value: kilobytes(bytes),
      target: withinCount(bytes, MOST_BYTES, `at most ${kilobytes(MOST_BYTES)}`),
    },
    {
      what: 'digest: CPU of initialization, and of the first invocation',
      value: `${ms(digestInit.ours)}, ${ms(digestFirst.ours)}`,
      floor: `${ms(digestInit.naive)}, ${ms(digestFirst.naive)} naive`,
    },
  ];
}

/** From nothing to the first message, in fresh processes. */
export const coldStart: Benchmark = {
  name: 'cold-start',
  title: 'Cold start',

  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
    try {
      const { memoryMegabytes, displaySettings } = await templateSettings();
      const variants = buildVariants(folder);
      const starts = await startAll(variants, displaySettings);
      const rounds = new Map<string, readonly number[]>();
      for (const variant of ['notifier', 'notifier, naive']) {
        const quick = starts.get(variant) ?? [];
        rounds.set(variant, await roundTrips(variant, variants.get(variant) ?? '', { quick, displaySettings }));
      }
      const of = (variant: string, what: 'init' | 'first' | 'toPost'): number =>
        median((starts.get(variant) ?? []).map((start) => start[what]));
      return {
        figures: coldStartFigures(starts, rounds, {
          megabytes: memoryMegabytes,
          bytes: bundleContents('notifier').bytes,
        }),
        notes: [
          `Median of ${PROCESSES} fresh processes for each variant, in turns, loaded as Lambda loads them and traced as there; CPU time of the process with all its threads, so waiting for the network costs nothing, and neither do Secrets Manager, DynamoDB, SQS, Slack and X-Ray's daemon, which are another process. Not counted: Node's own start, and TLS. The naive variant is the same handler with the clients made at start, Node's own \`fetch\` and all of Zod, in one minified file with the SDK inside.`,
          `To the first message: the CPU of initialization on a whole processor, and that of the first invocation until Slack has the message on the share of one that goes with the memory. The share is documented (one processor at 1,769 MB); that initialization has a whole one is said by an AWS guide and not by Lambda's own, and is inferred from that.`,
          `Round trips: by how many times ${SLOW_ANSWER_MS} ms the post comes later where every service takes so long to answer, without Slack's own. Where the first one takes over 50 ms, as it may on a small part of a processor, there is one more: the slot is moved to when the post begins.`,
          'Seen and left: the compile cache of Node cannot be filled on Lambda, where only `/tmp` can be written to and is empty at a cold start, and a cache made elsewhere is of no use on another processor. Source maps lie beside the code and are not read. A second run through all of the SDK at start, answered locally, would take a quarter off the first invocation and add a fifth to initialization.',
        ],
        numbers: Object.fromEntries(
          FUNCTIONS.flatMap((name) => [
            [`${name}InitMs`, of(name, 'init')],
            [`${name}FirstMs`, of(name, 'first')],
            [`${name}ToPostMs`, of(name, 'toPost')],
            [`${name}NaiveInitMs`, of(`${name}, naive`, 'init')],
            [`${name}NaiveToPostMs`, of(`${name}, naive`, 'toPost')],
          ]),
        ),
        table: markdownTable(
          ['bundle', 'all code', 'loaded at start', 'largest parts'],
          FUNCTIONS.map((name) => contentsRow(name, bundleContents(name))),
        ),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
