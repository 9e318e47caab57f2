import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { anEvent, aRecord } from '../builders.ts';
import { run } from './capture-io.ts';

const RULES = JSON.stringify({
  stops: { operations: ['StopFlow'], channel: 'on-air' },
  all: { access: 'any', channel: 'default', delivery: 'digest' },
  off: { access: 'any', channel: 'default', enabled: false },
});
const CONTEXT = ['-c', `notifier:rules=${RULES}`, '-c', 'notifier:channels={"default":{},"on-air":{}}'];

async function explainJson(input: unknown, args: readonly string[] = []) {
  const stdin = typeof input === 'string' ? input : JSON.stringify(input);
  const { code, out, err } = await run(['explain', '--json', ...args], { stdin });
  return { code, err, lines: out.map((line) => JSON.parse(line)) };
}

describe('notifier explain --json', () => {
  it('writes what would command a terminal or turn its line around as escapes', async () => {
    const name = 'a\u001b\u009b31m\u202e\u2066\u{E0041}\u2028b';
    const stdin = JSON.stringify(anEvent({ detail: { eventName: 'CreateFlow', requestParameters: { name } } }));
    const { out } = await run(['explain', '--json'], { stdin });
    expect(out).toHaveLength(1);
    expect(out[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(out[0] ?? '').resourceName).toBe(name);
  });

  it('says what a call is, which rules match it and what would be posted', async () => {
    const { code, lines } = await explainJson(anEvent(), CONTEXT);
    const { message, messages, place, ...line } = lines[0];
    expect(place).toBe('standard input:1');
    expect({ code, ...line }).toEqual({
      code: 0,
      eventId: '987abc65-1a2b-4c4d-9d6e-987abc654def',
      operation: 'StopFlow',
      resource: 'flow',
      access: 'mutating',
      outcome: 'succeeded',
      impact: 'off-air',
      principal: { kind: 'AssumedRole', name: 'jane@example.org' },
      origin: 'cli',
      resourceName: 'AwardsShow',
      flowName: 'AwardsShow',
      rules: ['stops', 'all'],
      channels: ['on-air', 'default'],
      inRules: ['Operators/jane@example.org', 'Operators'],
      awaits: {
        of: 'flow',
        aspect: 'status',
        states: ['STANDBY'],
        onTheWay: ['STOPPING'],
        seconds: 120,
        promised: true,
      },
      serviceEvent: null,
    });
    expect(messages).toEqual([
      { channel: 'on-air', delivery: 'immediate', message },
      {
        channel: 'default',
        delivery: 'digest',
        message: expect.objectContaining({ text: expect.stringContaining('Digest: 1 call') }),
      },
    ]);
    expect(message).toMatchObject({ text: expect.stringContaining('AwardsShow'), unfurl_links: false });
  });

  it('gives the keys in the documented order', async () => {
    const { lines } = await explainJson(aRecord());
    expect(Object.keys(lines[0])).toEqual([
      'eventId',
      'operation',
      'resource',
      'access',
      'outcome',
      'impact',
      'principal',
      'origin',
      'resourceName',
      'flowName',
      'rules',
      'channels',
      'message',
      'place',
      'inRules',
      'messages',
      'awaits',
      'serviceEvent',
    ]);
  });

  it('has no message for a call that no rule reports', async () => {
    const { lines } = await explainJson(aRecord({ eventName: 'StartFlow' }), [
      '-c',
      'notifier:rules={"stops":{"operations":["StopFlow"],"channel":"default"}}',
    ]);
    expect(lines).toMatchObject([{ operation: 'StartFlow', rules: [], channels: [], message: null }]);
  });

  it('says of a call to another service what it is, although no rule will ever match it', async () => {
    const stopInstances = aRecord({ eventSource: 'ec2.amazonaws.com', eventName: 'TagResource', eventID: 'e' });
    expect(await explainJson(stopInstances)).toMatchObject({
      code: 0,
      lines: [
        {
          eventId: 'e',
          operation: 'TagResource',
          resource: 'unrecognized',
          access: 'mutating',
          impact: 'none',
          flowName: null,
          rules: [],
          message: null,
        },
      ],
    });
  });

  it('names the line of what cannot be used, and goes on', async () => {
    const lines = [JSON.stringify(aRecord()), 'hello', '{}', JSON.stringify(aRecord())].join('\n');
    const explained = await explainJson(lines);
    expect(explained.code).toBe(1);
    expect(explained.lines.slice(1, 3)).toEqual([
      { error: "not JSON: Unexpected token 'h'", line: 2, place: 'standard input:2' },
      {
        error:
          'neither an EventBridge event (source, detail-type, detail) nor a CloudTrail record (eventSource, eventName)',
        line: 3,
        place: 'standard input:3',
      },
    ]);
    expect(explained.lines[3]).toMatchObject({ operation: 'StopFlow' });
  });

  it('says where a file breaks off, so that nobody takes its last line for its end', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'explain-'));
    const file = join(directory, 'log.json.gz');
    const records = Array.from({ length: 2000 }, () => JSON.stringify(aRecord({ requestID: randomUUID() })));
    await writeFile(file, gzipSync(records.join('\n')).subarray(0, -20));
    const { code, out, err } = await run(['explain', '--json', file]);
    await rm(directory, { recursive: true });
    const reason = 'not readable: its gzip data ends too early';
    expect({ code, err, last: JSON.parse(out.at(-1) ?? '') }).toEqual({
      code: 1,
      err: [],
      last: { error: reason, line: null, place: file },
    });
  });

  it('says that what is neither a call nor an event of MediaConnect’s own is no call', async () => {
    const schedule = { source: 'aws.mediaconnect', 'detail-type': 'Scheduled Event', detail: { 'alert-id': 1 } };
    expect(await explainJson(schedule)).toEqual({
      code: 2,
      err: [],
      lines: [
        {
          error: 'not an API call: Scheduled Event of aws.mediaconnect has no eventName',
          line: 1,
          place: 'standard input:1',
        },
      ],
    });
  });

  it('has one error for a document with a mistake', async () => {
    const { code, lines } = await explainJson(`{\n"eventName": "StopFlow",\n}`);
    expect({ code, lines }).toEqual({
      code: 2,
      lines: [
        {
          error: "not JSON: Unexpected token '}' (there is a comma too many before it)",
          line: 3,
          place: 'standard input:3, record 1',
        },
      ],
    });
  });
});

