import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PATTERN_LENGTH, patternText } from '../../../infra/rules/clause.ts';
import { compileSignalRule, SIGNAL_PATTERN, SIGNAL_RULE_NAME } from '../../../infra/rules/signal-rule.ts';
import { readContext } from '../../../infra/settings/read-context.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { checkServiceLimits } from '../../../shared/eventbridge/limits.ts';
import { isMatch } from '../../../shared/eventbridge/match-pattern.ts';
import { readSignal } from '../../../shared/outcome/signal-event.ts';
import { anEvent } from '../../builders.ts';
import { DOCUMENTED, METADATA_EVENT } from '../../shared/outcome/documented-events.ts';
import { aServiceEvent } from '../../shared/outcome/signal-examples.ts';

const PATTERN = compilePattern(SIGNAL_PATTERN);
const TEXT = patternText(SIGNAL_PATTERN);

describe('the rule for MediaConnect’s own events', () => {
  it('needs neither a trail nor reads', () => {
    expect(compileSignalRule('health')).toEqual({
      name: '_signal',
      channel: 'health',
      delivery: 'immediate',
      state: 'ENABLED',
      pattern: SIGNAL_PATTERN,
    });
  });

  it('is one that EventBridge takes', () => {
    expect(TEXT.length).toBeLessThanOrEqual(MAX_PATTERN_LENGTH);
    expect(() => checkServiceLimits(PATTERN, TEXT)).not.toThrow();
  });

  it('has a name that no rule of the admin’s can have', () => {
    const rules = { [SIGNAL_RULE_NAME]: { channel: 'default' } };
    expect(() => readContext({ 'notifier:rules': rules })).toThrow(/_signal/);
  });

  it.each(
    DOCUMENTED.filter(({ detail }) => !('source_state' in Object(detail.current))).map(
      (event) => [event.body === undefined ? 'drops' : 'takes', event.type, event] as const,
    ),
  )('%s %s', (_, type, { detail, resources, body }) => {
    expect(isMatch(PATTERN, aServiceEvent(type, detail, { resources }))).toBe(body !== undefined);
  });

  it.each([
    ['the metadata of a flow, which comes every 20 seconds', METADATA_EVENT],
    ['a call', anEvent()],
    ['another service', { ...aServiceEvent('Alert', { errored: true }), source: 'aws.medialive' }],
    ['health without a word on state', aServiceEvent('Source Health', { unhealthy: true })],
  ])('drops %s', (_, event) => {
    expect(isMatch(PATTERN, event)).toBe(false);
  });

  it.each(['state', 'source_state'])(
    'takes a health event in which the %s says that a signal was lost or came back',
    (key) => {
      const STATES = ['CONNECTED', 'RECEIVING', 'SENDING', 'DISCONNECTED', 'IDLE'];
      const taken = STATES.flatMap((current) =>
        ['', ...STATES]
          .filter((previous) =>
            isMatch(
              PATTERN,
              aServiceEvent('Source Health', { current: { [key]: current }, previous: { [key]: previous } }),
            ),
          )
          .map((previous) => `${previous} → ${current}`),
      );
      const signalless = (state: string): boolean => ['', 'DISCONNECTED', 'IDLE'].includes(state);
      expect(taken).toEqual(
        STATES.flatMap((current) =>
          ['', ...STATES]
            .filter((previous) => signalless(current) || signalless(previous))
            .map((previous) => `${previous} → ${current}`),
        ),
      );
    },
  );

  it('takes nothing that is useful away', () => {
    const state = fc.constantFrom('CONNECTED', 'RECEIVING', 'SENDING', 'DISCONNECTED', 'IDLE', '');
    const types = [...new Set(DOCUMENTED.map(({ type }) => type)), 'Flow Source Metadata Changed'];
    fc.assert(
      fc.property(fc.constantFrom(...types), state, state, fc.boolean(), (type, current, previous, isOn) => {
        const event = aServiceEvent(type, {
          current: { state: current },
          previous: { state: previous },
          currentStatus: current,
          errored: isOn,
        });
        const reading = readSignal(event);
        const isUseful = reading.kind === 'signal' && reading.event.body.kind !== 'unknown';
        if (isUseful) expect(isMatch(PATTERN, event)).toBe(true);
      }),
    );
  });
});
