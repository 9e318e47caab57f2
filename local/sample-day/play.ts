import type { BusEvent } from '../aws/event-bus.ts';
import { type SampleCall, sampleEvent } from './sample-call.ts';
import { CALLS, CONSOLE_POLLING, DEPLOYMENT, SIGNALS } from './sample-calls.ts';
import { type SampleSignal, signalEvent } from './sample-signal.ts';

/** One moment of the built-in day: what MediaConnect says by itself, what is called, or that the digest is reported now. */
export interface SampleStep {
  /** Seconds of the day since the step before. */
  readonly afterSeconds: number;
  readonly signals?: readonly SampleSignal[];
  readonly calls: readonly SampleCall[];
  readonly isDigestTime?: true;
}

/**
 * A day of broadcasting, short enough to be watched: a show starts, its signal goes to a distributor and a partner,
 * somebody tries what he may not, a deployment rushes through, and the show ends. One start ends in ERROR, and a source drops
 * that nobody touched, and comes back.
 */
export const SAMPLE_DAY: readonly SampleStep[] = [
  // What came of a call is here before CloudTrail's record of it, as it mostly is.
  { afterSeconds: 0, signals: SIGNALS.mainStarts, calls: [] },
  { afterSeconds: 1.5, calls: [CALLS.startMain] },
  { afterSeconds: 2.5, signals: SIGNALS.backupStarts, calls: [CALLS.startBackup] },
  { afterSeconds: 3, signals: SIGNALS.backupFails, calls: [CALLS.addOutputs] },
  { afterSeconds: 3, calls: CONSOLE_POLLING },
  { afterSeconds: 1, calls: [CALLS.grantEntitlement] },
  { afterSeconds: 5, signals: SIGNALS.sourceDrops, calls: [CALLS.deniedStop] },
  { afterSeconds: 6, calls: DEPLOYMENT },
  { afterSeconds: 7, signals: SIGNALS.backupRecovers, calls: [CALLS.updateOutput] },
  { afterSeconds: 6, signals: SIGNALS.sourceIsBack, calls: [CALLS.unknownOperation] },
  { afterSeconds: 6, calls: [CALLS.failedUpdate] },
  { afterSeconds: 1, calls: [], isDigestTime: true },
  { afterSeconds: 6, calls: [CALLS.lateCall] },
  { afterSeconds: 8, calls: [CALLS.rootDelete] },
  { afterSeconds: 5, signals: SIGNALS.routed, calls: [] },
  { afterSeconds: 1, calls: [CALLS.serviceCall, CALLS.takeRouter] },
  { afterSeconds: 8, calls: [CALLS.deniedRead] },
  { afterSeconds: 8, calls: [CALLS.revokeEntitlement, CALLS.removeOutput] },
  { afterSeconds: 9, signals: [...SIGNALS.mainStops, ...SIGNALS.backupStops], calls: [] },
  { afterSeconds: 1, calls: [CALLS.stopMain, CALLS.stopBackup] },
  { afterSeconds: 1, calls: CONSOLE_POLLING },
  { afterSeconds: 5, calls: [], isDigestTime: true },
];

/** Seconds between one day's end and the next one's start. */
export const NIGHT_SECONDS = 60;

export interface SampleStage {
  readonly put: (event: BusEvent) => Promise<unknown>;
  readonly runDigest: () => Promise<unknown>;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** Waits; resolves early when the play is to end. */
  readonly wait: (ms: number) => Promise<void>;
  readonly isStopped: () => boolean;
}

export interface SamplePlay {
  readonly speed: number;
  /** @default for ever */
  readonly days?: number;
}

async function playDay(stage: SampleStage, speed: number): Promise<void> {
  for (const { afterSeconds, signals = [], calls, isDigestTime } of SAMPLE_DAY) {
    await stage.wait((afterSeconds * 1000) / speed);
    if (stage.isStopped()) return;
    for (const signal of signals) await stage.put(signalEvent(signal, stage.nowMs(), stage.newId));
    for (const call of calls) await stage.put(sampleEvent(call, stage.nowMs(), stage.newId));
    if (isDigestTime) await stage.runDigest();
  }
}

/** Plays the built-in day, again and again. */
export async function playSampleDay(
  stage: SampleStage,
  { speed, days = Number.POSITIVE_INFINITY }: SamplePlay,
): Promise<void> {
  for (let day = 0; day < days && !stage.isStopped(); day += 1) {
    if (day > 0) await stage.wait((NIGHT_SECONDS * 1000) / speed);
    await playDay(stage, speed);
  }
}
