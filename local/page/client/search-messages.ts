import type { MessageCard } from '../page-protocol.ts';

const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

/** The cards that hold every word of the query, in what is shown or in what is known of their events. */
export function searchMessages(
  cards: readonly MessageCard[],
  query: string,
  shownText: (card: MessageCard) => string,
): readonly MessageCard[] {
  const words = wordsOf(query);
  return cards.filter((card) => {
    const text = `${shownText(card)} ${card.text} ${card.keywords} #${card.channel}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function rangesIn(text: Text, words: readonly string[]): Range[] {
  const lower = text.data.toLowerCase();
  return words.flatMap((word) => {
    const ranges: Range[] = [];
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) {
      const range = new Range();
      range.setStart(text, at);
      range.setEnd(text, Math.min(at + word.length, text.length));
      ranges.push(range);
    }
    return ranges;
  });
}

/** Marks the query's words below a node without touching its content (where the browser can). */
export function highlightWords(root: Node, query: string): void {
  if (!('highlights' in CSS)) return;
  const words = wordsOf(query);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const ranges: Range[] = [];
  while (words.length > 0 && walker.nextNode()) {
    if (walker.currentNode instanceof Text) ranges.push(...rangesIn(walker.currentNode, words));
  }
  CSS.highlights.set('search', new Highlight(...ranges));
}
