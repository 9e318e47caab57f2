/** No text of an event is carried further than this, so that the cost of a call is bounded whatever its record holds. */
export const MAX_TEXT_LENGTH = 2000;

/** No list of an event is read further than this. MediaConnect allows 50 outputs and 50 entitlements a flow. */
export const MAX_LIST_LENGTH = 100;

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** Shortens visibly, and never inside a surrogate pair. */
export function boundedText(text: string, maxLength: number = MAX_TEXT_LENGTH): string {
  if (text.length <= maxLength) return text;
  const end = isHighSurrogate(text.charCodeAt(maxLength - 2)) ? maxLength - 2 : maxLength - 1;
  return `${text.slice(0, end)}…`;
}
