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

/** Names that are counted at a time. */
export const MOST_NAMES = 10_000;

const byCalls = (left: Ranked, right: Ranked): number =>
  right.calls - left.calls || (left.name < right.name ? -1 : Number(left.name > right.name));

/** Counts by name. When there are too many names the rarest are forgotten, so the top stays right and memory bounded. */
export function createRanking(mostNames: number = MOST_NAMES): Ranking {
  let names = new Map<string, { name: string; calls: number; told: number }>();

  const keepHalf = (): void => {
    const most = [...names.values()].sort(byCalls).slice(0, mostNames >>> 1);
    names = new Map(most.map((ranked) => [ranked.name, ranked]));
  };

  return {
    add: (name, calls, told) => {
      const ranked = names.get(name);
      if (ranked !== undefined) {
        ranked.calls += calls;
        ranked.told += told;
        return;
      }
      names.set(name, { name, calls, told });
      if (names.size > mostNames) keepHalf();
    },
    top: (count) => [...names.values()].sort(byCalls).slice(0, count),
  };
}
