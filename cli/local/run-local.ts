import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { UserError } from '../../infra/settings/user-error.ts';
import { dataTrouble } from '../../local/data-directory.ts';
import { LocalStartError, PortError } from '../../local/local-start-error.ts';
import type { Outcome } from '../../local/monitor/delivery-tracker.ts';
import type { PipelineState, SlackFault } from '../../local/monitor/pipeline-state.ts';
import type { Pipeline } from '../../local/pipeline.ts';
import { playSampleDay } from '../../local/sample-day/play.ts';
import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { type Envelope, faultText } from '../input/envelope.ts';
import { readEvents } from '../input/read-events.ts';
import { EXIT_CODES, type ExitCode, jsonLine } from '../io.ts';
import { type Closing, closingLines } from './closing-lines.ts';

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
  /** What Slack's stand-in answers from the start. */
  readonly slackAnswers: SlackFault;
  /** Where the queues and the record of what was reported survive a restart. */
  readonly dataDir: string | undefined;
  /** Leave when everything is delivered. */
  readonly exit: boolean;
  /** One JSON line per outcome instead of text for people. */
  readonly json: boolean;
  /** The command as it was typed, but with ports that are free. */
  readonly commandWithFreePorts: string;
  /** All CDK context values: those of `cdk.json`, then those of `-c`. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** What the command line gives and takes while the pipeline runs. */
export interface LocalIo {
  /** What the input `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly writeLine: (line: string) => void;
  readonly writeErrorLine: (line: string) => void;
  /** Ends the program where nothing else can be done any more. */
  readonly exitNow: (code: number) => void;
  /** Aborted by Ctrl-C: everything stops cleanly, and the exit code is still reported. */
  readonly stop: AbortSignal;
}

/** What the person or the program at the terminal reads while the pipeline runs. */
export interface LocalReport {
  ready(urls: Pipeline['urls']): void;
  outcome(outcome: Outcome): void;
  message(post: AcceptedPost): void;
  /** A trouble that does not end anything. */
  note(text: string): void;
  /** A piece of the input that is no event. */
  unusable(text: string): void;
  /** Says how it went, and gives the exit code. */
  end(state: PipelineState, how: { readonly isStoppedEarly: boolean }): ExitCode;
}

const LINE_CHARACTERS = 140;

/** Control characters would reach the terminal. */
const oneLine = (text: string): string => {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length <= LINE_CHARACTERS ? line : `${line.slice(0, LINE_CHARACTERS - 1)}…`;
};

const whatPlays = ({ inputs, sample, exit }: LocalOptions): string => {
  if (inputs.length > 0) return `Playing ${inputs.join(', ')}.`;
  if (!sample) return 'Waiting for events.';
  return exit ? 'Playing a day of broadcasting.' : 'Playing a day of broadcasting, again and again.';
};

const playsDay = ({ inputs, sample }: LocalOptions): boolean => inputs.length === 0 && sample;

/** So that the day shows a source that drops by itself; what the context says comes first. */
const OF_THE_DAY: LocalOptions['context'] = { 'notifier:outcomes': 'trouble', 'notifier:health': 'trouble' };

const contextOf = (options: LocalOptions): LocalOptions['context'] =>
  playsDay(options) ? { ...OF_THE_DAY, ...options.context } : options.context;

const healthWords = (options: LocalOptions): readonly string[] =>
  playsDay(options) && options.context['notifier:health'] === undefined
    ? ['For the day, notifier:health is set to trouble: without it, nothing is said of what nobody called for.']
    : [];

const welcome = (urls: Pipeline['urls'], options: LocalOptions): readonly string[] => [
  'The MediaConnect notifier runs on this machine.',
  '',
  `  The channels, as operators see them   ${urls.page}`,
  `  AWS (AWS_ENDPOINT_URL)                ${urls.aws}`,
  `  Slack (webhook of channel default)    ${urls.slack}`,
  '',
  'EventBridge here takes sources that begin with aws., which AWS itself refuses from anyone but its services.',
  ...healthWords(options),
  `${whatPlays(options)}${options.exit ? '' : ' Ctrl-C stops.'}`,
  '',
];

/** Reports in words, or, with `json`, in lines of JSON; troubles always go to the error output. */
function createLocalReport(options: LocalOptions, { writeLine, writeErrorLine }: LocalIo): LocalReport {
  let givenUp = 0;
  let unusable = 0;
  let lastNote = '';

  const note = (text: string): void => {
    // While Slack is away, each try says the same.
    if (text === lastNote) return;
    lastNote = text;
    writeErrorLine(oneLine(text));
  };

  const closingOf = (isStoppedEarly: boolean): Closing => ({
    givenUp,
    isKept: options.dataDir !== undefined,
    isAllReported: options.exit && !isStoppedEarly,
  });

  return {
    ready(urls) {
      if (options.json) writeLine(jsonLine({ ready: true, ...urls }));
      else for (const line of welcome(urls, options)) writeLine(line);
    },
    outcome(outcome) {
      if (outcome.result === 'dead-lettered') givenUp += 1;
      if (options.json) writeLine(jsonLine(outcome));
      else if (outcome.result === 'dead-lettered' || outcome.result === 'unmatched') {
        writeLine(oneLine(`${outcome.result}: ${outcome.operation ?? outcome.eventId}: ${outcome.reason ?? ''}`));
      }
    },
    message({ channel, message }) {
      if (!options.json) writeLine(oneLine(`#${channel}  ${message.text}`));
    },
    note,
    unusable(text) {
      unusable += 1;
      note(text);
    },
    end(state, { isStoppedEarly }) {
      if (!options.json) {
        writeLine('');
        for (const line of closingLines(state, closingOf(isStoppedEarly))) writeLine(line);
      }
      if (isStoppedEarly) writeErrorLine('stopped before everything was delivered');
      return isStoppedEarly || givenUp > 0 || unusable > 0 ? EXIT_CODES.notFine : EXIT_CODES.fine;
    },
  };
}

