import { describe, expect, it } from 'vitest';
import { run } from './capture-io.ts';

const RULES = 'notifier:rules={"stops":{"operations":["StopFlow"],"channel":"on-air"}}';
const ARGS = [
  'rules',
  '-c',
  RULES,
  '-c',
  'notifier:channels={"on-air":{}}',
  '-c',
  'notifier:regions=eu-west-1,us-east-1',
  '-c',
  'notifier:outcomes=off',
];

describe('notifier rules', () => {
  it('lists the rules with the size of their patterns', async () => {
    const { code, out } = await run(ARGS);
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        expect.stringMatching(/^rule +channel +delivery +state +pattern$/),
        expect.stringMatching(/^stops +on-air +immediate +ENABLED +\d+ of 2048$/),
        'Deployed in eu-west-1, us-east-1.',
      ],
    });
  });

  it('prints the event patterns as they are deployed', async () => {
    const { out } = await run([...ARGS, '--patterns']);
    expect(JSON.parse(out.slice(5).join('\n'))).toMatchObject({
      source: ['aws.mediaconnect'],
      detail: { eventName: ['StopFlow'] },
    });
  });

  it('gives a JSON line for each rule', async () => {
    const { out } = await run([...ARGS, '--json']);
    const rule = JSON.parse(out[0] ?? '');
    expect(out.length).toBe(1);
    expect(rule).toMatchObject({ name: 'stops', channel: 'on-air', delivery: 'immediate', state: 'ENABLED' });
    expect(rule.patternSize).toBe(JSON.stringify(rule.pattern).length);
  });

  it.each([[], ['--json']])('warns of a region without MediaConnect, apart from the list %j', async (...flags) => {
    const { code, out, err } = await run(['rules', ...flags, '-c', 'notifier:regions=eu-west-1,ca-west-1']);
    expect({ code, err }).toEqual({
      code: 0,
      err: [
        'Warning: notifier:regions: AWS Elemental MediaConnect is not in ca-west-1, as far as this version knows, so nothing will ever be reported there; the nearest region that has it is us-west-2',
      ],
    });
    expect(out.join('\n')).not.toContain('Warning');
  });

  it('lists the rule for MediaConnect’s own events where they are wanted, and says what for', async () => {
    const more = ['-c', 'notifier:outcomes=all', '-c', 'notifier:health={"say":"trouble","channel":"on-air"}'];
    const { out } = await run([...ARGS, ...more]);
    expect(out.slice(2)).toEqual([
      expect.stringMatching(/^_signal +on-air +immediate +ENABLED +\d+ of 2048$/),
      'Deployed in eu-west-1, us-east-1.',
      '_signal takes MediaConnect’s own events, no calls: what calls came to (all) where the call is reported; what nobody called for (trouble) to on-air.',
    ]);
    const off = await run([...ARGS, '-c', 'notifier:outcomes=off', '-c', 'notifier:health=off']);
    expect(off.out.filter((line) => line.includes('_signal'))).toEqual([]);
  });

  it('has three rules for calls, and one for MediaConnect’s own events, without any context', async () => {
    const { out } = await run(['rules', '--json']);
    expect(out.map((line) => JSON.parse(line).name)).toEqual(['changes', 'denied-reads', 'reads', '_signal']);
  });
});
