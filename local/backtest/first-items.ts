/** The first items of an order, however many come and in whatever order they come. */
export interface FirstItems<Item> {
  readonly add: (item: Item) => void;
  readonly items: () => readonly Item[];
}

/** Holds at most twice as many items as are wanted. */
export function createFirstItems<Item>(most: number, compare: (left: Item, right: Item) => number): FirstItems<Item> {
  let held: Item[] = [];
  const cut = (): void => {
    held = held.sort(compare).slice(0, most);
  };
  return {
    add: (item) => {
      held.push(item);
      if (held.length >= 2 * most) cut();
    },
    items: () => {
      cut();
      return held;
    },
  };
}
