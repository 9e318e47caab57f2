import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import process from 'node:process';
import { Command } from 'commander';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { deployRule } from '../../shared/eventbridge/rule.ts';
import {
  type AwsClients,
  type AwsFlags,
  type AwsSettings,
  awsSettings,
  createAwsClients,
  neededRegion,
  withAwsOptions,
} from '../aws/clients.ts';
import { readDeployedStack } from '../aws/deployed-stack.ts';
import { AwsCallError } from '../aws/failure.ts';
import { counted } from '../backtest/text.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import type { InputItem } from '../input/envelope.ts';
import { readEvents } from '../input/read-events.ts';
import { listSamples, type NamedInput, SAMPLES_HELP, sampleItems } from '../input/samples.ts';
import { type CliIo, EXIT_CODES, type ExitCode, jsonLine, sanitize, UsageError } from '../io.ts';
import { anyOf, required } from '../required.ts';
import { renewItems } from './renew.ts';
import { readReceiverLevels, sampleWords } from './sample-words.ts';
import { putIntoQueue, putOnBus, type QueueRoute, type SendBatch, type Sent, sendItems } from './send.ts';

interface SendFlags extends ContextOptions, AwsFlags {
  readonly queue?: boolean;
  readonly rule?: string;
  readonly sample?: boolean;
  readonly new?: boolean;
  readonly json?: boolean;
}

/** New ids are new calls, so nothing would recognise those that were sent. */
const SENT_ANEW = 'with --new, what was sent would be reported again if it is sent again';

/** Where `npm start` listens. */
const LOCAL_BUS = 'http://127.0.0.1:4566';

const DESCRIPTION = `Puts sample or recorded events on the bus of npm start, or with --queue straight into a deployed queue.
AWS's own bus takes events of aws.* sources from AWS alone, so a smoke test of a deployed stack has to use the queue.`;

const NOTES = `
Examples:
  notifier send event.json                                  on the bus of npm start
  notifier send --new trail.json.gz                         as if the recorded calls were made now
  notifier send --queue --sample --region eu-west-1         smoke test of a deployed stack, seen in its channel
  notifier send --queue --rule changes event.json --region eu-west-1
  notifier send --sample flow-active                        a call, and what MediaConnect says by itself of what it came to
  notifier send source-lost                                 an event of MediaConnect's own

${SAMPLES_HELP}
Of what nobody called for, such as source-lost, a message is posted only where notifier:health is trouble or all (npm start
sets that for its day), and after a minute: until then a call may turn up. Of each sample that is not posted a line says so.

A call that was reported in its channel before is recognised and not reported again, unless --new makes a new one of it.
With --new the input is read to its end first. Its newest event is made now; the others are as much earlier as they were, if
all lie within 15 minutes, else one after another in the last minute. What is over two minutes old is reported as late.

Exit codes: 0 everything was accepted; 1 something was refused, matched no rule, or is no event; 2 nothing could be
sent: no answer, no credentials, no such stack, no such file, no event in it.`;

async function createSend(flags: SendFlags, settings: AwsSettings, clients: AwsClients, io: CliIo): Promise<SendBatch> {
  if (!flags.queue) return (sendables) => putOnBus(clients, sendables);
  const context = readContext(contextValues(flags, io.cwd));
  const rules = compileRules(context).map(deployRule);
  const forced = rules.find(({ name }) => name === flags.rule);
  if (flags.rule !== undefined && forced === undefined) {
    throw new UsageError(`no rule ${flags.rule}; the context has ${rules.map(({ name }) => name).join(', ')}`);
  }
  const { outputs } = await readDeployedStack(clients, settings, { outputs: flags.outputs, cwd: io.cwd });
  const route: QueueRoute = { outputs, rules, forced, nowMs: Date.now() };
  return async (sendables) => {
    const sent: Sent[] = [];
    for (const sendable of sendables) sent.push(await putIntoQueue(clients, sendable, route));
    return sent;
  };
}

interface Sending {
  readonly flags: SendFlags;
  readonly settings: AwsSettings;
  readonly clients: AwsClients;
}

/** Whether a path gives the same when it is opened again. */
async function canReopen(path: string): Promise<boolean> {
  if (path === '-') return false;
  const found = await stat(path).catch(() => undefined);
  return found === undefined || found.isFile() || found.isDirectory();
}

async function* itemsOf(
  { samples, paths }: NamedInput,
  { flags, settings: { region } }: Sending,
  io: CliIo,
): AsyncGenerator<InputItem> {
  const notes = new Set<string>();
  // What is opened twice is not spoken of twice.
  const onNote = (text: string): void => {
    if (!notes.has(text)) io.writeErrorLine(sanitize(`notifier: ${text}`));
    notes.add(text);
  };
  async function* open(): AsyncGenerator<InputItem> {
    yield* sampleItems(samples, { withCall: flags.sample ?? false, region }, Date.now());
    if (paths.length > 0) yield* readEvents(paths, { stdin: io.stdin, stop: io.stop, onNote });
  }
  const reopens = await Promise.all(paths.map(canReopen));
  yield* flags.new
    ? renewItems({ open, canReopen: !reopens.includes(false), nowMs: Date.now, newId: randomUUID })
    : open();
}

