/** How many pieces are left out is said in at most this many characters. */
const MORE_LENGTH = 24;

/** Writes items one after another as far as there is room, then says how many more there are. */
export function listWithin<Item>(
  items: readonly Item[],
  write: (item: Item) => string,
  separator: string,
  maxLength: number,
): string {
  let list = '';
  let written = 0;
  for (const item of items) {
    const next = `${written === 0 ? '' : separator}${write(item)}`;
    const room = written === items.length - 1 ? maxLength : maxLength - MORE_LENGTH;
    if (list.length + next.length > room) break;
    list += next;
    written += 1;
  }
  if (written === items.length) return list;
  return `${list}${written === 0 ? '' : separator}… and ${items.length - written} more`;
}
