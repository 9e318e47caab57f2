import { lineAt } from './line-at.ts';

/** How a character outside of strings changes the nesting. */
const STEPS: ReadonlyMap<string, 1 | -1> = new Map([
  ['{', 1],
  ['[', 1],
  ['}', -1],
  [']', -1],
]);

function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}

/** Offsets at which the objects at a nesting depth open. */
function openingOffsets(text: string, depth: number): number[] {
  const offsets: number[] = [];
  let level = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '{' && level === depth) offsets.push(index);
    level += STEPS.get(char) ?? 0;
    if (char === '"') index = endOfString(text, index);
  }
  return offsets;
}

/**
 * The line on which each element of a document's list stands, so that a person finds the one that is
 * meant. Where the elements cannot be told apart (not all are objects), all are said to be on the first line.
 *
 * @param count how many elements the parsed list has
 */
export function linesOfElements(text: string, count: number): readonly number[] {
  const first = lineAt(text, text.search(/\S/));
  const offsets = openingOffsets(text, /^\s*\[/.test(text) ? 1 : 2);
  if (offsets.length !== count) return Array.from({ length: count }, () => first);

  let line = 1;
  let from = 0;
  return offsets.map((offset) => {
    line += lineAt(text.slice(from, offset), offset - from) - 1;
    from = offset;
    return line;
  });
}
