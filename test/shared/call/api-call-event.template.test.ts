import { expect, it } from 'vitest';
import { parseRouteEnvelope, routeEnvelopeTemplate, routeEnvelopeText } from '../../../shared/call/api-call-event.ts';
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

it('makes the text that is written past EventBridge, with the same members in the same order', () => {
  const route = { rule: 'changes', channel: '#ops "live"', ingestedAtMs: Date.parse('2026-11-22T20:00:05Z') };
  const text = routeEnvelopeText(route, anEvent());
  expect(text).toBe(transform(routeEnvelopeTemplate(route.rule, route.channel), anEvent()).replace('05Z"', '05.000Z"'));
  expect(parseRouteEnvelope(text).route).toEqual(route);
});

it('leaves the time out that nobody knows', () => {
  const text = routeEnvelopeText({ rule: 'changes', channel: 'ops', ingestedAtMs: undefined }, {});
  expect(text).toBe('{"rule":"changes","channel":"ops","event":{}}');
});
