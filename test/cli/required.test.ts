import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { required } from '../../cli/required.ts';
import { run } from './capture-io.ts';

const SEVERAL = ['-c', 'notifier:regions=["eu-west-1","us-east-1"]'];

describe('what a command cannot begin without', () => {
  beforeEach(() => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL']) vi.stubEnv(name, undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  it.each<[args: readonly string[], says: string]>([
    [
      ['audit'],
      'audit needs --from, --to and log files, as in: notifier audit --region eu-west-1 --from 2026-11-01 --to 2026-11-30 logs',
    ],
    [
      ['audit', 'logs', '--to', '2026-11-30', ...SEVERAL],
      'audit needs --region (one of eu-west-1, us-east-1) and --from, as in: notifier audit --region eu-west-1 --from 2026-11-01 --to 2026-11-30 logs',
    ],
    [
      ['replay', ...SEVERAL],
      'replay needs --region (one of eu-west-1, us-east-1), --from and --to, as in: notifier replay --region eu-west-1 --from 2026-11-22T18:00Z --to 2026-11-22T23:00Z (or --follow a replay)',
    ],
    [
      ['replay', '--follow', 'x', ...SEVERAL],
      'replay needs --region (one of eu-west-1, us-east-1), as in: notifier replay --region eu-west-1 --follow x',
    ],
    [
      ['send', '--queue', ...SEVERAL],
      'send needs what to send (files, -, names of samples or --sample) and --region (one of eu-west-1, us-east-1), as in: notifier send --queue --sample --region eu-west-1',
    ],
    [
      ['redrive', '--discard', 'x', ...SEVERAL],
      'redrive needs --region (one of eu-west-1, us-east-1) and the records for --discard (--event-id or --message-id), as in: notifier redrive --region eu-west-1 --discard "sent by hand, for a test" --message-id 5fea7756-0ea4-451a-a703-a558b933e274',
    ],
    [
      ['backtest', '--compare'],
      'backtest needs log files and a proposal for --compare (--context FILE or -c key=value), as in: notifier backtest logs --context proposal.json --compare',
    ],
  ])('is named at once by %j', async (args, says) => {
    expect(await run(args)).toEqual({ code: 2, out: [], err: [`notifier: ${says}`] });
  });

  it('is given back as it is when nothing is missing, empty texts and zeros too', () => {
    expect(required('x', { from: 0, name: '' }, 'x')).toEqual({ from: 0, name: '' });
  });

  it('stands as such in the usage of the help', async () => {
    expect((await run(['audit', '--help'])).out[0]).toBe(
      'Usage: notifier audit [options] --from <time> --to <time> <logs...>',
    );
    expect((await run(['backtest', '--help'])).out[0]).toBe('Usage: notifier backtest [options] <paths...>');
  });
});
