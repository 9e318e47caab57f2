import { Command } from 'commander';
import { suggestion } from '../../infra/settings/issue-line.ts';
import { isRegion, REGION_NAMES } from '../../infra/settings/regions.ts';
import { type CliIo, UsageError } from '../io.ts';
import { writeApp } from './write-app.ts';

interface InitFlags {
  readonly region?: string;
}

const EXAMPLES = `
Examples:
  npx mediaconnect-notifier init
  notifier init broadcast --region us-east-1

Nothing that is there is written over: if one of the files is, none is written.

Exit codes: 0 written; 2 a file is there already, or cannot be written.`;

const DEFAULT_REGION = 'eu-west-1';

function regionOf({ region = DEFAULT_REGION }: InitFlags): string {
  if (isRegion(region)) return region;
  throw new UsageError(`${region}: is no AWS region${suggestion(region, REGION_NAMES)}`);
}

/** `notifier init` */
export function createInitCommand(io: CliIo): Command {
  return new Command('init')
    .description('Writes a small CDK app that deploys the notifier, with its settings in cdk.json.')
    .argument('[directory]', 'where to; it is made if there is none', '.')
    .option('--region <region>', `the first of its regions (default: ${DEFAULT_REGION})`)
    .addHelpText('after', EXAMPLES)
    .action((directory: string, flags: InitFlags) => {
      const files = writeApp(io.cwd, directory, regionOf(flags));
      io.writeLine(`Written: ${files.join(', ')}.`);
      io.writeLine('');
      const steps = [...(directory === '.' ? [] : [`cd ${directory}`]), 'npm install', 'npx cdk synth --quiet'];
      io.writeLine(`Next: ${steps.join(' && ')}; README.md has the rest.`);
    });
}
