import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { run } from './capture-io.ts';

describe('notifier', () => {
  it('lists every command in its help', async () => {
    const { code, out } = await run(['--help']);
    const listed = COMMANDS.map(({ name }) => name).filter((name) => out.some((line) => line.startsWith(`  ${name} `)));
    expect({ code, listed }).toEqual({ code: 0, listed: COMMANDS.map(({ name }) => name) });
  });

  it('says its version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: ['0.2.0'], err: [] });
  });

  it.each(COMMANDS.map(({ name }) => name))('helps with %s, with examples', async (name) => {
    for (const args of [
      [name, '--help'],
      ['help', name],
    ]) {
      const { code, out } = await run(args);
      expect({
        code,
        usage: out[0]?.startsWith(`Usage: notifier ${name}`),
        examples: out.includes('Examples:'),
      }).toEqual({
        code: 0,
        usage: true,
        examples: true,
      });
    }
  });

  it.each([
    [['explian'], ["notifier: unknown command 'explian'; did you mean explain?"]],
    [['help', 'explian'], ["notifier: unknown command 'explian'; did you mean explain?"]],
    [['--jsn'], ["notifier: unknown option '--jsn'; notifier --help lists them"]],
    [['explain', '--jsn'], ["notifier: unknown option '--jsn'; did you mean --json?"]],
    [['explain', '--since', '2026-11-22'], ["notifier: unknown option '--since'; notifier explain --help lists them"]],
    [['explain', '--json=yes'], ["notifier: unknown option '--json=yes'; notifier explain --help lists them"]],
    [
      ['rules', '--context', '/'],
      ['notifier: /: is a directory, and no file of context values (one value is given with -c key=value)'],
    ],
    [['explain', '-c', 'rules'], ['notifier: -c rules: is not key=value']],
    [
      ['rules', '--context', '/no/such/file'],
      ['notifier: /no/such/file: no such file of context values (one value is given with -c key=value)'],
    ],
    [['rules', 'more'], ["notifier: too many arguments for 'rules'. Expected 0 arguments but got 1: more."]],
    [
      ['rules', '-c', 'notifier:digestMinutez=5', '-c', 'notifier:digestMinutes=0'],
      [
        expect.stringMatching(/^notifier: notifier:digestMinute.*/),
        expect.stringMatching(/^notifier: notifier:digestMinute.*/),
      ],
    ],
    [['explain', '/no/such/file'], ['notifier: /no/such/file: no such file']],
    [['local', '--port', 'x'], ["notifier: option '--port <port>' argument 'x' is invalid. a port is 0 to 65535."]],
    [['backtest', '-'], ['notifier: backtest reads files and directories, not standard input']],
    [
      ['backtest', '/', '--compare'],
      [
        'notifier: backtest needs a proposal for --compare (--context FILE or -c key=value), as in: notifier backtest logs --context proposal.json --compare',
      ],
    ],
    [['\u001b[31mx'], ["notifier: unknown command '\ufffd[31mx'"]],
    [
      ['explain', '--x\u001b]0;t\u0007'],
      ["notifier: unknown option '--x\ufffd]0;t\ufffd'; notifier explain --help lists them"],
    ],
    [['explain', '/no/\u001b[2J\u009b'], ['notifier: /no/\ufffd[2J\ufffd: no such file']],
    [['rules', '-c', 'notifier:\u202ex=1'], [expect.stringMatching(/^notifier: notifier:\ufffdx: /)]],
    [['audit', '--endpoint-url', '\u001b[31m'], [expect.not.stringContaining('\u001b')]],
  ])('refuses %j with exit code 2', async (args, err) => {
    expect(await run(args)).toEqual({ code: 2, out: [], err });
  });

  it('shows its help, and refuses, when no command is given', async () => {
    const { code, out, err } = await run([]);
    expect({ code, out, usage: err[0] }).toEqual({ code: 2, out: [], usage: 'Usage: notifier [options] [command]' });
  });
});
