import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { readContext } from '../infra/context.ts';
import { ContextError } from '../infra/context-error.ts';
import { InputError } from './input/input-error.ts';
import { createLocalReport } from './local-report.ts';
import { LocalStartError } from './local-start-error.ts';
import { type OpenedInput, openInput } from './open-input.ts';
import type { Pipeline } from './pipeline.ts';
import { playSampleDay } from './sample-day/play-sample-day.ts';
import { startPipeline } from './start-pipeline.ts';
import { RefusedTemplateError } from './template/refused-template.ts';
import { UnsupportedTemplateError } from './template/unsupported-template-error.ts';

/** What `npm start` and `notifier local` were asked for, after the flags were read. */
export interface LocalOptions {
  /** Port of the page and of the Slack endpoint; 0 takes a free one. */
  readonly port: number;
  /** Port of the AWS endpoints; 0 takes a free one. */
  readonly awsPort: number;
  /** Files of events to play instead of the built-in day; `-` is the standard input. */
  readonly inputs: readonly string[];
  /** Whether the built-in day is played when no inputs are given. */
  readonly sample: boolean;
  /** Factor on the pace of the built-in day and of the schedules. */
  readonly speed: number;
  /** A real Slack webhook that gets a copy of each message. */
  readonly slackWebhook: string | undefined;
  /** Where the queues and the record of what was told survive a restart. */
  readonly dataDir: string | undefined;
  /** Leave when everything is delivered. */
  readonly exit: boolean;
  /** One JSON line per outcome instead of text for people. */
  readonly json: boolean;
  /** All CDK context values: those of `cdk.json`, then those of `-c`. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** What the command line gives and takes while the pipeline runs. */
export interface LocalIo {
  /** What the input `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly writeLine: (line: string) => void;
  readonly writeErrorLine: (line: string) => void;
  /** Aborted by Ctrl-C: everything stops cleanly, and the exit code is still told. */
  readonly stop: AbortSignal;
}

/** Mistakes of the person who started it: said in lines, without a stack. `undefined` for anything else. */
export function mistakeLines(error: unknown): readonly string[] | undefined {
  if (error instanceof ContextError || error instanceof RefusedTemplateError) return error.lines;
  const isKnown = [InputError, LocalStartError, UnsupportedTemplateError].some((known) => error instanceof known);
  return isKnown && error instanceof Error ? [error.message] : undefined;
}

/** Waits, but not beyond the end. */
const waitUntil =
  (signal: AbortSignal) =>
  async (ms: number): Promise<void> => {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  };

const stopped = ({ stop }: LocalIo): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });

/** Events that are in the pipeline together at most: what waits there is held in memory, and a file may have millions. */
const MOST_AHEAD = 10_000;

async function playInput(input: OpenedInput, pipeline: Pipeline, io: LocalIo): Promise<void> {
  let ahead = 0;
  for await (const envelope of input.events()) {
    if (io.stop.aborted) return;
    await pipeline.putEvent(envelope);
    ahead += 1;
    if (ahead < MOST_AHEAD) continue;
    await Promise.race([pipeline.settled(), stopped(io)]);
    ahead = 0;
  }
}

async function play(
  pipeline: Pipeline,
  input: OpenedInput | undefined,
  { sample, speed, exit }: LocalOptions,
  io: LocalIo,
): Promise<void> {
  if (input !== undefined) return playInput(input, pipeline, io);
  if (!sample) return;
  const stage = {
    put: pipeline.putEvent,
    runDigest: pipeline.runDigest,
    nowMs: Date.now,
    newId: randomUUID,
    wait: waitUntil(io.stop),
    isStopped: () => io.stop.aborted,
  };
  await playSampleDay(stage, exit ? { speed, days: 1 } : { speed });
}

async function run(options: LocalOptions, io: LocalIo): Promise<number> {
  const report = createLocalReport(options, io);
  const input =
    options.inputs.length === 0
      ? undefined
      : await openInput(options.inputs, {
          stdin: io.stdin,
          stop: io.stop,
          onNote: report.note,
          onUnusable: report.unusable,
        });
  const pipeline = await startPipeline({ ...options, onNote: report.note, onMessage: report.message });
  try {
    pipeline.onOutcome(report.outcome);
    const { regions } = readContext(options.context);
    if (regions.length > 1) report.note(`of the regions ${regions.join(', ')}, this is ${regions[0]}`);
    report.ready(pipeline.urls);
    const played = play(pipeline, input, options, io);
    if (options.exit) await Promise.race([played.then(pipeline.settled), stopped(io)]);
    else await Promise.all([played, stopped(io)]);
  } finally {
    await pipeline.stop();
  }
  return report.end({ isStoppedEarly: options.exit && io.stop.aborted });
}

/**
 * Runs the pipeline on this machine until it is stopped, or, with `exit`, until everything is delivered.
 *
 * @returns the exit code: 0; 1 if something was dead-lettered or unusable; 2 if it could not be started as asked.
 */
export async function runLocal(options: LocalOptions, io: LocalIo): Promise<number> {
  try {
    return await run(options, io);
  } catch (error) {
    const lines = mistakeLines(error);
    if (lines === undefined) throw error;
    for (const line of lines) io.writeErrorLine(line);
    return 2;
  }
}
