import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { bundleFunction } from '../../infra/bundle.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { type BundleContents, bundleContents } from './measuring/bundle-contents.ts';
import { bundleNaively } from './measuring/naive-bundle.ts';
import { runProgram } from './measuring/run-program.ts';
import { type Edges, startEdges } from './measuring/start-edges.ts';
import { median } from './measuring/statistics.ts';
import { markdownTable } from './report/markdown-table.ts';
import { withinCount, withinRatio } from './target.ts';
import { envelopeText } from './workload/queued-text.ts';

const PROCESSES = 21;
const MOST_OF_NAIVE = 0.5;
const MOST_BYTES = 300_000;
const FUNCTIONS = ['notifier', 'digest'] as const;

const StartSchema = z.object({ readyMs: z.number(), handledMs: z.number() });
type Start = z.infer<typeof StartSchema>;

const ms = (value: number): string => `${value.toFixed(0)} ms`;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

const sqsEvent = {
  Records: [
    {
      messageId: 'm1',
      receiptHandle: 'r1',
      body: envelopeText(),
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {},
    },
  ],
};
const EVENTS = { empty: {}, notifier: sqsEvent, digest: {} } as const;

/** A function's environment on Lambda, with the services on this machine. */
const environmentFor = (edges: Edges): Readonly<Record<string, string>> => ({
  SLACK_SECRET_ID: 'slack',
  LEDGER_TABLE_NAME: 'ledger',
  QUEUE_URL: `${edges.url}/111122223333/queue`,
  DEAD_LETTER_QUEUE_URL: `${edges.url}/111122223333/dead-letters`,
  DISPLAY_SETTINGS: '{"accountNames":{},"channels":{},"showParameters":[]}',
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'Bench',
  POWERTOOLS_TRACE_ENABLED: 'false',
  AWS_ENDPOINT_URL: edges.url,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
});

/** Builds every variant into a folder from which the SDK can be found, as it can on Lambda. */
function buildVariants(folder: string): ReadonlyMap<string, string> {
  symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
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

async function startAll(variants: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, readonly Start[]>> {
  const edges = await startEdges();
  const starts = new Map<string, Start[]>([...variants.keys()].map((name) => [name, []]));
  try {
    // In turns, so that a busy moment of the machine falls on all of them.
    for (let round = 0; round < PROCESSES; round += 1) {
      for (const [name, path] of variants) {
        const event = EVENTS[name.split(',')[0] as keyof typeof EVENTS];
        const options = { args: [path, JSON.stringify(event)], environment: environmentFor(edges) };
        starts.get(name)?.push(await runProgram('cold-start.js', StartSchema, options));
      }
    }
    return starts;
  } finally {
    await edges.close();
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

/** From nothing to the first event handled, in fresh processes. */
export const coldStart: Benchmark = {
  name: 'cold-start',
  title: 'Cold start',

  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
    try {
      const starts = await startAll(buildVariants(folder));
      const of = (variant: string, what: keyof Start): number =>
        median((starts.get(variant) ?? []).map((start) => start[what]));

      const figures = FUNCTIONS.flatMap((name): readonly Figure[] => {
        const naive = `${name}, naive`;
        const ratio = median(
          (starts.get(name) ?? []).map(
            ({ readyMs }, round) => readyMs / (starts.get(naive)?.[round]?.readyMs ?? Number.NaN),
          ),
        );
        const { bytes } = bundleContents(name);
        return [
          {
            what: `${name}: import until the handler is ready`,
            value: `${ms(of(name, 'readyMs'))}, ${ratio.toFixed(2)}×`,
            floor: `${ms(of(naive, 'readyMs'))} naive, ${ms(of('empty', 'readyMs'))} empty handler`,
            target: withinRatio(ratio, MOST_OF_NAIVE, 'at most half of naive'),
          },
          {
            what: `${name}: until the first event is handled`,
            value: ms(of(name, 'handledMs')),
            floor: `${ms(of(naive, 'handledMs'))} naive, ${ms(of('empty', 'handledMs'))} empty handler`,
          },
          {
            what: `${name}: bundle without source maps`,
            value: kilobytes(bytes),
            target: withinCount(bytes, MOST_BYTES, `under ${kilobytes(MOST_BYTES)}`),
          },
        ];
      });
      return {
        figures,
        notes: [
          `Median of ${PROCESSES} fresh processes for each variant, in turns; Node's own start is not counted. Secrets Manager, DynamoDB, SQS and Slack are one local server that answers at once, so the first event costs what loading the SDK costs. The naive variant is the same handler with the SDK's clients imported and made at start and all of Zod, in one minified file with the SDK inside.`,
          'Seen and left: the compile cache of Node cannot be filled on Lambda, where only `/tmp` can be written to and is empty at a cold start, and a cache made elsewhere is of no use on another processor. Source maps lie beside the code and are not read.',
        ],
        numbers: Object.fromEntries(
          FUNCTIONS.flatMap((name) => [
            [`${name}ReadyMs`, of(name, 'readyMs')],
            [`${name}HandledMs`, of(name, 'handledMs')],
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
