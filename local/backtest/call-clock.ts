/** `2026-11-22T20:00:07Z`, as CloudTrail writes it. */
const WRITTEN = /^\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\dZ$/;
const SAME_MINUTE = '2026-11-22T20:00:'.length;
const WHOLE = '2026-11-22T20:00:07Z'.length;
const ZERO = 0x30;
const Z = 0x5a;

const digitAt = (text: string, index: number): number => text.charCodeAt(index) - ZERO;
const secondsOf = (text: string): number => 10 * digitAt(text, SAME_MINUTE) + digitAt(text, SAME_MINUTE + 1);
const isUpTo = (most: number, digit: number): boolean => digit >= 0 && digit <= most;

/**
 * Makes the function that reads a time, in milliseconds since the epoch. Calls come in the order of their time, so
 * mostly only the seconds are new.
 */
export function createCallClock(): (time: unknown) => number | undefined {
  let minute = ' ';
  let minuteMs = 0;

  const read = (text: string): number | undefined => {
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) return undefined;
    if (WRITTEN.test(text)) {
      minute = text.slice(0, SAME_MINUTE);
      minuteMs = ms - secondsOf(text) * 1000;
    }
    return ms;
  };

  return (time) => {
    if (typeof time !== 'string') return undefined;
    if (time.length !== WHOLE || !time.startsWith(minute) || time.charCodeAt(WHOLE - 1) !== Z) return read(time);
    const isSecond = isUpTo(5, digitAt(time, SAME_MINUTE)) && isUpTo(9, digitAt(time, SAME_MINUTE + 1));
    return isSecond ? minuteMs + secondsOf(time) * 1000 : read(time);
  };
}
