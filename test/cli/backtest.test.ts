import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSince, parseUntil } from '../../cli/backtest/command.ts';
import { aRecord } from '../builders.ts';
import { METADATA_EVENT } from '../shared/outcome/documented-events.ts';
import { aServiceEvent } from '../shared/outcome/signal-examples.ts';
import { run } from './capture-io.ts';

let logs = '';
beforeAll(async () => {
  logs = await mkdtemp(join(tmpdir(), 'cli-backtest-'));
  const Records = [
    aRecord({ eventTime: '2026-11-22T20:00:00Z' }),
    aRecord({ eventTime: '2026-11-22T20:00:05Z', eventName: 'StartFlow', eventID: 'start' }),
    aRecord({ eventTime: '2026-11-23T20:00:00Z', eventName: 'DescribeFlow', readOnly: true }),
    aRecord({ eventSource: 'ec2.amazonaws.com' }),
  ];
  await writeFile(join(logs, 'trail.json'), JSON.stringify({ Records }));
  await writeFile(join(logs, 'broken.json'), '{"Records": [');
});
afterAll(() => rm(logs, { recursive: true }));

const PROPOSAL = ['-c', 'notifier:rules={"stops":{"operations":["StopFlow"],"channel":"default"}}'];

describe('notifier backtest', () => {
  it('prints rules, channels, what could not be used, and the noisiest', async () => {
    const { code, out } = await run(['backtest', logs]);
    const line = (start: string) => out.find((text) => text.startsWith(start))?.replace(/ {2,}/g, '  ');
    expect({ code, first: out[0] }).toEqual({
      // One of the two could not be read.
      code: 1,
      first: '2 files, 4 records, 3 MediaConnect API calls, 2026-11-22 to 2026-11-23 (1.0 days)',
    });
    expect(out).toContain(`  ${join(logs, 'broken.json')}: not JSON: Unexpected end of JSON input (line 1)`);
    expect(line('changes')).toBe('changes  default  immediate  2  2  2.0  2026-11-22 20:00 (2 calls)');
    expect(line('reads')).toBe('reads  default  digest  1  1  1.0  2026-11-23 20:00 (1 call)');
    expect(line('default')).toBe('default  3  3  3.0  2026-11-22 20:00 (2 calls)');
    expect(line('Every')).toBe('Every call is reported by a rule.');
    expect(line('AwardsShow')).toBe('AwardsShow  3  3');
  });

  it('says where something in a file is no event', async () => {
    const file = join(logs, 'lines.ndjson');
    await writeFile(file, `${JSON.stringify(aRecord({ eventID: 'lines' }))}\nhello\n`);
    const { code, out } = await run(['backtest', file]).finally(() => rm(file));
    expect({ code, lines: out.slice(1, 3) }).toEqual({
      code: 1,
      lines: ['1 line or element that no event could be read from', `  ${file}:2: not JSON: Unexpected token 'h'`],
    });
  });

  it.each([[[]], [['--json']]])(
    'says no secret that stands where a name, an id or a region belongs %j',
    async (flags) => {
      const secret = 'passphrase=hunter2hunter2';
      const file = join(logs, 'secrets.ndjson');
      const records = [
        { eventName: secret },
        { eventID: secret, awsRegion: secret },
        { awsRegion: secret, eventName: secret },
      ];
      await writeFile(
        file,
        records.map((changes, index) => JSON.stringify(aRecord({ eventID: `${index}`, ...changes }))).join('\n'),
      );
      for (const more of [[], ['--compare', ...PROPOSAL]]) {
        const { out } = await run(['backtest', file, ...more, ...flags]);
        expect(out.join()).toContain('(not shown)');
        expect(out.join()).not.toContain('hunter2');
      }
      await rm(file);
    },
  );

  it('compares a proposal with the current rules and lists what would no longer be reported', async () => {
    const { out } = await run(['backtest', logs, '--compare', ...PROPOSAL]);
    expect(out).toContainEqual(expect.stringMatching(/^default +3 +1 +-2 +3 +1 +-2 /));
    expect(out).toContain('No longer reported: 2 calls');
    expect(out).toContain(
      '  2026-11-22T20:00:05Z StartFlow by Operators/jane@example.org on AwardsShow (now by changes) start',
    );
    expect(out).toContain('No proposed rule reports 2 calls:');
  });

  it('counts events of MediaConnect’s own apart, and says that nothing of them is in log files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cli-backtest-'));
    const events = [aServiceEvent('Flow Status Change', { currentStatus: 'ACTIVE' }), aRecord(), METADATA_EVENT];
    await writeFile(join(folder, 'mixed.ndjson'), events.map((event) => JSON.stringify(event)).join('\n'));
    const { code, out } = await run(['backtest', folder, '-c', 'notifier:outcomes=trouble']);
    expect({ code, first: out.slice(0, 2) }).toEqual({
      code: 0,
      first: [
        '1 file, 3 records, 1 MediaConnect API call, 2026-11-22 to 2026-11-22 (1.0 days)',
        '2 events of MediaConnect’s own, which are no calls and counted nowhere',
      ],
    });
    expect(out.filter((line) => line.includes('_signal'))).toEqual([]);
    const said = (lines: readonly string[]) => lines.filter((line) => line.startsWith('Not counted: what notifier:'));
    expect(said(out).length).toBe(1);
    const off = await run(['backtest', folder, '-c', 'notifier:outcomes=off', '-c', 'notifier:health=off', '--json']);
    expect(JSON.parse(off.out[0] ?? '')).toMatchObject({ calls: 1, serviceEvents: 2, unusable: 0 });
    expect(
      said((await run(['backtest', folder, '-c', 'notifier:outcomes=off', '-c', 'notifier:health=off'])).out),
    ).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('gives one JSON object', async () => {
    const { out } = await run(['backtest', logs, '--json', ...PROPOSAL]);
    expect(out.length).toBe(1);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      files: 2,
      records: 4,
      calls: 3,
      unreadableFiles: 1,
      notified: 1,
      missed: 2,
      rules: [{ rule: 'stops', channel: 'default', calls: 1, messages: 1, messagesPerDay: 1 }],
      channels: [{ channel: 'default', calls: 1 }],
      missedOperations: [
        { name: 'DescribeFlow', calls: 1 },
        { name: 'StartFlow', calls: 1 },
      ],
    });
  });

  it('gives both sets of rules as JSON', async () => {
    const { out } = await run(['backtest', logs, '--json', '--compare', ...PROPOSAL]);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      current: { notified: 3 },
      proposed: { notified: 1 },
      noLongerNotified: { calls: 2, listed: [{ eventId: 'start' }, { operation: 'DescribeFlow' }] },
    });
  });

  it('counts only the days asked for', async () => {
    const { out } = await run(['backtest', logs, '--json', '--until', '2026-11-22']);
    expect(JSON.parse(out[0] ?? '').calls).toBe(2);
  });

  it('counts in peace when every file could be read', async () => {
    expect((await run(['backtest', join(logs, 'trail.json'), '--json'])).code).toBe(0);
  });

  it('refuses a time that is none', async () => {
    expect(await run(['backtest', logs, '--since', '2026-11-23', '--until', '2026-11-22'])).toEqual({
      code: 2,
      out: [],
      err: ['notifier: --until is not after --since'],
    });
  });

  it('says when calls are of a region without a stack', async () => {
    const { out } = await run(['backtest', logs, '-c', 'notifier:regions=us-east-1']);
    expect(out).toContain('But: 3 calls of eu-west-1, where the context deploys no stack');
  });

  it('never says of nothing that every call is reported, and says that the chosen time has none', async () => {
    const { code, out } = await run(['backtest', join(logs, 'trail.json'), '--since', '2030-01-01']);
    expect(code).toBe(0);
    expect(out).toContain('Nothing in the chosen time: no MediaConnect API call between --since and --until.');
    expect(out.filter((line) => line.startsWith('Every call'))).toEqual([]);
  });

  it('counts the repeats of a call that would no longer be reported', async () => {
    const calls = Array.from({ length: 3 }, (_, index) =>
      aRecord({ eventID: `again-${index}`, eventName: 'StartFlow', eventTime: `2026-11-22T20:00:0${index}Z` }),
    );
    const file = join(logs, 'repeats.ndjson');
    await writeFile(file, calls.map((each) => JSON.stringify(each)).join('\n'));
    const { out } = await run(['backtest', file, '--compare', ...PROPOSAL]);
    await rm(file);
    expect(out).toContain(
      '  2026-11-22T20:00:00Z StartFlow × 3 by Operators/jane@example.org on AwardsShow (now by changes) again-0',
    );
  });

  it('refuses when no file can be used', async () => {
    const broken = join(logs, 'broken.json');
    expect(await run(['backtest', broken])).toEqual({
      code: 2,
      out: [],
      err: [`notifier: ${broken}: not JSON: Unexpected end of JSON input (line 1)`],
    });
  });
});

describe('parseSince and parseUntil', () => {
  it.each([
    ['2026-11-22', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['2026-11-22T20:00Z', '2026-11-22T20:00:00Z', '2026-11-22T20:00:00Z'],
    ['2026-11-22T20:00:30+01:00', '2026-11-22T19:00:30Z', '2026-11-22T19:00:30Z'],
    ['2026-11-22 20:00', '2026-11-22T20:00:00Z', '2026-11-22T20:00:00Z'],
  ])('takes %s', (text, since, until) => {
    expect([parseSince(text), parseUntil(text)]).toEqual([Date.parse(since), Date.parse(until)]);
  });

  it.each(['yesterday', '2026', '2026-13-01', '2026-11-31', '2026-11-31T20:00Z', '22.11.2026'])(
    'refuses %s',
    (text) => {
      expect(() => parseSince(text)).toThrow('a time is 2026-11-22 or 2026-11-22T20:00Z; without a zone it is UTC.');
    },
  );
});