function writeOne({ place, eventId, result, rules, reason }: Sent, json: boolean, io: CliIo): void {
  if (json) {
    io.writeLine(jsonLine({ place, eventId: eventId ?? null, result, rules, reason: reason ?? null }));
  } else if (reason !== undefined) {
    io.writeErrorLine(sanitize(`notifier: ${place}: ${result}: ${reason}`));
  }
}

/**
 * What is sent where. Without a queue it goes to the bus of this machine, unless an endpoint is named.
 *
 * @throws UsageError that names all that is missing
 */
function whatAndWhere(words: readonly string[], flags: SendFlags, io: CliIo): [NamedInput, AwsSettings] {
  if (flags.rule !== undefined && !flags.queue)
    throw new UsageError('--rule goes with --queue: a bus finds its own rules');
  const { regions } = readContext(contextValues(flags, io.cwd));
  const endpointUrl = flags.endpointUrl ?? (process.env.AWS_ENDPOINT_URL || LOCAL_BUS);
  const place = flags.queue ? flags : { ...flags, endpointUrl };
  required(
    'send',
    {
      'what to send (files, -, names of samples or --sample)': flags.sample ? words : anyOf(words),
      ...neededRegion(place, regions),
    },
    flags.queue ? 'notifier send --queue --sample --region eu-west-1' : 'notifier send event.json',
  );
  return [listSamples(words), awsSettings(place, regions)];
}

interface Counts {
  accepted: number;
  not: number;
  /** Of those that were not, the ones that are no events. */
  unusable: number;
}

/** Counts and writes each as it is sent; returns whether it came to the end. */
async function writeAll(sending: AsyncIterable<Sent>, counts: Counts, json: boolean, io: CliIo): Promise<boolean> {
  try {
    for await (const sent of sending) {
      counts[sent.result === 'accepted' ? 'accepted' : 'not'] += 1;
      if (sent.result === 'unusable') counts.unusable += 1;
      writeOne(sent, json, io);
    }
    return !io.stop.aborted;
  } catch (error) {
    if (!(error instanceof AwsCallError) || counts.accepted === 0) throw error;
    io.writeErrorLine(sanitize(`notifier: ${error.message}`));
    return false;
  }
}

/** An input that holds nothing but what is no event cannot be used at all. */
function exitCodeOf({ accepted, not, unusable }: Counts, isWhole: boolean): ExitCode {
  if (isWhole && not === 0) return EXIT_CODES.fine;
  return isWhole && accepted === 0 && unusable === not ? EXIT_CODES.unusable : EXIT_CODES.notFine;
}

/** Says of each sample what to look for in the channel, since most are not there at once, and some never. */
async function writeSampleWords({ samples }: NamedInput, { flags, settings, clients }: Sending, io: CliIo) {
  if (samples.length === 0) return;
  const context = readContext(contextValues(flags, io.cwd));
  const receiver = await readReceiverLevels(clients, settings, { outputs: flags.outputs, cwd: io.cwd });
  const withCall = flags.sample ?? false;
  for (const item of sampleItems(samples, { withCall: false, region: settings.region }, Date.now())) {
    if (item.kind !== 'event') continue;
    const words = sampleWords(item.envelope, { context, receiver, withCall });
    if (words.kind === 'quiet') io.writeErrorLine(`notifier: ${item.file}: ${words.text}`);
    if (words.kind === 'later' && !flags.json) io.writeLine(`${item.file}: ${words.text}.`);
  }
}

async function send(words: readonly string[], flags: SendFlags, io: CliIo): Promise<ExitCode> {
  const [named, settings] = whatAndWhere(words, flags, io);
  const clients = createAwsClients(settings);
  const sendBatch = await createSend(flags, settings, clients, io);
  const sending = sendItems(itemsOf(named, { flags, settings, clients }, io), { sendBatch, stop: io.stop });

  const counts = { accepted: 0, not: 0, unusable: 0 };
  const isWhole = await writeAll(sending, counts, flags.json ?? false, io);
  const where = flags.queue ? `the queues of ${settings.stackName}` : `the bus at ${settings.endpointUrl}`;
  if (!flags.json) io.writeLine(`${counted(counts.accepted, 'event')} accepted by ${where}, ${counts.not} not.`);
  if (counts.accepted > 0) await writeSampleWords(named, { flags, settings, clients }, io);
  if (!isWhole)
    io.writeErrorLine(
      `notifier: broken off: ${flags.new ? SENT_ANEW : 'send it again; what was reported before is not reported again'}`,
    );
  return exitCodeOf(counts, isWhole);
}

/** `notifier send` */
export function createSendCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('send')
    .description(DESCRIPTION)
    .argument('[files...]', 'files of events or CloudTrail records, or names of samples; - is standard input')
    .option('--queue', 'into the queues of a deployed stack, with the route of the rules that match')
    .option('--rule <name>', 'with --queue: by this rule, whatever matches')
    .option('--sample', 'a made-up call that says that it is a test')
    .option('--new', 'as calls that are made now, as far apart as they were, with ids of their own')
    .option('--json', 'one JSON line for each event');

  return withContextOptions(withAwsOptions(command))
    .addHelpText('after', NOTES)
    .action(async (files: readonly string[], flags: SendFlags) => exit(await send(files, flags, io)));
}
