import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { fitHelp } from '../../cli/help-text.ts';
import { runNotifier } from '../../cli/run-notifier.ts';

async function helpOf(args: readonly string[], width: number): Promise<readonly string[]> {
  const out: string[] = [];
  await runNotifier(args, {
    stdin: (async function* () {})(),
    writeLine: (text) => out.push(...text.split('\n')),
    writeErrorLine: (text) => out.push(...text.split('\n')),
    terminal: undefined,
    width,
    cwd: '/',
    stop: new AbortController().signal,
  });
  return out;
}

const TO_BE_COPIED = /^ {2}(?:(?:npx )?notifier|aws| {2}--query) /;

describe.each(COMMANDS.map(({ name }) => name))('the help of %s', (name) => {
  it.each([60, 80, 100, 132])('fits a terminal of %d columns, but for commands to be copied', async (width) => {
    const lines = await helpOf([name, '--help'], width);
    expect(lines.length).toBeGreaterThan(10);
    const tooLong = lines.filter((line) => line.length > width && !TO_BE_COPIED.test(line));
    expect(tooLong).toEqual([]);
  });
});

it('wraps prose anew, and leaves what fits as it is', () => {
  const text = ['Some words that go on', 'and on.', '', '  notifier x --long   what it does', '  short'].join('\n');
  expect(fitHelp(text, 80)).toBe(text);
  expect(fitHelp(text, 20).split('\n')).toEqual([
    'Some words that go',
    'on and on.',
    '',
    '  notifier x --long',
    '      what it does',
    '  short',
  ]);
});
