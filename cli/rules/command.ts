import { Command } from 'commander';
import { MAX_PATTERN_LENGTH, patternText } from '../../infra/rules/clause.ts';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import { SIGNAL_RULE_NAME } from '../../infra/rules/signal-rule.ts';
import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import { contextWarnings, readContext } from '../../infra/settings/read-context.ts';
import { warningOfRegion } from '../../infra/settings/regions.ts';
import { healthChannelOf, wantsSignals } from '../../infra/settings/signal-settings.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { type ContextOptions, contextValues, withContextOptions } from '../context-values.ts';
import { type CliIo, jsonLine } from '../io.ts';
import { renderTable } from '../output.ts';

interface RulesFlags extends ContextOptions {
  readonly patterns?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  notifier rules
  notifier rules --patterns --context proposal.json
  notifier rules -c 'notifier:rules={"starts":{"operations":["Start*"],"channel":"default"}}'`;

function ruleLine(rule: CompiledRule): string {
  const { name, state, channel, delivery, pattern } = rule;
  return jsonLine({ name, state, channel, delivery, patternSize: patternText(pattern).length, pattern });
}

const rowOf = (rule: CompiledRule): readonly string[] => [
  rule.name,
  rule.channel,
  rule.delivery,
  rule.state,
  `${patternText(rule.pattern).length} of ${MAX_PATTERN_LENGTH}`,
];

/** What the rule is for that no admin wrote. */
function signalsLine(context: NotifierContext): string | undefined {
  if (!wantsSignals(context)) return undefined;
  const { outcomes, health } = context;
  const where = outcomes.channel === undefined ? 'where the call is reported' : `to ${outcomes.channel}`;
  const told = [
    outcomes.say === 'off' ? undefined : `what calls came to (${outcomes.say}) ${where}`,
    health.say === 'off' ? undefined : `what nobody called for (${health.say}) to ${healthChannelOf(context)}`,
  ].filter((each) => each !== undefined);
  return `${SIGNAL_RULE_NAME} takes MediaConnect’s own events, no calls: ${told.join('; ')}.`;
}

function* textLines(rules: readonly CompiledRule[], context: NotifierContext, patterns: boolean): Generator<string> {
  const { regions } = context;
  if (rules.length === 0) {
    yield 'No rules: nothing is reported.';
    return;
  }
  yield renderTable(['rule', 'channel', 'delivery', 'state', 'pattern'], rules.map(rowOf));
  yield `Deployed in ${regions.join(', ')}.`;
  const signals = signalsLine(context);
  if (signals !== undefined) yield signals;
  if (!patterns) return;
  for (const rule of rules) yield `\n${rule.name}\n${JSON.stringify(rule.pattern, undefined, 2)}`;
}

/** `notifier rules` */
export function createRulesCommand(io: CliIo): Command {
  const command = new Command('rules')
    .description('Lists the rules of the current context as EventBridge gets them.')
    .option(
      '--patterns',
      'print the event patterns too; deployed is each as one line of JSON, whose characters are counted',
    )
    .option('--json', 'one JSON line for each rule')
    .addHelpText('after', EXAMPLES);

  return withContextOptions(command).action((flags: RulesFlags) => {
    const context = readContext(contextValues(flags, io.cwd));
    const rules = compileRules(context);
    const lines = flags.json ? rules.map(ruleLine) : textLines(rules, context, flags.patterns ?? false);
    for (const line of lines) io.writeLine(line);
    const warnings = context.regions.map(warningOfRegion).filter((warning) => warning !== undefined);
    for (const warning of [...warnings, ...contextWarnings(context)]) io.writeErrorLine(`Warning: ${warning}`);
  });
}
