/** What a document that holds a list of records starts with. */
const LIST_START = /^\uFEFF?\s*(?:\{\s*"Records"\s*:\s*)?\[/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export interface ElementSplitter {
  /** Takes the next piece of the document and gives back the texts of the objects that end in it. */
  readonly push: (piece: string) => readonly string[];
  /** Whether the list has ended. */
  readonly hasEnded: () => boolean;
}

/** How a character outside of strings changes the nesting. */
function changeOf(unit: number): 1 | 0 | -1 {
  if (unit === OPEN_OBJECT || unit === OPEN_LIST) return 1;
  return unit === CLOSE_OBJECT || unit === CLOSE_LIST ? -1 : 0;
}

/** Where the string ends that starts at `start`; past the end of the text if it does not end there. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) !== QUOTE) end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
  return end;
}

/**
 * Cuts a document with a list of objects into the texts of the objects while it is read, so that it need not fit into
 * memory.
 *
 * @param head how the document starts; it is pushed, too
 * @returns `undefined` for a text that starts in another way
 */
export function createElementSplitter(head: string): ElementSplitter | undefined {
  const start = LIST_START.exec(head)?.[0];
  if (start === undefined) return undefined;
  /** What was not given back yet. */
  let text = '';
  /** How far that has been gone through, and how deep in objects and lists that left us; -1 after the list. */
  let at = start.length;
  let depth = 0;
  let elementStart = at;

  /** Goes past what is at `at`, a whole string at once; gives back the element that ends there. */
  const step = (): string | undefined => {
    const change = changeOf(text.charCodeAt(at));
    if (depth === 0 && change === 1) elementStart = at;
    depth += change;
    at += 1;
    return depth === 0 && change === -1 ? text.slice(elementStart, at) : undefined;
  };

  /** Goes past a string; not if it does not end in the text. */
  const isPastString = (): boolean => {
    if (text.charCodeAt(at) !== QUOTE) return true;
    const end = endOfString(text, at);
    if (end < text.length) at = end;
    return end < text.length;
  };

  const keepRest = (): void => {
    const from = depth > 0 ? elementStart : at;
    text = text.slice(from);
    at -= from;
    elementStart = 0;
  };

  return {
    hasEnded: () => depth < 0,
    push: (piece) => {
      const elements: string[] = [];
      text += piece;
      while (at < text.length && depth >= 0 && isPastString()) {
        const element = step();
        if (element !== undefined) elements.push(element);
      }
      keepRest();
      return elements;
    },
  };
}
