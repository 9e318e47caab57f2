import { describe, expect, it } from 'vitest';
import type { Notification } from '../../../shared/notification/notification.ts';
import { planMessages } from '../../../shared/slack/plan-messages.ts';
import { FLOW_ARN } from '../../builders.ts';
import { aCallAt, at, OTHER_OUTPUT_ARN, OUTPUT_ARN } from '../outcome/signal-examples.ts';

const now = (words: string, seconds: number, after: string): NonNullable<Notification['outcome']> => ({
  state: { before: 'now ', words: [{ kind: 'plain', text: words }], after, atMs: at(seconds) },
  troubles: [],
});

const fold = (calls: readonly Notification[]): string =>
  JSON.stringify(planMessages(calls, () => ({}), { firstAlone: false }).map(({ message }) => message));

const added = (seconds: number, outputArn: string, name: string): Notification =>
  aCallAt('AddFlowOutputs', seconds, {
    requestParameters: { flowArn: FLOW_ARN, outputs: [{ name, protocol: 'srt-listener' }] },
    responseElements: { flowArn: FLOW_ARN, outputs: [{ name, outputArn }] },
  });

describe('a fold', () => {
  it('says what came of each call, as its card would', () => {
    const calls = [
      { ...aCallAt('UpdateFlow', 0), outcome: now('standby', 2, ', 2 s after the call') },
      added(5, OUTPUT_ARN, 'cdn-north'),
      { ...added(6, OTHER_OUTPUT_ARN, 'cdn-south'), outcome: now('sending', 8, ', 2 s after the call') },
    ];
    expect(fold(calls)).toContain('sending');
    expect(fold(calls)).toContain('standby');
  });

  it('does not head a flow with the state before a stop of the same second', () => {
    const calls = [
      { ...aCallAt('StartFlow', 0), outcome: now('active', 3, ', 3 s after the call') },
      aCallAt('StopFlow', 3),
    ];
    expect(fold(calls)).not.toContain('active* (says MediaConnect)');
    expect(fold(calls)).not.toContain('active (says MediaConnect)');
  });
});
