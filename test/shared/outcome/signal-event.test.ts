import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isServiceEvent, readSignal } from '../../../shared/outcome/signal-event.ts';
import { anEvent } from '../../builders.ts';
import { DOCUMENTED, METADATA_EVENT } from './documented-events.ts';
import { aServiceEvent, FLOW_ARN, SOURCE_ARN } from './signal-examples.ts';

describe('an event of MediaConnect’s own', () => {
  it.each(DOCUMENTED.map((event) => [event.type, event] as const))('%s', (_, { type, detail, resources, body }) => {
    const reading = readSignal(aServiceEvent(type, detail, { resources }));
    if (body === undefined) expect(reading).toEqual({ kind: 'dropped', reason: 'nothing new' });
    else expect(reading).toMatchObject({ kind: 'signal', event: { body } });
  });

  it('is taken as the first after a start, where the state before is empty', () => {
    const detail = { current: { state: 'CONNECTED' }, previous: { state: '' } };
    expect(readSignal(aServiceEvent('Source Health', detail))).toMatchObject({
      event: { body: { kind: 'state', aspect: 'health', state: 'CONNECTED', previous: '' } },
    });
  });

  it('is about the source, and remembered with its flow', () => {
    const detail = { current: { state: 'DISCONNECTED' }, previous: { state: 'CONNECTED' }, unhealthy: true };
    expect(readSignal(aServiceEvent('Source Health', detail, { resources: [FLOW_ARN, SOURCE_ARN] }))).toEqual({
      kind: 'signal',
      event: {
        eventId: '01234567-0123-0123-0123-0123456789ab',
        atMs: Date.parse('2026-11-22T20:00:00Z'),
        thing: { kind: 'source', name: 'OB-van', arn: SOURCE_ARN },
        root: { kind: 'flow', name: 'AwardsShow', arn: FLOW_ARN },
        body: { kind: 'state', aspect: 'health', state: 'DISCONNECTED', previous: 'CONNECTED' },
      },
    });
  });

  it.each([
    ['a type that is newer than the table', aServiceEvent('Flow Weather', { currentStatus: 'SUNNY' })],
    ['the metadata that nobody documents', METADATA_EVENT],
    ['a detail without what it should say', aServiceEvent('Flow Status Change', { currentStatus: 7 })],
    ['no detail', aServiceEvent('Alert', {}, { detail: null })],
  ])('passes as unknown: %s', (_, event) => {
    expect(readSignal(event)).toMatchObject({ kind: 'signal', event: { body: { kind: 'unknown' } } });
  });

  it('is read as health where a newer type says health', () => {
    const detail = { current: { state: 'IDLE' }, previous: { state: 'CONNECTED' } };
    expect(readSignal(aServiceEvent('Bridge Health', detail))).toMatchObject({ event: { body: { aspect: 'health' } } });
  });

  it.each([
    ['no service event', anEvent()],
    ['no service event', null],
    ['no service event', { ...METADATA_EVENT, source: 'aws.medialive' }],
    ['no resource', { ...METADATA_EVENT, resources: [] }],
    ['no resource', { ...METADATA_EVENT, resources: ['arn:aws:s3:::bucket', 7] }],
    ['no time', { ...METADATA_EVENT, time: 'now' }],
  ])('is dropped as %s', (reason, event) => {
    expect(readSignal(event)).toEqual({ kind: 'dropped', reason });
  });

  it('has an id of its own where EventBridge gives none', () => {
    const ids = ['ACTIVE', 'ACTIVE', 'STANDBY'].map((currentStatus) => {
      const reading = readSignal(aServiceEvent('Flow Status Change', { currentStatus }, { id: null }));
      return reading.kind === 'signal' ? reading.event.eventId : undefined;
    });
    expect(ids[0]).toMatch(/^hash-/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  const SECRET = 'passphrase=hunter2hunter2';
  it.each([
    ['Flow Status Change', { currentStatus: SECRET, previousStatus: 'STANDBY' }],
    ['Source Health', { current: { state: SECRET }, previous: { state: 'IDLE' } }],
    ['Flow Maintenance', { currentStatus: SECRET }],
    ['Router Output Route State', { change: SECRET }],
    ['Alert', { errored: true, 'error-id': 'a', 'error-code': SECRET, 'error-message': SECRET }],
    ['Flow Content Quality', { impacted: true, streams: [{ [SECRET]: true }] }],
    ['Router Input Content Quality', { current: { [SECRET]: 'DETECTED' } }],
  ])('%s says no secret', (type, detail) => {
    const reading = readSignal(aServiceEvent(type, detail));
    expect(reading.kind).toBe('signal');
    expect(JSON.stringify(reading)).not.toMatch(/hunter2/i);
  });

  const named = (arn: string): string => arn.replace(/[^:]+$/, SECRET);
  it.each([
    ['its flow', 'Flow Status Change', { currentStatus: 'ERROR' }, [named(FLOW_ARN)]],
    ['its source', 'Alert', { errored: true, 'error-code': 'a' }, [FLOW_ARN, named(SOURCE_ARN)]],
    ['its flow, of a source', 'Alert', { errored: true, 'error-code': 'a' }, [named(FLOW_ARN), SOURCE_ARN]],
  ])('says no secret where that is the name of %s', (_, type, detail, resources) => {
    const reading = readSignal(aServiceEvent(type, detail, { resources }));
    const { thing, root } = reading.kind === 'signal' ? reading.event : {};
    expect([thing?.name, root?.name]).toContain('passphrase=(not shown)');
    expect([thing?.name, root?.name].join()).not.toContain('hunter2');
  });

  it('has a hash in place of an id that is a secret, its own and its alert’s', () => {
    const alerts = [SECRET, `${SECRET}3`].map((id) => {
      const reading = readSignal(aServiceEvent('Alert', { errored: true, 'error-id': id }, { id }));
      const event = reading.kind === 'signal' ? reading.event : undefined;
      return [event?.eventId, event?.body.kind === 'alert' ? event.body.id : undefined];
    });
    expect(alerts.flat().every((id) => id?.startsWith('hash-'))).toBe(true);
    expect(alerts[0]).not.toEqual(alerts[1]);
  });

  it('names no type that is a secret', () => {
    const reading = readSignal(aServiceEvent(SECRET, {}));
    expect(reading).toMatchObject({
      event: { body: { kind: 'unknown', detailType: 'MediaConnect passphrase=(not shown)' } },
    });
  });

  it('is told apart from a call', () => {
    expect([anEvent(), METADATA_EVENT, { source: 'aws.mediaconnect' }, 'text'].map(isServiceEvent)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  it('is never too odd to be read', () => {
    const types = DOCUMENTED.map(({ type }) => type);
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.anything(), fc.anything(), (type, detail, resources) => {
        const nested = { current: detail, previous: detail, streams: detail, currentStatus: detail, errored: detail };
        for (const each of [detail, nested]) {
          expect(readSignal(aServiceEvent(type, {}, { detail: each, resources })).kind).toMatch(/signal|dropped/);
          expect(readSignal(aServiceEvent(type, {}, { detail: each })).kind).toMatch(/signal|dropped/);
        }
      }),
    );
  });
});
