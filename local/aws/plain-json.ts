/**
 * JSON text without the characters that fauxqs refuses in a message and SQS takes: those beyond the basic plane, such
 * as emoji. In JSON they only stand in strings, where the escape means the same.
 */
export const plainJson = (json: string): string =>
  json.replace(/[\uD800-\uDFFF\uFFFE\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
