import { describe, expect, it } from 'vitest';
import { phraseText } from '../../../shared/notification/notification.ts';
import { standingAfter } from '../../../shared/slack/fold-state.ts';
import { mentionKey } from '../../../shared/slack/message.ts';
import { ACCOUNT, aCall, REGION } from '../../builders.ts';

const arnOf = (id: string, name: string): string => `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:flow:${id}:${name}`;
const onFlow = (operation: string, flowArn: string, eventTime = '2026-11-22T20:00:00Z') =>
  aCall(operation, { requestParameters: { flowArn }, responseElements: null, eventTime });
const CHANNEL = { mention: { 'off-air': 'here' } } as const;

describe.each([
  ['plain', 'AwardsShow'],
  ['with a space', 'Awards Show'],
  ['with an apostrophe', "Jane's"],
  ['with an ampersand', 'A&B'],
  ['of another script', '決勝'],
  ['that looks like a secret', 'AKIAZ5QMARKEDKEY7XQ2'],
  ['of any length', 'é'.repeat(256)],
])('two flows of one name %s', (_, name) => {
  const [one, other] = [arnOf('1-VICTIM-1', name), arnOf('1-OWN-9', name)];

  it('are two things', () => {
    expect(onFlow('StopFlow', one).subject.key).not.toBe(onFlow('StopFlow', other).subject.key);
    expect(mentionKey(onFlow('StopFlow', one), CHANNEL)).not.toBe(mentionKey(onFlow('StopFlow', other), CHANNEL));
  });

  it('are each one, however the ARN is written', () => {
    expect(onFlow('StartFlow', encodeURIComponent(one)).subject.key).toBe(onFlow('StopFlow', one).subject.key);
  });

  it('do not put each other back on air', () => {
    const stopped = onFlow('StopFlow', encodeURIComponent(one));
    const started = onFlow('StartFlow', encodeURIComponent(other), '2026-11-22T20:00:05Z');
    const again = onFlow('StartFlow', encodeURIComponent(one), '2026-11-22T20:00:09Z');
    expect(standingAfter([stopped, started])).toMatchObject({ off: [{ by: stopped }], isAllBack: false });
    expect(standingAfter([stopped, started, again])).toMatchObject({ off: [], isAllBack: true });
  });
});

it('what is typed where an ARN belongs and may not be shown is still one thing or another', () => {
  const [one, other] = ['AKIAZ5QMARKEDKEY7XQ2', 'AKIAZ5QMARKEDKEY7XQ3'].map((typed) => onFlow('StopFlow', typed));
  expect(one?.subject.key).not.toBe(other?.subject.key);
  expect(one?.subject.key).toMatch(/^flow\/111122223333\/eu-west-1\/\(not shown\)\/[\da-f]{14}$/);
});

it('an id in a name is no id', () => {
  const forged = aCall('StopFlow', { requestParameters: { flowArn: `flow:1-V-1/${ACCOUNT}/${REGION}` } });
  expect(forged.subject.key).not.toBe(onFlow('StopFlow', arnOf('1-V-1', 'Awards Show')).subject.key);
});

describe('a part that was taken off air', () => {
  const flowArn = arnOf('1-V-1', 'AwardsShow');
  const outputArn = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:output:1-o-1:cdn`;
  const entitlementArn = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:entitlement:1-e-1:partner`;
  const at = (second: number, operation: string, request: object, response: object | null = null) =>
    aCall(operation, {
      eventTime: `2026-11-22T20:00:0${second}Z`,
      requestParameters: { flowArn, ...request },
      responseElements: response,
      eventID: `987abc65-1a2b-4c4d-9d6e-987abc65100${second}`,
    });
  const removed = at(1, 'RemoveFlowOutput', { outputArn });
  const disabled = at(1, 'UpdateFlowEntitlement', { entitlementArn, entitlementStatus: 'DISABLED' });
  const output = { name: 'cdn', protocol: 'srt-caller', destination: '198.51.100.1', port: 1 };

  it.each([
    ['an output of its name without an ARN', removed, at(5, 'AddFlowOutputs', { outputs: [output] })],
    [
      'an output of its name with another ARN',
      removed,
      at(
        5,
        'AddFlowOutputs',
        { outputs: [output] },
        { flowArn, outputs: [{ ...output, outputArn: outputArn.replace('1-o-1', '1-o-2') }] },
      ),
    ],
    [
      'an entitlement of its name',
      disabled,
      at(5, 'GrantFlowEntitlements', { entitlements: [{ name: 'partner', subscribers: ['999988887777'] }] }),
    ],
  ])('is not put back by %s', (_, off, added) => {
    const { off: still, isAllBack } = standingAfter([off, added]);
    expect({ isAllBack, by: still.map(({ by }) => by) }).toEqual({ isAllBack: false, by: [off] });
  });

  it('is said with the other one of its name', () => {
    const { off } = standingAfter([removed, at(5, 'AddFlowOutputs', { outputs: [output] })]);
    expect(off.map(({ words }) => phraseText(words))).toEqual([
      'output cdn of flow AwardsShow (another of that name was added)',
    ]);
  });

  it('is put back by itself', () => {
    const enabled = at(5, 'UpdateFlowEntitlement', { entitlementArn, entitlementStatus: 'ENABLED' });
    expect(standingAfter([disabled, enabled])).toEqual({ off: [], isAllBack: true });
  });
});
