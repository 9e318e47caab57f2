/** Everything that is left to chance, the same for the same seed. */
export interface Chance {
  /** In [0, 1). */
  readonly draw: () => number;
  /** Whether something happens that happens so often, from 0 to 1. */
  readonly is: (share: number) => boolean;
  /** A whole number from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number;
  /** A whole number, `mean` on average: many small ones and few large ones. */
  readonly around: (mean: number) => number;
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
  /** Takes one of the items by weight. */
  readonly pickWeighted: <Item>(items: readonly (readonly [weight: number, item: Item])[]) => Item;
  /** A sequence of its own, so that one more draw for one purpose changes no other. */
  readonly fork: (purpose: string) => Chance;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** Mulberry32. */
function sequence(seed: string): () => number {
  let state = hash(seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function createChance(seed: string): Chance {
  const draw = sequence(seed);
  return {
    draw,
    is: (share) => share > 0 && draw() < share,
    between: (least, most) => least + Math.floor(draw() * (most - least + 1)),
    around: (mean) => Math.floor(-Math.log(1 - draw()) * mean),
    pick: (items) => items[Math.floor(draw() * items.length)] ?? items[0],
    pickWeighted(items) {
      let left = draw() * items.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      throw new RangeError('nothing to pick from');
    },
    fork: (purpose) => createChance(`${seed}/${purpose}`),
  };
}
