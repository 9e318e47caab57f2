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

Nothing that is there is written over: a package.json is kept, and what to add to it is said. Where there is an app.ts or a
cdk.json, nothing is written.

Exit codes: 0 written; 2 there is an app already, or it cannot be written.`;

const DEFAULT_REGION = 'eu-west-1';

function regionOf({ region = DEFAULT_REGION }: InitFlags): string {
  if (isRegion(region)) return region;
  throw new UsageError(`${region}: is no AWS region${suggestion(region, REGION_NAMES)}`);
}

/** A folder as it is typed: a space ends a word in every shell, and a backslash is none in some. */
const typed = (directory: string): string => (/^[\w./-]+$/.test(directory) ? directory : `"${directory}"`);

/** `notifier init` */
export function createInitCommand(io: CliIo): Command {
  return new Command('init')
    .description('Writes a small CDK app that deploys the notifier, with its settings in cdk.json.')
    .argument('[directory]', 'where to; it is made if there is none', '.')
    .option('--region <region>', `the first of its regions (default: ${DEFAULT_REGION})`)
    .addHelpText('after', EXAMPLES)
    .action((directory: string, flags: InitFlags) => {
      if (/^[a-z]+:\/\//i.test(directory)) throw new UsageError(`${directory}: is an address, and no directory`);
      const { written, kept, steps } = writeApp(io.cwd, directory, regionOf(flags));
      io.writeLine(`Written: ${written.join(', ')}.`);
      if (kept.length > 0) io.writeLine(`Kept as they are: ${kept.join(', ')}.`);
      if (kept.includes('.gitignore')) io.writeLine('Add webhooks.json to .gitignore: webhook URLs are secrets.');
      io.writeLine('');
      const all = [...(directory === '.' ? [] : [`cd ${typed(directory)}`]), ...steps, 'npx cdk synth --quiet'];
      io.writeLine(`Next: ${all.join(' && ')}${kept.includes('README.md') ? '' : '; README.md has the rest'}.`);
    });
}
