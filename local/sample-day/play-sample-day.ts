import type { BusEvent } from '../aws/event-bus.ts';
import { sampleEvent } from './sample-call.ts';
import { NIGHT_SECONDS, SAMPLE_DAY } from './sample-day.ts';

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
  for (const { afterSeconds, calls, isDigestTime } of SAMPLE_DAY) {
    await stage.wait((afterSeconds * 1000) / speed);
    if (stage.isStopped()) return;
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
