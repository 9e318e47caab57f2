import type { Impact } from '../../shared/call/operations.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import type { Ranked } from './counts.ts';

/** For each rule set, the indices of the rules that report an event. */
export type Matching = readonly (readonly number[])[];

/** What is asked of every log file. Plain data: it travels to the worker threads. */
export interface ScanRequest {
  /** Rules of every set that is tried; a set is the current context or a proposal. */
  readonly ruleSets: readonly (readonly CompiledRule[])[];
  /** For each set, the regions with a stack; all where it is not said. */
  readonly regions?: readonly (readonly string[] | undefined)[] | undefined;
  /** Calls before are not counted, milliseconds since the epoch. */
  readonly sinceMs: number | undefined;
  /** Calls from here on are not counted. */
  readonly untilMs: number | undefined;
}

/** Calls of one region that the same rules match, second by second. */
export interface SecondsPage {
  readonly region: string;
  readonly matching: Matching;
  /** Seconds since the epoch; `undefined` for calls without a time, which are all in the first place. */
  readonly firstSecond: number | undefined;
  /** How many calls each second has, from the first on. */
  readonly calls: Uint32Array<ArrayBuffer>;
}

/** A call that the first rule set reports and the last does not. */
export interface DroppedCall {
  readonly time: string;
  readonly eventId: string;
  readonly operation: string;
  /** What it can do to the signal. */
  readonly impact: Impact;
  readonly principal: string;
  readonly flow: string | null;
  readonly rules: readonly string[];
}

export interface UnreadableFile {
  /** Its place in the list of files. */
  readonly at: number;
  readonly file: string;
  readonly reason: string;
}

/** The first of a file's lines or elements that are no events, and how many more of them it has. */
export interface UnusablePlace {
  /** The file's place in the list of files. */
  readonly at: number;
  readonly text: string;
}

/** What one thread found in all of its files, beside the pages. Small, however many files there were. */
export interface ScanPart {
  readonly files: number;
  readonly unreadableFiles: number;
  /** Records of all services. */
  readonly records: number;
  /** Lines or elements that are no events. */
  readonly unusable: number;
  /** Calls that had been counted before: CloudTrail may write an event to two log files. */
  readonly repeated: number;
  /** Events of MediaConnect's own, which are no calls. */
  readonly serviceEvents: number;
  /** Calls that the last rule set does not report although the first does. */
  readonly dropped: number;
  /** The time of the files' records, those of other services too, milliseconds since the epoch. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly principals: readonly Ranked[];
  readonly operations: readonly Ranked[];
  readonly flows: readonly Ranked[];
  /** The first of them. */
  readonly unreadable: readonly UnreadableFile[];
  /** The first of the files with any. */
  readonly unusablePlaces: readonly UnusablePlace[];
  /** The earliest of them. */
  readonly droppedCalls: readonly DroppedCall[];
}
