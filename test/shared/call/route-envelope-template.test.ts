import { expect, it } from 'vitest';
import { parseRouteEnvelope, routeEnvelopeTemplate } from '../../../shared/call/route-envelope.ts';
import { anEvent } from '../../builders.ts';

/** What EventBridge does with the two variables. */
const transform = (template: string, event: unknown): string =>
  template
    .replace('<aws.events.event.ingestion-time>', '"2026-11-22T20:00:05Z"')
    .replace('<aws.events.event.json>', () => JSON.stringify(event));

it('leaves both variables unquoted, since EventBridge does not escape them', () => {
  expect(routeEnvelopeTemplate('changes', 'ops')).toBe(
    '{"rule":"changes","channel":"ops","ingestionTime":<aws.events.event.ingestion-time>,"event":<aws.events.event.json>}',
  );
});

it.each(['ops', '#ops "live"', 'a\\b', '<aws.events.event>', 'Übertragung'])(
  'becomes an envelope that the functions read, for the channel %s',
  (channel) => {
    const { route, event } = parseRouteEnvelope(transform(routeEnvelopeTemplate('changes', channel), anEvent()));
    expect(route).toEqual({ rule: 'changes', channel, ingestedAtMs: Date.parse('2026-11-22T20:00:05Z') });
    expect(event.detail.eventName).toBe('StopFlow');
  },
);

it('lets no name in it pass for a variable', () => {
  expect(routeEnvelopeTemplate('<aws.events.event>', 'default').match(/<[^>]+>/g)).toEqual([
    '<aws.events.event.ingestion-time>',
    '<aws.events.event.json>',
  ]);
});
