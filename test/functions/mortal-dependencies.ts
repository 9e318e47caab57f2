type Call = (...given: never) => Promise<unknown>;

const never = (): Promise<never> => new Promise(() => undefined);

/** How long a process lives: so many steps at its edges. */
export interface Mortality {
  /** Resolves at the death. */
  readonly died: Promise<void>;
  /** The calls of an edge, each of which never answers again once the process is dead. */
  readonly mortal: <Edge extends Readonly<Record<string, Call>>>(edge: Edge) => Edge;
}

/**
 * Lets a process die after so many steps, as if it were killed: before the world heard of a call, or before the process
 * heard of the answer.
 */
export function createMortality(steps: number): Mortality {
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  let left = steps;
  const lives = (): boolean => {
    left -= 1;
    if (left < 0) die();
    return left >= 0;
  };
  const mortalCall =
    (call: (...given: readonly unknown[]) => Promise<unknown>) =>
    async (...given: readonly unknown[]): Promise<unknown> => {
      if (!lives()) return never();
      const result = await call(...given);
      return lives() ? result : never();
    };
  return {
    died,
    mortal: <Edge extends Readonly<Record<string, Call>>>(edge: Edge) =>
      Object.fromEntries(
        Object.entries(edge).map(([name, call]) => [name, mortalCall(call as never)]),
      ) as unknown as Edge,
  };
}