describe('notifier explain', () => {
  it('says in words why each rule matches or does not', async () => {
    const { out } = await run(['explain', ...CONTEXT], { stdin: JSON.stringify(anEvent({ region: 'us-west-2' })) });
    expect(out.slice(0, 13)).toEqual([
      'standard input:1',
      'StopFlow: mutating call on a flow, succeeded, impact off-air',
      expect.stringMatching(/^ {2}event {4}987abc65-1a2b-4c4d-9d6e-987abc654def, 2026-11-22 20:00:00 UTC, /),
      expect.stringMatching(
        /^ {2}who {6}jane@example\.org as role Operators \(AssumedRole\), by AWS CLI .*, from 203\.0\.113\.17$/,
      ),
      '  in rules Operators/jane@example.org, or Operators',
      expect.stringMatching(/^ {2}what {5}Off air: flow AwardsShow stopped$/),
      expect.stringMatching(/^ {2}awaits {3}status STANDBY of the flow by STOPPING, within 2 min;/),
      '  rules',
      '    + stops  matches',
      '    + all    matches',
      '    - off    does not: the rule is disabled',
      '  reported to on-air (at once), default (in the digest)',
      expect.stringMatching(/^ {2}(?:but|message)/),
    ]);
  });

  it('shows the message of every channel, and the line of the digest', async () => {
    const { out } = await run(['explain', ...CONTEXT], { stdin: JSON.stringify(anEvent()) });
    const shown = out.slice(out.indexOf('  message to on-air'));
    const digest = shown.indexOf('  in the digest of default');
    expect(shown.slice(1, digest)).toContainEqual(expect.stringMatching(/^ {4}\| .*Off air/));
    expect(shown.slice(digest + 1)).toContainEqual(expect.stringMatching(/^ {4}\| .*1 call/));
    expect(shown.slice(digest + 1)).toContainEqual(
      expect.stringMatching(/^ {4}\| .*flow `AwardsShow` stopped by `jane@example\.org`/i),
    );
  });

  it('shows one message for a channel to which a call goes twice, the one that comes at once', async () => {
    const rules = { reads: { delivery: 'digest' }, stops: { operations: ['StopFlow'] } };
    const { out } = await run(['explain', '-c', `notifier:rules=${JSON.stringify(rules)}`], {
      stdin: JSON.stringify(anEvent()),
    });
    expect(out.filter((line) => /^ {2}(?:message to|in the digest of)/.test(line))).toEqual(['  message to default']);
  });

  it('names nobody for a rule where the record names nobody', async () => {
    const record = aRecord({ userIdentity: { type: 'WebIdentityUser', principalId: 'accounts.example.org:app:17' } });
    const { out } = await run(['explain'], { stdin: JSON.stringify(record) });
    expect(out).toContain('  in rules nobody whom a rule could name');
  });

  it('names the field that refuses', async () => {
    const { out } = await run(['explain', ...CONTEXT], { stdin: JSON.stringify(aRecord({ eventName: 'StartFlow' })) });
    expect(out).toContainEqual(expect.stringMatching(/^ {4}- stops {2}does not: detail\.eventName is "StartFlow", /));
  });

  it('shows nothing that a terminal would obey', async () => {
    const evil = '\u001b[2J\u202Eevil\nStopFlow: all is well';
    const record = aRecord({ eventName: evil, userAgent: evil, errorCode: evil, eventID: evil });
    const { out } = await run(['explain'], { stdin: JSON.stringify([record, { ...record, eventSource: evil }]) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(out.filter((line) => /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.test(line))).toEqual([]);
    expect(out.filter((line) => line.startsWith('StopFlow: all'))).toEqual([]);
  });
});