export interface OpenedInput {
  /** Every event, once. */
  events(): AsyncGenerator<Envelope>;
}

export interface OpenInputOptions {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stop: AbortSignal;
  /** Called with what was not looked at. */
  readonly onNote: (text: string) => void;
  /** Called with what is no event, in words that name its place. */
  readonly onUnusable: (text: string) => void;
}

/** What is no event and comes before the first one: each is said of so many, since of a wrong file there may be millions. */
const MOST_HELD = 1000;

function createHeldTexts() {
  const held: string[] = [];
  let more = 0;
  return {
    add: (text: string): void => {
      if (held.length < MOST_HELD) held.push(text);
      else more += 1;
    },
    count: () => held.length + more,
    texts: (): readonly string[] => (more > 0 ? [...held, `and ${more} more before the first event`] : held),
  };
}

/**
 * Opens files of events and reads as far as the first one, so that an input which cannot be used is known before
 * anything starts. The rest is read as it is taken. Lists without records are an input, too, in which nothing happens.
 *
 * @throws LocalStartError when all that is in them is no event.
 */
export async function openInput(paths: readonly string[], options: OpenInputOptions): Promise<OpenedInput> {
  const { onUnusable, ...reading } = options;
  const items = readEvents(paths, reading);
  const unusable = createHeldTexts();
  let first: Envelope | undefined;
  for (let next = await items.next(); !next.done && first === undefined; ) {
    if (next.value.kind === 'event') first = next.value.envelope;
    else {
      unusable.add(faultText(next.value));
      next = await items.next();
    }
  }
  if (first === undefined && unusable.count() > 0) {
    const more = unusable.count() > 1 ? ` (and ${unusable.count() - 1} more)` : '';
    throw new LocalStartError(`no events: ${unusable.texts()[0]}${more}`);
  }
  const firstEvent = first;
  return {
    async *events() {
      for (const text of unusable.texts()) onUnusable(text);
      if (firstEvent !== undefined) yield firstEvent;
      for await (const item of items) {
        if (item.kind === 'event') yield item.envelope;
        else onUnusable(faultText(item));
      }
    },
  };
}

/** An error as what its person has to be told; `undefined` where it is none of theirs. */
function userErrorOf({ commandWithFreePorts, dataDir }: LocalOptions, error: unknown): UserError | undefined {
  if (error instanceof PortError) return new UserError(`${error.message}, or take any: ${commandWithFreePorts}`);
  if (error instanceof UserError) return error;
  const trouble = dataDir === undefined ? undefined : dataTrouble(dataDir, error);
  return trouble === undefined ? undefined : new UserError(trouble);
}

/** The stores throw wherever they just are, mostly where nobody waits for them: that, too, ends in one line. */
function endOnDataTrouble(options: LocalOptions, io: LocalIo): () => void {
  if (options.dataDir === undefined) return () => undefined;
  const hear = (error: unknown): void => {
    const lines = userErrorOf(options, error)?.lines ?? [
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    ];
    for (const line of lines) io.writeErrorLine(line);
    io.exitNow(EXIT_CODES.unusable);
  };
  process.on('uncaughtException', hear);
  return () => void process.off('uncaughtException', hear);
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
const MOST_AHEAD = 4_000;

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

async function run(options: LocalOptions, io: LocalIo): Promise<ExitCode> {
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
  const pipeline = await startPipeline({
    ...options,
    context: contextOf(options),
    onNote: report.note,
    onMessage: report.message,
  });
  try {
    pipeline.slack.set(options.slackAnswers);
    pipeline.onOutcome(report.outcome);
    report.ready(pipeline.urls);
    const played = play(pipeline, input, options, io);
    if (options.exit) await Promise.race([played.then(pipeline.settled), stopped(io)]);
    else await Promise.all([played, stopped(io)]);
  } finally {
    await pipeline.stop();
  }
  return report.end(pipeline.state(), { isStoppedEarly: options.exit && io.stop.aborted });
}

/**
 * Runs the pipeline on this machine until it is stopped, or, with `exit`, until everything is delivered.
 *
 * @returns the exit code: not fine if something was dead-lettered or unusable.
 * @throws UserError when it could not be started as asked.
 */
export async function runLocal(options: LocalOptions, io: LocalIo): Promise<ExitCode> {
  // Else V8 lets garbage grow to several times of what is in use: it goes by the memory of the machine, which has others.
  setFlagsFromString('--optimize-for-size');
  const end = endOnDataTrouble(options, io);
  try {
    return await run(options, io);
  } catch (error) {
    throw userErrorOf(options, error) ?? error;
  } finally {
    end();
  }
}
