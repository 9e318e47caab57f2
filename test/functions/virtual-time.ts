/** Time that passes only while everybody waits, and then at once. */
export interface VirtualTime {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Aborts after so long. */
  readonly limit: (ms: number) => AbortSignal;
  /** Nothing happens until then, unless somebody waits for something sooner. */
  readonly advanceTo: (ms: number) => void;
  /** Lets time pass until the work is done. @throws when all wait for something that never comes. */
  readonly run: <Result>(work: Promise<Result>) => Promise<Result>;
}

interface Timer {
  readonly atMs: number;
  readonly ring: () => void;
}

/** Whatever is ready to go on goes on. */
const everybodyWaits = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function virtualTime(startMs: number): VirtualTime {
  const timers: Timer[] = [];
  let nowMs = startMs;

  /** In the order in which they were set, where they are set to the same moment. */
  function nextTimer(): Timer {
    const [first] = timers;
    if (first === undefined) throw new Error('all wait for something that never comes');
    const next = timers.reduce((soonest, one) => (one.atMs < soonest.atMs ? one : soonest), first);
    timers.splice(timers.indexOf(next), 1);
    return next;
  }

  const set = (ms: number, ring: () => void): void => {
    timers.push({ atMs: nowMs + Math.max(0, ms), ring });
  };

  return {
    now: () => nowMs,
    wait: (ms) => new Promise((ring) => set(ms, ring)),
    limit: (ms) => {
      const controller = new AbortController();
      set(ms, () => controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError')));
      return controller.signal;
    },
    advanceTo: (ms) => {
      nowMs = Math.max(nowMs, ms);
    },
    async run(work) {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      // Heard of below, once it is over.
      done.catch(() => undefined);
      for (;;) {
        await everybodyWaits();
        if (isDone) return done;
        const { atMs, ring } = nextTimer();
        nowMs = Math.max(nowMs, atMs);
        ring();
      }
    },
  };
}
