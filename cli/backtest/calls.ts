import { type CloudTrailRecord, CloudTrailRecordSchema } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import type { JsonObject } from '../../shared/call/json.ts';
import { shownPrincipal } from '../../shared/notification/principal-words.ts';
import { withoutSecrets } from '../../shared/notification/secret-shapes.ts';
import { flowNameOf, targetsOfCall } from '../../shared/notification/targets.ts';
import type { Matching, SecondsPage } from './scan-part.ts';

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

/** Who called and on which flow, as a ranking names them. */
export interface CallNames {
  readonly principalOf: (record: JsonObject) => string;
  readonly flowOf: (record: JsonObject) => string | null;
}

const MOST_REMEMBERED = 10_000;
const LONGEST_KEY = 1000;

type Remembered<Value> = (key: string | undefined, record: JsonObject) => Value;

/** Finds out once what a key stands for; each time where there is no short one. */
function remembering<Value>(make: (record: CloudTrailRecord) => Value): Remembered<Value> {
  const known = new Map<string, Value>();
  const fresh = (record: JsonObject): Value => make(CloudTrailRecordSchema.parse(record));
  return (key, record) => {
    if (key === undefined || key.length > LONGEST_KEY) return fresh(record);
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Value;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const value = fresh(record);
    known.set(key, value);
    return value;
  };
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as JsonObject)[key] : undefined;

/**
 * Who has no ARN (a service, a user of an identity center) is known by all that is said of them; the ARN of a role's
 * session is another person's with another source identity.
 */
function callerKey({ userIdentity }: JsonObject): string {
  const arn = memberOf(userIdentity, 'arn');
  const stated = memberOf(memberOf(userIdentity, 'sessionContext'), 'sourceIdentity');
  if (typeof arn !== 'string') return JSON.stringify(userIdentity ?? null);
  return typeof stated === 'string' ? `${arn} ${stated}` : arn;
}

/** The flow's ARN where it is asked for by it; calls that make things say in their answer what they made, each another. */
function targetKey({ requestParameters, responseElements }: JsonObject): string | undefined {
  const arn = memberOf(requestParameters, 'flowArn');
  if (typeof arn === 'string') return arn;
  return responseElements ? undefined : JSON.stringify(requestParameters ?? null);
}

function flowOfCall(record: CloudTrailRecord): string | null {
  const { operation, resource } = classifyCall(record);
  const name = flowNameOf(targetsOfCall(operation, resource, record));
  return name === null ? null : withoutSecrets(name);
}

/** Names callers and flows. The same few come again and again, so what a key stands for is found out once. */
export function createCallNames(): CallNames {
  const principals = remembering((record) => withoutSecrets(shownPrincipal(record)));
  const byOperation = new Map<unknown, Remembered<string | null>>();

  const flowsOf = (operation: unknown): Remembered<string | null> => {
    const known = byOperation.get(operation);
    if (known !== undefined) return known;
    if (byOperation.size >= MOST_REMEMBERED) byOperation.clear();
    const flows = remembering(flowOfCall);
    byOperation.set(operation, flows);
    return flows;
  };

  return {
    principalOf: (record) => principals(callerKey(record), record),
    flowOf: (record) => flowsOf(record.eventName)(targetKey(record), record),
  };
}

/** A page is a few minutes: short where calls are rare, and full where they are many. */
const SECONDS_PER_PAGE = 256;
const MOST_PAGES = 4096;

/** Calls of one region that the same rules match. */
interface Lane {
  readonly region: string;
  readonly matching: Matching;
  readonly pages: Map<number | undefined, SecondsPage>;
  page: SecondsPage | undefined;
}

export interface CallSeconds {
  /** @param matching the same object for the same rules */
  readonly add: (region: string, matching: Matching, second: number | undefined) => void;
  /** Hands over what is held. */
  readonly flush: () => void;
}

const holds = ({ firstSecond, calls }: SecondsPage, second: number | undefined): boolean => {
  if (firstSecond === undefined || second === undefined) return firstSecond === second;
  return second >= firstSecond && second < firstSecond + calls.length;
};

/** Counts a thread's calls by second, a page at a time, and hands the pages over before they are too many. */
export function createCallSeconds(onPages: (pages: readonly SecondsPage[]) => void): CallSeconds {
  let lanes: Lane[] = [];
  let lane: Lane | undefined;
  let pages = 0;

  const flush = (): void => {
    if (pages > 0) onPages(lanes.flatMap((full) => [...full.pages.values()]));
    lanes = [];
    lane = undefined;
    pages = 0;
  };

  const laneOf = (region: string, matching: Matching): Lane => {
    const known = lanes.find((open) => open.matching === matching && open.region === region);
    if (known !== undefined) return known;
    const opened: Lane = { region, matching, pages: new Map(), page: undefined };
    lanes.push(opened);
    return opened;
  };

  const pageOf = ({ region, matching, pages: open }: Lane, second: number | undefined): SecondsPage => {
    const firstSecond = second === undefined ? undefined : Math.floor(second / SECONDS_PER_PAGE) * SECONDS_PER_PAGE;
    const known = open.get(firstSecond);
    if (known !== undefined) return known;
    const length = second === undefined ? 1 : SECONDS_PER_PAGE;
    const page = { region, matching, firstSecond, calls: new Uint32Array(length) };
    open.set(firstSecond, page);
    pages += 1;
    return page;
  };

  /** The page of a call, mostly that of the call before. */
  const pageFor = (region: string, matching: Matching, second: number | undefined): SecondsPage => {
    if (lane?.matching !== matching || lane.region !== region) lane = laneOf(region, matching);
    const { page } = lane;
    lane.page = page !== undefined && holds(page, second) ? page : pageOf(lane, second);
    return lane.page;
  };

  return {
    flush,
    add: (region, matching, second) => {
      if (pages >= MOST_PAGES) flush();
      const { calls, firstSecond = 0 } = pageFor(region, matching, second);
      const index = second === undefined ? 0 : second - firstSecond;
      calls[index] = (calls[index] ?? 0) + 1;
    },
  };
}
