import { leavesNoWord } from '../attribute.ts';
import type { Notice } from '../evidence.ts';
import type { Violate } from '../promises.ts';
import type { Fact } from '../signals.ts';
import { type Call, numbersIn } from '../workload.ts';

const SECOND_MS = 1000;
const WINDOW_MS = 120_000;
/** Of what was said to be unheard of after that, it is said when it is heard, as long as the call is remembered. */
const REMEMBERED_MS = 15 * 60_000;
/** Clocks of two processes differ by as much. */
const SKEW_MS = 5000;

/** A line of a message that is no call. */
const SAYING = /^(?:⚠️ (?:flow|source)|⏳|🟠|✅|🔧|ℹ️|✏️ Correction, by|✔️)/u;

/** Whether a message says what MediaConnect said by itself, and reports no call. Without blocks its place is behind it. */
export const isSaying = (text: string): boolean => SAYING.test(text);

const BY = '(?<who>\\S+)(?: as role \\S+)?';
const TOLD =
  /^(?:⚠️ |✔️ )?flow (?<flow>\S+) (?:is|was) (?:now )?(?:in )?(?<state>\w+), (?<after>\d+ (?:s|min)(?: \d+ s)?) after /u;
const CALLER = new RegExp(`after ${BY} \\w+ it`, 'u');
const SILENCE = new RegExp(
  `^⏳ MediaConnect (?:has not said in 2 minutes|said only after [^,]+) that flow (?<flow>\\S+) \\w+ \\(\\S+ by ${BY}\\)`,
  'u',
);
const UNTOUCHED = /^🟠 (?<what>source cam of )?flow (?<flow>\S+) (?:is|was) (?:in )?(?<state>\w+)/u;
const ON_CARD = / – now (?<state>\w+)(?:, source \w+)?, (?<after>\d+ (?:s|min)(?: \d+ s)?) after the call/u;

/** A duration as far as it says how long it is: from ten minutes on in whole minutes, the nearest. */
interface Duration {
  readonly leastMs: number;
  readonly mostMs: number;
}

function durationOf(text: string): Duration {
  const [, minutes = '0'] = /(\d+) min/.exec(text) ?? [];
  const [, seconds = '0'] = /(\d+) s/.exec(text) ?? [];
  const ms = (Number(minutes) * 60 + Number(seconds)) * SECOND_MS;
  const isRounded = Number(minutes) >= 10;
  return isRounded ? { leastMs: ms - 30 * SECOND_MS, mostMs: ms + 29 * SECOND_MS } : { leastMs: ms, mostMs: ms };
}

export interface OutcomeCheckOptions {
  readonly violate: Violate;
  readonly callOf: (number: number) => Call | undefined;
  /** How many channels have that webhook: what is said in each of them is there so often. */
  readonly channelsAt: (url: string) => number;
}

/**
 * That what is said of calls is said of the right one, within its two minutes, and once: by what the messages say and
 * what MediaConnect was made to say.
 */
