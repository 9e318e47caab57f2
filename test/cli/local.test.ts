import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { withFreePorts } from '../../cli/local/command.ts';
import { run } from './capture-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const SECRET = 'hooks.slack.com/services/T000/B000/secret';
const fileOf = (text: string): string => {
  const path = join(folder, 'webhook');
  writeFileSync(path, text);
  return path;
};
const local = (...args: readonly string[]) => run(['local', '--port', '0', '--aws-port', '0', '--no-sample', ...args]);

describe('the webhook of a real channel', () => {
  it.each([`https://${SECRET}`, `http://${SECRET}`, `HTTPS://${SECRET}`])(
    'is not taken from the command line, nor repeated: %s',
    async (url) => {
      for (const args of [['--slack-webhook', url], [`--slack-webhook=${url}`]]) {
        const { code, out, err } = await local(...args);
        expect({ code, out }).toEqual({ code: 2, out: [] });
        expect(err.join(' ')).toMatch(
          /put it into a file and name that, or into the environment variable NOTIFIER_SLACK_WEBHOOK/,
        );
        expect(err.join(' ')).not.toContain('B000');
      }
    },
  );

  it.each([
    ['an address without its scheme', () => [SECRET], /the file of --slack-webhook cannot be read: ENOENT$/],
    ['a file that is not there', () => [join(folder, 'none')], /the file of --slack-webhook cannot be read: ENOENT$/],
    ['the environment, which has none', () => [], /takes the URL from NOTIFIER_SLACK_WEBHOOK, which is not set$/],
    [
      'a file with http',
      () => [fileOf(`http://${SECRET}\n`)],
      /is not a https URL \(http is taken for 127\.0\.0\.1 only\)$/,
    ],
    ['a file with something else', () => [fileOf('{"default":"secret"}')], /is not a https URL/],
  ])('is not taken from %s', async (_what, args, says) => {
    const { code, err } = await local('--slack-webhook', ...args(), '--exit');
    expect({ code, err }).toEqual({ code: 2, err: [expect.stringMatching(says)] });
    expect(err.join()).not.toContain('B000');
  });

  it('is taken from the environment, and out of it', async () => {
    vi.stubEnv('NOTIFIER_SLACK_WEBHOOK', `http://${SECRET}`);
    const { err } = await local('--slack-webhook', '--exit');
    // biome-ignore lint/style/noProcessEnv: what is asked is whether it is still there
    const { NOTIFIER_SLACK_WEBHOOK } = process.env;
    expect([err, NOTIFIER_SLACK_WEBHOOK]).toEqual([[expect.stringMatching(/is not a https URL/)], undefined]);
  });
});

it('says which regions it leaves out', async () => {
  // The webhook is refused, so that nothing is started.
  const { err } = await local('--slack-webhook', fileOf('no url'), '-c', 'notifier:regions=eu-west-1,us-east-1');
  expect(err[0]).toBe(
    'Warning: notifier:regions: this machine runs the first; left out: us-east-1 (-c notifier:regions=REGION runs another)',
  );
});

it.each<[typed: readonly string[], works: string]>([
  [['local'], 'npx notifier local --port 0 --aws-port 0'],
  [
    ['local', '--port', '3000', '--no-sample', '--aws-port=4566', '-c', 'notifier:channels={"a b":{}}'],
    `npx notifier local --no-sample -c 'notifier:channels={"a b":{}}' --port 0 --aws-port 0`,
  ],
  [['local', '--input', "it's.json", '--port=1'], `npx notifier local --input 'it'\\''s.json' --port 0 --aws-port 0`],
])('offers %j on free ports', (typed, works) => {
  expect(withFreePorts(typed)).toBe(works);
});
