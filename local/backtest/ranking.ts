/** How often something was seen, and how much of that a rule told. */
export interface Ranked {
  readonly name: string;
  readonly calls: number;
  readonly told: number;
}

export interface Ranking {
  readonly add: (name: string, calls: number, told: number) => void;
  readonly top: (count: number) => readonly Ranked[];
}

const MOST_NAMES = 10_000;

const byCalls = (left: Ranked, right: Ranked): number =>
  right.calls - left.calls || (left.name < right.name ? -1 : Number(left.name > right.name));

/** Counts by name. When there are too many names the rarest are forgotten, so the top stays right and memory bounded. */
export function createRanking(mostNames: number = MOST_NAMES): Ranking {
  let names = new Map<string, Ranked>();
  const sorted = (): Ranked[] => [...names.values()].sort(byCalls);

  return {
    add: (name, calls, told) => {
      const before = names.get(name);
      names.set(name, { name, calls: (before?.calls ?? 0) + calls, told: (before?.told ?? 0) + told });
      if (names.size <= mostNames) return;
      names = new Map(
        sorted()
          .slice(0, mostNames >>> 1)
          .map((ranked) => [ranked.name, ranked]),
      );
    },
    top: (count) => sorted().slice(0, count),
  };
}
