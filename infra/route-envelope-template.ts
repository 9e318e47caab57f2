/** EventBridge reads `<name>` in a template as a variable; JSON lets us write the bracket otherwise. */
const jsonText = (text: string): string => JSON.stringify(text).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');

/**
 * The input transformer's template of one rule: the event with the route it takes. Predefined variables need no
 * path map, and `aws.events.event.json` stands unquoted because it is JSON already.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export const routeEnvelopeTemplate = (rule: string, channel: string): string =>
  `{"rule":${jsonText(rule)},"channel":${jsonText(channel)},` +
  '"ingestionTime":<aws.events.event.ingestion-time>,"event":<aws.events.event.json>}';
