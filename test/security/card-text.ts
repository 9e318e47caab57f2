import { parseRouteEnvelope } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import { renderNotification } from '../../shared/slack/card.ts';
import { anEvent } from '../builders.ts';

const SETTINGS = { accountNames: {}, channels: {}, showParameters: ['tags', 'outputs[]', 'description', 'name'] };

/** The card of a call, as JSON, with all that an admin can have shown of it. */
export function cardText(detail: Readonly<Record<string, unknown>>): string {
  const routed = parseRouteEnvelope(
    JSON.stringify({
      rule: 'all',
      channel: 'default',
      ingestionTime: '2026-11-22T20:00:09Z',
      event: anEvent({ detail }),
    }),
  );
  return JSON.stringify(renderNotification(enrich(routed, classifyCall(routed.event.detail), SETTINGS), {}));
}
