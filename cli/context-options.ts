import { type Command, Option } from 'commander';

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

/** Gives a command the options that change the context values it works with. */
export const withContextOptions = (command: Command): Command =>
  command
    .addOption(new Option('--context <file>', 'JSON file of context values that replace those of cdk.json'))
    .addOption(new Option('-c <key=value>', 'one context value, as for cdk; may be repeated').argParser(collect));
