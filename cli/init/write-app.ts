import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { DEFAULT_RULES } from '../../infra/settings/context-schema.ts';
import { CONTEXT_KEYS, type SettingRow } from '../../infra/settings/settings-table.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { UsageError } from '../io.ts';

const NAME = 'mediaconnect-notifier';

type Versions = Readonly<Record<string, string>>;

/** The part of a package.json that is looked at. */
interface Manifest {
  readonly type?: unknown;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
}

const readManifest = (path: string): Manifest | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/**
 * The version of this package for an app's manifest. What was installed from a file or a repository rather than by a
 * version is not in the registry, or is another: whoever tries a build of their own gets an app that uses it.
 *
 * @param from where this program is
 */
export function versionToInstall(from = import.meta.dirname): string {
  const published = `^${packageJson.version}`;
  const [root, inPackage] = from.split(`${sep}node_modules${sep}${NAME}${sep}`);
  if (root === undefined || inPackage === undefined) return published;
  const { dependencies, devDependencies } = readManifest(join(root, 'package.json')) ?? {};
  const asked = dependencies?.[NAME] ?? devDependencies?.[NAME];
  if (asked === undefined || !/[:/]/.test(asked)) return published;
  return asked.startsWith('file:') ? `file:${resolve(root, asked.slice('file:'.length))}` : asked;
}

/** What the app stands on. */
const dependenciesOf = (version: string): Versions => ({
  'aws-cdk-lib': packageJson.peerDependencies['aws-cdk-lib'],
  constructs: packageJson.peerDependencies.constructs,
  [NAME]: version,
});

/** What its commands are from. */
const TOOLS: Versions = { 'aws-cdk': `^${packageJson.devDependencies['aws-cdk']}` };

/** What npm takes for the name of a package. */
const packageNameOf = (directory: string): string =>
  basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, '-')
    .replace(/^[._-]+/, '') || 'notifier-app';

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const manifest = (directory: string, version: string): string =>
  json({
    name: packageNameOf(directory),
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18' },
    dependencies: dependenciesOf(version),
    devDependencies: TOOLS,
  });

const SETTING_NOTE = 'The settings, as they are unless "context" has them: move a line there and change it.';

/** What a setting is, and the line that sets it to its default; some have none. */
const settingLines = ({ key, takes, standard, meaning }: SettingRow): Readonly<Record<string, unknown>> => ({
  [`# ${key}`]: `${meaning}; takes: ${takes}`,
  ...(standard !== undefined && { [`notifier:${key}`]: key === 'rules' ? DEFAULT_RULES : JSON.parse(standard) }),
});

/** JSON has no comments, so the defaults stand in a key that CDK does not read. */
const cdkJson = (region: string): string =>
  json({
    app: 'node app.ts',
    notices: false,
    versionReporting: false,
    requireApproval: 'never',
    context: { 'notifier:regions': [region] },
    '//': Object.assign(
      { '#': SETTING_NOTE },
      ...CONTEXT_KEYS.filter(({ key }) => key !== 'regions').map((row) => settingLines(row)),
    ),
  });

/** Its settings are in `cdk.json`, where the commands read them, too. */
const APP = `import { App, Stack } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { MediaConnectNotifier } from 'mediaconnect-notifier';
import { TrailStack } from 'mediaconnect-notifier/trail';

const app = new App({ context: CURRENTLY_RECOMMENDED_FLAGS });
const { regions, createTrail, props } = MediaConnectNotifier.settings(app); // "context" in cdk.json
for (const region of regions) {
  const env = { region };
  new MediaConnectNotifier(new Stack(app, \`MediaConnectNotifier-\${region}\`, { env }), 'Default', props);
  if (createTrail) new TrailStack(app, \`MediaConnectNotifier-trail-\${region}\`, { env });
}
`;

const IGNORED = `node_modules/
cdk.out/
webhooks.json
discarded.ndjson
`;

const readme = (region: string): string => `# MediaConnect notifier

\`\`\`sh
npx notifier rules                   # what is reported, and where; settings are in cdk.json
npx cdk bootstrap                    # once per account and region
npx cdk deploy --all                 # deploys, and again after each change
npx notifier slack --region ${region}     # the link to make the Slack app with, and the command that stores its webhook
npx notifier doctor --post --region ${region}   # looks at every part, and posts a test message to each channel
\`\`\`
`;

/** What makes of the manifest that is there one that the app can stand on. */
function stepsFor({ type, dependencies, devDependencies }: Manifest, version: string): readonly string[] {
  const has: Versions = { ...devDependencies, ...dependencies };
  const missing = (wanted: Versions): readonly string[] =>
    Object.entries(wanted)
      .filter(([name]) => has[name] === undefined)
      .map(([name, range]) => (range.startsWith('file:') ? range : `${name}@${range}`));
  const [main, tools] = [missing(dependenciesOf(version)), missing(TOOLS)];
  return [
    ...(type === 'module' ? [] : ['npm pkg set type=module']),
    ...(main.length === 0 ? [] : [`npm install ${main.join(' ')}`]),
    ...(tools.length === 0 ? [] : [`npm install --save-dev ${tools.join(' ')}`]),
  ];
}

/** Without these two there is no app; the others belong to whoever has them already. */
const OF_THE_APP: readonly string[] = ['app.ts', 'cdk.json'];

/** What was done, and what is left to do. */
export interface WrittenApp {
  readonly written: readonly string[];
  /** Files that were there, and are as they were. */
  readonly kept: readonly string[];
  /** What to type to have the app's dependencies. */
  readonly steps: readonly string[];
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, or something came to be there just now',
  ENOTDIR: 'it is below a file',
  EACCES: 'permission denied',
  EROFS: 'permission denied',
  ENOSPC: 'the disk is full',
};

/**
 * Writes the app, whole or not at all, and never over a file: a package.json that is there is kept.
 *
 * @throws UsageError when there is an app already, or the directory cannot be written to.
 */
export function writeApp(cwd: string, directory: string, region: string): WrittenApp {
  const root = resolve(cwd, directory);
  const version = versionToInstall();
  const files: Readonly<Record<string, string>> = {
    'package.json': manifest(root, version),
    'cdk.json': cdkJson(region),
    'app.ts': APP,
    '.gitignore': IGNORED,
    'README.md': readme(region),
  };
  const kept = Object.keys(files).filter((name) => existsSync(join(root, name)));
  const inTheWay = kept.filter((name) => OF_THE_APP.includes(name));
  if (inTheWay.length > 0)
    throw new UsageError(`${root}: has ${inTheWay.join(' and ')} already, and nothing was written`);
  const written = Object.keys(files).filter((name) => !kept.includes(name));
  try {
    mkdirSync(root, { recursive: true });
    // `wx`: what came to be since it was looked for is not written over.
    for (const name of written) writeFileSync(join(root, name), files[name] ?? '', { flag: 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    throw new UsageError(`${root}: cannot be written to: ${REASONS[code] ?? code}`, { cause });
  }
  const steps = kept.includes('package.json')
    ? stepsFor(readManifest(join(root, 'package.json')) ?? {}, version)
    : ['npm install'];
  return { written, kept, steps };
}