export function createOutcomeCheck({ violate, callOf, channelsAt }: OutcomeCheckOptions) {
  const known = new Set<string>();
  /** Of what was said of a flow at a time, and of a flow or a source at all. */
  const countOf = new Map<string, number>();
  const callsOf = new Map<string, Call[]>();
  const notified = new Map<string, Notice[]>();
  /** Of which was said that nothing came of them in two minutes; and lines that hold only of these, which Slack may have first. */
  const silent = new Set<Call>();
  const late = new Map<Call, string>();

  const keyOf = (flow: string, state: string, atMs: number): string => `${flow} ${state.toUpperCase()} ${atMs}`;

  function once(what: string, notice: Notice, most: number): void {
    const key = `${what} at ${notice.post.url}`;
    const before = notified.get(key) ?? [];
    notified.set(key, [...before, notice]);
    const isExcused = before.some(leavesNoWord) || notice.notes.ledgerFailedMs.length > 0;
    if (before.length >= most * channelsAt(notice.post.url) && !isExcused) {
      const names = [...before, notice].map(
        ({ notes, post }) => `${notes.invocation.name} at ${new Date(post.takenMs).toISOString()}`,
      );
      violate('an outcome is told once', `${what}, by ${names.join(', and ')}`);
    }
  }

  /** The call that a line names; a robot's by its flow. */
  function callNamed(who: string, flow: string): Call | undefined {
    const [number] = numbersIn(who);
    return number === undefined ? callsOf.get(flow)?.find(({ isByRobot }) => isByRobot) : callOf(number);
  }

  /** What was said of a flow so long after a call. */
  function keysAfter(
    { calledMs }: Call,
    flow: string,
    state: string,
    { leastMs, mostMs }: Duration,
  ): readonly string[] {
    const seconds = Array.from({ length: (mostMs - leastMs) / SECOND_MS + 1 }, (_, second) => second);
    return seconds
      .map((second) => keyOf(flow, state, calledMs + leastMs + second * SECOND_MS))
      .filter((key) => countOf.has(key));
  }

  function checkOfCall(call: Call | undefined, flow: string, state: string, after: Duration, line: string): void {
    const isTrue = call?.flow === flow && keysAfter(call, flow, state, after).length > 0;
    if (!isTrue || after.leastMs > REMEMBERED_MS) violate('an outcome is its own call’s', line);
    else if (after.leastMs > WINDOW_MS) late.set(call, line);
  }

  function checkNotified(line: string, notice: Notice): void {
    const { flow = '', state = '', after = '' } = TOLD.exec(line)?.groups ?? {};
    const { who = '' } = CALLER.exec(line)?.groups ?? {};
    const duration = durationOf(after);
    const robot = callsOf
      .get(flow)
      ?.find((each) => each.isByRobot && keysAfter(each, flow, state, duration).length > 0);
    const call = numbersIn(who).size > 0 ? callNamed(who, flow) : robot;
    checkOfCall(call, flow, state, duration, line);
    if (call === undefined) return;
    const keys = keysAfter(call, flow, state, duration);
    const most = keys.reduce((sum, key) => sum + (countOf.get(key) ?? 0), 0);
    once(keys.join(' or ') || `${flow} ${state} ${after} after call ${call.number}`, notice, Math.max(1, most));
  }

  function checkSilence(line: string, notice: Notice): void {
    const { flow = '', who = '' } = SILENCE.exec(line)?.groups ?? {};
    const call = callNamed(who, flow);
    const isOf = call?.flow === flow && /^(?:Start|Stop)Flow$/.test(call.operation);
    if (!isOf) {
      violate('an outcome is its own call’s', line);
      return;
    }
    if (notice.post.sentMs < call.calledMs + WINDOW_MS - SKEW_MS)
      violate('an outcome is its own call’s', `early: ${line}`);
    silent.add(call);
    once(`silence after call ${call.number}`, notice, 1);
  }

  /** Of one trouble one line: as many as there were of it. */
  function checkUntouched(line: string, notice: Notice): void {
    const { what, flow = '', state = '' } = UNTOUCHED.exec(line)?.groups ?? {};
    const kind = `${what === undefined ? 'flow' : 'source'} ${flow} ${state.toUpperCase()}`;
    const count = countOf.get(kind) ?? 0;
    if (count === 0) violate('an outcome is its own call’s', line);
    else once(kind, notice, count);
  }

  function checkLine(line: string, notice: Notice): void {
    if (TOLD.test(line)) checkNotified(line, notice);
    if (SILENCE.test(line)) checkSilence(line, notice);
    if (UNTOUCHED.test(line)) checkUntouched(line, notice);
  }

  return {
    /** Once for each, however often it arrives. */
    said({ id, flow, what, state, atMs }: Fact): void {
      if (known.has(id)) return;
      known.add(id);
      for (const key of [keyOf(flow, state, atMs), `${what} ${flow} ${state}`]) {
        countOf.set(key, (countOf.get(key) ?? 0) + 1);
      }
    },

    called(call: Call): void {
      callsOf.set(call.flow, [...(callsOf.get(call.flow) ?? []), call]);
    },

    /** A message that reports no call. */
    notified(notice: Notice): void {
      const lines = notice.post.message.text.split('\n');
      // Without blocks, what these said is behind the text, with marks around the names.
      for (const line of lines.filter((each) => !each.includes('`'))) checkLine(line, notice);
    },

    /** Every line is there by now. */
    finish(): void {
      for (const [call, line] of late) if (!silent.has(call)) violate('an outcome is its own call’s', line);
    },

    /** What a lone call's card says came of it. */
    onCard(notice: Notice): void {
      const { text } = notice.post.message;
      const { state = '', after = '' } = ON_CARD.exec(text)?.groups ?? {};
      const [number] = notice.read.named;
      if (state === '' || number === undefined || notice.read.stated !== 1) return;
      const call = callOf(number);
      checkOfCall(call, call?.flow ?? '', state, durationOf(after), text);
    },
  };
}
