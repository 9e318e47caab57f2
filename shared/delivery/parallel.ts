/** Makes something when it is first needed and keeps it. A failure is not kept: the next call tries again. */
export function lazily<Thing>(make: () => Promise<Thing>): () => Promise<Thing> {
  let made: Promise<Thing> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** Runs `work` on every item, at most `width` at a time. Rejects with the first failure, beginning nothing after it. */
export async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

/** The items in pieces of at most `size`, as AWS's batch calls take them. */
export const inPieces = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, piece) => items.slice(piece * size, (piece + 1) * size));

const ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 100;

/**
 * Repeats one of AWS's batch calls with what it left undone, after longer and longer pauses.
 *
 * @throws what `leftUndone` makes of the number of items that are still left after five tries.
 */
export async function untilDone<Item>(
  items: readonly Item[],
  request: (open: Item[]) => Promise<readonly Item[] | undefined>,
  { wait, leftUndone }: { readonly wait: (ms: number) => Promise<void>; readonly leftUndone: (items: number) => Error },
): Promise<void> {
  let open = items;
  for (let attempt = 0; open.length > 0; attempt += 1) {
    if (attempt === ATTEMPTS) throw leftUndone(open.length);
    if (attempt > 0) await wait(BETWEEN_ATTEMPTS_MS * 2 ** attempt);
    open = (await request([...open])) ?? [];
  }
}
