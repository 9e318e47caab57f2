import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContext } from '../../infra/settings/read-context.ts';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '..', '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

const blocksOf = (language: string): readonly string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

/** Comments stay: they are pasted, too. */
const LINES = blocksOf('sh').flatMap((block) => block.split('\n').filter((line) => line !== ''));

let directory = '';
const callsPath = (): string => join(directory, 'calls');

const stub = (name: string, script: string): void => {
  const path = join(directory, 'bin', name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
};

/** What is there after a clone and `npm ci`, with programs in the place of AWS, of npm and of what takes hours. */
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pasted-'));
  mkdirSync(join(directory, 'bin'));
  for (const part of ['examples', 'cdk.json']) symlinkSync(join(ROOT, part), join(directory, part));
  writeFileSync(join(directory, 'webhooks.json'), '"https://hooks.slack.com/services/T0/B0/x"');
  const note = `echo "$(basename "$0") $*" >> "${callsPath()}"`;
  stub('npm', note);
  stub('sleep', note);
  // The AWS CLI reads a file:// itself, and S3 fills the directory that was named.
  stub(
    'aws',
    `${note}
for word in "$@"; do case "$word" in file://*) test -r "\${word#file://}" || exit 252;; esac; done
case "$1 $2" in
  "s3 sync") mkdir -p "$4" && cp examples/trail.json.gz "$4";;
  "cloudformation describe-stacks") echo arn:aws:secretsmanager:eu-west-1:111122223333:secret:x;;
esac`,
  );
  stub(
    'npx',
    `${note}
[ "$1" = notifier ] || exit 0
shift
case "$*" in
  *--endpoint-url*|doctor*) set -- "$1" --help;;
  local*--exit*) ;;
  local*) set -- "$@" --exit --port 0 --aws-port 0;;
esac
exec "${process.execPath}" "${join(ROOT, 'cli', 'notifier.js')}" "$@"`,
  );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const paste = (line: string) => {
  const setUp = `PATH='${join(directory, 'bin')}':$PATH; SECRET=arn:x; export PATH SECRET`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `${setUp}\n${line}`], { cwd: directory, encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('every line of the README that is typed in a shell', () => {
  it('is one', () => expect(LINES.length).toBeGreaterThan(18));

  // One after another: what the one fetches, the next one reads.
  it.each(LINES)('%s', (line) => {
    const { status, stderr } = paste(line);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('asks npm for nothing that it does not know', () => {
    const asked = LINES.flatMap((line) => [...line.matchAll(/\bnpm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name));
    const known = new Set(['ci', 'install', ...Object.keys(packageJson.scripts)]);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('takes no port that npm start has, unless it is about that', () => {
    const starting = LINES.filter((line) => line.includes('notifier local') && !line.includes('--slack-answers'));
    expect(starting.filter((line) => !line.includes('--port 0 --aws-port 0'))).toEqual([]);
  });
});

describe('the examples', () => {
  const output = (line: string): string => paste(line).stdout;

  it('show a call that is told, and one that would be lost', () => {
    expect(output('npx notifier explain examples/event.json')).toContain('reported to default (at once)');
    expect(output('npx notifier backtest examples/trail.json.gz --compare --context examples/proposal.json')).toMatch(
      /^No longer reported: 24 calls$/m,
    );
  });

  it.each(blocksOf('json'))('are settings that can be deployed: %s', (block) => {
    expect(() => readContext(JSON.parse(block))).not.toThrow();
  });

  it('are what the README says of muting', () => {
    const [muted] = blocksOf('json').filter((block) => block.includes('automation-trouble'));
    const shipped = JSON.parse(readFileSync(join(ROOT, 'examples', 'proposal.json'), 'utf8'));
    expect(shipped).toEqual(JSON.parse(muted ?? ''));
  });
});
