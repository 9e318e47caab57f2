import { describe, expect, it } from 'vitest';
import { aRecord } from '../../builders.ts';
import { METADATA_EVENT } from '../../shared/outcome/documented-events.ts';
import {
  aServiceEvent,
  FLOW_ARN,
  ROUTER_INPUT_ARN,
  ROUTER_OUTPUT_ARN,
  SOURCE_ARN,
} from '../../shared/outcome/signal-examples.ts';
import { run } from '../capture-io.ts';

const DROP = aServiceEvent(
  'Source Health',
  { unhealthy: true, current: { state: 'DISCONNECTED' }, previous: { state: 'CONNECTED' } },
  { resources: [FLOW_ARN, SOURCE_ARN] },
);
const ON = ['-c', 'notifier:outcomes=trouble', '-c', 'notifier:health=trouble'];
const OFF = ['-c', 'notifier:outcomes=off', '-c', 'notifier:health=off'];

const explain = async (input: unknown, ...args: readonly string[]) =>
  run(['explain', ...args], { stdin: JSON.stringify(input) });

describe('notifier explain of MediaConnect’s own events', () => {
  it.each([[], ['--json']])(
    'says no secret that stands where a name, an id or a place belongs %j',
    async (...flags) => {
      const secret = 'passphrase=hunter2hunter2';
      const resources = [FLOW_ARN, SOURCE_ARN].map((arn) => arn.replace(/[^:]+$/, secret));
      for (const event of [
        { ...DROP, resources },
        { ...DROP, resources, id: secret, region: secret, time: secret },
        { ...DROP, resources: [], id: secret, region: secret },
        aServiceEvent('Flow Status Change', { currentStatus: 'ERROR' }, { resources, id: secret }),
        aServiceEvent('Alert', { errored: true, 'error-id': secret }, { resources }),
        aServiceEvent(secret, {}, { resources }),
        aServiceEvent(
          'Router Output Route State',
          { change: 'ROUTED', currentRouterInputArn: `${ROUTER_INPUT_ARN}_AKIAZ5QHUNTER2KEYXQ2` },
          { resources: [ROUTER_OUTPUT_ARN] },
        ),
      ]) {
        const { out } = await explain(event, ...ON, ...flags);
        expect(out.join('\n')).toContain('MediaConnect');
        expect(out.join('\n')).not.toMatch(/hunter2/i);
      }
    },
  );

  it('says which thing, which rule takes it, what is kept and what would be said', async () => {
    const { code, out } = await explain(DROP, ...ON);
    expect({ code, out: out.slice(1) }).toEqual({
      code: 0,
      out: [
        'MediaConnect Source Health: MediaConnect’s own event, no call',
        '  event    01234567-0123-0123-0123-0123456789ab, 2026-11-22 20:00:00 UTC, eu-west-1',
        '  what     source OB-van of flow AwardsShow: health DISCONNECTED, before CONNECTED',
        '  rule     taken by _signal',
        '  kept     health DISCONNECTED of source OB-van; trouble DISCONNECTED of source OB-van, until its end',
        '  said     1 min later, if no call turns up, to default',
        '    | 🟠 source OB-van of flow AwardsShow is disconnected. No call that reached us touched it in the 15 minutes before',
        '  said     after a call that touched it up to 2 minutes before: with that call, to its channels',
        '',
      ],
    });
  });

  it('calls a router’s output so, in an event and in what is awaited of a call', async () => {
    const route = { change: 'ROUTED', previousRouterInputArn: null, currentRouterInputArn: ROUTER_INPUT_ARN };
    const { out } = await explain(
      aServiceEvent('Router Output Route State', route, { resources: [ROUTER_OUTPUT_ARN] }),
    );
    expect(out).toContain('  what     router output b1c2d3e4f5a6: route ROUTED, from a1b2c3d4e5f6, before no input');
    expect(out).toContain('  kept     route ROUTED of router output b1c2d3e4f5a6');
    const take = aRecord({ eventName: 'TakeRouterInput', requestParameters: { routerOutputArn: ROUTER_OUTPUT_ARN } });
    expect((await explain(take)).out).toContain(
      '  awaits   route ROUTED or UNROUTED of the router output, within 2 min; if nothing is said by then, a line says so; thought of for 15 min',
    );
  });

  it('says where what nobody called for would go, and that of a switched off health nothing is said', async () => {
    const elsewhere = '{"say":"trouble","channel":"tech"}';
    const args = ['-c', 'notifier:channels={"tech":{}}', '-c', `notifier:health=${elsewhere}`];
    expect((await explain(DROP, ...args)).out).toContain('  said     1 min later, if no call turns up, to tech');
    const { out } = await explain(DROP, '-c', 'notifier:outcomes=trouble', '-c', 'notifier:health=off');
    expect(out).toContain('  said     nothing, if no call touched it; notifier:health is off');
  });

  it('says which settings would take it, where none does', async () => {
    const { out } = await explain(DROP, ...OFF);
    expect(out).toContain(
      '  rule     taken by none: notifier:outcomes or notifier:health, set to trouble or all, would take it',
    );
    expect(out).toContain(
      '  said     1 min later, if no call turns up, to default (with notifier:outcomes and notifier:health set to all)',
    );
  });

  it.each([
    ['the flood of metadata', METADATA_EVENT],
    [
      'TR 101 290 errors of a source that stays',
      { ...DROP, detail: { unhealthy: true, current: { state: 'CONNECTED' }, previous: { state: 'CONNECTED' } } },
    ],
  ])('knows %s by its being taken by none', async (_, event) => {
    const { code, out } = await explain(event, ...ON);
    expect(code).toBe(0);
    expect(out.filter((line) => / {2}(rule|kept|said) /.test(line))).toEqual([
      '  rule     taken by none: the pattern names what is worth saying; the rest is a flood, such as metadata every 20 s',
    ]);
  });

  it('shows no ARN of a secret that an alert names, in text and JSON', async () => {
    const alert = aServiceEvent('Alert', {
      errored: true,
      'error-code': 'AccessDeniedException',
      'error-message': 'No access (secret arn:aws:secretsmanager:us-east-1:111122223333:secret:ExampleSecret)',
    });
    const said = [(await explain(alert, ...ON)).out, (await explain(alert, '--json', ...ON)).out].flat().join('\n');
    expect(said).toContain('secret (not shown)');
    expect(said).not.toContain('ExampleSecret');
  });

  it('has the keys of a call in JSON, and what it is', async () => {
    const [event, call] = (await explain([DROP, aRecord()], '--json', ...ON)).out.map((line) => JSON.parse(line));
    expect(Object.keys(event).toSorted()).toEqual(Object.keys(call).toSorted());
    expect(event).toMatchObject({
      operation: null,
      resource: 'source',
      resourceName: 'OB-van',
      flowName: 'AwardsShow',
      rules: ['_signal'],
      channels: ['default'],
      awaits: null,
      serviceEvent: {
        detailType: 'MediaConnect Source Health',
        says: { kind: 'state', aspect: 'health', state: 'DISCONNECTED', previous: 'CONNECTED' },
        dropped: null,
        wanted: true,
        said: [{ afterSeconds: 60, channels: ['default'], text: expect.stringContaining('OB-van') }],
      },
    });
  });

  it('says of a call what is awaited and how long, and of one without an outcome that nothing is', async () => {
    const awaited = async (eventName: string, more = {}) =>
      (await explain(aRecord({ eventName, ...more }))).out.filter((line) => line.startsWith('  awaits'));
    expect(await awaited('StopFlow')).toEqual([
      '  awaits   status STANDBY of the flow by STOPPING, within 2 min; if nothing is said by then, a line says so; thought of for 15 min',
    ]);
    expect(await awaited('TagResource')).toEqual([
      '  awaits   nothing: MediaConnect says nothing by itself of what it came to',
    ]);
    expect(await awaited('DescribeFlow')).toEqual([]);
    expect(await awaited('StopFlow', { errorCode: 'AccessDenied' })).toEqual([]);
  });

  it('lists the rule for these events with no call: it never takes one', async () => {
    expect((await explain(aRecord(), ...ON)).out.filter((line) => line.includes('_signal'))).toEqual([]);
  });
});
