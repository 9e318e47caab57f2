/** A clock that may run faster than the machine's, so that waits of minutes are over in seconds. */
export interface Clock {
  readonly factor: number;
  /** Where it was set to the machine's time. */
  readonly startMs: number;
  now(): number;
}

/** A clock that starts with the machine's and runs `factor` times as fast. */
export function createClock(factor: number, machineNowMs: () => number = Date.now): Clock {
  const startMs = machineNowMs();
  return { factor, startMs, now: () => startMs + (machineNowMs() - startMs) * factor };
}
