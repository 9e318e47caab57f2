import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CONTEXT_KEYS, type SettingRow } from '../../infra/settings/settings-table.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { UsageError } from '../io.ts';

/** What npm takes for the name of a package. */
const packageNameOf = (directory: string): string =>
  basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, '-')
    .replace(/^[._-]+/, '') || 'notifier-app';

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const manifest = (directory: string): string =>
  json({
    name: packageNameOf(directory),
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18' },
    dependencies: {
      'aws-cdk-lib': packageJson.peerDependencies['aws-cdk-lib'],
      constructs: packageJson.peerDependencies.constructs,
      'mediaconnect-notifier': `^${packageJson.version}`,
    },
    devDependencies: { 'aws-cdk': `^${packageJson.devDependencies['aws-cdk']}` },
  });

const SETTING_NOTE = 'Move a line into "context" to set it. All of them are in the README of mediaconnect-notifier.';

const settingNote = ({ key, takes, standard, meaning }: SettingRow): string =>
  `"notifier:${key}": ${standard ?? '(none)'}   ${meaning}; takes: ${takes}`;

/** JSON has no comments, so the defaults stand in a key that CDK does not read. */
const cdkJson = (region: string): string =>
  json({
    app: 'node app.ts',
    notices: false,
    versionReporting: false,
    requireApproval: 'never',
    context: { 'notifier:regions': [region] },
    '//': [SETTING_NOTE, ...CONTEXT_KEYS.filter(({ key }) => key !== 'regions').map(settingNote)],
  });

const APP = `import { App, Stack } from 'aws-cdk-lib';
import { MediaConnectNotifier } from 'mediaconnect-notifier';
import { TrailStack } from 'mediaconnect-notifier/trail';

const app = new App();
// The settings are in cdk.json, where the notifier's commands read them, too.
const { regions, createTrail, props } = MediaConnectNotifier.settings(app);
for (const region of regions) {
  const stack = new Stack(app, \`MediaConnectNotifier-\${region}\`, { env: { region } });
  new MediaConnectNotifier(stack, 'Default', props);
  if (createTrail) new TrailStack(app, \`MediaConnectNotifier-trail-\${region}\`, { env: { region } });
}
`;

const IGNORED = `node_modules/
cdk.out/
webhooks.json
discarded.ndjson
`;

const readme = (region: string): string => `# MediaConnect notifier

\`\`\`sh
npx notifier slack --region ${region}     # makes the Slack app, and says how its webhook gets into the secret
npx notifier rules                   # what is reported, and where; settings are in cdk.json
npx cdk bootstrap                    # once per account and region
npx cdk deploy --all                 # deploys, and again after each change
npx notifier doctor --post --region ${region}   # looks at every part, and posts a test message to each channel
\`\`\`
`;

/**
 * Writes the app, whole or not at all.
 *
 * @returns the names of its files
 * @throws UsageError when one of them is there already, or the directory cannot be written to.
 */
export function writeApp(cwd: string, directory: string, region: string): readonly string[] {
  const root = resolve(cwd, directory);
  const files: Readonly<Record<string, string>> = {
    'package.json': manifest(root),
    'cdk.json': cdkJson(region),
    'app.ts': APP,
    '.gitignore': IGNORED,
    'README.md': readme(region),
  };
  const names = Object.keys(files);
  const there = names.filter((name) => existsSync(join(root, name)));
  if (there.length > 0) throw new UsageError(`${root}: has ${there.join(', ')} already, and nothing was written`);
  try {
    mkdirSync(root, { recursive: true });
    // `wx`: what came to be since it was looked for is not written over.
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text, { flag: 'wx' });
  } catch (cause) {
    throw new UsageError(`${root}: cannot be written to: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
  return names;
}
