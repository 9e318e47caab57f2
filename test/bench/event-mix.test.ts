import { describe, expect, it } from 'vitest';
import { parseRouteEnvelope } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import { OPERATIONS, type OperationName } from '../../shared/call/operations.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import { callShape, envelopeText, eventMix } from './workload.ts';

const SETTINGS = { accountNames: {}, channels: {}, showParameters: [] };
const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];
/** A list has no one resource. */
const NAMELESS = /^List(?!Tags)/;

describe('eventMix', () => {
  const matched = eventMix().map(parseRouteEnvelope);

  it('has every operation, by sixteen kinds of principal, each event once', () => {
    expect({
      operations: new Set(matched.map(({ event }) => event.detail.eventName)).size,
      events: new Set(matched.map(({ event }) => event.detail.eventID)).size,
    }).toEqual({ operations: OPERATION_NAMES.length, events: OPERATION_NAMES.length * 16 });
  });

  it('has one denied call in ten', () => {
    const denied = matched.filter(({ event }) => classifyCall(event.detail).outcome === 'denied');
    expect(denied.length / matched.length).toBeCloseTo(0.1, 2);
  });
});

it.each(OPERATION_NAMES.filter((name) => !NAMELESS.test(name)))(
  'makes a call of %s that names what it is about',
  (name) => {
    const { route, event } = parseRouteEnvelope(envelopeText({ ...callShape(name) }));
    const { resources } = enrich({ route, event }, classifyCall(event.detail), SETTINGS);
    expect(resources.length).toBeGreaterThan(0);
  },
);
