import type { CompiledRule } from '../../infra/notifier-context.ts';

/** What is asked of every log file. Plain data: it travels to the worker threads. */
export interface ScanRequest {
  /** Rules of every set that is tried; a set is the current context or a proposal. */
  readonly ruleSets: readonly (readonly CompiledRule[])[];
  /** Calls before are not counted, milliseconds since the epoch. */
  readonly sinceMs: number | undefined;
  /** Calls from here on are not counted. */
  readonly untilMs: number | undefined;
}

/** Calls of one second and region that the same rules match. */
export interface CallGroup {
  /** Seconds since the epoch; `undefined` for calls without a time. */
  readonly second: number | undefined;
  readonly region: string;
  /** For each rule set, the indices of the rules that match. */
  readonly matching: readonly (readonly number[])[];
  readonly calls: number;
}

/** A name with how many calls it made, and how many of these the last rule set tells. */
export type NameCount = readonly [name: string, calls: number, told: number];

/** A call that the first rule set tells and the last does not. */
export interface DroppedCall {
  readonly time: string;
  readonly eventId: string;
  readonly operation: string;
  readonly principal: string;
  readonly flow: string | null;
  readonly rules: readonly string[];
}

/** What one log file holds. Small, whatever the size of the file. */
export interface FileScan {
  readonly file: string;
  /** Why the file could not be used. */
  readonly unreadable: string | undefined;
  readonly records: number;
  /** Lines or elements that are no events. */
  readonly unusable: number;
  /** The time of the file's records, those of other services too, milliseconds since the epoch. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly groups: readonly CallGroup[];
  readonly principals: readonly NameCount[];
  readonly operations: readonly NameCount[];
  readonly flows: readonly NameCount[];
  /** How many calls the last rule set does not tell although the first does; a few of them. */
  readonly dropped: number;
  readonly droppedCalls: readonly DroppedCall[];
}
