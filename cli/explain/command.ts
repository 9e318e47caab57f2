import { Command } from 'commander';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { deployRule } from '../../shared/eventbridge/rule.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import { type InputItem, placeText } from '../input/envelope.ts';
import { readEvents } from '../input/read-events.ts';
import { listSamples, SAMPLES_HELP, sampleItems } from '../input/samples.ts';
import { type CliIo, EXIT_CODES, type ExitCode, jsonLine, sanitize } from '../io.ts';
import { type ExplainSettings, type Explanation, explainEvent } from './explain-event.ts';
import { explanationJson, explanationText } from './text.ts';

interface ExplainFlags extends ContextOptions {
  readonly sample?: boolean;
  readonly json?: boolean;
}

const DESCRIPTION = `Says of each event what it is, which rules match it and why, and what would be posted; of a call also what
MediaConnect is to say of it by itself, and of such an event of its own what it is, which rule takes it, and what would be said.
Takes EventBridge events and CloudTrail records as JSON, NDJSON or log files, plain or gzip, also one after another or
inside of what AWS's tools and services put around them.`;

const EXAMPLES = `
Examples:
  notifier explain event.json
  notifier explain --json trail.json.gz | jq 'select(.rules == [])'
  notifier explain source-lost                 a sample, as notifier send would send it
  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventSource,AttributeValue=mediaconnect.amazonaws.com \\
    --output json | notifier explain -

${SAMPLES_HELP}

Exit codes: 0 every event could be used; 1 some could not; 2 none could.`;

const explain = (item: InputItem, settings: ExplainSettings): Explanation =>
  item.kind === 'error' ? { kind: 'no call', error: item.error } : explainEvent(item.envelope, settings);

const exitCodeOf = (used: number, unusable: number): ExitCode => {
  if (unusable === 0) return EXIT_CODES.fine;
  return used === 0 ? EXIT_CODES.unusable : EXIT_CODES.notFine;
};

/** What is wrong with a whole file is no answer about an event. */
const isOfFile = (item: InputItem): boolean => item.line === undefined;

function writeText(item: InputItem, explanation: Explanation, { context }: ExplainSettings, io: CliIo): void {
  if (isOfFile(item) && explanation.kind === 'no call') {
    io.writeErrorLine(sanitize(`notifier: ${item.file}: ${explanation.error}`));
    return;
  }
  for (const line of [sanitize(placeText(item)), ...explanationText(explanation, context), '']) io.writeLine(line);
}

const noteTo =
  (io: CliIo) =>
  (text: string): void =>
    io.writeErrorLine(sanitize(`notifier: ${text}`));

/** Standard input, unless anything is named. */
async function* itemsOf(
  words: readonly string[],
  { sample: withCall = false }: ExplainFlags,
  region: string | undefined,
  io: CliIo,
): AsyncGenerator<InputItem> {
  const { samples, paths } = listSamples(words.length > 0 || withCall ? words : ['-']);
  yield* sampleItems(samples, { withCall, region }, Date.now());
  if (paths.length > 0) yield* readEvents(paths, { stdin: io.stdin, stop: io.stop, onNote: noteTo(io) });
}

async function explainAll(items: AsyncIterable<InputItem>, json: boolean, settings: ExplainSettings, io: CliIo) {
  let unusable = 0;
  let used = 0;
  for await (const item of items) {
    const explanation = explain(item, settings);
    if (explanation.kind === 'no call') unusable++;
    else used++;
    if (json) io.writeLine(jsonLine(explanationJson(explanation, item)));
    else writeText(item, explanation, settings, io);
  }
  if (used + unusable === 0) noteTo(io)('no events in the input');
  return exitCodeOf(used, unusable);
}

/** `notifier explain` */
export function createExplainCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('explain')
    .description(DESCRIPTION)
    .argument('[files...]', 'files to read, or names of samples; - is standard input (default: -)')
    .option('--sample', 'the made-up call of notifier send --sample')
    .option('--json', 'one JSON line for each event')
    .addHelpText('after', EXAMPLES);

  return withContextOptions(command).action(async (files: readonly string[], flags: ExplainFlags) => {
    const context = readContext(contextValues(flags, io.cwd));
    const rules = compileRules(context).map(deployRule);
    const items = itemsOf(files, flags, context.regions[0], io);
    exit(await explainAll(items, flags.json ?? false, { context, rules }, io));
  });
}
