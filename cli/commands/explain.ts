import { Command } from 'commander';
import { compileRules } from '../../infra/compile-rules.ts';
import { readContext } from '../../infra/context.ts';
import { InputError } from '../../local/input/input-error.ts';
import type { InputItem } from '../../local/input/input-item.ts';
import { readEvents } from '../../local/input/read-events.ts';
import { deployRule } from '../../local/rules/deployed-rule.ts';
import type { CliIo } from '../cli-io.ts';
import { withContextOptions } from '../context-options.ts';
import { type ContextOptions, contextValues } from '../context-values.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { type ExplainSettings, type Explanation, explainEvent } from '../explain/explain-event.ts';
import { explanationJson } from '../explain/explanation-json.ts';
import { explanationText } from '../explain/explanation-text.ts';
import { printable } from '../printable.ts';

interface ExplainFlags extends ContextOptions {
  readonly json?: boolean;
}

const DESCRIPTION = `Says of each event what it is, which rules match it and why, and what would be posted.
Takes EventBridge events and CloudTrail records as JSON, NDJSON or log files, plain or gzip.`;

const EXAMPLES = `
Examples:
  notifier explain event.json
  notifier explain --json trail.json.gz | jq 'select(.rules == [])'
  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventSource,AttributeValue=mediaconnect.amazonaws.com \\
    --query 'Events[].CloudTrailEvent' --output json | jq -c '.[] | fromjson' | notifier explain -

Exit codes: 0 every event could be used; 1 some could not; 2 none could.`;

const explain = (item: InputItem, settings: ExplainSettings): Explanation =>
  item.kind === 'error' ? { kind: 'no call', error: item.error } : explainEvent(item.envelope, settings);

const exitCodeOf = (used: number, unusable: number): ExitCode => {
  if (unusable === 0) return EXIT_CODES.fine;
  return used === 0 ? EXIT_CODES.unusable : EXIT_CODES.notFine;
};

function linesOf(item: InputItem, explanation: Explanation, { context }: ExplainSettings): readonly string[] {
  return [`${printable(item.file)}:${item.line}`, ...explanationText(explanation, context), ''];
}

/** A file that could be read until here, and no further. */
const isBreakOff = (error: unknown, { file }: InputItem): error is InputError =>
  error instanceof InputError && error.message.startsWith(`${file}: `);

/** Each item explained, and in JSON what broke the input off: otherwise its last line would look like its end. */
async function* explained(files: readonly string[], json: boolean, settings: ExplainSettings, io: CliIo) {
  let last: InputItem | undefined;
  try {
    for await (const item of readEvents(files, io)) {
      last = item;
      yield { item, explanation: explain(item, settings) };
    }
  } catch (error) {
    if (json && last !== undefined && isBreakOff(error, last)) {
      io.writeLine(JSON.stringify({ error: error.message, line: last.line + 1 }));
    }
    throw error;
  }
}

async function explainAll(files: readonly string[], json: boolean, settings: ExplainSettings, io: CliIo) {
  let unusable = 0;
  let used = 0;
  for await (const { item, explanation } of explained(files, json, settings, io)) {
    if (explanation.kind === 'no call') unusable++;
    else used++;
    const lines = json
      ? [JSON.stringify(explanationJson(explanation, item.line))]
      : linesOf(item, explanation, settings);
    lines.forEach(io.writeLine);
  }
  return exitCodeOf(used, unusable);
}

/** `notifier explain` */
export function createExplainCommand(io: CliIo, exit: (code: ExitCode) => void): Command {
  const command = new Command('explain')
    .description(DESCRIPTION)
    .argument('[files...]', 'files to read; - is standard input', ['-'])
    .option('--json', 'one JSON line for each event')
    .addHelpText('after', EXAMPLES);

  return withContextOptions(command).action(async (files: readonly string[], flags: ExplainFlags) => {
    const context = readContext(contextValues(flags, io.cwd));
    const rules = compileRules(context).map(deployRule);
    exit(await explainAll(files, flags.json ?? false, { context, rules }, io));
  });
}
