import { describe, expect, it } from 'vitest';
import { standingAfter } from '../../../shared/slack/fold-state.ts';
import { mentionKey } from '../../../shared/slack/style.ts';
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
