const DAY_MS = 86_400_000;

// Control rooms keep a 24-hour clock, whatever the language.
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const TIME_SECS: Intl.DateTimeFormatOptions = { ...TIME, second: '2-digit' };
const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' };
const DATE_SHORT: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const DATE_LONG: Intl.DateTimeFormatOptions = { ...DATE, weekday: 'long' };
const DATE_NUM: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' };

const DAY: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
const EXACT: Intl.DateTimeFormatOptions = { ...DATE_LONG, ...TIME_SECS, timeZoneName: 'short' };

/** Slack's date tokens. @see https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
const TOKENS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date: DATE,
  date_short: DATE_SHORT,
  date_long: DATE_LONG,
  date_num: DATE_NUM,
  time: TIME,
  time_secs: TIME_SECS,
};

const startOfDay = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** `today`, `yesterday` or `tomorrow`, else `undefined`. */
function nearDay(date: Date, now: Date): string | undefined {
  const days = Math.round((startOfDay(date) - startOfDay(now)) / DAY_MS);
  return { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' }[days];
}

/** Making one takes longer than formatting with it, and a page shows hundreds of times. */
const formats = new Map<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>();

function say(date: Date, options: Intl.DateTimeFormatOptions): string {
  const format = formats.get(options) ?? new Intl.DateTimeFormat(undefined, options);
  formats.set(options, format);
  return format.format(date);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function sayToken(token: string, date: Date, now: Date): string | undefined {
  const options = TOKENS[token.replace(/_pretty$/, '')];
  if (options === undefined) return undefined;
  const near = token.endsWith('_pretty') ? nearDay(date, now) : undefined;
  return near ?? say(date, options);
}

/** A Slack date format in the reader's language and time zone; a token that we do not know stays as it is. */
export function formatSlackDate(format: string, date: Date, now: Date): string {
  const text = format.replaceAll(/\{(\w+)\}/g, (whole, token: string) => sayToken(token, date, now) ?? whole);
  return capital(text);
}

/** The heading over a day's messages. */
export const sayDay = (date: Date, now: Date): string => capital(nearDay(date, now) ?? say(date, DAY));

export const sayClock = (date: Date): string => say(date, TIME_SECS);
export const sayTime = (date: Date): string => say(date, TIME);
export const sayExactTime = (date: Date): string => say(date, EXACT);
